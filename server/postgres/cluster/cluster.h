/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cluster of a branch: its folder in the data folder, and the server on it, which runs only while
 * an endpoint of the branch is awake.
 *
 *   cluster.c    finding one, and the next step of each
 *   endpoint.c   what the API has of its endpoints
 *   wake.c       who waits for its server
 *   ask.c        what the front asks about roles
 *   activity.c   what goes on there
 *   replica.c    hot standbys
 *   transfer.c   copies of it, as it is
 *   instant.c    and as it was
 *   fill.c       data that comes to it
 *   waiter.c     requests that wait until all is settled
 *
 * A cluster is borrowed from the list of its `struct pg`. It may end whenever the loop runs, and when
 * it takes a step: who calls a function here that says so looks for it again.
 */
#pragma once

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "core/context/ctx.h"
#include "postgres/machine/discover.h"
#include "postgres/roles/roles.h"
#include "postgres/server/server.h"

struct event;
struct fill;
struct pg;
struct sql;

enum cluster_state {
	CLUSTER_ABSENT, /* it has no folder */
	CLUSTER_MAKING, /* its folder is being made or copied */
	CLUSTER_ASLEEP,
	CLUSTER_STARTING,
	CLUSTER_SYNCING, /* roles and databases are brought over */
	CLUSTER_AWAKE,
	CLUSTER_STOPPING,
};

/* A server that is awake, as our own session on it sees it. */
struct activity {
	struct cluster *cluster;
	struct sql *admin; /* NULL: it is not awake */
	bool looking, busy;
	usec last_active; /* of the workspace's clock */
	char seen[256];
};

/* It has the data of another source; its branch in the API does not know yet. */
enum resetting { RESET_NONE, RESET, RESET_TO_PAST };

LIST_HEAD(replicas, replica);
LIST_HEAD(wakes, pg_wake);
LIST_HEAD(asks, pg_ask);

struct cluster {
	LIST_ENTRY(cluster) link;
	struct pg *pg;
	char ws[WORKSPACE_NAME_MAX + 1];
	char *branch; /* its name */
	char uid[64];
	char dir[PATH_MAX];
	struct version *version;
	char template[128]; /* that it started as */
	char noted[32];	    /* the position that was written down last (instant.c) */
	enum cluster_state state;
	struct server server;
	bool server_ready; /* `server` is initialised */
	struct template_wait need;
	struct wakes wakes;
	struct asks asks;	  /* that `admin` answers */
	struct activity activity; /* while awake */
	struct replicas replicas;
	unsigned turn; /* of the replicas of a group */
	int64_t bytes; /* of its folder, as last measured */
	json_t *tables;	     /* {database: {schema: [table]}}, as last seen */
	struct roles roles;
	char trouble[512];   /* why the last attempt failed; "" */
	int sessions;
	int readers;	     /* copies of it, asleep, are under way: it may not start */
	bool want_restart;   /* with other settings */
	char *lines;	     /* of settings that the server runs with */
	bool want_sync;	     /* roles and databases are to be looked at */
	bool want_down;	     /* it shall sleep */
	bool gone;	     /* its branch is: it shall go, with its data */
	bool hidden;	     /* its branch is deleted, and may come back */
	struct fill *fill;   /* the data that shall take the place of what it has */
	enum resetting resetting;
};

/* ---- finding ---- */

/* The cluster of a branch by its uid, or NULL: it has none. */
struct cluster *cluster_find(struct pg *pg, const char *ws, const char *uid);

/* The cluster of a live branch; made (absent) when there is none. NULL with *e: ERR_NOT_FOUND for a
 * branch that is none. */
struct cluster *cluster_of(struct pg *pg, struct workspace *ws, const char *branch, struct err *e);

/* A word for people: "awake". */
const char *cluster_state_name(const struct cluster *c);

/* ---- what becomes of it ---- */

/* Whatever there is to do next for it; it may end. */
void cluster_step(struct cluster *c);

/* The settings of its endpoint have changed, perhaps: its server gets them, if it is awake. */
void cluster_configure(struct cluster *c);

/* Stops its server, softly: what SQL has changed is remembered before. It may end. */
void cluster_sleep(struct cluster *c);

/* Its branch is gone: its server ends, its folder goes, and it is freed when that is done, perhaps
 * before this returns. */
void cluster_end(struct cluster *c);

/* Forgets it at once, its server and all who wait; its folder stays. When all ends. */
void cluster_free(struct cluster *c);

/* Puts what it remembers beside its data. A failure is logged only. */
void cluster_save(struct cluster *c);

/* That folder takes the place of its own, as soon as its server is down; "": it has none, as a new
 * one. `past`: roles are those that SQL had then. done(arg, NULL), or with the reason, is called once,
 * perhaps before this returns. */
void cluster_replace(struct cluster *c, const char *from, bool past,
	void (*done)(void *arg, const char *why), void *arg);

/* The branch in the API is what that data is, again. */
void fill_agreed(struct cluster *c);

/* ---- what goes on there ---- */

/* -1 when out of memory. */
MUST_CHECK int activity_open(struct pg *pg, struct err *e);
void activity_close(struct pg *pg);

/* Asks what goes on now at a server and its replicas, if they are awake; `patient`: what ends just
 * now counts, too. */
void activity_look(struct cluster *c, bool patient);

/* struct data_plane's `last_active`. */
usec activity_last(void *pg, struct workspace *ws, const char *endpoint, usec now);

/* struct data_plane's `settling` and `look`: the job that ends when no cluster of the workspace is on
 * its way, or when all that are awake were looked at; 0: there is nothing to wait for, or no memory to
 * do it with. */
uint64_t waiter_settling(void *pg, struct workspace *ws);
uint64_t waiter_look(void *pg, struct workspace *ws);

/* Something has settled: ends the jobs for which it was the last. */
void waiters_check(struct pg *pg);
void waiters_free(struct pg *pg);

/* ---- for the files of this room ---- */

/* A server of the cluster has come up on that port: opens a session, looks at it every half
 * second. -1 when out of memory. */
MUST_CHECK int activity_watch(struct activity *a, struct cluster *c, int port);
void activity_unwatch(struct activity *a);

/* Measures its folder, by and by. */
void cluster_measure(struct cluster *c);

/* Reads what it remembers. */
void cluster_load(struct cluster *c);

/* Its data is there, and it is asleep; or `why` not, and who waits for it is told. False when there is
 * no more to do: `c` may be gone then. */
bool cluster_arrived(struct cluster *c, const char *why);

/* Its folder was brought along, as of now or of the past: it is asleep. Or it was not. It may end. */
void cluster_filled(struct cluster *c, const char *why, bool past);

/* What is next for c->fill; true: nothing else is. */
bool fill_step(struct cluster *c);

/* The branch is gone: who brings data is told. Or the cluster is: nobody is. */
void fill_lost(struct cluster *c);
void fill_forget(struct cluster *c);
