/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long-running operations. An operation is an object of kind "operation" whose doc is the answer
 * of GetOperation; while it runs its scope locks a resource, and the instant at which it is done
 * is its due column. What it will do then is in its aux.
 */
#pragma once

#include "core/resource/resource.h"

/*
 * 409 in the guide's words when something that runs overlaps a change of `name`: an operation on a
 * project covers the project, one on a branch or its children covers that branch. Also counts down
 * maintenance that ends after so many refused calls.
 */
MUST_CHECK int operation_check_lock(struct ctx *c, const char *name, struct err *e);

/* What an operation on `name` keeps others from changing: so many characters of it. The project for
 * a project, the branch for a branch and what is below it, itself for anything else. */
size_t operation_scope_len(const char *name);

/* 409 while a delete or an undelete of `name` runs: nothing can be made of what comes or goes. */
MUST_CHECK int operation_check_passing(struct ctx *c, const char *name, struct err *e);

/*
 * Starts (and with plan `sync` finishes) the operation that makes `verb` happen to `d`, and appends
 * the reply to `out`. For VERB_UPDATE, d holds the result; it is stored when the operation is done.
 * A create is stored already.
 */
MUST_CHECK int operation_start(struct ctx *c, struct draft *d, enum verb verb, bool purge,
	const char *rpc, struct buf *out, struct err *e);

/* True when the operation of that create will be done before anybody can look. */
bool operation_at_once(struct ctx *c, const struct resource *r, const char *rpc, const char *name);

/*
 * The data that an operation waits for has come: it goes on as its plan says. `why`: the data has
 * not come, and the operation fails with that. In a transaction; absent is fine.
 */
MUST_CHECK int operation_release(
	struct ctx *c, const char *name, const char *why, struct err *e);

/* A done operation with an Empty response, without effect. */
MUST_CHECK int operation_noop(struct ctx *c, const struct resource *r, const char *name,
	struct buf *out, struct err *e);

/* GetOperation: by its own name or the per-project alias; counts as a poll. */
MUST_CHECK int operation_get(struct ctx *c, const char *name, struct buf *out, struct err *e);

/* May its document be shown without counting a poll? Not while its plan hides it. */
bool operation_shows(const struct ctx *c, const struct object *o);

/* The object's due instant has come (operations and their pending resources). */
MUST_CHECK int operation_due(struct ctx *c, const struct object *o, struct err *e);

/* ---- due work ---- */

struct due_sink {
	void (*event)(struct due_sink *, usec time, const char *name, const char *event);
};

/*
 * Applies, in the order of (instant, creation), everything that is due in the workspace at
 * `upto`; c->now is set to each instant in turn, and c is of no use afterwards. Must run in a transaction
 * on an unshared state.
 * `sink` may be NULL.
 */
MUST_CHECK int due_apply(struct ctx *c, usec upto, struct due_sink *sink, struct err *e);

/* When something falls due next, what comes again and again by itself left out; USEC_NEVER: never. */
MUST_CHECK int due_next(struct ctx *c, usec *ret, struct err *e);
