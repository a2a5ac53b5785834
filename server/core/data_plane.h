/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data plane port: what the control plane asks of the databases behind it. server/postgres/
 * implements it; world.data_plane is NULL when there are none. Every function gets `arg` first and
 * returns at once: what takes time is a job, and requests that need one wait for it.
 */
#pragma once

#include "core/resource.h"

enum job_state {
	JOB_RUNNING,
	JOB_DONE,
	JOB_FAILED, /* *e says why */
};

struct data_plane {
	void *arg;

	/* ---- what is told ---- */

	/* In a transaction: the resource of that name is written or removed. */
	void (*changed)(void *arg, struct workspace *ws, const char *name);
	/* The transaction is over. */
	void (*ended)(void *arg, struct workspace *ws, bool committed);

	/* ---- what is asked ---- */

	/* When something last went on at an endpoint, by the workspace's clock; `now` while something
	 * does, 0 when nobody knows. */
	usec (*last_active)(void *arg, struct workspace *ws, const char *endpoint, usec now);

	/* How a job does. */
	enum job_state (*job)(void *arg, uint64_t job, struct err *e);

	/* Wakes the server of an endpoint, or puts it to sleep: the job; 0 with *e. */
	uint64_t (*wake)(void *arg, struct workspace *ws, const char *endpoint, struct err *e);
	uint64_t (*suspend)(void *arg, struct workspace *ws, const char *endpoint, struct err *e);

	/* `/_mock/postgres`: versions and clusters of a workspace. NULL: out of memory. */
	json_t *(*describe)(void *arg, struct workspace *ws);
};

/* Tells the data plane, if there is one, that the resource of that name has changed. */
void data_plane_changed(struct ctx *c, const char *name);

/* When something last went on at an endpoint; 0 without a data plane. */
usec data_plane_last_active(struct ctx *c, const char *endpoint);
