/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of folders, made by a process each. Paths are copied. After 0, done(arg, why) is called
 * once, from the loop: `why` is NULL when all of it is there, and borrowed; what a failed copy has
 * made is the caller's to drop. After -1 it is not called. When all ends meanwhile, neither is.
 */
#pragma once

#include "base/err.h"

struct pg;

/* A cluster's folder, of a running server, too. */
MUST_CHECK int copy_start(struct pg *pg, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e);

/* The same for all that a branch has: data, past, what is remembered. */
MUST_CHECK int copy_branch_start(struct pg *pg, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e);

/* The log of a branch, for a backup of it: from the segment named `first` on. */
MUST_CHECK int copy_log_start(struct pg *pg, const char *first, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e);

/* The template `base` with the log of a branch, for a replay of it. */
MUST_CHECK int copy_instant_start(struct pg *pg, const char *base, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e);
