/* SPDX-License-Identifier: Apache-2.0 */
/* Hot standbys. */
#pragma once

#include "postgres/cluster/cluster.h"

struct replica {
	LIST_ENTRY(replica) link;
	struct cluster *cluster;
	char *endpoint; /* read-only, or the read-write one of a group whose secondaries answer */
	int number;	/* a group may have several: from 0 on */
	char dir[PATH_MAX];
	struct server server;
	bool server_ready, making, gone;
	struct wakes wakes;
	struct activity activity;
};

/* The cluster is awake: its replica for that endpoint shall be, too, for `w`, which it owns from now
 * on. */
void replica_wake(struct cluster *c, struct pg_wake *w);

/* Its endpoint shall sleep, unless somebody waits for it; or is no more: who waits is told, its folder
 * goes, and it is freed when that is done. */
void replica_sleep(struct replica *r);
void replica_end(struct replica *r);

/* NULL: the endpoint has none of that number yet. */
struct replica *replica_find(struct cluster *c, const char *endpoint, int number);

/* How many an endpoint has, by its status: all of a read-only one, all but the primary of a group
 * whose secondaries may be read. */
int replica_count(const json_t *status);

/* Forgets it and its server at once. */
void replica_free(struct replica *r);

/* Its server reads its settings again. */
void replica_configure(struct replica *r);

/* The primary's server has gone down: so do they. Or one of them is on its way down. */
void replicas_down(struct cluster *c);
bool replicas_stopping(const struct cluster *c);
