/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system.h"
#include "support/run.h"

enum { FAR = 200 };

START_TEST(a_descriptor_above_the_limit_of_now_is_closed_too)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		dup2(1, FAR);
		if (fcntl(FAR, F_GETFD) < 0 || setrlimit(RLIMIT_NOFILE, &(struct rlimit){FAR / 2, FAR / 2}))
			_exit(2);
		system_close_from(3);
		_exit(fcntl(FAR, F_GETFD) >= 0 || fcntl(2, F_GETFD) < 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
	return RUN_TESTS("system", a_descriptor_above_the_limit_of_now_is_closed_too);
}
