/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the lab have in common: a rig that is opened before each test and closed after
 * it, the requests that most of them make, and their main(). */
#pragma once

#include "lab/rig.h"
#include "support/run.h"

#define PROJECTS "/api/2.0/postgres/projects"
#define CREATE "POST " PROJECTS "?project_id=p"
#define GET_IT "GET " PROJECTS "/p"

extern struct rig *r; /* of the present test */

/* Adds a fault rule. */
void rule(const char *text);

/* Turns the clock on by that: "1h". */
void time_passes(const char *span);

/* What the server does to the default workspace by itself: deed(), with `text`, in a transaction
 * of its own. */
void by_itself(int (*deed)(struct ctx *c, const char *text, struct err *e), const char *text);

/* As run_times(); `prepare` is called after a rig was opened; it may be NULL. */
int cases_run(const char *suite, const struct test_times *tests, SFun prepare);

#define CASES(suite, prepare, ...)                                                                 \
	cases_run(suite, (const struct test_times[]){__VA_ARGS__, {NULL, 0}}, prepare)
