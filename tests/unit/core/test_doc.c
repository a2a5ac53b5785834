/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "core/document/doc.h"
#include "support/json.h"
#include "support/run.h"
#include "support/torture.h"

static const char *refusal(const char *text, size_t len)
{
	static struct err e;
	json_t *doc = NULL;

	ck_assert_msg(doc_parse(&doc, text, len, &e) == -1, "%s", text);
	ck_assert_ptr_null(doc);
	ck_assert_int_eq(e.code, ERR_MALFORMED);
	ck_assert_msg(text_utf8_ok(e.message, strlen(e.message)), "not UTF-8: %s", e.message);
	return e.message;
}

static const char *refused(const char *text)
{
	return refusal(text, strlen(text));
}

START_TEST(values_are_read_by_path)
{
	json_auto_t *d = json_quoted(
		"{'a':{'b':{'s':'x','i':7,'r':0.5,'t':true,'w':'2026-01-01T00:00:00Z','d':'300s'}}}");
	usec t;

	ck_assert_str_eq(doc_str(d, "a.b.s"), "x");
	ck_assert_int_eq(doc_int(d, "a.b.i", 0), 7);
	ck_assert_double_eq(doc_num(d, "a.b.r", 0), 0.5);
	ck_assert_double_eq(doc_num(d, "a.b.i", 0), 7);
	ck_assert(doc_bool(d, "a.b.t"));
	ck_assert(doc_time(d, "a.b.w", &t) && t == INT64_C(1767225600) * USEC_SECOND);
	ck_assert(doc_span(d, "a.b.d", &t) && t == 300 * USEC_SECOND);
	ck_assert_ptr_eq(doc_at(d, ""), d);
}
END_TEST

/* What is read the short way is what jansson reads; what it refuses is refused. */
START_TEST(stored_documents_are_read_as_json)
{
	static const char *const texts[] = { "{}", "[]", "{\"a\":{\"b\":[1,-2,0,true,false,null,\"x\"]}}",
		"{\"a\":0.5}", "{\"a\":1e3}", "{\"a\":\"q\\\"\\n\"}", "{\"\xc3\xa9\":\"\xc3\xa9\"}",
		"{\"a\":123456789012345678}", "{\"a\":9223372036854775807}", "{\"a\":-0}",
		" { \"a\" : 1 } ", "{\"a\":1,\"a\":2}", "\"x\"", "7", "[[[[]]]]", "{\"a\":\"\"}",
		"", "{", "{\"a\":01}", "{\"a\":1,}", "{\"a\":tru}", "{\"a\":truely}", "[1 2]", "{\"a\"}",
		"{\"a\":1}x", "{\"a\":\"\xff\"}", "{\"\xff\":1}", "{\"a\":\"\n\"}", "{\"a\":-}",
		"{\"a\":12345678901234567890}", "{\"a\":9999999999999999999}", "[1,]", "{a:1}" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		json_auto_t *wanted = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		struct arena a = { 0 };
		struct err e = { 0 };
		json_t *got;
		int rc = doc_load(&got, texts[i], &a, &e);

		ck_assert_msg(!rc == !!wanted, "%s: %s", texts[i], e.message);
		ck_assert_msg(rc || json_equal(wanted, got), "%s", texts[i]);
		ck_assert(!rc || e.code == ERR_INTERNAL);
		arena_done(&a);
	}
}
END_TEST

static long allocations;

static void *counting_malloc(size_t n)
{
	allocations++;
	return malloc(n);
}

/* How many allocations it takes to read a text, by jansson's parser or as a stored document is read. */
static long takes(const char *text, bool by_jansson)
{
	struct arena a = { 0 };
	struct err e;
	json_t *d;

	allocations = 0;
	json_set_alloc_funcs(counting_malloc, free);
	if (by_jansson)
		json_decref(json_loads(text, JSON_DECODE_ANY, NULL));
	else
		ck_assert_msg(!doc_load(&d, text, &a, &e), "%s", e.message);
	arena_done(&a);
	json_set_alloc_funcs(malloc, free);
	return allocations;
}

START_TEST(what_we_write_ourselves_is_read_without_a_parser)
{
	static const char *const texts[] = { "{}", "[]", "{\"a\":{},\"b\":[]}", "[[[[]]]]", "[1,-2,0]",
		"{\"a\":{\"b\":[1,-2,0,true,false,null,\"x\"]},\"c\":true}", "[true]", "[false,null]",
		"{\"a\":99999999999999999}", "{\"a\":-10}", "[\"\",\" \",\"!\",\"~\",\"a b\"]",
		"{\"a b\":\"\xc3\xa9\"}",
		"{\"a\":\"\",\"b\":\"x\",\"c\":\"12345678 12345678\"}", "7", "\"x\"" };
	char deep[2 * MAX_JSON_DEPTH + 1] = "";

	memset(deep, '[', MAX_JSON_DEPTH);
	memset(deep + MAX_JSON_DEPTH, ']', MAX_JSON_DEPTH);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		ck_assert_msg(takes(texts[i], false) < takes(texts[i], true), "%s", texts[i]);
	ck_assert_int_lt(takes(deep, false), takes(deep, true));
}
END_TEST

START_TEST(what_is_absent_or_of_another_type_is_the_default)
{
	json_auto_t *d = json_quoted("{'a':{'s':'x','n':null}}");
	char path[400];
	usec t;

	ck_assert_ptr_null(doc_at(d, "a.s.x"));
	ck_assert_ptr_null(doc_at(d, "b"));
	ck_assert_ptr_null(doc_at(NULL, "a"));
	ck_assert_ptr_null(doc_str(d, "a"));
	ck_assert_ptr_null(doc_str(d, "a.n"));
	ck_assert_int_eq(doc_int(d, "a.s", -3), -3);
	ck_assert_double_eq(doc_num(d, "a.s", -3), -3);
	ck_assert(!doc_bool(d, "a.s") && !doc_time(d, "a.s", &t) && !doc_span(d, "a.s", &t));
	memset(path, 'k', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	ck_assert_ptr_null(doc_at(d, path));
	ck_assert(!doc_set_int(d, path, 1));
	ck_assert_int_eq(doc_int(d, path, 0), 1);
}
END_TEST

START_TEST(setters_make_the_objects_on_the_way)
{
	json_auto_t *d = json_quoted("{'a':7}");

	ck_assert(!doc_set_str(d, "a.b.s", "x"));
	ck_assert(!doc_set_int(d, "a.b.i", 7));
	ck_assert(!doc_set_num(d, "r", 0.5));
	ck_assert(!doc_set_num(d, "w", 4));
	ck_assert(!doc_set_bool(d, "t", false));
	ck_assert(!doc_set_time(d, "at", 1500000));
	ck_assert(!doc_set_time(d, "before", -1));
	ck_assert(!doc_set_span(d, "for", 300 * USEC_SECOND));
	expect_json(d, "{'a':{'b':{'s':'x','i':7}},'r':0.5,'w':4,'t':false,"
		       "'at':'1970-01-01T00:00:01Z','before':'1969-12-31T23:59:59Z','for':'300s'}");
	doc_unset(d, "a.b.s");
	doc_unset(d, "a.b.nothing");
	doc_unset(d, "nothing.at.all");
	doc_unset(d, "t");
	ck_assert_ptr_null(doc_at(d, "a.b.s"));
	ck_assert_ptr_null(doc_at(d, "t"));
	ck_assert_int_eq(doc_int(d, "a.b.i", 0), 7);
	ck_assert_int_eq(doc_set(d, "x", NULL), -1);
	ck_assert_int_eq(doc_set_str(d, "x", NULL), -1);
	ck_assert_int_eq(doc_set_str(d, "x", "\xff"), -1);
	ck_assert(!doc_set_str(d, "x", "\xc3\xa9"));
	ck_assert_str_eq(doc_str(d, "x"), "\xc3\xa9");
}
END_TEST

START_TEST(numbers_are_written_as_people_write_them)
{
	json_auto_t *d = json_object();
	struct arena a = { 0 };

	ck_assert(!doc_set_num(d, "a", 0.1));
	ck_assert(!doc_set_num(d, "b", 64));
	ck_assert(!doc_set_num(d, "c", -0.5));
	ck_assert(!doc_set_int(d, "d", INT64_C(8796093022208)));
	ck_assert(!doc_set_num(d, "e", 1e300));
	ck_assert_str_eq(doc_text(d, &a),
		"{\"a\":0.1,\"b\":64,\"c\":-0.5,\"d\":8796093022208,\"e\":1e300}");
	arena_done(&a);
}
END_TEST

START_TEST(a_whole_number_stays_one_as_far_as_it_is_exact)
{
	static const struct {
		double value;
		bool whole;
	} rows[] = { { 0, true }, { -3, true }, { 0.5, false }, { -0.5, false },
		{ 9007199254740992.0, true }, { -9007199254740992.0, true },
		{ 9007199254740994.0, false }, { -9007199254740994.0, false }, { 1e300, false },
		{ -1e300, false } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_auto_t *v = doc_number(rows[i].value);

		ck_assert_msg(json_is_integer(v) == rows[i].whole, "%g", rows[i].value);
		ck_assert(json_number_value(v) == rows[i].value);
	}
}
END_TEST

START_TEST(every_value_has_a_kind)
{
	static const struct {
		const char *text, *kind;
	} rows[] = { { "{}", "an object" }, { "[]", "a list" }, { "\"a\"", "a string" },
		{ "1", "an integer" }, { "1.5", "a number" }, { "true", "a boolean" },
		{ "false", "a boolean" }, { "null", "null" } };

	ck_assert_str_eq(doc_kind(NULL), "nothing");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_auto_t *v = json_loads(rows[i].text, JSON_DECODE_ANY, NULL);

		ck_assert_str_eq(doc_kind(v), rows[i].kind);
	}
}
END_TEST

/* Small objects are sorted in another way than large ones. */
START_TEST(keys_are_in_order_however_many)
{
	for (int n = 0; n <= 70; n++) {
		json_auto_t *d = json_object(), *back;
		struct arena a = { 0 };
		char key[8], before[8] = "";
		const char *text, *name;
		json_t *v;

		for (int i = 0; i < n; i++) {
			snprintf(key, sizeof key, "k%02d", i * 37 % 71);
			json_object_set_new(d, key, json_integer(i));
		}
		text = doc_text(d, &a);
		back = json_loads(text, 0, NULL);
		ck_assert(json_equal(d, back));
		for (const char *p = text; (p = strstr(p, "\"k")); p += 2) {
			snprintf(key, sizeof key, "%.3s", p + 1);
			ck_assert_str_lt(before, key);
			memcpy(before, key, sizeof key);
		}
		json_object_foreach(back, name, v)
			ck_assert(json_is_integer(v));
		arena_done(&a);
	}
}
END_TEST

START_TEST(every_value_is_written)
{
	json_auto_t *d = json_quoted(
		"{'a':[],'b':{},'c':null,'d':true,'e':false,'f':[1,[2],{'x':-3}],'g':'\\n'}");
	struct arena a = { 0 };

	ck_assert_str_eq(doc_text(d, &a), "{\"a\":[],\"b\":{},\"c\":null,\"d\":true,\"e\":false,"
					  "\"f\":[1,[2],{\"x\":-3}],\"g\":\"\\n\"}");
	ck_assert_ptr_null(doc_text(NULL, &a));
	arena_done(&a);
}
END_TEST

START_TEST(the_same_document_always_gives_the_same_bytes)
{
	json_auto_t *one = json_quoted("{'b':1,'a':{'d':[1,2],'c':'x'}}");
	json_auto_t *two = json_quoted("{'a':{'c':'x','d':[1,2]},'b':1}");
	struct buf b = { 0 };
	struct arena a = { 0 };

	doc_dump(NULL, &b);
	ck_assert(b.failed);
	ck_assert_ptr_null(doc_text(NULL, &a));
	b.failed = false;
	doc_dump(one, &b);
	ck_assert_str_eq(b.data, "{\"a\":{\"c\":\"x\",\"d\":[1,2]},\"b\":1}");
	ck_assert_str_eq(doc_text(two, &a), b.data);
	buf_done(&b);
	arena_done(&a);
}
END_TEST

START_TEST(a_body_is_an_object)
{
	json_auto_t *d = NULL;
	struct err e;

	ck_assert_msg(!doc_parse(&d, " {\"a\": [1.5, null]}\n", 20, &e), "%s", e.message);
	expect_json(d, "{'a':[1.5,null]}");
	ck_assert_str_eq(refused(""), "The request body must be a JSON object, got nothing");
	ck_assert_str_eq(refused(" \r\n\t"), "The request body must be a JSON object, got nothing");
	ck_assert_str_eq(refused("[]"), "The request body must be a JSON object, got a list");
	ck_assert_str_eq(refused("7"), "The request body must be a JSON object, got an integer");
	ck_assert_str_eq(refused("null"), "The request body must be a JSON object, got null");
	ck_assert_str_eq(refused("\"{}\""), "The request body must be a JSON object, got a string");
}
END_TEST

START_TEST(a_refusal_names_line_and_column)
{
	ck_assert_str_eq(refused("{\"a\":1,\n \"a\":2}"),
		"The request body is not valid JSON: line 2, column 4: "
		"duplicate object key near '\"a\"'");
	ck_assert_str_eq(refused("{\"a\":99999999999999999999}"),
		"The request body is not valid JSON: line 1, column 25: number out of range");
	ck_assert_str_eq(refused("{\"a\":1e999}"),
		"The request body is not valid JSON: line 1, column 10: number out of range");
	ck_assert_str_eq(refused("{\"a\":"),
		"The request body is not valid JSON: line 1, column 5: the text ends too early");
	ck_assert_str_eq(refused("{} x"), "The request body is not valid JSON: line 1, column 4: "
					  "something follows the end of the document");
	refused("{} {}");
	refused("{'a':1}");
	refused("{\"a\":1,}");
	refused("{\"a\":01}");
	refused("{\"a\":NaN}");
	refused("{a:1}");
	refused("// hi\n{}");
}
END_TEST

START_TEST(bytes_that_are_not_text_are_refused)
{
	ck_assert_str_eq(refusal("{\"a\":\"\\u0000\"}", 14),
		"The request body is not valid JSON: line 1, column 13: "
		"NUL characters are not allowed");
	refusal("{\"\\u0000\":1}", 12);
	refusal("{\"a\":\"\0\"}", 9);
	refusal("{}\0", 3);
	ck_assert_msg(strstr(refused("{\"a\":\"\xff\"}"), "not valid UTF-8"), "%s",
		refused("{\"a\":\"\xff\"}"));
	refused("{\"a\":\"\xc3\"}");
	refused("{\"a\":\"\xed\xa0\x80\"}");
	refused("{\"a\":\"\\ud800\"}");
	refused("\xef\xbb\xbf{}");
	refused("{\"a\":\"\xf0\x9f\x98\x80\x01\"}");
}
END_TEST

START_TEST(a_long_near_text_leaves_a_readable_refusal)
{
	char text[2000] = "{";

	for (size_t i = 1; i + 4 < sizeof text; i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	refused(text);
	memset(text + 1, 'x', sizeof text - 2);
	refused(text);
}
END_TEST

static char *nested(char open, char close, int depth, char *out)
{
	char *p = out;

	p += snprintf(p, 6, "{\"a\":");
	memset(p, open, (size_t)depth);
	p += depth;
	if (close)
		memset(p, close, (size_t)depth), p += depth;
	strcpy(p, close ? "}" : ""); /* allowed: the caller's buffer is large */
	return out;
}

START_TEST(sixty_four_levels_and_no_more)
{
	json_auto_t *d = NULL;
	static char text[250000];
	struct err e;

	nested('[', ']', MAX_JSON_DEPTH - 1, text);
	ck_assert_msg(!doc_parse(&d, text, strlen(text), &e), "%s", e.message);
	ck_assert_str_eq(refused(nested('[', ']', MAX_JSON_DEPTH, text)),
		"The request body is not valid JSON: line 1, column 69: "
		"nested deeper than 64 levels");
	refused(nested('[', 0, 1000, text));
	refused(nested('[', ']', 100000, text));
}
END_TEST

START_TEST(brackets_inside_strings_are_not_levels)
{
	static char text[2000], brackets[1001];
	json_auto_t *d = NULL;
	struct err e;

	memset(brackets, '[', 1000);
	snprintf(text, sizeof text, "{\"a\\\"\\\\\":\"%s\"}", brackets);
	ck_assert_msg(!doc_parse(&d, text, strlen(text), &e), "%s", e.message);
	refused("{\"a\":\"\\");
	refused("{\"a\":\"\\\"");
	refused("\"");
}
END_TEST

START_TEST(our_own_documents_are_read_and_owned)
{
	struct arena a = { 0 };
	struct err e;
	json_t *d;

	ck_assert(!doc_load(&d, "{\"a\":1}", &a, &e));
	ck_assert_int_eq(doc_int(d, "a", 0), 1);
	ck_assert_int_eq(doc_load(&d, "{\"a\":", &a, &e), -1);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	arena_done(&a);
}
END_TEST

static int build(void *arg, struct err *e)
{
	json_auto_t *d = json_object();
	(void)arg;

	if (!d || doc_set_str(d, "a.b.c", "x") || doc_set_int(d, "a.b.d", 7) ||
		doc_set_num(d, "e", 0.5) || doc_set_bool(d, "f", true) ||
		doc_set_time(d, "g.h", 0) || doc_set_span(d, "g.i", USEC_SECOND))
		return err_oom(e);
	return 0;
}

static int parse(void *arg, struct err *e)
{
	json_auto_t *d = NULL;

	return doc_parse(&d, arg, strlen(arg), e);
}

static int load(void *arg, struct err *e)
{
	struct arena a = { 0 };
	json_t *d;
	int r = doc_load(&d, arg, &a, e);

	arena_done(&a);
	return r;
}

static int dump(void *arg, struct err *e)
{
	struct buf b = { 0 };
	int r;

	doc_dump(arg, &b);
	r = b.failed ? err_oom(e) : 0;
	buf_done(&b);
	return r;
}

START_TEST(no_allocation_fails_unnoticed)
{
	char text[] = "{\"a\":{\"b\":[1,2.5,\"x\\u20ac\",true,null]},\"c\":\"y\",\"d\":{},\"e\":[]}";
	json_auto_t *d = json_loads(text, 0, NULL);
	char key[16];

	for (int i = 0; i < 100; i++) { /* more keys than are sorted in place */
		snprintf(key, sizeof key, "key-%d", i);
		ck_assert_int_eq(doc_set_int(d, key, i), 0);
	}
	ck_assert_int_gt(torture(build, NULL, BLAME_MEMORY), 10);
	ck_assert_int_gt(torture(parse, text, BLAME_ANYTHING), 10);
	ck_assert_int_gt(torture(load, text, BLAME_ANYTHING), 10);
	ck_assert_int_eq(torture(dump, d, BLAME_MEMORY), 1); /* the real is left to jansson */
}
END_TEST

int main(void)
{
	return RUN_TESTS("doc", values_are_read_by_path,
		stored_documents_are_read_as_json, what_we_write_ourselves_is_read_without_a_parser,
		what_is_absent_or_of_another_type_is_the_default,
		setters_make_the_objects_on_the_way, numbers_are_written_as_people_write_them,
		a_whole_number_stays_one_as_far_as_it_is_exact, every_value_has_a_kind,
		keys_are_in_order_however_many, every_value_is_written,
		the_same_document_always_gives_the_same_bytes, a_body_is_an_object,
		a_refusal_names_line_and_column, bytes_that_are_not_text_are_refused,
		a_long_near_text_leaves_a_readable_refusal, sixty_four_levels_and_no_more,
		brackets_inside_strings_are_not_levels, our_own_documents_are_read_and_owned,
		no_allocation_fails_unnoticed);
}
