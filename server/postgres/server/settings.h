/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of endpoints: which there may be, and how they become lines of postgresql.conf. */
#pragma once

#include "base/err.h"

struct buf;
struct ctx;
struct pg;

/* ERR_INVALID for a setting that would reach further than its server. */
MUST_CHECK int settings_check_name(const char *name, struct err *e);

/* Appends the lines for an endpoint: its size, its settings; for one that is not there those of the
 * smallest. */
MUST_CHECK int settings_lines(struct ctx *c, const char *endpoint, struct buf *out, struct err *e);

/* What add(ctx, arg, text) writes about a workspace as it is now; to be freed. NULL with *e, also for
 * a workspace that is gone. */
typedef int (*settings_fn)(struct ctx *c, void *arg, struct buf *text, struct err *e);
char *settings_text(
	struct pg *pg, const char *ws, settings_fn add, void *arg, struct err *e);
