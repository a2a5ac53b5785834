/* SPDX-License-Identifier: Apache-2.0 */
/* What a run will do, before it does it. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "support/scenario/scenario.h"

/* What is waited for, by how long the service takes. */
enum pace { PACE_PROJECT, PACE_BRANCH, PACE_OTHER, PACE__N };

struct cost {
	int projects, branches, endpoints, others; /* made */
	int requests;
	int waits[PACE__N], removals[PACE__N];
};

/*
 * Adds what a case does, its setups and its cleaning included. `shared`: it gets the project that others
 * use, too; then the setup of that name and the removal of the project cost it nothing.
 */
void cost_add(struct cost *c, const struct suite *suite, const struct scenario *s, bool shared);

void cost_sum(struct cost *c, const struct cost *more);

/* Requests in all. `near_by`: on this machine an operation is done when it is first looked at. */
int cost_calls(const struct cost *c, bool near_by);

/* Seconds in all, one case after the other. */
double cost_seconds(const struct cost *c, bool near_by);
