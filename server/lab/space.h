/* SPDX-License-Identifier: Apache-2.0 */
/* What the lab itself knows, and what it keeps of each workspace beside its state in the store. */
#pragma once

#include "api/app.h"
#include "lab/fault/faults.h"
#include "lab/journal/calls.h"
#include "lab/journal/marks.h"
#include "lab/log/transcript.h"
#include "lab/log/warnings.h"
#include "lab/watch.h"

/* How far a long poll has counted: it is asked again after every request. */
struct wait_count {
	uint64_t connection, ordinal; /* of the poll; 0, 0: unused */
	uint64_t upto;		      /* rows before this one are counted */
	uint64_t matched;
};

enum { WAIT_COUNTS = 8 };

struct space {
	struct space *next; /* of the same hash */
	char name[WORKSPACE_NAME_MAX + 1];
	uint32_t id; /* changes when rows of the journal are renumbered */
	struct journal journal;
	struct calls calls;
	struct faults faults;
	struct warnings warnings;
	struct wait_count waits[WAIT_COUNTS];
	unsigned next_wait; /* the one to reuse */
	struct watch *watch; /* NULL: nobody watches */
	struct marks marks;  /* where in the journal snapshots were taken */
};

enum { SPACE_SLOTS = 1024, ANSWER_CLASSES = 6 };

struct slot {
	struct space *space;
	uint32_t generation;
};

struct lab {
	struct app *app;
	struct lab_options o;
	char *admin_token, *version;
	bool ready;
	usec started; /* monotonic */
	uint32_t dropped;     /* workspaces, since memory was last given back */
	uint64_t salt;	      /* of the journals' tables */
	size_t journal_bytes; /* of all workspaces, estimated */
	struct space *spaces[SPACE_SLOTS];
	struct space *latest; /* most requests ask for the same one as the request before */
	struct slot *slots;   /* by the low bits of space->id */
	uint32_t num_slots, num_spaces;
	usec waiting_until;	    /* the last deadline of a long poll, monotonic */
	usec next_expiry;	    /* wall time at which some workspace is to be dropped */
	uint64_t requests, faulted; /* since the start, for the metrics */
	struct watch *watches[MAX_WATCHES];
	size_t num_watches;
	struct rules_watch rules_watch;
	uint64_t watch_id; /* of the latest one */
	struct transcript *transcripts;
	uint64_t next_transcript;
	struct workspace nobody; /* stands in for a workspace that is asked for and not there */
	struct space nowhere;	 /* what the lab knows of it: nothing */
	uint64_t *answered;	    /* ANSWER_CLASSES per route: none, 1xx ... 5xx */
};

/* Of the workspace with that name; made on first use. NULL when out of memory. */
struct space *space_of(struct lab *lab, const char *name);

/* The one that exists, or NULL. */
struct space *space_find(struct lab *lab, const char *name);

void space_drop(struct lab *lab, const char *name);

/* Forgets requests and calls, so that the journal is as new. */
void space_renumber(struct lab *lab, struct space *s);

/* Numbers of answers as the transport sees them: which space, which row. */
uint64_t space_ticket(const struct space *s, uint64_t seq);
/* NULL when that space or journal is gone; *row may be NULL, too. */
struct space *space_of_ticket(const struct lab *lab, uint64_t ticket, uint64_t *seq);
