/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the lab have in common: a rig that is opened before each test and closed after
 * it, the requests that most of them make, and their main(). */
#pragma once

#include "lab/rig.h"

#define PROJECTS "/api/2.0/postgres/projects"
#define CREATE "POST " PROJECTS "?project_id=p"
#define GET_IT "GET " PROJECTS "/p"

extern struct rig *r; /* of the present test */

/* Adds a fault rule. */
void rule(const char *text);

/* What the server does to the default workspace by itself: deed(), with `text`, in a transaction
 * of its own. */
void by_itself(int (*deed)(struct ctx *c, const char *text, struct err *e), const char *text);

struct lab_case {
	const TTest *test;
	int times; /* with _i from 0; 0: once */
};

/* Runs the tests (the last one is NULL) as one suite and returns the exit status for main().
 * `prepare` is called after a rig was opened; it may be NULL. */
int cases_run(const char *suite, const struct lab_case *tests, SFun prepare);

#define CASES(suite, prepare, ...)                                                                 \
	cases_run(suite, (const struct lab_case[]){__VA_ARGS__, {NULL, 0}}, prepare)
