/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a branch's folder: as it is now (transfer.c), as it was (instant.c). */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/queue.h>

#include "base/err.h"
#include "base/when.h"
#include "postgres/server/server.h"

struct cluster;
struct pg;
struct sql;

struct transfer_options {
	const char *ws;
	struct cluster *source; /* NULL: a folder at rest */
	const char *from;	/* the folder of the branch; of `source`, if there is one */
	const char *to;		/* what it becomes; not there */
	const char *lsn;	/* as it was at that position of its log; NULL: as it is */
	struct cluster *target; /* that it is the folder of, or NULL */
	/* Called once, when 0 was returned, perhaps before that; `why` NULL: the folder is there. */
	void (*done)(void *arg, const char *why);
	void *arg;
};

/* Copies it as it is now, or as soon as its server has come up or gone down. Texts are copied. */
MUST_CHECK int transfer_start(struct pg *pg, const struct transfer_options *o, struct err *e);

/* The position of the log of a branch's folder at an instant; false before its first. */
bool instant_find(const char *folder, usec at, char lsn[static 32]);

/* ---- for the files of this room ---- */

/* The cluster has come to rest, or is up: copies that wait for that begin. */
void transfer_go(struct cluster *c);

/* It is gone, or its server is: copies of it while it was awake have failed. */
void transfer_lost(struct cluster *c);

/* Is a copy of it, awake, under way? */
bool transfer_reads(const struct cluster *c);

/* At `now` of the workspace's clock, its log was there. A failure is logged only. */
void instant_note(struct cluster *c, usec now, const char *lsn);

enum transfer_phase {
	TRANSFER_WAITING, /* for its source to come to rest */
	TRANSFER_COLD,
	TRANSFER_ONLINE,
	TRANSFER_LOG, /* the source is not needed any more, but for its files */
	TRANSFER_REPLAY,
};

struct transfer {
	LIST_ENTRY(transfer) link;
	struct pg *pg;
	enum transfer_phase phase;
	struct cluster *source, *target;
	char from[PATH_MAX - 64], to[PATH_MAX], tmp[PATH_MAX - 64];
	struct sql *session; /* that holds the backup */
	bool copying;	     /* a process is at work */
	bool reading;	     /* it is among the readers of its source */
	char lsn[32];	     /* of the instant that is wanted; "": now */
	const struct version *version;
	struct server server; /* that replays the log up to there */
	char why[512];	     /* it has failed, and ends with that process */
	void (*done)(void *arg, const char *why);
	void *arg;
};

/* It is over, or has failed: `why`. The latter waits for the process that is at work. */
void transfer_finish(struct transfer *t, const char *why);
void transfer_fail(struct transfer *t, const char *why);

/* Its source may not start while it is read. */
void transfer_read(struct transfer *t);

/* Begins a copy as of t->lsn, if the source is at rest or awake. */
void instant_go(struct transfer *t);
