/* SPDX-License-Identifier: Apache-2.0 */
/* What the control plane tells and asks the databases behind it, with a data plane that only
 * remembers what it was told. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/operation/operation.h"
#include "core/resource/data_plane.h"
#include "lab/cases.h"

#define BRANCHES PROJECTS "/p/branches"
#define ROLES BRANCHES "/production/roles"
#define ENDPOINT "projects/p/branches/production/endpoints/primary"
#define GET_ENDPOINT "GET /api/2.0/postgres/" ENDPOINT

static struct {
	char told[4096];  /* names that changed, a line each */
	char ended[512];  /* workspaces whose transaction is over, a line each with + or - */
	char operation[256];
	bool copies, copying, refuses;
	enum job_state state;
	int asked;	  /* how often a job was looked at */
	int major;	  /* of the settings that were checked */
	const char *host; /* of every label */
	char label[128];
	usec active;
} plane;

static void note(char *to, size_t size, const char *text)
{
	size_t n = strlen(to);

	snprintf(to + n, size - n, "%s\n", text);
}

static void changed(void *arg, struct workspace *ws, const char *name)
{
	(void)arg, (void)ws;
	note(plane.told, sizeof plane.told, name);
}

static void ended(void *arg, struct workspace *ws, bool committed)
{
	char line[128];

	(void)arg;
	snprintf(line, sizeof line, "%c%s", committed ? '+' : '-', ws->name);
	note(plane.ended, sizeof plane.ended, line);
}

static bool copies(void *arg, struct ctx *c, struct draft *d)
{
	(void)arg, (void)c, (void)d;
	return plane.copies;
}

static uint64_t copy(void *arg, struct ctx *c, struct draft *d, const char *operation, struct err *e)
{
	(void)arg, (void)c, (void)d;
	snprintf(plane.operation, sizeof plane.operation, "%s", operation);
	plane.copying = !plane.refuses;
	if (!plane.refuses)
		return 7;
	err_set(e, ERR_INTERNAL, "there is no data to copy");
	return 0;
}

static bool copying(void *arg, struct workspace *ws, const char *operation)
{
	(void)arg, (void)ws;
	return plane.copying && streq(operation, plane.operation);
}

static enum job_state job(void *arg, uint64_t id, struct err *e)
{
	(void)arg, (void)e;
	plane.asked += id == 7;
	return plane.state;
}

static const char *host(void *arg, struct workspace *ws, const char *label)
{
	(void)arg, (void)ws;
	snprintf(plane.label, sizeof plane.label, "%s", label);
	return plane.host;
}

static usec last_active(void *arg, struct workspace *ws, const char *endpoint, usec now)
{
	(void)arg, (void)ws, (void)now;
	return streq(endpoint, ENDPOINT) ? plane.active : 0;
}

static int check_settings(void *arg, int major, const json_t *settings, struct err *e)
{
	(void)arg;
	plane.major = major;
	return json_object_get(settings, "nonsense")
		       ? err_set(e, ERR_INVALID, "no setting of this server: nonsense")
		       : 0;
}

static void dropped(void *arg, const char *ws)
{
	(void)arg;
	note(plane.told, sizeof plane.told, ws);
}

static void bequeath(void *arg, struct workspace *ws, const char *branch, const char *role, const char *heir)
{
	(void)arg, (void)ws, (void)branch;
	note(plane.told, sizeof plane.told, role);
	note(plane.told, sizeof plane.told, heir ? heir : "nobody");
}

static const struct data_plane port = {.changed = changed,
	.bequeath = bequeath,
	.ended = ended,
	.copies = copies,
	.copy = copy,
	.copying = copying,
	.job = job,
	.host = host,
	.last_active = last_active,
	.check_settings = check_settings,
	.dropped = dropped};

static void prepare(void)
{
	memset(&plane, 0, sizeof plane);
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	rig_want(r, CREATE, "{}", 200);
	r->app->world.data_plane = &port;
}

static void pace(const char *plan)
{
	char body[64];

	snprintf(body, sizeof body, "{'default':'%s'}", plan);
	rig_want(r, "PUT /_mock/lro", body, 200);
}

static void at(const char *time)
{
	char body[64];

	snprintf(body, sizeof body, "{'to':'2026-01-01T%sZ'}", time);
	rig_want(r, "POST /_mock/clock/advance", body, 200);
}

static int release_it(struct ctx *c, const char *why, struct err *e)
{
	return operation_release(c, plane.operation, why, e);
}

/* A copy ends; `why`: it failed. */
static void release(const char *why)
{
	by_itself(release_it, why);
	plane.copying = false;
}

static int happen_there(struct ctx *c, const char *event, struct err *e)
{
	return resource_happen(c, ENDPOINT, event, e);
}

static void happen(const char *event)
{
	by_itself(happen_there, event);
}

/* The operation of the copy, as it stands; whether it is done. */
static bool look(void)
{
	char what[320];

	snprintf(what, sizeof what, "GET /api/2.0/postgres/%s", plane.operation);
	rig_want(r, what, NULL, 200);
	return json_is_true(json_object_get(r->doc, "done"));
}

START_TEST(every_name_that_is_written_or_removed_is_told)
{
	rig_want(r, "POST " BRANCHES "?branch_id=dev", "{'spec':{'no_expiry':true}}", 200);
	ck_assert_ptr_nonnull(strstr(plane.told, "projects/p/branches/dev\n"));
	ck_assert_ptr_nonnull(strstr(plane.told, "projects/p/branches/dev/endpoints/primary\n"));
	ck_assert_str_eq(plane.ended, "+default\n");
	plane.told[0] = plane.ended[0] = '\0';
	rig_want(r, "DELETE " BRANCHES "/dev", NULL, 200);
	ck_assert_ptr_nonnull(strstr(plane.told, "projects/p/branches/dev\n"));
	rig_want(r, "POST " BRANCHES "?branch_id=dev", "{'spec':{}}", 400);
	ck_assert_str_eq(plane.ended, "+default\n-default\n");
}
END_TEST

START_TEST(a_workspace_that_is_emptied_is_told)
{
	plane.told[0] = '\0';
	rig_want(r, "POST /_mock/reset", NULL, 200);
	ck_assert_str_eq(plane.told, "default\n");
}
END_TEST

START_TEST(who_inherits_from_a_role_is_told)
{
	static const char heir[] = "?reassign_owned_to=projects/p/branches/production/roles/admin";
	char what[256];

	for (int i = 0; i < 2; i++) {
		rig_want(r, "POST " ROLES "?role_id=a", "{'spec':{'postgres_role':'A'}}", 200);
		snprintf(what, sizeof what, "DELETE " ROLES "/a%s", i ? "" : heir);
		rig_want(r, what, NULL, 200);
		ck_assert_ptr_nonnull(strstr(plane.told, i ? "A\nnobody\n" : "A\nadmin@example.com\n"));
	}
}
END_TEST

START_TEST(settings_are_checked_for_the_version_of_the_project)
{
	rig_refuses(r, "PATCH /api/2.0/postgres/" ENDPOINT "?update_mask=spec.settings",
		"{'spec':{'settings':{'pg_settings':{'nonsense':'1'}}}}", "nonsense");
	ck_assert_int_eq(plane.major, 17);
	plane.major = 0;
	rig_refuses(r, "POST " PROJECTS "?project_id=q",
		"{'spec':{'pg_version':16,'default_endpoint_settings':{'pg_settings':{'nonsense':'1'}}}}",
		"nonsense");
	ck_assert_int_eq(plane.major, 16);
	plane.major = 0;
	rig_want(r, "POST " PROJECTS "?project_id=q", "{'spec':{'pg_version':16}}", 200);
	ck_assert_int_eq(plane.major, 0); /* there are none */
}
END_TEST

START_TEST(hosts_are_those_of_the_workspace)
{
	const char *label;

	rig_want(r, GET_ENDPOINT, NULL, 200);
	label = rig_str(r, "status.hosts.read_write_pooled_host"); /* the last one of the text */
	ck_assert_mem_eq(plane.label, label, strcspn(label, "."));
	ck_assert_uint_eq(strlen(plane.label), strcspn(label, "."));
	plane.host = "127.7.7.7";
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.hosts.host"), "127.7.7.7");
	rig_want(r, "GET " PROJECTS "/p", NULL, 200); /* has none */
	ck_assert_str_eq(rig_str(r, "name"), "projects/p");
	rig_want(r, "GET " BRANCHES "/production/endpoints", NULL, 200);
	ck_assert_str_eq(rig_str(r, "endpoints.0.status.hosts.host"), "127.7.7.7");
	ck_assert_str_eq(rig_str(r, "endpoints.0.name"), ENDPOINT);
}
END_TEST

/* A text that only looks like a host stays as it is. */
START_TEST(only_a_whole_text_of_two_parts_is_a_host)
{
	char suffix[128], body[1024];

	plane.host = "127.7.7.7";
	rig_want(r, GET_ENDPOINT, NULL, 200);
	r->app->world.data_plane = NULL;
	rig_want(r, GET_ENDPOINT, NULL, 200);
	snprintf(suffix, sizeof suffix, "%s", strchr(rig_str(r, "status.hosts.host"), '.'));
	snprintf(body, sizeof body,
		"{'spec':{'custom_tags':[{'key':'a','value':'x.y%s'},{'key':'b','value':'%s'},"
		"{'key':'c','value':'m%s'},{'key':'d','value':'me%s.'}]}}",
		suffix, suffix, suffix, suffix);
	r->app->world.data_plane = &port;
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.custom_tags", body, 200);
	rig_want(r, "GET " PROJECTS "/p", NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.custom_tags.2.value"), "127.7.7.7");
	for (int i = 0; i < 4; i++) {
		char path[64];

		snprintf(path, sizeof path, "status.custom_tags.%d.value", i);
		ck_assert_msg(i == 2 || strstr(rig_str(r, path), suffix), "%s", rig_str(r, path));
	}
}
END_TEST

static void make_branch(void)
{
	plane.copies = true;
	rig_want(r, "POST " BRANCHES "?branch_id=dev", "{'spec':{'no_expiry':true}}", 200);
	plane.copies = false;
}

/* ---- copies ---- */

/* A branch whose operation goes on so. */
static void begin(const char *plan)
{
	pace(plan);
	make_branch();
}

/* So many polls do not see it done. */
static void pending(int polls)
{
	for (int i = 0; i < polls; i++)
		ck_assert_msg(!look(), "poll %d", i);
}

/* Its data is there, and with that it is done. */
static void ends(void)
{
	release(NULL);
	ck_assert(look());
}

START_TEST(an_operation_is_pending_until_its_data_is_there)
{
	begin("first-poll");
	pending(3);
	at("01:00:00");
	pending(1);
	ends();
	ck_assert_str_eq(rig_str(r, "response.name"), "projects/p/branches/dev");
	release(NULL); /* once is enough */
	ck_assert(look());
}
END_TEST

START_TEST(it_takes_what_the_plan_says_even_when_the_data_is_there_sooner)
{
	begin("after:60s");
	at("00:00:30");
	release(NULL);
	pending(1);
	at("00:00:59");
	pending(1);
	at("00:01:00");
	ck_assert(look());
}
END_TEST

START_TEST(a_late_copy_ends_it_at_once)
{
	begin("after:60s");
	at("00:10:00");
	pending(1);
	ends();
}
END_TEST

START_TEST(polls_go_on_counting_after_the_copy)
{
	begin("after-polls:2");
	pending(5);
	ends();
}
END_TEST

START_TEST(a_stuck_one_stays_stuck)
{
	begin("stuck");
	release(NULL);
	rig_round_trip(r, "the copy of a stuck one has ended");
	at("12:00:00");
	pending(1);
}
END_TEST

START_TEST(an_answer_at_once_waits_for_the_copy)
{
	make_branch();
	ck_assert_int_eq((int)r->resp.wire.job, 7);
	ck_assert_str_eq(r->resp.operation, plane.operation);
	ck_assert(!json_is_true(json_object_get(r->doc, "done")));
	plane.state = JOB_RUNNING;
	ck_assert(lab_held(r->lab, &r->resp));
	release(NULL);
	plane.state = JOB_DONE;
	ck_assert(!lab_held(r->lab, &r->resp));
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "\"done\":true"));
	ck_assert_int_ge(plane.asked, 2);
	ck_assert(look());
}
END_TEST

START_TEST(what_waits_for_no_copy_is_answered)
{
	begin("first-poll");
	ck_assert_int_eq((int)r->resp.wire.job, 0);
	ck_assert_ptr_null(r->resp.operation);
}
END_TEST

START_TEST(a_copy_that_fails_fails_the_operation)
{
	begin("after:60s");
	release("the disk is full");
	ck_assert(look());
	ck_assert_str_eq(rig_str(r, "error.message"), "the disk is full");
	ck_assert_str_eq(rig_str(r, "error.error_code"), "INTERNAL_ERROR");
	rig_want(r, "GET " BRANCHES "/dev", NULL, 404);
}
END_TEST

START_TEST(a_copy_that_cannot_begin_refuses_the_create)
{
	plane.refuses = true;
	plane.copies = true;
	rig_want(r, "POST " BRANCHES "?branch_id=dev", "{'spec':{'no_expiry':true}}", 500);
	ck_assert_str_eq(rig_str(r, "message"), "there is no data to copy");
	rig_want(r, "GET " BRANCHES "/dev", NULL, 404);
}
END_TEST

START_TEST(a_copy_that_nobody_knows_any_more_is_lost)
{
	begin("first-poll");
	pending(1);
	plane.copying = false;
	ck_assert(look());
	ck_assert_ptr_nonnull(strstr(rig_str(r, "error.message"), "the server was restarted"));
}
END_TEST

START_TEST(releasing_what_waits_for_nothing_changes_nothing)
{
	pace("after:60s");
	rig_want(r, "POST " BRANCHES "?branch_id=dev", "{'spec':{'no_expiry':true}}", 200);
	snprintf(plane.operation, sizeof plane.operation, "%s", rig_str(r, "name"));
	release("never");
	pending(1);
	snprintf(plane.operation, sizeof plane.operation, "projects/p/operations/none");
	release("never");
}
END_TEST

/* ---- sleep ---- */

START_TEST(a_connection_wakes_an_endpoint)
{
	rig_want(r, "PATCH /api/2.0/postgres/" ENDPOINT "?update_mask=spec.suspension",
		"{'spec':{'suspend_timeout_duration':'300s'}}", 200);
	at("00:05:00");
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.current_state"), "IDLE");
	at("01:00:00");
	happen("endpoint_woken");
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.current_state"), "ACTIVE");
	ck_assert_str_eq(rig_str(r, "status.last_active_time"), "2026-01-01T01:00:00Z");
	at("01:04:59");
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.current_state"), "ACTIVE");
	at("01:05:00");
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.current_state"), "IDLE");
}
END_TEST

START_TEST(what_is_used_does_not_sleep)
{
	rig_want(r, "PATCH /api/2.0/postgres/" ENDPOINT "?update_mask=spec.suspension",
		"{'spec':{'suspend_timeout_duration':'300s'}}", 200);
	plane.active = RIG_START + 200 * USEC_SECOND;
	at("00:08:19");
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.current_state"), "ACTIVE");
	at("00:08:20");
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.current_state"), "IDLE");
	ck_assert_str_eq(rig_str(r, "status.last_active_time"), "2026-01-01T00:03:20Z");
}
END_TEST

START_TEST(an_endpoint_is_put_to_sleep)
{
	at("00:01:00");
	happen("endpoint_idled");
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.current_state"), "IDLE");
	ck_assert_str_eq(rig_str(r, "status.last_active_time"), "2026-01-01T00:01:00Z");
	rig_want(r, "DELETE /api/2.0/postgres/projects/p?purge=true", NULL, 200);
	at("00:02:00");
	happen("endpoint_idled"); /* nothing is left that could */
	rig_want(r, GET_ENDPOINT, NULL, 404);
}
END_TEST

int main(void)
{
	return CASES("lab-plane", prepare, {every_name_that_is_written_or_removed_is_told},
		{a_workspace_that_is_emptied_is_told}, {who_inherits_from_a_role_is_told},
		{settings_are_checked_for_the_version_of_the_project}, {hosts_are_those_of_the_workspace},
		{only_a_whole_text_of_two_parts_is_a_host}, {an_operation_is_pending_until_its_data_is_there},
		{it_takes_what_the_plan_says_even_when_the_data_is_there_sooner},
		{a_late_copy_ends_it_at_once}, {polls_go_on_counting_after_the_copy},
		{a_stuck_one_stays_stuck}, {an_answer_at_once_waits_for_the_copy},
		{what_waits_for_no_copy_is_answered}, {a_copy_that_fails_fails_the_operation},
		{a_copy_that_cannot_begin_refuses_the_create},
		{a_copy_that_nobody_knows_any_more_is_lost}, {what_is_used_does_not_sleep},
		{releasing_what_waits_for_nothing_changes_nothing}, {an_endpoint_is_put_to_sleep},
		{a_connection_wakes_an_endpoint});
}
