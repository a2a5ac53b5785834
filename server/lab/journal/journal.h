/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row per API request of a workspace, in memory, bounded in number and in bytes. Rows are
 * numbered from 1 without gaps; when there is no room the oldest goes and is counted, so a reader
 * always knows.
 */
#pragma once

#include <stdbool.h>

#include "api/route/route.h"
#include "lab/journal/atom.h"
#include "lab/lab.h"

enum row_flag {
	ROW_APPLIED = 1 << 0,	/* the handler committed a change */
	ROW_AMBIGUOUS = 1 << 1, /* whether it continues its call is a guess */
	ROW_GARBLED = 1 << 2,	/* a fault made the body unreadable */
	ROW_RETRYABLE = 1 << 3, /* ended in a way that a client may try again */
	ROW_NAMED = 1 << 4,	/* its call was named by the client */
	ROW_HELD = 1 << 5,	/* a fault makes the answer late */
	ROW_HANDLED = 1 << 6,	/* the handler has run */
	ROW_CUT = 1 << 7,	/* a fault keeps the answer from arriving whole */
	ROW_FOLLOWED = 1 << 8,	/* its call has a later attempt */
	ROW_SHORTENED = 1 << 9, /* a text was longer than a row keeps */
};

/* When a fault rule acts. */
#define PHASE_TABLE(X)                                                                             \
	X(BEFORE, "before")                                                                        \
	X(AFTER_COMMIT, "after_commit")                                                            \
	X(MID_BODY, "mid_body")

#define X(id, name) PHASE_##id,
enum phase { PHASE_TABLE(X) PHASE__N };
#undef X

extern const char *const phase_names[]; /* "after_commit"; ends with NULL */

/* Why a fault rule did or did not act on a request. */
enum verdict {
	VERDICT_FIRED,
	VERDICT_SHADOWED, /* an earlier rule acted */
	VERDICT_PATH,	  /* ... and the rest: what did not match */
	VERDICT_USER_AGENT,
	VERDICT_CALLER,
	VERDICT_CALL,
	VERDICT_ATTEMPT,
	VERDICT_SKIP, /* matched and passed over: */
	VERDICT_TIMES,
	VERDICT_PROBABILITY,
	VERDICT_NOTHING_KEPT, /* stale, and nothing was written since the rule is there */
};

/* What one rule made of a request; kept for rules whose rpc was that of the request. */
struct opinion {
	struct atom *rule;
	enum verdict verdict;
	/* number of the call or attempt that did not match, skips that were left, what the dice showed
	 * in millionths */
	uint32_t n;
};

/* Why a request was answered as it was: kept for those that a rule, an operation or maintenance had
 * to do with. */
struct opinions {
	struct atom *action;	    /* of the rule that acted, as it was written: JSON; NULL: none */
	usec delay;		    /* that was drawn for it */
	struct atom *kind, *name, *plan; /* struct because; kind NULL: none */
	usec due;
	int64_t left;
	uint32_t num;
	struct opinion o[];
};

struct row {
	usec time, wall, at;	   /* of the workspace's clock; real; monotonic since the start */
	uint64_t key;		   /* what makes attempts of one call alike */
	const struct route *route; /* NULL: none */
	struct atom *method, *path, *query, *caller, *agent, *error, *fault, *retry_after;
	struct opinions *opinions; /* NULL: none */
	unsigned char sha[32];	   /* of the body */
	usec took;     /* until the last byte of the answer; 0 while pending */
	usec injected; /* the part of it that a fault asked for; UNTIL_LEFT while that is open */
	uint64_t connection;
	uint32_t ordinal, request_bytes, response_bytes;
	uint32_t call, gap_ms; /* since the attempt before, GAP_NONE for a first one */
	uint16_t attempt;
	uint16_t status; /* what the handler said, or a fault in its place; 0: nothing */
	uint16_t sent;	 /* what the wire carried; 0: nothing */
	uint16_t flags; /* enum row_flag */
	uint8_t delivered, phase;
	uint32_t held; /* bytes that journal_weigh() has counted */
};

#define GAP_NONE UINT32_MAX
#define UNTIL_LEFT USEC_NEVER

struct journal {
	struct row **chunks;
	size_t num_chunks, chunks_cap, cap;
	uint64_t first, next; /* rows first..next-1 are kept */
	uint64_t dropped;     /* rows lost since the start or the last journal_clear() */
	size_t bytes;	      /* of the rows, without their texts */
	struct atoms atoms;   /* their texts */
};

/* Most that the journal of one workspace holds, and the journals of all together. */
enum { JOURNAL_BYTES = 48 << 20, JOURNALS_BYTES = 256 << 20, ROW_TEXT_MAX = 4096 };

void journal_init(struct journal *j, size_t cap, uint64_t salt);
void journal_done(struct journal *j);

/* Drops all rows; numbers go on, or start again with `renumber`. */
void journal_clear(struct journal *j, bool renumber);

/* The kept row of that number, or NULL. */
struct row *journal_row(const struct journal *j, uint64_t seq);

/* Memory that it holds. */
static inline size_t journal_bytes(const struct journal *j)
{
	return j->bytes + j->atoms.bytes;
}

/* The oldest row when there is no room for another one, or NULL. */
const struct row *journal_oldest_to_go(const struct journal *j);

/* Drops the oldest row; it counts as lost. */
void journal_drop_oldest(struct journal *j);

/* A text for a row; one that is too long is cut, and the row says so. */
struct atom *journal_text(struct journal *j, struct row *r, const char *s);

/* An empty row, numbered j->next - 1 from now on. NULL when out of memory: counted as dropped. */
struct row *journal_add(struct journal *j);

/* Counts what the row has been given besides texts. */
void journal_weigh(struct journal *j, struct row *r);

/* Number of rows kept. */
static inline uint64_t journal_len(const struct journal *j)
{
	return j->next - j->first;
}
