/* SPDX-License-Identifier: Apache-2.0 */
/* Which tables there are: asked while a server is awake, remembered while it sleeps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/resource/resource.h"
#include "postgres/cluster/cluster.h"
#include "postgres/cluster/endpoint.h"
#include "postgres/inside.h"
#include "postgres/machine/jobs.h"
#include "postgres/plane/plane.h"
#include "postgres/server/sql.h"

/* A look into a database. */
struct glance {
	struct pg *pg;
	struct job *job;
	struct sql *session;
	char ws[WORKSPACE_NAME_MAX + 1], uid[64];
	char database[256];
};

static const char query[] = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^pg_'"
			    " AND schemaname <> 'information_schema' ORDER BY 1, 2";

/* {schema: [table]} */
static json_t *read_rows(const struct sql_rows *rows)
{
	json_auto_t *schemas = json_object();
	json_t *list;

	for (int i = 0; i < sql_num(rows); i++) {
		const char *schema = sql_text(rows, i, 0);

		list = json_object_get(schemas, schema);
		if (!list && json_object_set_new(schemas, schema, list = json_array()))
			return NULL;
		if (json_array_append_new(list, json_string(sql_text(rows, i, 1))))
			return NULL;
	}
	return STEAL(schemas);
}

static void looked(void *arg, const struct sql_rows *rows, const char *why)
{
	struct glance *g = arg;
	struct cluster *c = cluster_find(g->pg, g->ws, g->uid);

	if (!why && c) {
		if (!c->tables)
			c->tables = json_object();
		if (json_object_set_new(c->tables, g->database, read_rows(rows)))
			pg_log("out of memory");
		cluster_save(c);
	}
	sql_close(g->session);
	job_end(g->job, NULL); /* what is remembered has to do */
	free(g);
}

static bool find_database(struct pg *pg, struct workspace *ws, const char *name, char out[static 256])
{
	struct arena arena = {0};
	struct ctx c = app_ctx(pg->app, ws, &arena);
	struct draft d;
	struct err e;
	bool found = name && draft_load(&c, resource_by_kind(c.world, "database"), name, &d, &e) == 1;

	if (found)
		snprintf(out, 256, "%s", doc_str(d.status, "postgres_database"));
	arena_done(&arena);
	return found;
}

static uint64_t look(struct cluster *c, const char *database)
{
	struct glance *g = calloc(1, sizeof *g);

	if (!g)
		return 0;
	g->pg = c->pg;
	snprintf(g->ws, sizeof g->ws, "%s", c->ws);
	snprintf(g->uid, sizeof g->uid, "%s", c->uid);
	snprintf(g->database, sizeof g->database, "%s", database);
	g->session = sql_open(c->pg, c->server.port, database);
	g->job = g->session ? job_new(c->pg) : NULL;
	if (!g->job) {
		sql_close(g->session);
		free(g);
		return 0;
	}
	sql_run(g->session, query, looked, g);
	return job_id(g->job);
}

uint64_t tables_look(struct pg *pg, struct workspace *ws, const char *path)
{
	const char *end = strstr(path, "/cdf-configs/");
	char *name = end ? strndup(path, (size_t)(end - path)) : NULL;
	char *branch = name ? endpoint_branch(name) : NULL;
	char database[256];
	struct cluster *c;
	uint64_t job = 0;

	LIST_FOREACH (c, &pg->clusters, link)
		if (branch && c->state == CLUSTER_AWAKE && !c->gone && streq(c->branch, branch) &&
			streq(c->ws, ws->name))
			break;
	if (c && find_database(pg, ws, name, database))
		job = look(c, database);
	free(branch);
	free(name);
	return job;
}

json_t *tables_list(void *arg, struct workspace *ws, const char *branch, const char *database,
	const char *schema)
{
	struct err ignored;
	const struct cluster *c = cluster_of(arg, ws, branch, &ignored);
	json_t *list = c ? json_object_get(json_object_get(c->tables, database), schema) : NULL;

	return list ? json_incref(list) : json_array();
}
