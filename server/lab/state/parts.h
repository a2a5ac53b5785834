/* SPDX-License-Identifier: Apache-2.0 */
/* What routes and fixtures have in common. */
#pragma once

#include "admin/admin.h"

/* Sets default plan and list of plans, whichever is there; all or nothing. (fault_admin.c) */
MUST_CHECK int lro_write(const struct admin *a, const json_t *doc, struct err *e);

/* Begins maintenance of "projects/p" for "5s" or "3 calls". (fault_admin.c) */
MUST_CHECK int maintenance_start(struct app *app, struct workspace *ws, struct arena *arena,
	const char *project, const char *text, struct err *e);

/* Sets the clock from {"mode","now","factor"}. (clock_admin.c) */
MUST_CHECK int clock_write(struct app *app, struct workspace *ws, const json_t *doc, struct err *e);

/* Replaces the state of a workspace by a document of GET /_mock/state. (state_import.c) */
MUST_CHECK int state_import(struct app *app, struct workspace *ws, const json_t *doc,
	struct arena *arena, struct err *e);

/* Adds the rules of a built-in scenario. (scenarios.c) */
MUST_CHECK int scenario_load(struct lab *lab, struct workspace *ws, const char *name,
	struct arena *arena, struct err *e);

/* Names of all workspaces, sorted; in the arena. (life_admin.c) */
MUST_CHECK int workspace_names(
	const struct admin *a, const char *const **ret, size_t *num, struct err *e);

/* Drops a workspace with everything the lab knows of it. (workspaces_admin.c) */
MUST_CHECK int workspace_remove(struct lab *lab, const char *name, struct err *e);
