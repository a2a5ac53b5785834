/* SPDX-License-Identifier: Apache-2.0 */
/* What requests wait for: that the servers of a workspace have what the API has, and the reverse. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "core/resource/draft.h"
#include "postgres/cluster/replica.h"

enum waits_for { FOR_SETTLED, FOR_LOOKED };

struct waiter {
	LIST_ENTRY(waiter) link;
	enum waits_for what;
	char ws[WORKSPACE_NAME_MAX + 1];
	struct job *job;
};

static bool unsettled(const struct pg *pg, const char *ws)
{
	const struct cluster *c;

	if (json_object_get(pg->dirty, ws))
		return true;
	LIST_FOREACH (c, &pg->clusters, link)
		if (streq(c->ws, ws) &&
			(c->state == CLUSTER_SYNCING || c->state == CLUSTER_STOPPING ||
				replicas_stopping(c)))
			return true;
	return false;
}

static bool looking(const struct pg *pg, const char *ws)
{
	const struct cluster *c;

	LIST_FOREACH (c, &pg->clusters, link) {
		const struct replica *r;
		bool is = c->activity.looking;

		LIST_FOREACH (r, &c->replicas, link)
			is |= r->activity.looking;
		if (is && streq(c->ws, ws))
			return true;
	}
	return false;
}

void waiters_check(struct pg *pg)
{
	struct waiter *w, *next;

	for (w = LIST_FIRST(&pg->waiters); w; w = next) {
		next = LIST_NEXT(w, link);
		if (w->what == FOR_SETTLED ? unsettled(pg, w->ws) : looking(pg, w->ws))
			continue;
		LIST_REMOVE(w, link);
		job_end(w->job, NULL);
		free(w);
	}
}

void waiters_free(struct pg *pg)
{
	struct waiter *w;

	while ((w = LIST_FIRST(&pg->waiters))) {
		LIST_REMOVE(w, link);
		free(w);
	}
}

static uint64_t wait_for(struct pg *pg, const char *ws, enum waits_for what)
{
	struct waiter *w = calloc(1, sizeof *w);

	if (w)
		w->job = job_new(pg);
	if (!w || !w->job) {
		free(w);
		return 0;
	}
	w->what = what;
	snprintf(w->ws, sizeof w->ws, "%s", ws);
	LIST_INSERT_HEAD(&pg->waiters, w, link);
	return job_id(w->job);
}

uint64_t waiter_settling(void *arg, struct workspace *ws)
{
	struct pg *pg = arg;

	return unsettled(pg, ws->name) ? wait_for(pg, ws->name, FOR_SETTLED) : 0;
}

uint64_t waiter_look(void *arg, struct workspace *ws)
{
	struct pg *pg = arg;
	struct cluster *c;

	LIST_FOREACH (c, &pg->clusters, link)
		if (streq(c->ws, ws->name))
			sleep_look(c, true);
	return looking(pg, ws->name) ? wait_for(pg, ws->name, FOR_LOOKED) : 0;
}

/* Roles and databases of a branch are those of SQL, too. */
static void refresh(struct pg *pg, struct workspace *ws, const char *path)
{
	char *branch = plane_branch_of(path);
	size_t len = branch ? strlen(branch) : 0;
	struct cluster *c, *next;

	if (branch && (text_starts(path + len, "/roles", NULL) ||
			      text_starts(path + len, "/databases", NULL)))
		for (c = LIST_FIRST(&pg->clusters); c; c = next) {
			next = LIST_NEXT(c, link);
			if (!streq(c->branch, branch) || !streq(c->ws, ws->name) || c->gone ||
				c->state != CLUSTER_AWAKE)
				continue;
			c->want_sync = true;
			cluster_step(c);
		}
	free(branch);
}

static int major_of(struct pg *pg, struct workspace *ws, const char *path, const json_t *doc)
{
	const char *id = path + strcspn(path, "/");
	size_t len = *id ? 1 + strcspn(id + 1, "/") : 0;
	int major = (int)doc_int(doc, "spec.pg_version", 17);
	struct arena arena = {0};
	struct ctx c = app_ctx(pg->app, ws, &arena);
	const char *project = arena_strndup(&arena, path, (size_t)(id - path) + len);
	struct draft d;
	struct err e;

	if (project && draft_load(&c, resource_by_kind(c.world, "project"), project, &d, &e) == 1)
		major = (int)doc_int(d.status, "pg_version", 17);
	arena_done(&arena);
	return major;
}

/* A body that sets some: PostgreSQL is asked about them. */
static uint64_t try_settings(struct pg *pg, struct workspace *ws, const char *rpc, const char *path,
	const char *body, size_t body_len)
{
	static const char *const places[] = {
		"spec.settings.pg_settings", "spec.default_endpoint_settings.pg_settings"};
	json_auto_t *doc = NULL;
	uint64_t job = 0;
	struct err ignored;

	if (!text_glob("*Endpoint", rpc) && !text_glob("*Project", rpc))
		return 0;
	if (!body_len || !memmem(body, body_len, "pg_settings", 11) ||
		doc_parse(&doc, body, body_len, &ignored))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(places) && !job; i++) {
		const json_t *settings = doc_at(doc, places[i]);

		if (json_is_object(settings))
			job = settings_try(pg, major_of(pg, ws, path, doc), settings);
	}
	return job;
}

uint64_t waiter_prepare(void *arg, struct workspace *ws, const char *rpc, const char *path,
	const char *body, size_t body_len)
{
	struct pg *pg = arg;

	uint64_t job = try_settings(pg, ws, rpc, path, body, body_len);

	if (job)
		return job;
	if (LIST_EMPTY(&pg->clusters))
		return 0;
	if (text_glob("*CdfStatus*", rpc) && (job = tables_look(pg, ws, path)))
		return job;
	refresh(pg, ws, path);
	return waiter_settling(pg, ws);
}
