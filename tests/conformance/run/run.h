/* SPDX-License-Identifier: Apache-2.0 */
/* Plays the selected cases, several at a time. */
#pragma once

#include "conformance/case/case.h"
#include "conformance/report.h"
#include "conformance/run/server.h"
#include "conformance/target/created.h"

/* On a target where creating is dear, one project serves all cases of a worker that can share. */
#define SHARED_SETUP "project"

struct run {
	const struct options *options;
	struct plan_cases *plan;
	struct shared shared;
	int wake_end; /* what is written there arrives at shared.wake */
	struct journal journal;
	struct server *servers;
	bool own;  /* the mock is ours: it ends with the run */
	bool mock; /* the target is a mock, and may be used as one */
	unsigned long seed;
	char prefix[32], admin[256], url[512];
	struct arena arena;
	struct pair has[MAX_WORDS + 8]; /* what cases cannot make */
	size_t num_has;
	size_t *order; /* indices of the plan's cases as they are played */
	atomic_size_t next;
	FILE *progress;	      /* where cases are told as they end; may be NULL */
	pthread_mutex_t lock; /* of progress and left */
	struct created left;  /* made, and not removed */
	bool unproven;	      /* nobody could tell what is left */
};

/* Removes what a case has made with the token that it used, and notes what stays in `left`; false: some
 * does. */
bool run_remove(struct run *r, struct created *made, const char *token);

/* After the last case: tries again what is left, and looks for what carries the run's name. */
void run_prove(struct run *r);

/* Finds or starts the target; *exit_code says why when that failed. */
MUST_CHECK int run_open(struct run *r, const struct options *o, struct plan_cases *plan,
	int *exit_code, struct err *e);

/* What it will cost; on stderr when the target is not a mock, or asked for. */
void run_plan(const struct run *r, FILE *f);

/* Plays them. Results are in the plan afterwards, also after run_stop(). */
void run_cases(struct run *r);

/* From a signal handler: no new request but those that clean up, and waits end. */
void run_stop(struct run *r);

void run_close(struct run *r);
