/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of a branch's folder on its way: as it is now (transfer.c), as it was (instant.c). */
#pragma once

#include "postgres/inside.h"

enum phase {
	PHASE_WAITING, /* for its source to come to rest */
	PHASE_COLD,
	PHASE_ONLINE,
	PHASE_LOG, /* the source is not needed any more, but for its files */
	PHASE_REPLAY,
};

struct transfer {
	LIST_ENTRY(transfer) link;
	struct pg *pg;
	enum phase phase;
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
