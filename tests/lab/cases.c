/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/cases.h"

#include <stdio.h>

struct rig *r;

static SFun and_then; /* after a rig was opened; NULL: nothing */

static void set_up(void)
{
	r = rig_open();
	if (and_then)
		and_then();
}

static void tear_down(void)
{
	rig_close(r);
}

void rule(const char *text)
{
	rig_want(r, "POST /_mock/faults", text, 201);
}

void time_passes(const char *span)
{
	char body[64];

	snprintf(body, sizeof body, "{'by':'%s'}", span);
	rig_want(r, "POST /_mock/clock/advance", body, 200);
}

void by_itself(int (*deed)(struct ctx *c, const char *text, struct err *e), const char *text)
{
	struct err e = {0};
	struct arena arena = {0};
	struct workspace *ws = app_workspace(r->app, "default", false, &e);
	struct ctx c;

	ck_assert_int_eq(app_begin(r->app, ws, &e), 0);
	c = app_ctx(r->app, ws, &arena);
	ck_assert_int_eq(app_end(r->app, ws, deed(&c, text, &e), &e), 0);
	arena_done(&arena);
}

int cases_run(const char *suite, const struct test_times *tests, SFun prepare)
{
	and_then = prepare;
	return run_times(suite, tests, set_up, tear_down);
}
