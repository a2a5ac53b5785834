/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/run.h"
#include "support/scenario/scenario.h"
#include "support/scenario/template.h"

#define HEAD                                                                                       \
	"### lakebase.thing.get.plain\n# A thing is there.\n# evidence: verified 2026-06, "        \
	"somewhere\n"
#define GET "GET /x\n=> 200\n"

/* The error that reading `text` ends with; "" when it is fine. */
static const char *error_of(const char *text)
{
	static struct err e;
	struct suite s = {0};

	e.message[0] = '\0';
	if (suite_add(&s, "a.http", text, &e) == 0 && suite_check(&s, &e) == 0)
		e.message[0] = '\0';
	suite_done(&s);
	return e.message;
}

START_TEST(a_case_is_read_with_all_its_parts)
{
	static const char text[] = "# evidence: documented 2026-01, the guide\n"
				   "### lakebase.thing.create.full\n"
				   "# Things are made.\n"
				   "#\n"
				   "# Twice.\n"
				   "# evidence: verified 2026-06, live replies\n"
				   "# needs: own shed, tool\n"
				   "\n"
				   "# First one.\n"
				   "POST /things?thing_id=a\n"
				   "as: alice\n"
				   "X-Odd: 1\n"
				   "{ \"spec\":\n"
				   "  { \"n\": 1 } }\n"
				   "=> 200\n"
				   "Content-Type: application/json\n"
				   "{ \"name\": \"<str>\", ... }\n"
				   "> save op = name\n"
				   "> poll {{op}}\n"
				   "GET /things/b\n"
				   "=> 404 NOT_FOUND: thing \"b\" not found\n"
				   "### setup.shed\n" GET "### setup.tool\n" GET;
	struct suite s = {0};
	const struct scenario *c;
	struct err e;

	ck_assert_msg(suite_add(&s, "a.http", text, &e) == 0, "%s", e.message);
	ck_assert_msg(suite_check(&s, &e) == 0, "%s", e.message);
	ck_assert_uint_eq(s.num_cases, 1);
	ck_assert_uint_eq(s.num_setups, 2);
	c = &s.cases[0];
	ck_assert_str_eq(c->prose, "Things are made.\n\nTwice.");
	ck_assert_str_eq(c->evidence, "verified");
	ck_assert_str_eq(c->date, "2026-06");
	ck_assert_str_eq(c->source, "live replies");
	ck_assert(c->level == LEVEL_MUST && !c->mock_only);
	ck_assert(c->num_needs == 2 && c->needs[0].own && !c->needs[1].own);
	ck_assert_str_eq(c->needs[0].setup, "shed");
	ck_assert_uint_eq(c->num_steps, 4);
	ck_assert_str_eq(c->steps[0].note, "First one.");
	ck_assert_str_eq(c->steps[0].as, "alice");
	ck_assert_uint_eq(c->steps[0].num_headers, 1);
	ck_assert_str_eq(c->steps[0].body, "{ \"spec\":\n  { \"n\": 1 } }");
	ck_assert_str_eq(c->steps[0].expect_headers[0].name, "Content-Type");
	ck_assert(c->steps[0].expect_line == 15 && c->steps[0].expect_end == 17);
	ck_assert(c->steps[1].kind == STEP_SAVE && streq(c->steps[1].var, "op"));
	ck_assert(c->steps[2].kind == STEP_POLL && c->steps[2].status == 0);
	ck_assert_str_eq(c->steps[3].expect,
		"{\"error_code\":\"NOT_FOUND\",\"message\":\"thing \\\"b\\\" not found\"}");
	ck_assert_ptr_eq(suite_setup(&s, "tool"), &s.setups[1]);
	suite_done(&s);
}
END_TEST

START_TEST(what_only_a_mock_has_is_never_played_elsewhere)
{
	struct suite s = {0};
	struct err e;

	ck_assert(suite_add(&s, "a", HEAD "POST /_mock/clock/advance\n{\"by\":\"1h\"}\n=> 200\n",
			  &e) == 0);
	ck_assert(suite_add(&s, "b", HEAD "# server: --set max_roles=1\n" GET, &e) == 0);
	ck_assert(suite_add(&s, "c", "### lakebase.a.b.c\n# X.\n# evidence: invented\n" GET, &e) ==
		  0);
	ck_assert(suite_add(&s, "d", HEAD GET, &e) == 0);
	for (size_t i = 0; i < 3; i++)
		ck_assert(s.cases[i].level == LEVEL_MOCK);
	ck_assert_str_eq(s.cases[1].server[0], "--set");
	ck_assert_str_eq(s.cases[1].server[1], "max_roles=1");
	ck_assert(s.cases[3].level == LEVEL_MUST);
	suite_done(&s);
}
END_TEST

static const struct mistake {
	const char *text, *message;
} mistakes[] = {
	{GET, "a.http:1: a file begins with"},
	{"### lakebase.a\n", "a.http:1: an id is"},
	{"### lakebase.Big.b.c\n", "a.http:1: an id is"},
	{"### lakebase.a..c\n", "a.http:1: an id is"},
	{"### lakebase.a.b.c\n# X.\n", "a.http:1: 'lakebase.a.b.c' does nothing"},
	{"### lakebase.a.b.c\n# X.\n" GET, "a.http:1: 'lakebase.a.b.c' needs '# evidence"},
	{"### lakebase.a.b.c\n# evidence: typed\n" GET, "needs a sentence"},
	{"### lakebase.a.b.c\n# evidence: guessed\n" GET, "a.http:2: evidence is"},
	{"### lakebase.a.b.c\n# evidence: verified live\n" GET,
		"a.http:2: after 'verified' comes a date"},
	{"### lakebase.a.b.c\n# level: may\n" GET, "a.http:2: level is"},
	{HEAD "GET /x\n", "a.http:4: a request without the =>"},
	{HEAD "GET /x\n=> yes\n", "a.http:5: after => comes a status"},
	{HEAD "GET /x\n=> 404 NOT_FOUND\n", "a.http:5: write => 404 ERROR_CODE: message"},
	{HEAD "POST /x\n{ oops }\n=> 200\n", "a.http:5: not JSON"},
	{HEAD "GET /x\n=> 200\n{ \"a\": 1\n", "a.http:6: not JSON"},
	{HEAD "GET /x\n=> 200\n{ \"a\": 1, \"a\": 2 }\n", "a.http:6: not JSON"},
	{HEAD "GET /x\n=> 200\n{ \"a\": \"<uid>\" }\n", "a.http:5: '<uid>' is no hole"},
	{HEAD "GET /x\n=> 200\n[ ..., 1 ]\n", "a.http:5: '...' must be the last"},
	{HEAD "GET /x/{{y}}\n=> 200\n", "a.http:4: uses a {{variable}}"},
	{HEAD GET "> save x\n", "a.http:6: write > save"},
	{HEAD GET "> wait\n", "a.http:6: there is > save"},
	{HEAD GET "hello\n", "a.http:6: expected a request"},
	{HEAD GET HEAD GET, "is the id of a.http:1, too"},
	{HEAD "PUT /_mock/clock\n{}\n=> 200\n" GET "> poll\n", "a.http:9: polls under a clock"},
	{HEAD "# needs: shed\n" GET, "there is no setup 'shed'"},
};

START_TEST(mistakes_are_told_with_file_and_line)
{
	for (const struct mistake *m = mistakes; m < mistakes + ARRAY_SIZE(mistakes); m++)
		ck_assert_msg(strstr(error_of(m->text), m->message) != NULL, "%s\nsaid: %s",
			m->text, error_of(m->text));
}
END_TEST

START_TEST(variables_are_set_before_they_are_used)
{
	ck_assert_str_eq(
		error_of(HEAD GET "> save y = a.b\nGET /{{y}}\n=> 200\n{\"z\":\"{{y}}\"}\n"), "");
	ck_assert_str_eq(
		error_of(HEAD "GET /{{now +1h}}{{fill 3}}{{prefix}}{{id 9}}{{user a}}\n=> 200\n"),
		"");
	ck_assert_str_ne(error_of(HEAD "GET /{{y}}\n=> 200\n> save y = a\n"), "");
	ck_assert_str_eq(
		error_of(HEAD "# needs: s\nGET /{{y}}\n=> 200\n### setup.s\n" GET "> save y = a\n"),
		"");
}
END_TEST

static const char *expanded(enum template_mode mode, const char *text)
{
	static char out[1100];
	struct arena a = {0};
	struct variables v = {.arena = &a, .prefix = "lbc-1-", .domain = "example.com"};
	struct buf b = {0};
	struct err e;

	ck_assert(when_parse("2026-01-01T00:00:00Z", &v.now));
	ck_assert(
		variable_set(&v, "name", "old") == 0 && variable_set(&v, "name", "a b/\"c\"") == 0);
	snprintf(out, sizeof(out), "%s",
		template_expand(&v, mode, text, &b, &e) ? e.message
		: b.data				? b.data
							: "");
	buf_done(&b);
	arena_done(&a);
	return out;
}

START_TEST(variables_are_written_as_their_place_needs)
{
	ck_assert_str_eq(expanded(TEMPLATE_PLAIN, "<{{name}}>"), "<a b/\"c\">");
	ck_assert_str_eq(expanded(TEMPLATE_URL, "/{{name}}?"), "/a%20b/%22c%22?");
	ck_assert_str_eq(expanded(TEMPLATE_JSON, "\"{{name}}\""), "\"a b/\\\"c\\\"\"");
	ck_assert_str_eq(expanded(TEMPLATE_PLAIN, "{{fill 3}} {{id 8}} {{user bo}}"),
		"xxx lbc-1-xx bo@example.com");
	ck_assert_str_eq(expanded(TEMPLATE_PLAIN, "{{now +90m}}|{{now -1d}}|{{now}}"),
		"2026-01-01T01:30:00Z|2025-12-31T00:00:00Z|2026-01-01T00:00:00Z");
	ck_assert_str_eq(expanded(TEMPLATE_PLAIN, "{{gone}}"), "there is no variable {{gone}}");
	ck_assert_str_eq(expanded(TEMPLATE_PLAIN, "{{gone"), "a {{ without its }}");
}
END_TEST

int main(void)
{
	return RUN_TESTS("scenario", a_case_is_read_with_all_its_parts,
		what_only_a_mock_has_is_never_played_elsewhere,
		mistakes_are_told_with_file_and_line, variables_are_set_before_they_are_used,
		variables_are_written_as_their_place_needs);
}
