/* SPDX-License-Identifier: Apache-2.0 */
/* Data that comes to a cluster from elsewhere: to a new one, or in the place of what it has. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/cluster/ask.h"
#include "postgres/cluster/cluster.h"
#include "postgres/cluster/transfer.h"
#include "postgres/inside.h"
#include "postgres/machine/files.h"
#include "postgres/roles/roles.h"

/* Whose past it is, had those roles and databases then: SQL is right. */
static void follow_sql(struct cluster *c)
{
	struct err e;
	struct workspace *ws = app_workspace(c->pg->app, c->ws, false, &e);
	json_auto_t *old = c->roles.known;

	(void)old;
	c->roles.known = ws ? roles_of_api(c->pg, ws, c->branch, &e) : NULL;
}

bool cluster_arrived(struct cluster *c, const char *why)
{
	if (c->gone) {
		files_drop(c->pg, c->dir);
		cluster_free(c);
		return false;
	}
	c->state = why ? CLUSTER_ABSENT : CLUSTER_ASLEEP;
	if (why)
		wakes_fail(c, why);
	return !why;
}

void cluster_filled(struct cluster *c, const char *why, bool past)
{
	if (!cluster_arrived(c, why))
		return;
	cluster_load(c);
	c->roles.synced = 0;
	if (past)
		follow_sql(c);
	cluster_save(c);
	cluster_measure(c);
	cluster_step(c);
}

/* ---- in the place of what it has ---- */

struct fill {
	char from[PATH_MAX]; /* the folder that it becomes; "": it has none, as a new one */
	bool past;
	void (*done)(void *arg, const char *why);
	void *arg;
};

void cluster_replace(struct cluster *c, const char *from, bool past,
	void (*done)(void *arg, const char *why), void *arg)
{
	struct fill *f = calloc(1, sizeof *f);

	if (!f || c->fill) {
		done(arg, f ? "another copy is on its way" : "out of memory");
		free(f);
		return;
	}
	snprintf(f->from, sizeof f->from, "%s", from);
	f->past = past;
	f->done = done;
	f->arg = arg;
	c->fill = f;
	cluster_step(c);
}

static int put(struct cluster *c, const char *from, struct err *e)
{
	char parent[PATH_MAX];

	snprintf(parent, sizeof parent, "%s", c->dir);
	*strrchr(parent, '/') = '\0';
	files_drop(c->pg, c->dir);
	if (!*from)
		return 0;
	if (files_make(c->pg, parent, e))
		return -1;
	return rename(from, c->dir)
		       ? err_set(e, ERR_INTERNAL, "cannot keep %s: %s", c->dir, strerror(errno))
		       : 0;
}

static void exchange(struct cluster *c)
{
	struct fill *f = STEAL(c->fill);
	json_auto_t *old = STEAL(c->roles.known), *tables = STEAL(c->tables);
	struct err e;
	int rc = put(c, f->from, &e);

	(void)old, (void)tables;
	c->state = CLUSTER_ABSENT;
	c->noted[0] = '\0';
	c->roles.synced = 0;
	c->resetting = f->past ? RESET_TO_PAST : RESET;
	if (!rc && f->from[0])
		cluster_filled(c, NULL, false);
	f->done(f->arg, rc ? e.message : NULL);
	free(f);
	cluster_step(c);
}

bool fill_step(struct cluster *c)
{
	switch (c->state) {
	case CLUSTER_ABSENT:
	case CLUSTER_ASLEEP:
		if (!c->readers)
			exchange(c);
		return true;
	case CLUSTER_AWAKE:
		if (transfer_reads(c))
			return false; /* comes back here */
		c->state = CLUSTER_STOPPING;
		server_stop(&c->server, false);
		return true;
	case CLUSTER_MAKING:
	case CLUSTER_STARTING:
	case CLUSTER_SYNCING:
	case CLUSTER_STOPPING:
		break;
	}
	return false;
}

void fill_lost(struct cluster *c)
{
	struct fill *f = STEAL(c->fill);

	if (!f)
		return;
	files_drop(c->pg, f->from);
	f->done(f->arg, "the branch is gone");
	free(f);
}

void fill_forget(struct cluster *c)
{
	free(STEAL(c->fill));
}

void fill_agreed(struct cluster *c)
{
	if (c->resetting == RESET_TO_PAST)
		follow_sql(c);
	c->resetting = RESET_NONE;
	cluster_save(c);
}
