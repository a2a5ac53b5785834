/* SPDX-License-Identifier: Apache-2.0 */
#include "support/run.h"

#include <stdlib.h>

enum { LIMIT_S = 60 };

static TCase *case_between(SFun set_up, SFun tear_down)
{
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, LIMIT_S);
	if (set_up || tear_down)
		tcase_add_checked_fixture(t, set_up, tear_down);
	return t;
}

static int run_case(const char *suite, TCase *t)
{
	Suite *s = suite_create(suite);
	SRunner *r = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int run_tests_between(const char *suite, const TTest *const *tests, SFun set_up, SFun tear_down)
{
	TCase *t = case_between(set_up, tear_down);

	for (; *tests; tests++)
		tcase_add_test(t, *tests);
	return run_case(suite, t);
}

int run_tests(const char *suite, const TTest *const *tests)
{
	return run_tests_between(suite, tests, NULL, NULL);
}

int run_times(const char *suite, const struct test_times *tests, SFun set_up, SFun tear_down)
{
	TCase *t = case_between(set_up, tear_down);

	for (; tests->test; tests++)
		tcase_add_loop_test(t, tests->test, 0, tests->times ? tests->times : 1);
	return run_case(suite, t);
}
