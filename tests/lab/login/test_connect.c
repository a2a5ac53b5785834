/* SPDX-License-Identifier: Apache-2.0 */
/* Logins as the lab sees them: rows, calls, and the rules that are about them. */
#include "lab/connect.h"

#include <stdio.h>
#include <string.h>

#include "api/auth/token.h"
#include "base/text.h"
#include "lab/cases.h"

#define ENDPOINT "projects/p/branches/b/endpoints/e"

static struct err e;

static struct workspace *ws(void)
{
	struct workspace *w = app_workspace(r->app, "default", true, &e);

	ck_assert_ptr_nonnull(w);
	return w;
}

static const struct connect_request ada = {
	.endpoint = ENDPOINT, .user = "ada@example.com", .database = "db", .connection = 7};

static struct connecting *login(void)
{
	struct connecting *c = lab_connect(r->lab, ws(), &ada);

	ck_assert_ptr_nonnull(c);
	return c;
}

static void refused(const char *sqlstate)
{
	lab_connected(r->lab, login(),
		&(struct connect_end){.sqlstate = sqlstate, .answered = true});
}

static void succeeds(void)
{
	lab_connected(r->lab, login(), &(struct connect_end){.applied = true, .answered = true});
}

static const char *of_latest(const char *key)
{
	char path[64];

	rig_want(r, "GET /_mock/journal?limit=1&since=1", NULL, 200);
	snprintf(path, sizeof path, "requests.0.%s", key);
	return json_string_value(rig_at(r, path));
}

START_TEST(a_login_is_a_row)
{
	succeeds();
	ck_assert_str_eq(of_latest("rpc"), "Connect");
	ck_assert_str_eq(of_latest("path"), ENDPOINT);
	ck_assert_str_eq(of_latest("caller"), "ada@example.com");
	ck_assert_str_eq(of_latest("delivered"), "full");
	ck_assert(json_is_null(rig_at(r, "requests.0.status")));
	ck_assert(json_is_null(rig_at(r, "requests.0.error_code")));
	ck_assert(json_is_true(rig_at(r, "requests.0.applied")));
	ck_assert_int_eq(rig_int(r, "requests.0.connection"), 7);
}
END_TEST

START_TEST(attempts_until_it_is_in_are_one_call)
{
	refused("28000");
	refused("28000");
	succeeds();
	succeeds();
	rig_want(r, "GET /_mock/calls?rpc=Connect", NULL, 200);
	ck_assert_int_eq((int)json_array_size(rig_at(r, "calls")), 2);
	ck_assert_int_eq((int)json_array_size(rig_at(r, "calls.0.attempts")), 3);
	ck_assert_str_eq(rig_str(r, "calls.0.attempts.0.error_code"), "28000");
	ck_assert_str_eq(rig_str(r, "calls.0.outcome"), "ok");
}
END_TEST

START_TEST(another_database_is_another_call)
{
	struct connect_request other = ada;

	refused("3D000");
	other.database = "postgres";
	lab_connected(r->lab, lab_connect(r->lab, ws(), &other),
		&(struct connect_end){.applied = true, .answered = true});
	rig_want(r, "GET /_mock/calls?rpc=Connect", NULL, 200);
	ck_assert_int_eq((int)json_array_size(rig_at(r, "calls")), 2);
	ck_assert_str_eq(rig_str(r, "calls.0.outcome"), "open");
}
END_TEST

START_TEST(a_rule_refuses)
{
	struct connecting *c;
	const struct connect_fault *f;

	rule("{'id':'no','match':{'rpc':'Connect','path':'projects/p/*'},'when':{'times':1},"
	     "'action':{'type':'error','sqlstate':'53300','message':'full','delay':'5s'}}");
	c = login();
	f = connect_fault(c);
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(f->kind, CONNECT_ERROR);
	ck_assert_int_eq(f->phase, PHASE_BEFORE);
	ck_assert_int_eq(f->delay, 5 * USEC_SECOND);
	ck_assert_str_eq(f->sqlstate, "53300");
	ck_assert_str_eq(f->severity, "FATAL");
	ck_assert_str_eq(f->message, "full");
	rig_want(r, "DELETE /_mock/faults", NULL, 200); /* its row names it all the same */
	lab_connected(r->lab, c, &(struct connect_end){.sqlstate = f->sqlstate, .answered = true});
	ck_assert_str_eq(of_latest("fault"), "no");
	ck_assert_str_eq(of_latest("error_code"), "53300");
	c = login();
	ck_assert_ptr_null(connect_fault(c));
	lab_forget(c);
}
END_TEST

START_TEST(rules_of_sessions)
{
	struct connecting *c;

	ck_assert_ptr_null(lab_session(r->lab, ws(), &ada, false));
	rule("{'match':{'rpc':'Session'},'action':{'type':'reset','after':65536}}");
	c = lab_session(r->lab, ws(), &ada, false);
	ck_assert_ptr_nonnull(c);
	ck_assert_int_eq(connect_fault(c)->kind, CONNECT_RESET);
	ck_assert(connect_fault(c)->by_bytes);
	ck_assert_uint_eq(connect_fault(c)->bytes, 65536);
	lab_connected(r->lab, c,
		&(struct connect_end){.applied = true, .answered = true, .cut = true});
	ck_assert_str_eq(of_latest("rpc"), "Session");
	ck_assert_str_eq(of_latest("delivered"), "partial");
	rig_want(r, "PUT /_mock/faults",
		"{'faults':[{'match':{'rpc':'Session'},'action':{'type':'error','sqlstate':'57P01',"
		"'after':'3s'}}]}",
		200);
	c = lab_session(r->lab, ws(), &ada, false);
	ck_assert(!connect_fault(c)->by_bytes);
	ck_assert_int_eq(connect_fault(c)->delay, 3 * USEC_SECOND);
	lab_forget(c);
}
END_TEST

START_TEST(any_does_not_mean_a_login)
{
	rule("{'match':{'rpc':'Any'},'action':{'type':'reset'}}");
	rule("{'match':{'rpc':'*'},'action':{'type':'reset'}}");
	rule("{'action':{'type':'reset'}}");
	succeeds();
	ck_assert_ptr_null(of_latest("fault"));
	ck_assert_ptr_null(lab_session(r->lab, ws(), &ada, false));
	rig_want(r, "PUT /_mock/faults",
		"{'faults':[{'match':{'rpc':'Connect'},'action':{'type':'reset'}}]}", 200);
	rig_want(r, "GET /api/2.0/postgres/projects", NULL, 200);
}
END_TEST

START_TEST(a_rule_without_after_means_those_that_are_open)
{
	const bool open[] = {true, true, false}, cut[] = {true, true, false};

	rule("{'match':{'rpc':'Session'},'action':{'type':'close'}}");
	for (size_t i = 0; i < ARRAY_SIZE(open); i++) {
		struct connecting *c = lab_session(r->lab, ws(), &ada, open[i]);

		ck_assert_int_eq(c != NULL, cut[i]);
		lab_forget(c);
	}
	rig_want(r, "PUT /_mock/faults",
		"{'faults':[{'match':{'rpc':'Session'},'action':{'type':'close'}}]}", 200);
	for (size_t i = 0; i < 2; i++) { /* nobody was there: the first to come */
		struct connecting *c = lab_session(r->lab, ws(), &ada, false);

		ck_assert_int_eq(c != NULL, i == 0);
		lab_forget(c);
	}
}
END_TEST

/* The verdict of a rule of the grade. */
static const char *verdict(const char *id)
{
	rig_want(r, "GET /_mock/grade?final=1", NULL, 200);
	for (size_t i = 0; i < json_array_size(rig_at(r, "rules")); i++) {
		const json_t *one = json_array_get(rig_at(r, "rules"), i);

		if (streq(json_string_value(json_object_get(one, "rule")), id))
			return json_string_value(json_object_get(one, "verdict"));
	}
	ck_abort_msg("no rule %s", id);
}

START_TEST(a_grade_of_logins)
{
	const struct connect_end cut = {.sqlstate = "57P01", .applied = true, .answered = true, .cut = true};
	struct connecting *c;

	ck_assert_str_eq(verdict("L1"), "N-A");
	refused("53300");
	ck_assert_str_eq(verdict("L1"), "FAIL");
	r->now += 200 * 1000;
	refused("28000");
	ck_assert_str_eq(verdict("L1"), "PASS");
	succeeds();
	ck_assert_str_eq(verdict("L3"), "WARN");
	rule("{'match':{'rpc':'Session'},'action':{'type':'error','sqlstate':'57P01'}}");
	c = lab_session(r->lab, ws(), &ada, false);
	lab_connected(r->lab, c, &cut);
	ck_assert_str_eq(verdict("L4"), "FAIL");
	succeeds();
	ck_assert_str_eq(verdict("L4"), "PASS");
}
END_TEST

static int told;

static void count_telling(void *arg, const char *workspace)
{
	ck_assert_ptr_eq(arg, r);
	ck_assert_str_eq(workspace, "default");
	told++;
}

START_TEST(new_rules_of_sessions_are_told)
{
	told = 0;
	lab_on_rules(r->lab, count_telling, r);
	rule("{'match':{'rpc':'Connect'},'action':{'type':'reset'}}");
	ck_assert_int_eq(told, 0);
	rule("{'match':{'rpc':'Session'},'action':{'type':'close'}}");
	ck_assert_int_eq(told, 1);
	rule("{'match':{'rpc':'Any'},'action':{'type':'reset'}}");
	ck_assert_int_eq(told, 1);
}
END_TEST

START_TEST(an_emptied_workspace_keeps_no_row)
{
	struct connecting *c = login();

	rig_want(r, "POST /_mock/reset", NULL, 200);
	lab_connected(r->lab, c, &(struct connect_end){.answered = true});
	rig_want(r, "GET /_mock/journal", NULL, 200);
	ck_assert_int_eq((int)json_array_size(rig_at(r, "requests")), 0);
}
END_TEST

/* Claims in the middle of a JWT are base64url: what differs there differs in the text. */
START_TEST(credentials_tell_the_workspace)
{
	const char *tokens[2];
	struct arena a = {0};

	for (int i = 0; i < 2; i++) {
		const char *who = i ? "mock-two" : "mock-one";
		json_t *claims;

		ck_assert_int_eq(rig_ask_as(r, who, "POST /api/2.0/postgres/projects?project_id=p", "{}"),
			200);
		ck_assert_int_eq(rig_ask_as(r, who, "POST /api/2.0/postgres/credentials",
					 "{'endpoint':'projects/p/branches/production/endpoints/primary'}"),
			200);
		tokens[i] = arena_strdup(&a, rig_str(r, "token"));
		ck_assert_int_eq(signer_verify(r->app->signer, tokens[i], &a, &claims), JWT_GOOD);
		ck_assert_str_eq(json_string_value(json_object_get(claims, "workspace")), who + 5);
		ck_assert_str_eq(json_string_value(json_object_get(claims, "kind")), "user");
	}
	ck_assert_str_ne(tokens[0], tokens[1]);
	arena_done(&a);
}
END_TEST

static void prepare(void)
{
	rig_want(r, "GET /api/2.0/postgres/projects", NULL, 200);
}

int main(void)
{
	return CASES("lab-connect", prepare,
		{a_login_is_a_row},
		{attempts_until_it_is_in_are_one_call},
		{another_database_is_another_call},
		{a_rule_refuses},
		{rules_of_sessions},
		{any_does_not_mean_a_login},
		{a_rule_without_after_means_those_that_are_open},
		{a_grade_of_logins},
		{new_rules_of_sessions_are_told},
		{an_emptied_workspace_keeps_no_row},
		{credentials_tell_the_workspace});
}
