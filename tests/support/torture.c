/* SPDX-License-Identifier: Apache-2.0 */
#include "support/torture.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>

static long calls, fail_at;

static void *failing_malloc(size_t n)
{
	return ++calls == fail_at ? NULL : malloc(n);
}

static int attempt(int (*body)(void *arg, struct err *e), void *arg, struct err *e)
{
	int r;

	calls = 0;
	json_set_alloc_funcs(failing_malloc, free);
	r = body(arg, e);
	json_set_alloc_funcs(malloc, free);
	return r;
}

long torture(int (*body)(void *arg, struct err *e), void *arg, enum torture_blame blame)
{
	struct err e, oom;

	err_oom(&oom);
	for (fail_at = 1;; fail_at++) {
		int r;

		e = (struct err){ 0 };
		r = attempt(body, arg, &e);
		if (calls < fail_at) {
			ck_assert_msg(r == 0, "undisturbed: %s", e.message);
			return fail_at - 1;
		}
		ck_assert_msg(r == -1, "allocation %ld failed and nobody said so", fail_at);
		ck_assert_msg(e.code, "allocation %ld failed without an error", fail_at);
		if (blame == BLAME_MEMORY)
			ck_assert_str_eq(e.message, oom.message);
	}
}
