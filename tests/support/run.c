/* SPDX-License-Identifier: Apache-2.0 */
#include "support/run.h"

#include <stdlib.h>

int run_tests_between(const char *suite, const TTest *const *tests, SFun set_up, SFun tear_down)
{
	Suite *s = suite_create(suite);
	TCase *t = tcase_create("all");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	if (set_up || tear_down)
		tcase_add_checked_fixture(t, set_up, tear_down);
	for (; *tests; tests++)
		tcase_add_test(t, *tests);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int run_tests(const char *suite, const TTest *const *tests)
{
	return run_tests_between(suite, tests, NULL, NULL);
}
