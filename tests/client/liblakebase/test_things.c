/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, names, masks, comparisons, documents, and what is refused before anything is sent. */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "liblakebase/text.h"
#include "support/run.h"

static struct fake f;

START_TEST(a_list_is_walked_page_by_page)
{
	static const struct step script[] = {
		{ "GET /api/2.0/postgres/projects?show_deleted=true&page_size=2", 200,
			"{\"projects\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"next_page_token\":\"t 1&\"}" },
		{ "GET /api/2.0/postgres/projects?show_deleted=true&page_size=2&page_token=t%201%26", 503, "{}" },
		{ "GET /api/2.0/postgres/projects?show_deleted=true&page_size=2&page_token=t%201%26", 200,
			"{\"next_page_token\":\"t2\"}" },
		{ "GET /api/2.0/postgres/projects?show_deleted=true&page_size=2&page_token=t2", 200,
			"{\"projects\":[{\"name\":\"c\"}],\"next_page_token\":\"\"}" },
		{ NULL } };
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase_pages *pages;
	struct lakebase_doc *item;
	char names[8] = "";
	struct lakebase *lb;
	int rc;

	fake_start(&f, script);
	lb = fake_client(&f, NULL);
	o.flags = LAKEBASE_SHOW_DELETED;
	o.page_size = 2;
	ck_assert_int_eq(lakebase_list(&pages, lb, "projects", &o), 0);
	ck_assert_uint_eq(f.num_requests, 0);
	while ((rc = lakebase_pages_next(&item, pages)) == 0 && item) {
		strncat(names, lakebase_doc_string(item, "name"), 1);
		lakebase_doc_free(item);
	}
	ck_assert_int_eq(rc, 0);
	ck_assert_str_eq(names, "abc");
	ck_assert_str_eq(f.problem, "");
	/* the end stays the end */
	ck_assert(lakebase_pages_next(&item, pages) == 0 && !item);
	lakebase_pages_free(pages);
	lakebase_free(lb);
	fake_stop(&f);
}
END_TEST

START_TEST(a_list_that_goes_in_circles_is_noticed)
{
	static const struct step script[] = { { "GET", 200, "{\"next_page_token\":\"t\"}" },
		{ "GET", 200, "{\"next_page_token\":\"t\"}" }, { NULL } };
	struct lakebase_pages *pages;
	struct lakebase_doc *item;
	struct lakebase *lb;

	fake_start(&f, script);
	lb = fake_client(&f, NULL);
	ck_assert_int_eq(lakebase_list(&pages, lb, "projects/p/branches", NULL), 0);
	ck_assert_int_eq(lakebase_pages_next(&item, pages), LAKEBASE_EANSWER);
	ck_assert_ptr_null(item);
	lakebase_pages_free(pages);
	lakebase_free(lb);
	fake_stop(&f);
}
END_TEST

START_TEST(short_names_are_written_out)
{
	static const struct {
		const char *collection, *name, *full; /* NULL: refused */
	} rows[] = {
		{ "projects", "p", "projects/p" },
		{ "projects", "projects/p", "projects/p" },
		{ "branches", "p/b", "projects/p/branches/b" },
		{ "branches", "projects/p/branches/b", "projects/p/branches/b" },
		{ "endpoints", "p/b/e", "projects/p/branches/b/endpoints/e" },
		{ "synced_tables", "c.s.t", "synced_tables/c.s.t" },
		{ "branches", "p", NULL },
		{ "branches", "p/b/e", NULL },
		{ "branches", "projects/p", NULL },
		{ "projects", "projects", NULL },
		{ "branches", "p//b", NULL },
		{ "branches", "p/..", NULL },
		{ "projects", "", NULL },
		{ "projects", "a b", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct lakebase_kind *k = lakebase_kinds();
		char *full;
		int rc;

		while (strcmp(k->collection, rows[i].collection) != 0)
			k++;
		rc = lakebase_name_expand(&full, k, rows[i].name);
		ck_assert_msg(rc == (rows[i].full ? 0 : LAKEBASE_EINVALID) && lb_same(full, rows[i].full),
			"%s: %s", rows[i].name, full ? full : lakebase_last_error()->message);
		lakebase_string_free(full);
	}
	ck_assert_str_eq(lakebase_kind_of("projects/p/branches/b")->singular, "branch");
	ck_assert_ptr_null(lakebase_kind_of("things/x"));
}
END_TEST

START_TEST(masks_follow_the_body)
{
	static const struct {
		const char *body, *mask; /* NULL: refused */
	} rows[] = {
		{ "{\"spec\":{\"display_name\":\"x\"}}", "spec.display_name" },
		{ "{\"spec\":{\"ttl\":\"60s\"}}", "spec.expiration" },
		{ "{\"spec\":{\"is_protected\":true,\"no_expiry\":true,\"expire_time\":null}}",
			"spec.is_protected,spec.expiration" },
		{ "{\"spec\":{\"default_endpoint_settings\":{\"no_suspension\":true,"
		  "\"autoscaling_limit_max_cu\":2,\"pg_settings\":{\"a\":\"b\"}}}}",
			"spec.default_endpoint_settings.suspension,"
			"spec.default_endpoint_settings.autoscaling_limit_max_cu,"
			"spec.default_endpoint_settings.pg_settings" },
		{ "{\"spec\":{\"custom_tags\":[{\"key\":\"a\"}]},\"name\":\"ignored\"}", "spec.custom_tags" },
		{ "{\"schedule\":[]}", "schedule" },
		{ "{\"display_name\":\"x\"}", NULL },
		{ "{}", NULL },
		{ "[]", NULL },
		{ "{", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *mask;
		int rc = lakebase_mask(&mask, rows[i].body);

		ck_assert_msg(rc == (rows[i].mask ? 0 : LAKEBASE_EINVALID) && lb_same(mask, rows[i].mask),
			"%s: %s", rows[i].body, mask ? mask : "(refused)");
		lakebase_string_free(mask);
	}
}
END_TEST

#define STATUS(fields) "{\"create_time\":\"2026-01-01T00:00:00Z\",\"status\":{" fields "}}"

START_TEST(resources_are_compared_by_what_they_mean)
{
	static const struct {
		const char *spec, *found, *mask;
	} rows[] = {
		{ "\"pg_version\":\"17\"", STATUS("\"pg_version\":17"), "" },
		{ "\"pg_version\":17", STATUS("\"pg_version\":16"), "spec.pg_version" },
		{ "\"cu\":1", STATUS("\"cu\":1.0"), "" },
		{ "\"cu\":0.5", STATUS("\"cu\":1"), "spec.cu" },
		{ "\"d\":\"300s\"", STATUS("\"d\":\"300.000s\""), "" },
		{ "\"d\":\"300s\"", STATUS("\"d\":\"301s\""), "spec.d" },
		{ "\"t\":\"2026-01-01T01:00:00+01:00\"", STATUS("\"t\":\"2026-01-01T00:00:00.000Z\""), "" },
		{ "\"ttl\":\"3600s\"", STATUS("\"expire_time\":\"2026-01-01T01:00:00Z\""), "" },
		{ "\"ttl\":\"3600s\"", STATUS("\"expire_time\":\"2026-01-01T02:00:00Z\""),
			"spec.expiration" },
		{ "\"ttl\":\"3600s\"", STATUS(""), "spec.expiration" },
		{ "\"no_expiry\":true", STATUS(""), "" },
		{ "\"no_expiry\":true", STATUS("\"expire_time\":\"2026-01-01T02:00:00Z\""),
			"spec.expiration" },
		{ "\"expire_time\":\"2026-01-01T02:00:00Z\"", STATUS(""), "spec.expiration" },
		{ "\"s\":{\"no_suspension\":true,\"max\":2}",
			STATUS("\"s\":{\"max\":1,\"suspend_timeout_duration\":\"300s\"}"),
			"spec.s.suspension,spec.s.max" },
		{ "\"roles\":[\"A\",\"B\"]", STATUS("\"roles\":[\"B\",\"A\"]"), "" },
		{ "\"roles\":[\"A\"]", STATUS("\"roles\":[\"B\"]"), "spec.roles" },
		{ "\"hidden\":1", STATUS("\"other\":2"), "" },
		{ "\"a\":{\"b\":true}", STATUS("\"a\":{\"b\":false}"), "spec.a.b" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lakebase_doc *doc;
		char body[256], *mask;

		snprintf(body, sizeof(body), "{\"spec\":{%s}}", rows[i].spec);
		ck_assert_int_eq(lakebase_doc_parse(&doc, rows[i].found, strlen(rows[i].found)), 0);
		ck_assert_int_eq(lakebase_diff(&mask, body, doc), 0);
		ck_assert_msg(strcmp(mask, rows[i].mask) == 0, "%s against %s: '%s'", rows[i].spec,
			rows[i].found, mask);
		lakebase_string_free(mask);
		lakebase_doc_free(doc);
	}
}
END_TEST

START_TEST(documents_are_read_by_path)
{
	static const char text[] = "{\"a\":{\"b\":[1,2.5,{\"c\":\"x\"}]},\"t\":true,\"n\":null}";
	struct lakebase_doc *doc, *sub;
	char *out;

	ck_assert_int_eq(lakebase_doc_parse(&doc, text, strlen(text)), 0);
	ck_assert_str_eq(lakebase_doc_string(doc, "a.b.2.c"), "x");
	ck_assert_int_eq(lakebase_doc_integer(doc, "a.b.0", -1), 1);
	ck_assert_int_eq(lakebase_doc_integer(doc, "a.b.1", -1), -1);
	ck_assert(lakebase_doc_number(doc, "a.b.1", 0) == 2.5);
	ck_assert(lakebase_doc_bool(doc, "t", false) && !lakebase_doc_bool(doc, "n", false));
	ck_assert(lakebase_doc_has(doc, "n") && !lakebase_doc_has(doc, "a.x"));
	ck_assert_uint_eq(lakebase_doc_count(doc, "a.b"), 3);
	ck_assert_uint_eq(lakebase_doc_count(doc, NULL), 3);
	ck_assert_str_eq(lakebase_doc_key(doc, NULL, 1), "t");
	ck_assert_ptr_null(lakebase_doc_key(doc, NULL, 3));
	ck_assert_ptr_null(lakebase_doc_string(doc, "a.b.x"));
	ck_assert_int_eq(lakebase_doc_get(&sub, doc, "a.b.2"), 0);
	lakebase_doc_free(doc);
	ck_assert_int_eq(lakebase_doc_print(&out, sub, false), 0);
	ck_assert_str_eq(out, "{\"c\":\"x\"}");
	lakebase_string_free(out);
	ck_assert_int_eq(lakebase_doc_get(&doc, sub, "d"), LAKEBASE_ENOTFOUND);
	lakebase_doc_free(sub);
	ck_assert_int_eq(lakebase_doc_parse(&doc, "{", 1), LAKEBASE_EINVALID);
	ck_assert_ptr_null(doc);
}
END_TEST

START_TEST(nonsense_is_refused_before_it_is_sent)
{
	static const struct {
		struct lakebase_call_spec spec;
		const char *message;
	} rows[] = {
#define SPEC(verb_, name_, body_, mask_, flags_)                                                   \
	{ LAKEBASE_CALL_SPEC_VERSION, LAKEBASE_VERB_##verb_, name_, body_, mask_, "GET",           \
		{ LAKEBASE_CALL_OPTIONS_VERSION, flags_, 0, NULL, 0, NULL, NULL } }
		{ SPEC(GET, "", NULL, NULL, 0), "empty" },
		{ SPEC(GET, NULL, NULL, NULL, 0), "empty" },
		{ SPEC(GET, "projects/../x", NULL, NULL, 0), "dots" },
		{ SPEC(GET, "projects", NULL, NULL, 0), "names a collection" },
		{ SPEC(LIST, "projects/p", NULL, NULL, 0), "names a resource" },
		{ SPEC(CREATE, "projects/p", NULL, NULL, 0), "needs a body" },
		{ SPEC(CREATE, "projects/p", "[1]", NULL, 0), "not a JSON object" },
		{ SPEC(CREATE, "projects/p", "{", NULL, 0), "not a JSON object" },
		{ SPEC(CREATE, "things/p", "{}", NULL, 0), "no collection" },
		{ SPEC(CREATE, "projects/p", "{}", NULL, LAKEBASE_REPLACE_EXISTING), "does not exist for" },
		{ SPEC(CREATE, "projects/p", "{}", NULL, LAKEBASE_PURGE), "takes no purge" },
		{ SPEC(UPDATE, "projects/p", "{}", NULL, 0), "needs a mask" },
		{ SPEC(REQUEST, "x", NULL, NULL, 0), "begins with /" },
		{ SPEC(REQUEST, "/x y", NULL, NULL, 0), "percent-encoded" },
		{ SPEC(REQUEST, "/x\r\nX: y", NULL, NULL, 0), "percent-encoded" },
		{ SPEC(PERMISSIONS_GET, "projects/p/branches/b", NULL, NULL, 0), "none of the projects" },
		{ SPEC(PERMISSIONS_SET, "projects", "{}", NULL, 0), "names a collection" },
		{ SPEC(OPERATION_WAIT, "projects/ap", NULL, NULL, 0), "names no operation" },
		{ SPEC(OPERATION_WAIT, "projects/ap/operations", NULL, NULL, 0), "names no operation" },
		{ SPEC(OPERATION_WAIT, "operations/1", NULL, NULL, 0), "names no operation" },
		{ SPEC(DELETE, "projects/ap/operations/1", NULL, NULL, 0), "no delete for operations" },
		{ SPEC(CREDENTIAL, "projects/p/branches/b", "{}", NULL, 0), "none of the endpoints" },
		{ SPEC(GET, "projects/p/endpoints/e", NULL, NULL, 0),
			"named projects/PROJECT/branches/BRANCH/endpoints/ENDPOINT" },
		{ SPEC(GET, "branches/b", NULL, NULL, 0), "named projects/PROJECT/branches/BRANCH" },
		{ SPEC(LIST, "projects/p/roles", NULL, NULL, 0), "named projects/PROJECT/branches" },
		{ SPEC(GET, "catalogs/c/projects/p", NULL, NULL, 0), "named projects/PROJECT" },
#undef SPEC
	};
	static const struct step none[] = { { NULL } };
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct lakebase *lb;

	fake_start(&f, none);
	lb = fake_client(&f, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ck_assert_int_eq(lakebase_perform(NULL, lb, &rows[i].spec), LAKEBASE_EINVALID);
		ck_assert_msg(strstr(lakebase_last_error()->message, rows[i].message), "%s",
			lakebase_last_error()->message);
	}
	ck_assert_uint_eq(f.num_requests, 0);
	lakebase_free(lb);
	o.version = 99;
	ck_assert_int_eq(lakebase_new(&lb, &o), LAKEBASE_EINVALID);
	ck_assert_ptr_null(lb);
}
END_TEST

/* Of each kind, a resource and its collection. */
static void name_of(char *name, size_t size, const struct lakebase_kind *kind)
{
	char above[200] = "";

	for (const struct lakebase_kind *k = lakebase_kinds(); kind->parent && k->collection; k++)
		if (strcmp(k->collection, kind->parent) == 0)
			name_of(above, sizeof(above), k);
	snprintf(name, size, "%s%s%s/x", above, *above ? "/" : "", kind->collection);
}

START_TEST(what_a_kind_cannot_do_is_refused_before_it_is_sent)
{
	static const struct step anything[] = { { "", 200, "{\"done\":true,\"response\":{}}" } , { NULL } };
	struct lakebase_pages *pages;
	struct lakebase *lb;
	char name[256];
	size_t sent = 0;

	fake_start(&f, anything);
	f.repeat_last = true;
	lb = fake_client(&f, NULL);
	for (const struct lakebase_kind *k = lakebase_kinds(); k->collection; k++) {
		name_of(name, sizeof(name), k);
		ck_assert_int_eq(lakebase_get(NULL, lb, name), 0);
		ck_assert_int_eq(lakebase_delete(NULL, lb, name, NULL), 0);
		ck_assert_int_eq(lakebase_update(NULL, lb, name, "{}", "spec.x", NULL),
			k->updated ? 0 : LAKEBASE_EINVALID);
		ck_assert_int_eq(lakebase_undelete(NULL, lb, name, NULL),
			k->undeleted ? 0 : LAKEBASE_EINVALID);
		ck_assert_int_eq(lakebase_operation_wait(NULL, lb, name, NULL), LAKEBASE_EINVALID);
		ck_assert_int_eq(lakebase_operation_get(NULL, lb, name), LAKEBASE_EINVALID);
		*strrchr(name, '/') = '\0';
		ck_assert_int_eq(lakebase_list(&pages, lb, name, NULL), k->listed ? 0 : LAKEBASE_EINVALID);
		lakebase_pages_free(pages);
		sent += 2 + (size_t)k->updated + (size_t)k->undeleted;
	}
	ck_assert_uint_eq(f.num_requests, sent);
	lakebase_free(lb);
	fake_stop(&f);
}
END_TEST

START_TEST(no_control_character_of_a_server_gets_into_an_error)
{
	static const struct step script[] = {
		{ "GET", 400, "{\"error_code\":\"A\\u001b[2J\\u009bB\",\"message\":\"m\\u001b]0;x\\u0007\\r\\u009b1m\\u202eok \xc3\xbc\"}" },
		{ "GET", 400, "half \xc3 and \x9b" "1m" }, { NULL } };
	struct lakebase *lb;
	const struct lakebase_error *e = lakebase_last_error();

	fake_start(&f, script);
	lb = fake_client(&f, NULL);
	ck_assert_int_eq(lakebase_get(NULL, lb, "projects/p"), LAKEBASE_EREFUSED);
	ck_assert_str_eq(e->error_code, "A [2J  B");
	ck_assert_str_eq(e->message, "m ]0;x    1m   ok \xc3\xbc");
	ck_assert_int_eq(lakebase_get(NULL, lb, "projects/p"), LAKEBASE_EREFUSED);
	ck_assert_str_eq(e->message, "HTTP 400: half ? and ?1m");
	lakebase_free(lb);
	fake_stop(&f);
}
END_TEST

START_TEST(a_text_is_an_answer_when_text_is_wanted)
{
	static const struct step script[] = { { "GET /x", 200, "-----BEGIN\n" },
		{ "GET /x", 404, FAULT("NOT_FOUND", "none") },
		{ "GET /x", 200, "-----BEGIN\n" }, { NULL } };
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase_options client = LAKEBASE_OPTIONS_INIT;
	struct lakebase_doc *doc;
	struct lakebase *lb;

	fake_start(&f, script);
	client.retry.attempts = 1;
	lb = fake_client(&f, &client);
	o.flags = LAKEBASE_TEXT;
	ck_assert_int_eq(lakebase_request(&doc, lb, "GET", "/x", NULL, &o), 0);
	ck_assert_str_eq(lakebase_doc_string(doc, ""), "-----BEGIN\n");
	lakebase_doc_free(doc);
	ck_assert_int_eq(lakebase_request(&doc, lb, "GET", "/x", NULL, &o), LAKEBASE_ENOTFOUND);
	ck_assert_int_eq(lakebase_request(&doc, lb, "GET", "/x", NULL, NULL), LAKEBASE_EANSWER);
	lakebase_free(lb);
	fake_stop(&f);
}
END_TEST

START_TEST(parts_of_names_are_escaped_in_paths)
{
	static const struct step script[] = {
		{ "POST /api/2.0/postgres/synced_tables?synced_table_id=c.s.t%3Fx%26y%23", 200, "{}" },
		{ "GET /api/2.0/postgres/catalogs/a%25b%3Fc", 200, "{}" }, { NULL } };
	struct lakebase *lb;

	fake_start(&f, script);
	lb = fake_client(&f, NULL);
	ck_assert_int_eq(lakebase_create(NULL, lb, "synced_tables/c.s.t?x&y#", "{}", NULL), 0);
	ck_assert_int_eq(lakebase_get(NULL, lb, "catalogs/a%b?c"), 0);
	ck_assert_str_eq(f.problem, "");
	lakebase_free(lb);
	fake_stop(&f);
}
END_TEST

int main(void)
{
	return RUN_TESTS("things", a_list_is_walked_page_by_page, a_list_that_goes_in_circles_is_noticed,
		short_names_are_written_out, masks_follow_the_body,
		resources_are_compared_by_what_they_mean, documents_are_read_by_path,
		nonsense_is_refused_before_it_is_sent, what_a_kind_cannot_do_is_refused_before_it_is_sent,
		no_control_character_of_a_server_gets_into_an_error,
		a_text_is_an_answer_when_text_is_wanted, parts_of_names_are_escaped_in_paths);
}
