/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/pg.h"

#include <event2/event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/inside.h"

enum { END_MS = 3000 };

void pg_log(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	fprintf(stderr, "lakebase-mock: postgres: %s\n", text);
}

int pg_open(struct pg **ret, const struct pg_options *o, struct err *e)
{
	struct pg *pg = calloc(1, sizeof *pg);

	if (!pg)
		return err_oom(e);
	pg->o = *o;
	pg->app = o->app;
	pg->base = o->base;
	pg->lock = -1;
	LIST_INIT(&pg->children);
	LIST_INIT(&pg->clusters);
	if (discover(pg, e) || child_watch(pg, e) || sleep_open(pg, e) || files_open(pg, e) ||
		plane_restart(pg, e)) {
		pg_close(pg);
		return -1;
	}
	plane_open(pg);
	*ret = pg;
	return 0;
}

void pg_close(struct pg *pg)
{
	if (!pg)
		return;
	pg->app->world.data_plane = NULL;
	while (!LIST_EMPTY(&pg->clusters))
		cluster_free(LIST_FIRST(&pg->clusters));
	child_end_all(pg, END_MS);
	waiters_free(pg);
	jobs_free(pg);
	sleep_close(pg);
	files_close(pg);
	if (pg->sigchld)
		event_free(pg->sigchld);
	free(pg);
}

json_t *pg_versions(const struct pg *pg)
{
	json_auto_t *list = json_array();

	for (size_t i = 0; i < pg->num_versions; i++)
		if (json_array_append_new(list, json_string(pg->versions[i].text)))
			return NULL;
	return STEAL(list);
}

json_t *pg_ready(const struct pg *pg)
{
	return json_pack("{s:o}", "versions", pg_versions(pg));
}

const char *pg_data(const struct pg *pg)
{
	return pg->dir;
}

struct data_plane *pg_plane(struct pg *pg)
{
	return &pg->plane;
}
