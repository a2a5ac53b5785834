/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "conformance/options.h"
#include "conformance/record/record.h"
#include "conformance/target/created.h"
#include "support/run.h"

START_TEST(only_addresses_of_this_machine_are_loopback)
{
	ck_assert(url_is_loopback("http://127.0.0.1:4610"));
	ck_assert(url_is_loopback("http://localhost"));
	ck_assert(url_is_loopback("https://[::1]:443/x"));
	ck_assert(!url_is_loopback("https://127.0.0.1.example.com"));
	ck_assert(!url_is_loopback("https://localhost.example.com"));
	ck_assert(!url_is_loopback("https://localhost@example.com"));
	ck_assert(!url_is_loopback("https://example.com?127.0.0.1"));
}
END_TEST

START_TEST(words_of_the_command_line_are_checked)
{
	static const struct {
		const char *word, *value, *message;
	} bad[] = {
		{"--tagret", NULL, "did you mean --target?"},
		{"--parallel", "0", "--parallel cannot be '0'"},
		{"--format", "xml", "--format is text|tap|junit|json, not 'xml'"},
		{"--budget", "many", "--budget is CALLS or CALLS:MINUTES"},
		{"--timeout", "-1", "--timeout cannot be '-1'"},
		{"walk", NULL, "there is no command 'walk'"},
		{"sweep", NULL, "sweep takes one folder, the --out"},
		{"--zzzzzzzzz", NULL, "unknown option --zzzzzzzzz; see --help"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char *argv[] = {(char *)"x", (char *)bad[i].word, (char *)bad[i].value, NULL};
		struct options o;
		struct err e;

		optind = 0;
		ck_assert_int_eq(options_read(&o, bad[i].value ? 3 : 2, argv, &e), -1);
		ck_assert_msg(strstr(e.message, bad[i].message) != NULL, "%s", e.message);
	}
}
END_TEST

START_TEST(a_budget_has_calls_and_minutes)
{
	const char *argv[] = {"x", "--budget", "200:1.5", "--run", "a*", "--run", "b*", NULL};
	struct options o;
	struct err e;

	optind = 0;
	ck_assert_int_eq(options_read(&o, 7, (char **)argv, &e), 0);
	ck_assert(o.budget_calls == 200 && o.budget_minutes == 1.5);
	ck_assert(o.run.num == 2 && streq(o.run.w[1], "b*"));
}
END_TEST

START_TEST(what_differs_from_run_to_run_is_disguised)
{
	static const struct disguise d = {
		"lbc-1a2b3c4d-", "me@corp.example", "lbc-1-2", "http://h:1"};
	static const struct {
		const char *text, *disguised;
	} texts[] = {
		{"projects/lbc-1a2b3c4d-3f-app/branches/dev", "projects/app/branches/dev"},
		{"projects/lbc-1a2b3c4d-s0-app", "projects/app"},
		{"projects/p/operations/9a0b-x=", "projects/p/operations/<id>"},
		{"2026-03-10T11:57:25Z", "<time>"},
		{"a8ee9c70-655c-41a0-8ae7-a1edb8b4ad8a", "<uuid>"},
		{"branch id not found [TraceId: 0a1b]", "branch id not found [TraceId: <hex>]"},
		{"br-broad-sky-d2k5gewt", "br-<word>-<word>-<alnum>"},
		{"User me@corp.example is not authorized.", "User {{admin}} is not authorized."},
		{"http://h:1/oidc", "<any>/oidc"},
		{"/x?page_token=pt7.0a&page_size=1", "/x?page_token=<str>&page_size=1"},
		{"a branch-like word, 604800s", "a branch-like word, 604800s"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char *seen = record_text(texts[i].text, &d);

		ck_assert_str_eq(seen, texts[i].disguised);
		free(seen);
	}
}
END_TEST

START_TEST(a_recording_keeps_nothing_of_other_people)
{
	static const struct pair has[] = {
		{"user alice", "alice@corp.example"}, {"group", "testers"}};
	static const struct disguise d = {
		"lbc-1a2b3c4d-", "me@corp.example", "lbc_w", "http://h", true, has, 2};
	static const struct {
		const char *target, *seen, *kept;
	} bodies[] = {
		{"/api/2.0/postgres/projects",
			"{\"projects\":[{\"name\":\"projects/"
			"theirs\",\"owner\":\"x@corp.example\"},"
			"{\"name\":\"projects/lbc-1a2b3c4d-1-app\"}]}",
			"{\"projects\":[{\"name\":\"projects/app\"}]}"},
		{"/api/2.0/permissions/database-projects/p",
			"{\"access_control_list\":[{\"user_name\":\"x@corp.example\"},"
			"{\"user_name\":\"me@corp.example\"},{\"user_name\":\"alice@corp.example\"}"
			","
			"{\"group_name\":\"secret\"},{\"group_name\":\"admins\"},{\"group_name\":"
			"\"testers\"}]}",
			"{\"access_control_list\":[{\"user_name\":\"{{admin}}\"},"
			"{\"user_name\":\"alice@example.com\"},{\"group_name\":\"admins\"},"
			"{\"group_name\":\"data-team\"}]}"},
		{"/api/2.0/preview/scim/v2/Me",
			"{\"displayName\":\"My Name\",\"emails\":[{\"value\":\"me@home.example\"}],"
			"\"userName\":\"me@corp.example\"}",
			"{\"displayName\":\"<str>\",\"emails\":[{\"value\":\"<str>\"}],"
			"\"userName\":\"{{admin}}\"}"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct outgoing out = {.method = "GET", .target = bodies[i].target};
		struct incoming in = {.status = 200, .body = json_loads(bodies[i].seen, 0, NULL)};
		json_t *x = record_exchange(0, &out, &in, &d);
		char *kept = json_dumps(json_object_get(x, "body"), JSON_COMPACT | JSON_SORT_KEYS);

		ck_assert_str_eq(kept, bodies[i].kept);
		free(kept);
		json_decref(x);
		json_decref(in.body);
	}
}
END_TEST

START_TEST(what_was_created_and_not_removed_is_left)
{
	char dir[] = "/tmp/conformance-created-XXXXXX", path[64];
	struct journal_left left;
	struct journal j = {0};
	struct err e;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert(journal_open(&j, dir, "http://h", "lbc-1-", &e) == 0);
	ck_assert(journal_created(&j, "projects/a", &e) == 0);
	ck_assert(journal_created(&j, "projects/a/branches/b", &e) == 0);
	ck_assert(journal_created(&j, "projects/ab", &e) == 0);
	ck_assert(journal_created(&j, "catalogs/c", &e) == 0);
	ck_assert(journal_removed(&j, "projects/a", &e) == 0);
	fputs("{\"created\":\"projects/torn", j.file);
	journal_close(&j);
	ck_assert(journal_read(dir, &left, &e) == 0);
	ck_assert_str_eq(left.url, "http://h");
	ck_assert(!left.mock && created_has(&left.prefixes, "lbc-1-"));
	ck_assert_uint_eq(left.names.num, 2);
	ck_assert(
		created_has(&left.names, "projects/ab") && created_has(&left.names, "catalogs/c"));
	ck_assert(created_alone(&left.names, "projects/ab"));
	ck_assert(!created_alone(&left.names, "projects/ab/branches/x"));
	journal_left_done(&left);
	snprintf(path, sizeof(path), "%s/created.ndjson", dir);
	unlink(path);
	rmdir(dir);
}
END_TEST

int main(void)
{
	return RUN_TESTS("conformance", only_addresses_of_this_machine_are_loopback,
		words_of_the_command_line_are_checked, a_budget_has_calls_and_minutes,
		what_differs_from_run_to_run_is_disguised,
		a_recording_keeps_nothing_of_other_people,
		what_was_created_and_not_removed_is_left);
}
