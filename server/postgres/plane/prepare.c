/* SPDX-License-Identifier: Apache-2.0 */
/* What a request needs to know of the databases is asked before it is served. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/resource/resource.h"
#include "postgres/cluster/cluster.h"
#include "postgres/cluster/endpoint.h"
#include "postgres/inside.h"
#include "postgres/plane/plane.h"

/* Roles and databases of a branch are those of SQL, too. */
static void refresh(struct pg *pg, struct workspace *ws, const char *path)
{
	char *branch = endpoint_branch(path);
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
			job = trial_start(pg, major_of(pg, ws, path, doc), settings);
	}
	return job;
}

uint64_t prepare_request(void *arg, struct workspace *ws, const char *rpc, const char *path,
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
