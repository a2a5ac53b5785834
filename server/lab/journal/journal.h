/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row per API request of a workspace, in memory, bounded. Rows are numbered from 1 without
 * gaps; when the ring is full the oldest goes and is counted, so a reader always knows.
 */
#pragma once

#include <stdbool.h>

#include "api/route.h"
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
};

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
};

/* What one rule made of a request; kept for rules whose rpc was that of the request. */
struct opinion {
	struct atom *rule;
	enum verdict verdict;
	uint32_t n; /* number of the call or attempt that did not match, skips that were left */
};

struct opinions {
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
};

#define GAP_NONE UINT32_MAX
#define UNTIL_LEFT USEC_NEVER

struct journal {
	struct row **chunks;
	size_t num_chunks, cap;
	uint64_t first, next; /* rows first..next-1 are kept */
	uint64_t dropped;     /* rows lost since the start or the last journal_clear() */
	struct atoms *atoms;  /* borrowed */
};

void journal_init(struct journal *j, size_t cap, struct atoms *atoms);
void journal_done(struct journal *j);

/* Drops all rows; numbers go on, or start again with `renumber`. */
void journal_clear(struct journal *j, bool renumber);

/* The kept row of that number, or NULL. */
struct row *journal_row(const struct journal *j, uint64_t seq);

/* The row that the next journal_add() overwrites, or NULL while there is room. */
const struct row *journal_oldest_to_go(const struct journal *j);

/* An empty row, numbered j->next - 1 from now on. NULL when out of memory: counted as dropped. */
struct row *journal_add(struct journal *j);

/* Number of rows kept. */
static inline uint64_t journal_len(const struct journal *j)
{
	return j->next - j->first;
}
