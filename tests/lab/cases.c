/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

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
