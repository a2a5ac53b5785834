/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs: what a request that was answered with "wait" asks for again by its number. */
#include <stdio.h>
#include <stdlib.h>

#include "postgres/inside.h"
#include "postgres/machine/jobs.h"

/* Nobody may have waited for it to the end. */
enum { KEPT_S = 120 };

struct job {
	LIST_ENTRY(job) link;
	struct pg *pg;
	uint64_t id;
	enum job_state state;
	usec ended;
	char why[512];
};

static void forget_old(struct pg *pg)
{
	struct job *j, *next;

	for (j = LIST_FIRST(&pg->jobs); j; j = next) {
		next = LIST_NEXT(j, link);
		if (j->state == JOB_RUNNING || monotonic_now() - j->ended < KEPT_S * USEC_SECOND)
			continue;
		LIST_REMOVE(j, link);
		free(j);
	}
}

struct job *job_new(struct pg *pg)
{
	struct job *j = calloc(1, sizeof *j);

	forget_old(pg);
	if (!j)
		return NULL;
	j->pg = pg;
	j->id = ++pg->last_job;
	LIST_INSERT_HEAD(&pg->jobs, j, link);
	return j;
}

uint64_t job_id(const struct job *j)
{
	return j->id;
}

void job_end(struct job *j, const char *why)
{
	j->state = why ? JOB_FAILED : JOB_DONE;
	j->ended = monotonic_now();
	snprintf(j->why, sizeof j->why, "%s", why ? why : "");
	j->pg->o.poke(j->pg->o.poke_arg);
}

enum job_state job_look(void *arg, uint64_t id, struct err *e)
{
	struct pg *pg = arg;
	struct job *j;

	LIST_FOREACH (j, &pg->jobs, link) {
		if (j->id != id)
			continue;
		if (j->state == JOB_FAILED)
			err_set(e, ERR_UNAVAILABLE, "%s", j->why);
		return j->state;
	}
	err_set(e, ERR_UNAVAILABLE, "what this request waited for was forgotten");
	return JOB_FAILED;
}

void jobs_free(struct pg *pg)
{
	struct job *j;

	while ((j = LIST_FIRST(&pg->jobs))) {
		LIST_REMOVE(j, link);
		free(j);
	}
}
