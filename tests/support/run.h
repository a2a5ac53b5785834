/* SPDX-License-Identifier: Apache-2.0 */
/* The main() of a test program: its tests as one suite, each with a limit of time. All of these return
 * the exit status. */
#pragma once

#include <check.h>

/* Runs the tests (NULL-terminated). */
int run_tests(const char *suite, const TTest *const *tests);

/* The same, with set_up() before and tear_down() after each of them; both may be NULL. */
int run_tests_between(const char *suite, const TTest *const *tests, SFun set_up, SFun tear_down);

#define RUN_TESTS(suite, ...) run_tests(suite, (const TTest *const[]){ __VA_ARGS__, NULL })

struct test_times {
	const TTest *test;
	int times; /* with _i from 0; 0: once */
};

/* The same for tests that are run several times; the last one is NULL. */
int run_times(const char *suite, const struct test_times *tests, SFun set_up, SFun tear_down);

#define RUN_TIMES(suite, ...) \
	run_times(suite, (const struct test_times[]){ __VA_ARGS__, { NULL, 0 } }, NULL, NULL)
