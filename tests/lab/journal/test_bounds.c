/* SPDX-License-Identifier: Apache-2.0 */
/* What the lab holds has a bound, and goes back when it is not needed any more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"
#include "lab/space.h"
#include "support/heap.h"

static void long_requests(int num, size_t len)
{
	char *agent = malloc(len + 1), number[16];

	memset(agent, 'x', len);
	agent[len] = '\0';
	for (int i = 0; i < num; i++) {
		snprintf(number, sizeof number, "%08d", i);
		memcpy(agent, number, 8);
		r->user_agent = agent;
		rig_ask(r, "GET " PROJECTS, NULL);
	}
	r->user_agent = NULL;
	free(agent);
}

START_TEST(a_journal_is_bounded_in_bytes_and_says_what_was_lost)
{
	const struct journal *j;

	rig_close(r);
	r = rig_open_with(42, 100000, NULL, "manual:2026-01-01T00:00:00Z");
	long_requests(20000, 14000);
	j = &space_find(r->lab, "default")->journal;
	ck_assert_uint_le(journal_bytes(j), JOURNAL_BYTES + 16384);
	ck_assert_uint_ge(journal_bytes(j), JOURNAL_BYTES / 2);
	rig_want(r, "GET /_mock/journal?since=19990&partial=1", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "requests")), 10);
	ck_assert(json_is_true(rig_at(r, "requests.0.cut")));
	ck_assert_int_eq((int)strlen(rig_str(r, "requests.0.user_agent")), ROW_TEXT_MAX);
	ck_assert_uint_eq((uint64_t)rig_int(r, "dropped") + journal_len(j), 20000);
	ck_assert_int_gt(rig_int(r, "dropped"), 5000);
	rig_want(r, "GET /_mock/calls", NULL, 409);
	rig_want(r, "DELETE /_mock/journal", NULL, 200);
	ck_assert_uint_le(journal_bytes(j), 4096);
}
END_TEST

START_TEST(all_journals_together_have_a_bound_and_the_largest_makes_room)
{
	long_requests(100, 14000);
	ck_assert_int_eq(rig_ask_as(r, "mock-other", "GET " PROJECTS, NULL), 200);
	r->lab->journal_bytes = (size_t)JOURNALS_BYTES + 1; /* an estimate that was wrong */
	ck_assert_int_eq(rig_ask_as(r, "mock-other", "GET " PROJECTS, NULL), 200);
	ck_assert_uint_lt(r->lab->journal_bytes, 2 << 20);
	ck_assert_uint_eq(journal_len(&space_find(r->lab, "default")->journal), 100);
	ck_assert_uint_eq(journal_len(&space_find(r->lab, "other")->journal), 2);
}
END_TEST

#ifdef __GLIBC__ /* others do not count, see heap.h */

enum { MANY = 1000 };

static void add(int i)
{
	char body[64];

	snprintf(body, sizeof body, "{'name':'w%d'}", i);
	rig_want(r, "POST /_mock/workspaces", body, 201);
}

static void drop(int i)
{
	char what[64];

	snprintf(what, sizeof what, "DELETE /_mock/workspaces/w%d", i);
	rig_want(r, what, NULL, 200);
}

START_TEST(an_empty_workspace_costs_little_and_gives_it_back)
{
	size_t before, with, after;

	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	before = heap_in_use();
	for (int i = 0; i < MANY; i++)
		add(i);
	with = heap_in_use();
	ck_assert_msg((with - before) / MANY <= 4096, "%zu bytes each", (with - before) / MANY);
	for (int i = 0; i < MANY; i++)
		drop(i);
	while (lab_idle(r->lab))
		;
	after = heap_in_use();
	ck_assert_msg(after <= before + (with - before) / 4, "%zu before, %zu with them, %zu after",
		before, with, after);
}
END_TEST

START_TEST(one_that_was_only_looked_at_costs_little_too)
{
	size_t before, with;
	char token[64];

	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	before = heap_in_use();
	for (int i = 0; i < MANY; i++) {
		snprintf(token, sizeof token, "mock-w%d", i);
		ck_assert_int_eq(rig_ask_as(r, token, "GET " PROJECTS, NULL), 200);
	}
	with = heap_in_use();
	ck_assert_msg((with - before) / MANY <= 8192, "%zu bytes each", (with - before) / MANY);
}
END_TEST

#define COUNTED                                                                                    \
	{an_empty_workspace_costs_little_and_gives_it_back},                                       \
		{one_that_was_only_looked_at_costs_little_too},
#else
#define COUNTED
#endif

int main(void)
{
	return CASES("lab-bounds", NULL,
		{a_journal_is_bounded_in_bytes_and_says_what_was_lost},
		COUNTED {all_journals_together_have_a_bound_and_the_largest_makes_room});
}
