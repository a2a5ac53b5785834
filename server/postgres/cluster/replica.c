/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hot standbys: of a read-only endpoint, and of a group whose secondaries answer reads. A replica
 * is a copy of its primary in a folder beside it, follows it over the private socket, and runs only
 * while the primary's server does.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "core/resource/resource.h"
#include "postgres/cluster/ask.h"
#include "postgres/cluster/endpoint.h"
#include "postgres/cluster/replica.h"
#include "postgres/cluster/transfer.h"
#include "postgres/inside.h"
#include "postgres/machine/files.h"
#include "postgres/server/settings.h"
#include "postgres/server/template.h"

static void step(struct replica *r);

struct replica *replica_find(struct cluster *c, const char *endpoint, int number)
{
	struct replica *r;

	LIST_FOREACH (r, &c->replicas, link)
		if (r->number == number && streq(r->endpoint, endpoint))
			return r;
	return NULL;
}

int replica_count(const json_t *status)
{
	int computes = (int)doc_int(status, "group.max", 1);

	if (streq(doc_str(status, "endpoint_type"), "ENDPOINT_TYPE_READ_ONLY"))
		return computes;
	return doc_bool(status, "group.enable_readable_secondaries") ? computes - 1 : 0;
}

void replica_free(struct replica *r)
{
	LIST_REMOVE(r, link);
	activity_unwatch(&r->activity);
	if (r->server_ready)
		server_done(&r->server);
	free(r->endpoint);
	free(r);
}

static void fail(struct replica *r, const char *why)
{
	struct pg_wake *w;
	struct err e;

	pg_log("replica %s of workspace %s: %s", r->endpoint, r->cluster->ws, why);
	err_set(&e, ERR_UNAVAILABLE, "%s", why);
	while ((w = LIST_FIRST(&r->wakes)))
		wake_tell(w, 0, &e);
}

static struct replica *make(struct cluster *c, const char *endpoint, int number)
{
	struct replica *r = calloc(1, sizeof *r);

	if (!r || !(r->endpoint = strdup(endpoint))) {
		free(r);
		return NULL;
	}
	r->cluster = c;
	r->number = number;
	snprintf(r->dir, sizeof r->dir, "%.*s/replica-%08x", PATH_MAX - 64, c->dir,
		(unsigned)text_prf((uint64_t)number, endpoint, 0, 0));
	LIST_INSERT_HEAD(&c->replicas, r, link);
	return r;
}

/* ---- its server ---- */

/* These may not be smaller than the primary's: they stay as they are there. */
static const char *const shared[] = {"max_connections ", "max_worker_processes ",
	"max_wal_senders ", "max_prepared_transactions ", "max_locks_per_transaction ", NULL};

static void add_own_lines(struct buf *text, const char *lines)
{
	while (lines && *lines) {
		size_t len = strcspn(lines, "\n");
		bool skip = false;

		for (const char *const *s = shared; *s; s++)
			skip |= text_starts(lines, *s, NULL);
		if (!skip) {
			buf_add(text, lines, len);
			buf_add(text, "\n", 1);
		}
		lines += len + (lines[len] == '\n');
	}
}

/* What the primary has, what its own endpoint has, and how it follows. */
static int add_lines(struct ctx *ctx, void *arg, struct buf *text, struct err *e)
{
	struct replica *r = arg;
	struct cluster *c = r->cluster;
	struct buf own = {0};
	int rc = settings_lines(ctx, r->endpoint, &own, e);

	buf_adds(text, c->lines ? c->lines : "");
	buf_addf(text, "recovery_min_apply_delay = %lld\n",
		(long long)(setting_span(&ctx->world->settings, SETTING_PG_REPLICA_LAG) / 1000));
	add_own_lines(text, own.data);
	buf_addf(text,
		"archive_mode = off\n"
		"hot_standby = on\n"
		"primary_conninfo = 'host=''%s'' port=%d user=" ADMIN_ROLE
		" application_name=lakebase-mock'\n"
		"restore_command = 'cp \"%s/wal/%%f\" \"%%p\"'\n",
		c->pg->run, c->server.port, c->dir);
	if (!rc && own.failed)
		rc = err_oom(e);
	buf_done(&own);
	return rc;
}

void replica_configure(struct replica *r)
{
	struct err e;
	char *lines;

	if (!r->server_ready || r->server.state != SERVER_UP)
		return;
	lines = settings_text(r->cluster->pg, r->cluster->ws, add_lines, r, &e);
	if (lines && !server_configure(&r->server, lines, &e))
		server_reload(&r->server);
	free(lines);
}

static void server_changed(void *arg, const char *why)
{
	struct replica *r = arg;

	if (r->server.state == SERVER_UP) {
		if (activity_watch(&r->activity, r->cluster, r->server.port))
			fail(r, "out of memory");
		step(r);
		return;
	}
	activity_unwatch(&r->activity);
	if (r->gone) {
		files_drop(r->cluster->pg, r->dir);
		replica_free(r);
		return;
	}
	if (why)
		fail(r, why);
	waiters_check(r->cluster->pg);
	if (!LIST_EMPTY(&r->wakes))
		step(r);
}

static int start(struct replica *r, struct err *e)
{
	char data[PATH_MAX], signal_file[PATH_MAX + 32], *lines;
	int rc;

	snprintf(data, sizeof data, "%.*s/data", PATH_MAX - 8, r->dir);
	snprintf(signal_file, sizeof signal_file, "%s/standby.signal", data);
	if (!r->server_ready && server_init(&r->server, r->cluster->pg, r->cluster->version, data,
					server_changed, r, e))
		return -1;
	r->server_ready = true;
	lines = settings_text(r->cluster->pg, r->cluster->ws, add_lines, r, e);
	rc = !lines || files_write(signal_file, "", e) || server_start(&r->server, lines, e);
	free(lines);
	return rc ? -1 : 0;
}

/* ---- its folder ---- */

static void copied(void *arg, const char *why)
{
	struct replica *r = arg;

	r->making = false;
	if (r->gone) {
		files_drop(r->cluster->pg, r->dir);
		replica_free(r);
	} else if (why) {
		fail(r, why);
	} else {
		step(r);
	}
}

static int fetch(struct replica *r, struct err *e)
{
	const struct transfer_options o = {.ws = r->cluster->ws,
		.source = r->cluster,
		.from = r->cluster->dir,
		.to = r->dir,
		.done = copied,
		.arg = r};

	r->making = true;
	if (!transfer_start(r->cluster->pg, &o, e))
		return 0;
	r->making = false;
	return -1;
}

/* ---- what is next ---- */

static void tell_all(struct replica *r)
{
	struct pg_wake *w;

	while (r->server.state == SERVER_UP && (w = LIST_FIRST(&r->wakes))) {
		endpoint_woken(r->cluster, r->endpoint);
		wake_tell(w, r->server.port, NULL);
	}
}

static void step(struct replica *r)
{
	struct err e;

	if (r->making || r->gone)
		return;
	switch (r->server.state) {
	case SERVER_UP:
		tell_all(r);
		break;
	case SERVER_DOWN:
		if (!LIST_EMPTY(&r->wakes) &&
			(files_exist(r->dir) ? start(r, &e) : fetch(r, &e)))
			fail(r, e.message);
		break;
	case SERVER_STARTING:
	case SERVER_STOPPING:
		break;
	}
}

/* Connections take turns. */
static int whose_turn(struct cluster *c, const char *endpoint)
{
	struct err ignored;
	struct workspace *ws = app_workspace(c->pg->app, c->ws, false, &ignored);
	struct arena arena = {0};
	struct ctx ctx;
	struct draft d;
	int count = 1;

	if (!ws)
		return 0;
	ctx = app_ctx(c->pg->app, ws, &arena);
	if (draft_load(&ctx, resource_by_kind(ctx.world, "endpoint"), endpoint, &d, &ignored) == 1)
		count = replica_count(d.status);
	arena_done(&arena);
	return count > 1 ? (int)(c->turn++ % (unsigned)count) : 0;
}

void replica_wake(struct cluster *c, struct pg_wake *w)
{
	int number = whose_turn(c, w->endpoint);
	struct replica *r = replica_find(c, w->endpoint, number);
	struct err e;

	if (!r)
		r = make(c, w->endpoint, number);
	if (!r) {
		w->cluster = NULL;
		err_oom(&e);
		wake_tell(w, 0, &e);
		return;
	}
	LIST_INSERT_HEAD(&r->wakes, w, link);
	step(r);
}

void replica_sleep(struct replica *r)
{
	if (LIST_EMPTY(&r->wakes) && r->server_ready)
		server_stop(&r->server, false);
}

void replica_end(struct replica *r)
{
	r->gone = true;
	fail(r, "the endpoint is gone");
	if (r->making)
		return; /* copied() ends it */
	if (r->server.state != SERVER_DOWN) {
		server_stop(&r->server, false);
		return;
	}
	files_drop(r->cluster->pg, r->dir);
	replica_free(r);
}

void replicas_down(struct cluster *c)
{
	struct replica *r;

	LIST_FOREACH (r, &c->replicas, link)
		if (r->server_ready)
			server_stop(&r->server, false);
}

bool replicas_stopping(const struct cluster *c)
{
	const struct replica *r;

	LIST_FOREACH (r, &c->replicas, link)
		if (r->server_ready && r->server.state == SERVER_STOPPING)
			return true;
	return false;
}
