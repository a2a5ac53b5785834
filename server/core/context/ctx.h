/* SPDX-License-Identifier: Apache-2.0 */
/* What code of the core and of the resources works in: a workspace, at an instant, for a caller. */
#pragma once

#include "base/memory/arena.h"
#include "core/context/clock.h"
#include "core/context/plan.h"
#include "core/context/setting.h"
#include "core/context/store.h"
#include "core/field/field.h"

struct data_plane; /* core/resource/data_plane.h */

/* The server: one for the process. */
struct world {
	struct store *store;
	const struct data_plane *data_plane; /* NULL: there are no databases */
	struct settings settings;
	uint64_t seed;
	bool strict;
	struct plan plan;             /* pacing of operations where nothing else says one */
	usec (*wall)(struct world *); /* wall time; tests replace it */
	const struct resource *const *resources; /* NULL-terminated */
	int64_t refusals;			 /* said so far: trace ids follow from it */
};

/* One plan of a workspace's list; the first that matches wins. Empty strings match anything. */
struct plan_rule {
	char rpc[64], project[64];
	struct plan plan;
};

enum { MAX_PLAN_RULES = 64, WORKSPACE_NAME_MAX = 63 };

/* What the server remembers of a workspace between two requests; the rest is in the store. */
struct workspace {
	char name[WORKSPACE_NAME_MAX + 1];
	int64_t state;    /* its state in the store */
	struct clock clock;
	int64_t seq;      /* last creation sequence handed out */
	usec next_due;    /* earliest instant at which something falls due */
	bool kept;        /* a database brought it along, with what was done to it */
	int64_t num_projects; /* live ones; -1: not counted yet */
	usec expires; /* wall time at which it is dropped; USEC_NEVER */
	struct plan plan; /* default of this workspace */
	struct plan_rule *plans; /* NULL while there are none */
	int num_plans;
};

enum caller_kind { CALLER_USER, CALLER_SP };

struct caller {
	const char *name; /* user name or application id */
	enum caller_kind kind;
	bool admin;
	const char *const *groups; /* NULL-terminated */
};

/* What stood in the way of a change, or paces an operation that was asked for: for people. */
struct because {
	const char *kind; /* "operation", "maintenance", "plan"; NULL: nothing */
	const char *name; /* of the operation, or of the maintenance */
	const char *plan; /* NULL: none */
	usec due;         /* when it ends; USEC_NEVER: not by time */
	int64_t left;     /* refused calls or polls until it ends; -1: not by number */
};

struct ctx {
	struct world *world;
	struct workspace *ws;
	struct arena *arena;
	usec now; /* of the workspace's clock; one instant for the whole request */
	usec upto; /* while what was due is applied: the instant up to which */
	int64_t max_due; /* more than that are not applied at once but refused; 0: no bound */
	const struct caller *caller; /* NULL when no request is being served */
	struct note_sink *notes;     /* may be NULL */
	const struct plan *plan;     /* pacing that a fault rule chose, or NULL */
	bool at_once; /* what is made is ready at once: nobody can look before its operation is done */
	bool held; /* data has to be brought along before its operation can be done */
	uint64_t job; /* of the data plane: the answer waits for it; 0: for nothing */
	const char *operation; /* that the answer shows, once `job` is done; NULL: the answer stands */
	struct known *known;         /* what it has made or looked at so far (resource/draft.c) */
	struct because because;
	bool keep;                   /* commit what was written although the answer is an error */
};

/* The next number of the creation sequence. */
int64_t ctx_seq(struct ctx *c);

/* Identifiers in the live formats, from a reserved band; a function of (seed, workspace, seq). */
const char *ctx_uuid(struct ctx *c, const char *what, int64_t seq);
/* "br-broad-sky-d2k5gewt" */
const char *ctx_slug(struct ctx *c, const char *prefix, int64_t seq);
/* 32 lower-case hex digits, for "[TraceId: ...]"; differs between refusals of one request, too. */
const char *ctx_trace(struct ctx *c);

/* Reports something that the client should know; see struct note_sink. */
void ctx_note(struct ctx *c, const char *kind, const char *where, const char *text);
