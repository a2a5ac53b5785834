/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stale reads: the state before the last write. While a workspace has a rule that needs it, a
 * hidden workspace points at that state; the store copies it only when it is written to.
 */
#pragma once

#include "lab/serving.h"

/* True for the names of those hidden workspaces. */
bool stale_is_shadow(const char *name);

/* Before a request that may write: remembers the state as it is. */
MUST_CHECK int stale_before(struct serving *s, struct err *e);

/* After it: if it wrote, what was remembered is now the state before the last write. */
MUST_CHECK int stale_after(struct serving *s, struct err *e);

/* Is there a state before the last write? Not until something is written while a rule needs it. */
bool stale_kept(const struct serving *s);

/* Runs the handler of a read on the state before the last write. */
MUST_CHECK int stale_run(struct serving *s, struct err *e);

/* The workspace is as new, or gone: in the transaction that makes it so. */
MUST_CHECK int stale_drop(struct app *app, const char *workspace, struct err *e);

/* No rule needs it any more. */
MUST_CHECK int stale_forget(struct app *app, const char *workspace, struct err *e);
