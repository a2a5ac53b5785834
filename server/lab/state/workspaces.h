/* SPDX-License-Identifier: Apache-2.0 */
/* Which workspaces there are, and the end of one. */
#pragma once

#include "lab/space.h"

/* Names of all workspaces, sorted; in the arena. */
MUST_CHECK int workspace_names(
	struct app *app, struct arena *arena, const char *const **ret, size_t *num, struct err *e);

/* Drops, at the latest with the next request, a workspace whose time is over at `at`. */
MUST_CHECK int workspace_live_until(struct lab *lab, const char *name, usec at, struct err *e);

/* Drops those whose time is over. Cheap while there are none. */
void workspace_expire_all(struct lab *lab);

/* Drops a workspace with everything the lab knows of it. */
MUST_CHECK int workspace_remove(struct lab *lab, const char *name, struct err *e);
