/* SPDX-License-Identifier: Apache-2.0 */
/* The table behind the app_workspace*() functions of api/app.h. */
#pragma once

#include "api/app.h"

struct workspace_table *workspace_table_new(void); /* NULL: out of memory */
void workspace_table_free(struct workspace_table *t);

/* Reads and writes what the store keeps of it beside its state (kept.c); `own`: its plans are others
 * than the server's. */
MUST_CHECK int workspace_read_kept(struct app *a, struct workspace *ws, struct err *e);
MUST_CHECK int workspace_write_kept(
	struct app *a, const struct workspace *ws, bool own, struct err *e);
