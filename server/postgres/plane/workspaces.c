/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of whole workspaces: what a snapshot, a fork or a restore takes along is copied aside
 * first, one branch after the other, and put into its place when the rest has happened.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "postgres/cluster/cluster.h"
#include "postgres/cluster/transfer.h"
#include "postgres/inside.h"
#include "postgres/machine/files.h"
#include "postgres/machine/jobs.h"
#include "postgres/plane/plane.h"

enum { KEPT_S = 60 };

struct luggage {
	LIST_ENTRY(luggage) link;
	struct pg *pg;
	struct job *job;
	uint64_t id; /* of it */
	usec ended;
	char ws[WORKSPACE_NAME_MAX + 1];
	bool saved;	    /* it comes from a snapshot */
	char from[PATH_MAX - 80], to[PATH_MAX - 80];
	json_t *left; /* folders that are still to be copied */
	size_t next;
	bool over;
};

static void workspace_folder(const struct pg *pg, const char *ws, const char *snapshot,
	char out[static PATH_MAX])
{
	if (snapshot)
		snprintf(out, PATH_MAX, "%.*s/saved/%s/%s", PATH_MAX - 400, pg->dir, ws, snapshot);
	else
		snprintf(out, PATH_MAX, "%.*s/ws/%s", PATH_MAX - 400, pg->dir, ws);
}

static void luggage_free(struct luggage *g)
{
	json_auto_t *left = g->left;

	(void)left;
	LIST_REMOVE(g, link);
	free(g);
}

/* ---- copying ---- */

static void next_folder(struct luggage *g);

static void folder_copied(void *arg, const char *why)
{
	struct luggage *g = arg;

	if (!why) {
		next_folder(g);
		return;
	}
	files_drop(g->pg, g->to);
	job_end(g->job, why);
	luggage_free(g);
}

static void next_folder(struct luggage *g)
{
	const char *name = json_string_value(json_array_get(g->left, g->next++));
	char from[PATH_MAX], to[PATH_MAX];
	struct transfer_options o = {
		.ws = g->ws, .from = from, .to = to, .done = folder_copied, .arg = g};
	struct err e;

	if (!name) {
		g->over = true;
		g->ended = monotonic_now();
		job_end(g->job, NULL);
		return;
	}
	snprintf(from, sizeof from, "%s/%.72s", g->from, name);
	snprintf(to, sizeof to, "%s/%.72s", g->to, name);
	if (!g->saved)
		o.source = cluster_find(g->pg, g->ws, name);
	if (o.source && o.source->state == CLUSTER_ABSENT)
		next_folder(g);
	else if (transfer_start(g->pg, &o, &e))
		folder_copied(g, e.message);
}

static json_t *folders_in(const char *path)
{
	json_auto_t *names = json_array();
	const struct dirent *entry;
	DIR *d = opendir(path);
	bool bad = !names;

	while (d && !bad && (entry = readdir(d)))
		if (entry->d_name[0] != '.')
			bad = json_array_append_new(names, json_string(entry->d_name)) != 0;
	if (d)
		closedir(d);
	return bad ? NULL : STEAL(names);
}

/* Whoever asked for it may have gone. */
static void forget_old(struct pg *pg)
{
	struct luggage *g, *next;

	for (g = LIST_FIRST(&pg->luggage); g; g = next) {
		next = LIST_NEXT(g, link);
		if (!g->over || monotonic_now() - g->ended < KEPT_S * USEC_SECOND)
			continue;
		files_drop(pg, g->to);
		luggage_free(g);
	}
}

uint64_t workspaces_carry(void *arg, const char *ws, const char *snapshot)
{
	struct pg *pg = arg;
	struct luggage *g = calloc(1, sizeof *g);
	char path[PATH_MAX];
	uint64_t id;

	forget_old(pg);
	if (!g)
		return 0;
	g->pg = pg;
	g->saved = snapshot != NULL;
	LIST_INSERT_HEAD(&pg->luggage, g, link);
	snprintf(g->ws, sizeof g->ws, "%s", ws);
	workspace_folder(pg, ws, snapshot, path);
	snprintf(g->from, sizeof g->from, "%.*s", (int)sizeof g->from - 1, path);
	files_fresh(pg, path);
	snprintf(g->to, sizeof g->to, "%.*s", (int)sizeof g->to - 1, path);
	g->left = folders_in(g->from);
	g->job = json_array_size(g->left) ? job_new(pg) : NULL;
	if (!g->job) {
		luggage_free(g);
		return 0;
	}
	id = g->id = job_id(g->job);
	next_folder(g);
	return id;
}

/* ---- putting ---- */

void workspaces_place(void *arg, uint64_t job, const char *ws, const char *snapshot)
{
	struct pg *pg = arg;
	struct luggage *g;
	char to[PATH_MAX], parent[PATH_MAX];
	struct err e;

	LIST_FOREACH (g, &pg->luggage, link)
		if (g->over && g->id == job)
			break;
	if (!g)
		return;
	if (!ws) {
		files_drop(pg, g->to);
		luggage_free(g);
		return;
	}
	workspace_folder(pg, ws, snapshot, to);
	snprintf(parent, sizeof parent, "%s", to);
	*strrchr(parent, '/') = '\0';
	files_drop(pg, to);
	if (files_make(pg, parent, &e) || rename(g->to, to))
		pg_log("cannot put the data of workspace %s into its place: %s", ws, strerror(errno));
	luggage_free(g);
}

void workspaces_forget(void *arg, const char *ws, const char *snapshot)
{
	struct pg *pg = arg;
	char path[PATH_MAX];

	workspace_folder(pg, ws, snapshot, path);
	files_drop(pg, path);
}

void workspaces_dropped(void *arg, const char *ws)
{
	struct pg *pg = arg;
	struct cluster *c, *next;
	char path[PATH_MAX];
	struct err ignored;

	for (c = LIST_FIRST(&pg->clusters); c; c = next) {
		next = LIST_NEXT(c, link);
		if (streq(c->ws, ws) && !c->gone)
			cluster_end(c);
	}
	workspace_folder(pg, ws, NULL, path);
	files_drop(pg, path);
	if (app_workspace(pg->app, ws, false, &ignored))
		return;
	snprintf(path, sizeof path, "%.*s/saved/%s", PATH_MAX - 400, pg->dir, ws);
	files_drop(pg, path);
}
