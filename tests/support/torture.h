/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of jansson fails once, in turn. */
#pragma once

#include "base/err.h"

/* What a failed allocation must be reported as. */
enum torture_blame {
	BLAME_MEMORY,   /* the error of err_oom() */
	BLAME_ANYTHING, /* any error: jansson's parser reports some as errors of syntax */
};

/*
 * Calls body(arg, &e) again and again, with the first, the second, ... allocation of jansson in it
 * failing, until it makes fewer. A run with a failure must return -1 with an error; the last,
 * undisturbed one must return 0. Anything else fails the test. A sanitizer or valgrind sees the
 * leaks. Returns how many allocations were made to fail.
 */
long torture(int (*body)(void *arg, struct err *e), void *arg, enum torture_blame blame);
