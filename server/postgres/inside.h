/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data plane as a whole, which every function of its rooms is handed. What a room offers is in
 * headers of its own.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "api/app.h"
#include "core/resource/data_plane.h"
#include "postgres/machine/discover.h"
#include "postgres/pg.h"

struct event;
struct event_base;
struct front;

struct pg {
	struct pg_options o;
	struct app *app;
	struct event_base *base;
	struct data_plane plane;
	struct front *front;
	char dir[PATH_MAX]; /* the data folder */
	char run[PATH_MAX]; /* folder of the sockets */
	bool temporary, run_apart;
	int lock;
	bool other_user; /* the servers run as `user` */
	char user[64];
	uid_t uid;
	gid_t gid;
	struct version versions[MAX_VERSIONS];
	size_t num_versions;
	LIST_HEAD(, child) children;
	LIST_HEAD(, cluster) clusters;
	struct event *sigchld, *tick, *reconcile;
	LIST_HEAD(, transfer) transfers;
	LIST_HEAD(, carry) carries;
	LIST_HEAD(, luggage) luggage;
	LIST_HEAD(, waiter) waiters;
	LIST_HEAD(, trial) trials;
	json_t *told, *dirty; /* {workspace: {name: true}} of this transaction, of those before */
	LIST_HEAD(, job) jobs;
	uint64_t last_job;
	int last_port;
	struct template_wait prepared; /* nobody's */
	struct event *prepare;	       /* once, soon after the start */
	int64_t last_folder; /* of numbered folders */
};

/* One line on stderr. */
PRINTF(1, 2) void pg_log(const char *fmt, ...);
