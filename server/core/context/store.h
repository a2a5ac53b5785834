/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store port: all that the core knows about storage. server/store/ implements it on SQLite.
 *
 * A *state* is the set of rows that one workspace sees: objects, plus a clock and counters. A
 * workspace points at a state; a snapshot points at one, too. Fork, snapshot and restore only move
 * such pointers, so they cost the same at any size; the first write to a shared state copies it
 * (store_unshare()).
 *
 * An *object* is one row: a resource, an operation, a permission list, a principal, a maintenance
 * window. Its `doc` is the very text that a GET answers with. What falls due at an instant is a
 * column of the object that it concerns, so a timer can neither be lost nor outlive its object.
 *
 * Every function that can fail returns -1 with *e filled. A full disk or a lock is
 * ERR_UNAVAILABLE, a damaged file ERR_INTERNAL.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory/arena.h"
#include "base/memory/buf.h"
#include "base/when.h"

struct store;

/* `deleted` of an object */
enum {
	OBJECT_LIVE = 0,
	OBJECT_RESERVED = 1, /* deleted, still found by its name: a soft-deleted project */
	/* any greater number: deleted, its name is free again; the number tells them apart */
};

struct object {
	const char *name;   /* "projects/p/branches/b" */
	const char *kind;   /* "branch", "operation", ... */
	const char *parent; /* name of the parent object, "" at the top */
	int64_t seq;        /* creation sequence in its state: the order of lists */
	int64_t deleted;
	const char *doc;   /* what GET answers */
	const char *aux;   /* JSON object: what is remembered and not shown; NULL when nothing */
	usec due;          /* instant of the workspace's clock, USEC_NEVER when nothing is due */
	const char *event; /* what falls due: "branch_expired"; NULL when nothing */
	const char *scope; /* resource that it keeps others from changing; NULL when none */
	const char *alias; /* a second name that store_get() finds; NULL when none */
};

/* ---- the file ---- */

/*
 * Opens or creates a database; NULL path: in memory. ERR_INTERNAL with a message for the user when
 * the file is damaged, locked by another server, or of a newer version.
 */
MUST_CHECK int store_open(struct store **ret, const char *path, struct err *e);
void store_close(struct store *s);

/* Why the state cannot be kept at present, for people; NULL when all is well. */
const char *store_trouble(struct store *s);

/* The database's memory is that of base/memory/pool.h: a create takes and gives back some four hundred
 * blocks. For the process, before anything is open. */
void store_use_pool(void);

/* What it is built on, for people: "SQLite 3.40.1". */
const char *store_engine(void);

/* Version of the database library, as it runs. */
const char *store_library_version(void);

/*
 * One request, one transaction. Nesting is a bug. What was committed survives the death of the
 * process at any moment; after a power failure the last commits may be missing. When a function
 * of a transaction has failed, so does every further one, and all that is left to do is roll back;
 * ERR_RES_EXISTS does not count as a failure here. A commit that fails has rolled back.
 */
MUST_CHECK int store_begin(struct store *s, struct err *e);
MUST_CHECK int store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);

/*
 * The one way out of a transaction: commits when `rc`, which is what its work has answered, is 0, and
 * rolls back else. 0: committed. -1: nothing of it has happened; *e is of the commit, or as the work
 * has filled it.
 *
 *	if (store_begin(s, e) || store_end(s, work(s, e), e))
 *		return -1;
 */
MUST_CHECK int store_end(struct store *s, int rc, struct err *e);

/*
 * Inside of a transaction: store_rollback_to() undoes what was done since store_savepoint() and
 * goes on with the rest. One savepoint a transaction. -1 when the transaction has failed already.
 */
MUST_CHECK int store_savepoint(struct store *s, struct err *e);
MUST_CHECK int store_rollback_to(struct store *s, struct err *e);

/* ---- what the server keeps for itself ---- */

/* A text that belongs to the file and to no workspace, such as a signing key. 1 found, 0 not, -1. */
MUST_CHECK int store_secret_get(
	struct store *s, const char *name, struct arena *a, const char **ret, struct err *e);
MUST_CHECK int store_secret_put(struct store *s, const char *name, const char *value, struct err *e);

/* ---- states ---- */

/* The part of a state that is not objects. */
struct state_info {
	int64_t id;
	int64_t seq;     /* last creation sequence handed out */
	int clock_mode;  /* enum clock_mode */
	double clock_factor;
	usec clock_wall; /* wall time at which ... */
	usec clock_now;  /* ... the workspace's clock showed this */
};

MUST_CHECK int store_state_get(struct store *s, int64_t state, struct state_info *ret, struct err *e);
MUST_CHECK int store_state_put(struct store *s, const struct state_info *info, struct err *e);

/* A fresh, empty state; info->id is set. Not yet referred to by anything. */
MUST_CHECK int store_state_new(struct store *s, struct state_info *info, struct err *e);

/*
 * Makes the state of workspace `ws` its own before a write: when a snapshot or another workspace
 * shares it, copies it and points `ws` at the copy. *ret is the state to write to.
 */
MUST_CHECK int store_unshare(struct store *s, const char *ws, int64_t *ret, struct err *e);

/* How many live resources (not operations, permissions, principals, maintenance windows) the state
 * has, and the bytes of their documents. Reads an index: some 0.2 us for each object. */
MUST_CHECK int store_state_measure(
	struct store *s, int64_t state, int64_t *resources, int64_t *bytes, struct err *e);

/*
 * Deletes what dropped states have left behind, at most about `budget` rows, in a transaction of
 * its own; to be called when nothing else is to do. 1: there is more. 0: all is clean. -1.
 * So a reset is store_state_new() and store_workspace_put(), and costs the same at any size.
 */
MUST_CHECK int store_sweep(struct store *s, int64_t budget, struct err *e);

/* ---- workspaces and snapshots: named pointers to states ---- */

/* 1 found, 0 not, -1 error. */
MUST_CHECK int store_workspace_get(struct store *s, const char *ws, int64_t *state, struct err *e);

/* Points `ws` at `state`, creating it when new; a state that nothing points at any more is
 * gone at once, and store_sweep() deletes its objects. */
MUST_CHECK int store_workspace_put(struct store *s, const char *ws, int64_t state, struct err *e);

/* Also drops the workspace's snapshots. */
MUST_CHECK int store_workspace_drop(struct store *s, const char *ws, struct err *e);

/* Calls each(arg, name) for every workspace, by name. A non-zero return of each() ends it without
 * error. each() must not write. */
MUST_CHECK int store_workspace_each(struct store *s, int (*each)(void *arg, const char *ws),
	void *arg, struct err *e);

/* What is kept of a workspace beside its state. */
struct workspace_kept {
	usec expires;      /* wall time at which it is dropped; USEC_NEVER */
	const char *plans; /* pacing of its operations, as JSON; NULL: the server's */
};

/* 1 found, 0 no such workspace, -1. */
MUST_CHECK int store_workspace_kept(struct store *s, const char *ws, struct arena *a,
	struct workspace_kept *ret, struct err *e);
MUST_CHECK int store_workspace_keep(
	struct store *s, const char *ws, const struct workspace_kept *kept, struct err *e);

/* When the first workspace expires; USEC_NEVER. */
MUST_CHECK int store_next_expiry(struct store *s, usec *ret, struct err *e);

/* A workspace whose expiry is not after `upto`. 1, 0, -1. */
MUST_CHECK int store_get_expired(
	struct store *s, usec upto, struct arena *a, const char **name, struct err *e);

struct snapshot {
	const char *name;
	int64_t state;
	usec time;         /* of the workspace's clock */
	int64_t resources; /* objects that are resources, when it was taken */
	int64_t bytes;     /* of their documents */
};

/* 0, or ERR_RES_EXISTS. Fills *ret (strings borrowed from the arguments). */
MUST_CHECK int store_snapshot_add(struct store *s, const char *ws, const char *name, usec time,
	struct snapshot *ret, struct err *e);
/* 1 found, 0 not, -1 error. */
MUST_CHECK int store_snapshot_get(struct store *s, const char *ws, const char *name, struct arena *a,
	struct snapshot *ret, struct err *e);
/* Absent is fine. */
MUST_CHECK int store_snapshot_drop(struct store *s, const char *ws, const char *name, struct err *e);
MUST_CHECK int store_snapshot_each(struct store *s, const char *ws,
	int (*each)(void *arg, const struct snapshot *), void *arg, struct err *e);

/* ---- objects ---- */

/*
 * The live object called `name` (or with that alias). Its strings live in the arena. 1 found, 0
 * not, -1 error.
 */
MUST_CHECK int store_get(struct store *s, int64_t state, const char *name, struct arena *a,
	struct object *ret, struct err *e);

/* The same, or one that is deleted and still reserves its name. */
MUST_CHECK int store_get_reserved(struct store *s, int64_t state, const char *name, struct arena *a,
	struct object *ret, struct err *e);

/* Newest deleted object whose name is free again (deleted > OBJECT_RESERVED). 1, 0, -1. */
MUST_CHECK int store_get_deleted(struct store *s, int64_t state, const char *name, struct arena *a,
	struct object *ret, struct err *e);

/* The hot path: appends the doc of a live or reserved object of that name and kind. 1, 0, -1. */
MUST_CHECK int store_copy_doc(struct store *s, int64_t state, const char *name, const char *kind,
	struct buf *out, struct err *e);

/* Inserts, or replaces the row of the same (name, deleted). */
MUST_CHECK int store_put(struct store *s, int64_t state, const struct object *o, struct err *e);

/* Deletes one row; absent is fine. */
MUST_CHECK int store_drop(struct store *s, int64_t state, const char *name, int64_t deleted,
	struct err *e);

/* Deletes every row below `name` ("name/..."), of any `deleted`, except operations. */
MUST_CHECK int store_drop_below(struct store *s, int64_t state, const char *name, struct err *e);

/* Deletes finished operations (kind "operation", no scope) with seq <= upto. */
MUST_CHECK int store_prune_operations(struct store *s, int64_t state, int64_t upto, struct err *e);

/*
 * From now on wrote(arg, state, name, below) is called after each write of an object, or of all
 * that lies below `name`; name NULL: everything. What it tells of may be rolled back afterwards.
 * It must not use the store. NULL: nobody listens.
 */
typedef void store_listener(void *arg, int64_t state, const char *name, bool below);
void store_listen(struct store *s, store_listener *wrote, void *arg);

/* How often that was so far: another number, and something was written meanwhile. */
uint64_t store_writes(const struct store *s);

/* Changes `deleted` of a row and of nothing else. */
MUST_CHECK int store_mark(struct store *s, int64_t state, const char *name, int64_t from, int64_t to,
	struct err *e);

/* Deletes everything in the state; *removed (may be NULL) counts the rows. */
MUST_CHECK int store_clear(struct store *s, int64_t state, int64_t *removed, struct err *e);

struct page_query {
	const char *parent; /* NULL: any */
	const char *kind;   /* NULL: any */
	int64_t after;      /* only seq greater than this */
	int64_t limit;      /* at most so many */
	bool deleted;       /* deleted ones, too */
};

/*
 * Calls each(arg, object) in the order of seq; strings are valid during the call only. A non-zero
 * return of each() ends it without error. each() must not write, nor call this function again.
 */
MUST_CHECK int store_page(struct store *s, int64_t state, const struct page_query *q,
	int (*each)(void *arg, const struct object *), void *arg, struct err *e);

/* Every object below `name`, by name; as store_page(). NULL name: the whole state. */
MUST_CHECK int store_each_below(struct store *s, int64_t state, const char *name,
	int (*each)(void *arg, const struct object *), void *arg, struct err *e);

/* How many live objects `parent` has of that kind, counting no further than `limit`. */
MUST_CHECK int store_count(struct store *s, int64_t state, const char *parent, const char *kind,
	int64_t limit, int64_t *ret, struct err *e);

/* ---- what is due, what is locked ---- */

/* The earliest due instant of the state, USEC_NEVER when nothing is due. */
MUST_CHECK int store_next_due(struct store *s, int64_t state, usec *ret, struct err *e);

/* The first object with due <= upto, in the order of (due, seq). 1, 0, -1. */
MUST_CHECK int store_get_due(struct store *s, int64_t state, usec upto, struct arena *a,
	struct object *ret, struct err *e);

/* Every object with something due, in that order; as store_page(). */
MUST_CHECK int store_each_due(struct store *s, int64_t state,
	int (*each)(void *arg, const struct object *), void *arg, struct err *e);

/*
 * An object whose scope overlaps `scope`: equal to it, above it or below it. 1, 0, -1.
 */
MUST_CHECK int store_get_lock(struct store *s, int64_t state, const char *scope, struct arena *a,
	struct object *ret, struct err *e);
