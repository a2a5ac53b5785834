/* SPDX-License-Identifier: Apache-2.0 */
/* Fixtures and principals, and a database that remembers them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/rig.h"
#include "support/run.h"

#define PROJECTS "/api/2.0/postgres/projects"
#define ME "GET /api/2.0/preview/scim/v2/Me"

static const char fixture[] =
	"{\"workspace\":\"f\",\"clock\":{\"mode\":\"manual\",\"now\":\"2027-01-01T00:00:00Z\"},"
	"\"principals\":[{\"token\":\"mock-f.ann\",\"name\":\"boss@example.com\",\"admin\":true}],"
	"\"requests\":[{\"method\":\"POST\",\"path\":\"" PROJECTS "?project_id=p\",\"body\":{}}],"
	"\"maintenance\":[{\"project\":\"p\",\"for\":\"1h\"}],"
	"\"scenarios\":[\"lost-create\"],\"lro\":{\"default\":\"after:1m\"}}";

static char folder[64], db[96];

static void set_up(void)
{
	strcpy(folder, "/tmp/lab-fixtures-XXXXXX"); /* allowed: it fits */
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(db, sizeof db, "%s/lab.db", folder);
}

static void tear_down(void)
{
	rig_remove(db);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void load(struct rig *r)
{
	struct err e;

	ck_assert_msg(!lab_fixture(r->lab, fixture, strlen(fixture), "f.json", &e), "%s", e.message);
}

/* The same command line is used for every start. */
START_TEST(a_second_start_keeps_what_the_database_has)
{
	struct rig *r = rig_open_with(42, 1000, db, "real");

	load(r);
	rig_want(r, "POST /_mock/clock/advance?workspace=f", "{'by':'2h'}", 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-f", "DELETE " PROJECTS "/p?purge=true", NULL), 200);
	rig_want(r, "POST /_mock/clock/advance?workspace=f", "{'by':'2h'}", 200);
	rig_close(r);

	r = rig_open_with(42, 1000, db, "real");
	load(r);
	rig_want(r, "GET /_mock/clock?workspace=f", NULL, 200);
	ck_assert_str_eq(rig_str(r, "now"), "2027-01-01T04:00:00Z");
	ck_assert_int_eq(rig_ask_as(r, "mock-f", "GET " PROJECTS "/p", NULL), 404);
	/* rules and plans are no part of the database: they are there again */
	rig_want(r, "GET /_mock/faults?workspace=f", NULL, 200);
	ck_assert_str_eq(rig_str(r, "faults.0.id"), "lost-create");
	rig_want(r, "GET /_mock/lro?workspace=f", NULL, 200);
	ck_assert_str_eq(rig_str(r, "default"), "after:60s");
	rig_close(r);
}
END_TEST

START_TEST(a_workspace_that_holds_nothing_yet_is_filled)
{
	struct rig *r = rig_open_with(42, 1000, db, "real");

	ck_assert_int_eq(rig_ask_as(r, "mock-f", "GET " PROJECTS, NULL), 200);
	rig_close(r);
	r = rig_open_with(42, 1000, db, "real");
	load(r);
	ck_assert_int_eq(rig_ask_as(r, "mock-f", "GET " PROJECTS "/p", NULL), 200);
	rig_close(r);
}
END_TEST

START_TEST(a_strict_server_takes_the_tokens_that_are_listed)
{
	static const char people[] =
		"{\"principals\":[{\"token\":\"dapi-ann\",\"name\":\"ann@example.com\"}]}";
	struct rig *r = rig_open_with(42, 1000, NULL, "real");
	struct err e;

	ck_assert_msg(!lab_fixture(r->lab, people, strlen(people), "f.json", &e), "%s", e.message);
	r->app->auth = AUTH_STRICT;
	ck_assert_int_eq(rig_ask_as(r, "dapi-ann", ME, NULL), 200);
	ck_assert_str_eq(rig_str(r, "userName"), "ann@example.com");
	ck_assert_int_eq(rig_ask_as(r, "dapi-bob", ME, NULL), 403);
	rig_close(r);
}
END_TEST

START_TEST(every_plan_of_a_workspace_is_kept)
{
	struct rig *r = rig_open_with(42, 1000, db, "real");
	char body[8192] = "{'default':'after:7s','plans':[";
	const size_t most = 64;

	for (size_t i = 0; i < most; i++)
		sprintf(strchr(body, 0), /* allowed: 64 short rows fit */
			"%s{'rpc':'CreateBranch','project':'p%zu','plan':'after-polls:%zu'}",
			i ? "," : "", i, i);
	strcat(body, "]}"); /* allowed: as above */
	rig_want(r, "PUT /_mock/lro", body, 200);
	rig_close(r);
	r = rig_open_with(42, 1000, db, "real");
	rig_want(r, "GET /_mock/lro", NULL, 200);
	ck_assert_str_eq(rig_str(r, "default"), "after:7s");
	ck_assert_uint_eq(json_array_size(rig_at(r, "plans")), most);
	ck_assert_str_eq(rig_str(r, "plans.0.rpc"), "CreateBranch");
	ck_assert_str_eq(rig_str(r, "plans.63.project"), "p63");
	ck_assert_str_eq(rig_str(r, "plans.63.plan"), "after-polls:63");
	rig_close(r);
}
END_TEST

START_TEST(principals_of_any_workspace_are_known_after_a_restart)
{
	struct rig *r = rig_open_with(42, 1000, db, "real");

	load(r);
	rig_close(r);
	r = rig_open_with(42, 1000, db, "real");
	ck_assert_int_eq(rig_ask_as(r, "mock-f.ann", ME, NULL), 200);
	ck_assert_str_eq(rig_str(r, "userName"), "boss@example.com");
	rig_close(r);
}
END_TEST

START_TEST(principals_of_an_imported_state_are_known)
{
	struct rig *r = rig_open_with(42, 1000, NULL, "real");
	char *state;

	load(r);
	rig_want(r, "GET /_mock/state?workspace=f", NULL, 200);
	state = strdup(r->resp.body.data);
	rig_close(r);
	r = rig_open_with(42, 1000, NULL, "real");
	rig_want(r, "PUT /_mock/state?workspace=f", state, 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-f.ann", ME, NULL), 200);
	ck_assert_str_eq(rig_str(r, "userName"), "boss@example.com");
	rig_close(r);
	free(state);
}
END_TEST

/* No request brought the text, so none is spoken of. */
START_TEST(what_is_wrong_with_a_file_is_said_of_the_file)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "f.json: a JSON object is needed, not nothing"},
		{"[]", "f.json: a JSON object is needed, not a list"},
		{"{\"clock\":", "f.json: not valid JSON: line 1, column 9: the text ends too early"},
		{"\xef\xbb\xbf{\n}}", "f.json: not valid JSON: line 2, column 2: "
				       "something follows the end of the document"},
	};
	struct rig *r = rig_open_with(42, 1000, NULL, "real");
	struct err e;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ck_assert(lab_fixture(r->lab, rows[i].text, strlen(rows[i].text), "f.json", &e));
		ck_assert_str_eq(e.message, rows[i].says);
	}
	rig_close(r);
}
END_TEST

int main(void)
{
	return run_tests_between("lab-fixtures",
		(const TTest *const[]){a_second_start_keeps_what_the_database_has,
			a_workspace_that_holds_nothing_yet_is_filled,
			a_strict_server_takes_the_tokens_that_are_listed, every_plan_of_a_workspace_is_kept,
			principals_of_any_workspace_are_known_after_a_restart,
			principals_of_an_imported_state_are_known,
			what_is_wrong_with_a_file_is_said_of_the_file, NULL},
		set_up, tear_down);
}
