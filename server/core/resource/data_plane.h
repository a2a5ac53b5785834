/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data plane port: what the control plane asks of the databases behind it. server/postgres/
 * implements it; world.data_plane is NULL when there are none. Every function gets `arg` first and
 * returns at once: what takes time is a job, and requests that need one wait for it.
 */
#pragma once

#include "core/resource/resource.h"

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

	/* In a transaction: when that role of a branch (names in Postgres) is no more, what it owns
	 * goes to `heir`; NULL: to the owner of the database. */
	void (*bequeath)(void *arg, struct workspace *ws, const char *branch, const char *role,
		const char *heir);

	/* ---- data that goes along ---- */

	/* Has a branch or snapshot that is about to be made data to bring along? */
	bool (*copies)(void *arg, struct ctx *c, struct draft *d);
	/* In a transaction, when it has: the copy begins when that is committed, and ends with
	 * operation_release(). Returns its job; 0 with *e. */
	uint64_t (*copy)(void *arg, struct ctx *c, struct draft *d, const char *operation,
		struct err *e);
	/* Is that operation one that a copy is under way for? */
	bool (*copying)(void *arg, struct workspace *ws, const char *operation);

	/* ---- workspaces as a whole ---- */

	/* All that the workspace had is gone, or is another now. */
	void (*dropped)(void *arg, const char *ws);
	/* Copies the data of a workspace, or of a snapshot of it, aside: the job; 0 when there is
	 * none. */
	uint64_t (*carry)(void *arg, const char *ws, const char *snapshot);
	/* Puts what that job has copied where it belongs: the data of `ws`, or of a snapshot of it;
	 * with `ws` NULL it is thrown away. */
	void (*place)(void *arg, uint64_t job, const char *ws, const char *snapshot);
	/* The snapshot is gone. */
	void (*forget)(void *arg, const char *ws, const char *snapshot);

	/* ---- what requests wait for: jobs, 0 when there is nothing to wait for ---- */

	/* What was committed is brought over to the servers that are awake. */
	uint64_t (*settling)(void *arg, struct workspace *ws);
	/* What has to be known before a request of the API is served. `path` begins after the
	 * version: "projects/p/branches/b/roles". */
	uint64_t (*prepare)(void *arg, struct workspace *ws, const char *rpc, const char *path,
		const char *body, size_t body_len);
	/* What goes on is looked at. */
	uint64_t (*look)(void *arg, struct workspace *ws);

	/* ---- what is asked ---- */

	/* The host to tell clients for "<uid>", "<uid>-pooler" or "<uid>-ro"; from now on it answers.
	 * Lives as long as the data plane. NULL: the one in the document. */
	const char *(*host)(void *arg, struct workspace *ws, const char *label);

	/* When something last went on at an endpoint, by the workspace's clock; `now` while something
	 * does, 0 when nobody knows. */
	usec (*last_active)(void *arg, struct workspace *ws, const char *endpoint, usec now);

	/* Refuses settings (texts by name) that a server of that version would not take. */
	int (*check_settings)(void *arg, int major, const json_t *settings, struct err *e);

	/* The names of the tables of a schema, as last seen; none where nobody ever connected. New
	 * reference; NULL: out of memory. */
	json_t *(*tables)(void *arg, struct workspace *ws, const char *branch, const char *database,
		const char *schema);

	/* How a job does. */
	enum job_state (*job)(void *arg, uint64_t job, struct err *e);

	/* Wakes the server of an endpoint, or puts it to sleep: the job; 0 with *e. */
	uint64_t (*wake)(void *arg, struct workspace *ws, const char *endpoint, struct err *e);
	uint64_t (*suspend)(void *arg, struct workspace *ws, const char *endpoint, struct err *e);

	/* Ends the connections to an endpoint, or with NULL all of the workspace: how many. */
	int (*disconnect)(void *arg, struct workspace *ws, const char *endpoint);

	/* The certificate of the authority that clients should trust, as PEM. Borrowed. */
	const char *(*authority)(void *arg);

	/* `/_mock/postgres`: versions and clusters of a workspace. NULL: out of memory. */
	json_t *(*describe)(void *arg, struct workspace *ws);
};

/* Tells the data plane, if there is one, that the resource of that name has changed. */
void data_plane_changed(struct ctx *c, const char *name);

/* The role of that draft is being deleted: what it owns in its databases goes to `heir`, if not
 * NULL. */
void data_plane_bequeath(struct ctx *c, const struct draft *role, const struct draft *heir);

/* Refuses settings that the project's PostgreSQL would not take; anything without a data plane. */
MUST_CHECK int data_plane_check_settings(
	struct ctx *c, int major, const json_t *settings, struct err *e);

/* The workspace has nothing of what it had. */
void data_plane_dropped(const struct world *w, const char *ws);

/* When something last went on at an endpoint; 0 without a data plane. */
usec data_plane_last_active(struct ctx *c, const char *endpoint);
