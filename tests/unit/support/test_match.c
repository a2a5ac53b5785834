/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/match/match.h"
#include "support/run.h"

/* The differences, "" when there are none; single quotes stand for double ones. */
static const char *diff_of(const char *pattern, const char *actual, bool extra_ok)
{
	static char out[2048];
	struct buf diff = {0};
	struct match m = {.diff = &diff, .extra_ok = extra_ok};
	char p[1024], a[1024];
	json_t *pj, *aj;
	struct err e;
	bool same;

	snprintf(p, sizeof(p), "%s", pattern);
	snprintf(a, sizeof(a), "%s", actual);
	for (char *s = p; (s = strchr(s, '\''));)
		*s = '"';
	for (char *s = a; (s = strchr(s, '\''));)
		*s = '"';
	ck_assert(when_parse("2026-01-01T00:00:00Z", &m.now));
	ck_assert_msg(pattern_parse(p, 1, &pj, &e) == 0, "%s: %s", p, e.message);
	ck_assert_msg(pattern_check(pj, &e) == 0, "%s: %s", p, e.message);
	aj = json_loads(a, JSON_DECODE_ANY, NULL);
	ck_assert_msg(aj != NULL, "%s", a);
	same = match_json(&m, pj, aj);
	ck_assert(same == (diff.len == 0));
	snprintf(out, sizeof(out), "%s", diff.data ? diff.data : "");
	json_decref(pj);
	json_decref(aj);
	buf_done(&diff);
	return out;
}

static const struct sample {
	const char *pattern, *takes, *refuses;
} samples[] = {
	{"1", "1", "2"},
	{"1", "1.0", "'1'"},
	{"0.5", "0.5", "1"},
	{"true", "true", "false"},
	{"null", "null", "0"},
	{"'a'", "'a'", "'b'"},
	{"''", "''", "'a'"},
	{"{}", "{}", "{'a':1}"},
	{"{'a':1}", "{'a':1}", "{}"},
	{"{'a':{'b':1}}", "{'a':{'b':1}}", "{'a':{'b':2}}"},
	{"{'a':1, ...}", "{'a':1,'b':2}", "{'b':2}"},
	{"{...}", "{'b':2}", "[]"},
	{"{'a':'<absent>', ...}", "{'b':2}", "{'a':null}"},
	{"[1,2]", "[1,2]", "[2,1]"},
	{"[1,2]", "[1,2]", "[1]"},
	{"[1]", "[1]", "[1,2]"},
	{"[1, ...]", "[1,2,3]", "[2,1]"},
	{"['<any order>',1,2]", "[2,1]", "[1,1]"},
	{"['<any order>',1]", "[1]", "[2,1]"},
	{"['<any order>',2, ...]", "[1,2]", "[1]"},
	{"'<int>'", "7", "'7'"},
	{"'<int>'", "0", "0.5"},
	{"'<num>'", "0.5", "'0.5'"},
	{"'<bool>'", "false", "0"},
	{"'<str>'", "'x'", "''"},
	{"'<object>'", "{'a':1}", "[]"},
	{"'<list>'", "[1]", "{}"},
	{"{'a':'<any>'}", "{'a':null}", "{}"},
	{"'<uuid>'", "'a8ee9c70-655c-41a0-8ae7-a1edb8b4ad8a'",
		"'a8ee9c70-655c-41a0-8ae7-a1edb8b4ad8A'"},
	{"'<uuid>'", "'a8ee9c70-655c-41a0-8ae7-a1edb8b4ad8a'",
		"'a8ee9c70655c41a08ae7a1edb8b4ad8a'"},
	{"'<time>'", "'2026-03-10T11:57:25Z'", "'2026-03-10 11:57:25'"},
	{"'<time>'", "'2026-03-10T11:57:25.123Z'", "'2026-03-10T11:57:25+01:00'"},
	{"'<span>'", "'300s'", "'5m'"},
	{"'<time now +1h>'", "'2026-01-01T01:00:00Z'", "'2026-01-01T01:00:01Z'"},
	{"'<time 2026-05-01T00:00:00Z -1d>'", "'2026-04-30T00:00:00Z'", "'2026-05-01T00:00:00Z'"},
	{"'br-<word>-<word>-<alnum>'", "'br-broad-sky-d2k5gewt'", "'br-Broad-sky-d2k5gewt'"},
	{"'not found [TraceId: <hex>]'", "'not found [TraceId: 0af3]'",
		"'not found [TraceId: 0a-3]'"},
	{"'0/<HEX>'", "'0/1A2B'", "'0/1a2b'"},
	{"'p/operations/<id>'", "'p/operations/aB3+_-='", "'p/operations/a/b'"},
	{"'<jwt>'", "'eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln'", "'dapi0123456789abcdef012345'"},
	{"'a<any>b'", "'ab'", "'a'"},
	{"'<any>:<int>:<any>'", "'x:1:y:2'", "'x:y'"},
	{"'<not a>'", "'b'", "'a'"},
	{"'<not a>'", "'aa'", "1"},
	{"'a < b'", "'a < b'", "'a > b'"},
};

START_TEST(patterns_take_and_refuse)
{
	for (const struct sample *s = samples; s < samples + ARRAY_SIZE(samples); s++) {
		ck_assert_msg(
			!*diff_of(s->pattern, s->takes, false), "%s %s", s->pattern, s->takes);
		ck_assert_msg(
			*diff_of(s->pattern, s->refuses, false), "%s %s", s->pattern, s->refuses);
	}
}
END_TEST

START_TEST(differences_name_the_path_and_both_sides)
{
	ck_assert_str_eq(
		diff_of("{'a':{'b':[1,'<uuid>']},'c':1}", "{'a':{'b':[1,'x']},'d':2}", false),
		"  a.b[1]: expected \"<uuid>\", saw \"x\"\n"
		"  c: expected 1, saw nothing\n"
		"  d: not expected, saw 2\n");
}
END_TEST

START_TEST(elsewhere_more_fields_are_no_difference_but_more_items_are)
{
	ck_assert_str_eq(diff_of("{'a':1}", "{'a':1,'b':2}", true), "");
	ck_assert_str_ne(diff_of("{'a':[1]}", "{'a':[1,2]}", true), "");
	ck_assert_str_ne(diff_of("{'a':['<any order>',1]}", "{'a':[1,2]}", true), "");
	ck_assert_str_ne(diff_of("{'a':1,'c':2}", "{'a':1}", true), "");
}
END_TEST

int main(void)
{
	return RUN_TESTS("match", patterns_take_and_refuse,
		differences_name_the_path_and_both_sides,
		elsewhere_more_fields_are_no_difference_but_more_items_are);
}
