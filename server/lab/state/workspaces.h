/* SPDX-License-Identifier: Apache-2.0 */
/* Which workspaces there are, and the end of one. */
#pragma once

#include "lab/space.h"

/* Names of all workspaces, sorted; in the arena. */
MUST_CHECK int workspace_names(
	struct app *app, struct arena *arena, const char *const **ret, size_t *num, struct err *e);

/* Drops a workspace with everything the lab knows of it. */
MUST_CHECK int workspace_remove(struct lab *lab, const char *name, struct err *e);
