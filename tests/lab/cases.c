/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/cases.h"

#include <stdlib.h>

struct rig *r;

static void set_up(void)
{
	r = rig_open();
}

static void tear_down(void)
{
	rig_close(r);
}

void rule(const char *text)
{
	rig_want(r, "POST /_mock/faults", text, 201);
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

int cases_run(const char *name, const struct lab_case *tests, SFun prepare)
{
	Suite *suite = suite_create(name);
	TCase *c = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, set_up, tear_down);
	if (prepare)
		tcase_add_checked_fixture(c, prepare, NULL);
	for (; tests->test; tests++)
		tcase_add_loop_test(c, tests->test, 0, tests->times ? tests->times : 1);
	suite_add_tcase(suite, c);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
