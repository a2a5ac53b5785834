/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of a workspace: what it decides, and that the way there makes no difference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/cases.h"

static void branch(const char *project, int n, int64_t ttl_s)
{
	char what[256], body[256];

	snprintf(what, sizeof what, "POST " PROJECTS "/%s/branches?branch_id=b%d", project, n);
	snprintf(body, sizeof body,
		"{'spec':{'source_branch':'projects/%s/branches/production','ttl':'%llds'}}",
		project, (long long)ttl_s);
	rig_want(r, what, body, 200);
}

/* A project with branches that expire at instants which follow from the seed. */
static void populate_project(const char *project, int branches, uint64_t seed)
{
	char what[128];

	snprintf(what, sizeof what, "POST " PROJECTS "?project_id=%s", project);
	rig_want(r, what, "{}", 200);
	for (int i = 0; i < branches; i++)
		branch(project, i,
			600 + (int64_t)(text_prf(seed, project, (uint64_t)i, 0) % 2000000));
}

static void populate(int branches, uint64_t seed)
{
	populate_project("p", branches, seed);
}

static void advance(const char *body)
{
	rig_want(r, "POST /_mock/clock/advance", body, 200);
}

START_TEST(a_manual_clock_stands_until_it_is_turned)
{
	rig_want(r, "GET /_mock/clock", NULL, 200);
	ck_assert_str_eq(rig_str(r, "now"), "2026-01-01T00:00:00Z");
	ck_assert(json_is_null(rig_at(r, "next")));
	rig_wall += 3600 * USEC_SECOND;
	rig_want(r, "GET /_mock/clock", NULL, 200);
	ck_assert_str_eq(rig_str(r, "now"), "2026-01-01T00:00:00Z");
	advance("{'by':'26h'}");
	ck_assert_str_eq(rig_str(r, "now"), "2026-01-02T02:00:00Z");
	advance("{'to':'2026-02-01T00:00:00Z'}");
	ck_assert_str_eq(rig_str(r, "now"), "2026-02-01T00:00:00Z");
}
END_TEST

START_TEST(events_come_in_the_order_in_which_they_fall_due)
{
	const char *before = "";
	json_auto_t *events = NULL;

	populate(40, 1);
	advance("{'by':'60d'}");
	events = json_deep_copy(rig_at(r, "events"));
	ck_assert_int_ge(json_array_size(events), 80);
	for (size_t i = 0; i < json_array_size(events); i++) {
		const char *time =
			json_string_value(json_object_get(json_array_get(events, i), "time"));

		ck_assert_int_le(strcmp(before, time), 0);
		before = time;
	}
	rig_want(r, "GET /_mock/clock", NULL, 200);
	ck_assert(json_is_null(rig_at(r, "next")));
}
END_TEST

/* Any way of cutting a span into steps ends in the same bytes. */
START_TEST(steps_make_no_difference)
{
	char *whole, *parts;
	int64_t left = 30 * 86400;

	populate(25, (uint64_t)_i);
	advance("{'by':'30d'}");
	whole = rig_state(r);
	rig_close(r);
	r = rig_open();
	populate(25, (uint64_t)_i);
	for (uint64_t n = 0; left; n++) {
		int64_t step = 1 + (int64_t)(text_prf((uint64_t)_i, "step", n, 0) % 300000);
		char body[64];

		if (step > left)
			step = left;
		snprintf(body, sizeof body, "{'by':'%llds'}", (long long)step);
		advance(body);
		left -= step;
	}
	parts = rig_state(r);
	ck_assert_str_eq(whole, parts);
	free(whole);
	free(parts);
}
END_TEST

START_TEST(until_idle_leaves_nothing_due)
{
	populate(5, 3);
	advance("{'until':'idle'}");
	ck_assert_int_ge(json_array_size(rig_at(r, "events")), 10);
	rig_want(r, "GET /_mock/clock", NULL, 200);
	ck_assert(json_is_null(rig_at(r, "next")));
	advance("{'until':'idle'}");
	ck_assert_int_eq(json_array_size(rig_at(r, "events")), 0);
}
END_TEST

START_TEST(ten_years_with_a_thousand_timers_take_a_moment)
{
	char project[16];
	clock_t began;
	double ms;

	for (int i = 0; i < 20; i++) {
		snprintf(project, sizeof project, "p%d", i);
		populate_project(
			project, 25, 4); /* two each: its own end, its endpoint that suspends */
	}
	began = clock();
	advance("{'by':'3650d'}");
	ms = (double)(clock() - began) * 1000 / CLOCKS_PER_SEC;
	printf("ten years with %zu events: %.1f ms of processor time\n",
		json_array_size(rig_at(r, "events")), ms);
	ck_assert_int_ge(json_array_size(rig_at(r, "events")), 1000);
	ck_assert_double_lt(ms, 3000); /* the aim is 100; sanitizers and valgrind are slower */
}
END_TEST

START_TEST(a_real_clock_cannot_be_advanced_and_says_what_can)
{
	rig_close(r);
	r = rig_open_with(42, 0, NULL, NULL);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1h'}", 409);
	ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), "PUT /_mock/clock"));
	rig_want(r, "PUT /_mock/clock", "{'mode':'manual'}", 200);
	advance("{'by':'1h'}");
}
END_TEST

START_TEST(a_scaled_clock_runs_faster)
{
	rig_want(r, "PUT /_mock/clock", "{'mode':'scaled','factor':60}", 200);
	rig_wall += 60 * USEC_SECOND;
	rig_want(r, "GET /_mock/clock", NULL, 200);
	ck_assert_str_eq(rig_str(r, "now"), "2026-01-01T01:00:00Z");
	ck_assert_int_eq(rig_int(r, "factor"), 60);
}
END_TEST

START_TEST(no_clock_goes_back)
{
	char *before = rig_state(r), *after;

	rig_refuses(r, "PUT /_mock/clock", "{'now':'2025-12-31T23:59:59Z'}", "now");
	rig_refuses(r, "POST /_mock/clock/advance", "{'to':'2025-12-31T23:59:59Z'}", "to");
	rig_refuses(r, "POST /_mock/clock/advance", "{'by':'-1h'}", "by");
	advance("{'by':'1d'}");
	rig_refuses(r, "PUT /_mock/clock", "{'mode':'real'}", "mode");
	rig_want(r, "POST /_mock/reset", NULL, 200);
	after = rig_state(r);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
}
END_TEST

START_TEST(a_clock_survives_a_restart)
{
	char path[] = "/tmp/lakebase-lab-XXXXXX", more[64]; /* allowed: a template of mkstemp() */
	int fd = mkstemp(path);
	char *before, *after;

	ck_assert_int_ge(fd, 0);
	close(fd);
	rig_close(r);
	r = rig_open_with(42, 0, path, "manual:2026-01-01T00:00:00Z");
	populate(3, 5);
	advance("{'by':'5m'}");
	before = rig_state(r);
	rig_close(r);
	r = rig_open_with(42, 0, path, "manual:2026-01-01T00:00:00Z");
	after = rig_state(r);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
	unlink(path);
	snprintf(more, sizeof more, "%s-wal", path);
	unlink(more);
	snprintf(more, sizeof more, "%s-shm", path);
	unlink(more);
}
END_TEST

int main(void)
{
	return CASES("lab-clock", NULL,
		{a_manual_clock_stands_until_it_is_turned},
		{events_come_in_the_order_in_which_they_fall_due},
		{until_idle_leaves_nothing_due},
		{ten_years_with_a_thousand_timers_take_a_moment},
		{a_real_clock_cannot_be_advanced_and_says_what_can},
		{a_scaled_clock_runs_faster},
		{no_clock_goes_back},
		{a_clock_survives_a_restart},
		{steps_make_no_difference, 8});
}
