/* SPDX-License-Identifier: Apache-2.0 */
/* The same main() for every file of tests: a NULL-terminated table of them. */
#pragma once

#include <check.h>
#include <stdlib.h>

static int run_tests(const char *name, const TTest *const *tests)
{
	Suite *s = suite_create(name);
	TCase *t = tcase_create("all");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	for (; *tests; tests++)
		tcase_add_test(t, *tests);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
