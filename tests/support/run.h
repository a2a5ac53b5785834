/* SPDX-License-Identifier: Apache-2.0 */
/* The main() of a unit test program. */
#pragma once

#include <check.h>

/* Runs the tests (NULL-terminated) as one suite and returns the exit status for main(). */
int run_tests(const char *suite, const TTest *const *tests);

/* The same, with set_up() before and tear_down() after each of them; both may be NULL. */
int run_tests_between(const char *suite, const TTest *const *tests, SFun set_up, SFun tear_down);

#define RUN_TESTS(suite, ...) run_tests(suite, (const TTest *const[]){ __VA_ARGS__, NULL })
