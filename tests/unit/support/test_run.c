/* SPDX-License-Identifier: Apache-2.0 */
/* What runs the tests of all other programs: what it calls, and how often. */
#include "support/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char called[64];

static void note(const char *what)
{
	strncat(called, what, sizeof called - strlen(called) - 1);
}

START_TEST(one)
{
	note("1");
}
END_TEST

START_TEST(nth)
{
	note((const char *const[]){"a", "b", "c"}[_i]);
}
END_TEST

START_TEST(fails)
{
	note("!");
	ck_abort_msg("as it shall");
}
END_TEST

static void set_up(void)
{
	note("<");
}

static void tear_down(void)
{
	note(">");
}

static int bad;

static void expect(const char *what, int status, int want_status, const char *want)
{
	if (status != want_status || strcmp(called, want) != 0) {
		fprintf(stderr, "%s: %d and '%s', not %d and '%s'\n", what, status, called, want_status,
			want);
		bad++;
	}
	called[0] = '\0';
}

int main(void)
{
	const TTest *const both[] = {one, one, NULL}, *const failing[] = {fails, one, NULL};
	const struct test_times times[] = {{nth, 3}, {one, 0}, {NULL, 0}};

	setenv("CK_FORK", "no", 1); /* so that it shows here what was called */
	if (!freopen("/dev/null", "w", stdout)) /* where a failure is told that is none of ours */
		return EXIT_FAILURE;
	expect("alone", run_tests("run", both), EXIT_SUCCESS, "11");
	expect("between", run_tests_between("run", both, set_up, tear_down), EXIT_SUCCESS, "<1><1>");
	expect("set up only", run_tests_between("run", both, set_up, NULL), EXIT_SUCCESS, "<1<1");
	expect("torn down only", run_tests_between("run", both, NULL, tear_down), EXIT_SUCCESS, "1>1>");
	expect("several times", run_times("run", times, NULL, tear_down), EXIT_SUCCESS, "a>b>c>1>");
	expect("a failure", run_tests("run", failing), EXIT_FAILURE, "!1");
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
