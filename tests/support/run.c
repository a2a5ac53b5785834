/* SPDX-License-Identifier: Apache-2.0 */
#include "support/run.h"

#include <stdlib.h>

int run_tests(const char *suite, const TTest *const *tests)
{
	Suite *s = suite_create(suite);
	TCase *t = tcase_create("all");
	SRunner *r = srunner_create(s);
	int failed;

	for (; *tests; tests++)
		tcase_add_test(t, *tests);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
