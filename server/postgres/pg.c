/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/pg.h"

#include <errno.h>
#include <event2/event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "postgres/cluster/cluster.h"
#include "postgres/front/front.h"
#include "postgres/inside.h"
#include "postgres/machine/child.h"
#include "postgres/machine/files.h"
#include "postgres/machine/jobs.h"
#include "postgres/plane/plane.h"
#include "postgres/server/template.h"

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

/* ---- the front ---- */

static int read_hosts(const struct pg_options *o, const char **name, struct err *e)
{
	*name = NULL;
	if (streq(o->hosts, "address") || (text_starts(o->hosts, "name:", name) && **name))
		return 0;
	return err_set(
		e, ERR_INVALID, "--postgres-hosts is address or name:NAME, not '%s'", o->hosts);
}

/* The key lies inside of the data folder, the certificate where everybody can read it. */
static int open_front(struct pg *pg, struct err *e)
{
	const struct pg_options *o = &pg->o;
	char file[PATH_MAX + 16], pem_dir[PATH_MAX + 16];
	struct front_options fo = {.base = pg->base,
		.priority = o->priority,
		.app = pg->app,
		.lab = o->lab,
		.pg = pg,
		.listen = o->listen,
		.file = file,
		.pem_dir = o->tls_ca ? o->tls_ca : pem_dir,
		.key_dir = o->tls_ca ? o->tls_ca : pg->dir,
		.poke = o->poke,
		.poke_arg = o->poke_arg};
	int64_t port;

	if (read_hosts(o, &fo.name, e))
		return -1;
	if (!text_int(o->port, 0, 65535, &port))
		return err_set(e, ERR_INVALID, "--postgres-port is a port, got '%s'", o->port);
	fo.port = (int)port;
	snprintf(file, sizeof file, "%s/hosts", pg->dir);
	snprintf(pem_dir, sizeof pem_dir, "%s.ca", pg->dir);
	if (!o->tls_ca && mkdir(pem_dir, 0755) && errno != EEXIST)
		return err_set(e, ERR_INVALID, "cannot make the folder %s: %s", pem_dir,
			strerror(errno));
	return front_open(&pg->front, &fo, e);
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
	if (discover(pg, e) || child_watch(pg, e) || activity_open(pg, e) || changes_open(pg, e) ||
		files_open(pg, e) || open_front(pg, e) || plane_restart(pg, e)) {
		pg_close(pg);
		return -1;
	}
	if (template_prepare(pg)) {
		pg_close(pg);
		return err_oom(e);
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
	/* what ends lets the loop run on: for its processes, and after it for answers */
	if (pg->prepare)
		event_free(pg->prepare);
	front_close(pg->front);
	while (!LIST_EMPTY(&pg->clusters))
		cluster_free(LIST_FIRST(&pg->clusters));
	child_end_all(pg, END_MS);
	waiters_free(pg);
	trials_free(pg);
	jobs_free(pg);
	activity_close(pg);
	changes_close(pg);
	files_close(pg);
	if (pg->sigchld)
		event_free(pg->sigchld);
	free(pg);
}

json_t *pg_ready(const struct pg *pg)
{
	return json_pack("{s:o,s:i,s:s}", "versions", versions_json(pg), "port",
		front_port(pg->front), "ca", front_ca_path(pg->front));
}

const char *pg_data(const struct pg *pg)
{
	return pg->dir;
}

struct data_plane *pg_plane(struct pg *pg)
{
	return &pg->plane;
}
