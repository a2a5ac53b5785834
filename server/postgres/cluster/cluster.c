/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cluster of a branch. cluster_step() looks at how it is and at who waits, and does the one
 * thing that is next; whatever ends calls it again.
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "core/resource/resource.h"
#include "postgres/cluster/ask.h"
#include "postgres/cluster/replica.h"
#include "postgres/cluster/transfer.h"
#include "postgres/inside.h"
#include "postgres/machine/copy.h"
#include "postgres/machine/files.h"
#include "postgres/roles/roles.h"
#include "postgres/server/settings.h"
#include "postgres/server/sql.h"
#include "postgres/server/template.h"

const char *cluster_state_name(const struct cluster *c)
{
	static const char *const names[] = {"absent", "starting", "asleep", "starting", "starting",
		"awake", "stopping"};

	return c->want_down && c->state == CLUSTER_SYNCING ? "stopping" : names[c->state];
}

/* ---- what is remembered beside the data ---- */

void cluster_save(struct cluster *c)
{
	json_auto_t *about = json_pack("{s:s,s:s,s:s,s:i,s:s,s:I,s:O?,s:O?}", "template", c->template,
		"branch", c->branch, "uid",
		c->uid, "major", c->version->major, "version", c->version->text, "synced",
		(json_int_t)c->roles.synced, "known", c->roles.known, "tables", c->tables);
	char path[PATH_MAX + 16];
	struct buf text = {0};
	struct err e;

	snprintf(path, sizeof path, "%s/about.json", c->dir);
	if (about)
		doc_dump(about, &text);
	if (!about || text.failed || files_write(path, text.data, &e))
		pg_log("cannot remember %s", c->branch);
	buf_done(&text);
}

void cluster_load(struct cluster *c)
{
	char path[PATH_MAX + 16];
	json_auto_t *about = NULL, *old = c->roles.known, *tables = c->tables;

	(void)old, (void)tables;
	snprintf(path, sizeof path, "%s/about.json", c->dir);
	about = json_load_file(path, 0, NULL);
	c->roles.known = json_incref(json_object_get(about, "known"));
	c->tables = json_incref(json_object_get(about, "tables"));
	c->roles.synced = (uint64_t)doc_int(about, "synced", 0);
	snprintf(c->template, sizeof c->template, "%s",
		doc_str(about, "template") ? doc_str(about, "template") : "");
	if (about)
		c->version = version_for(c->pg, (int)doc_int(about, "major", c->version->major));
}

/* ---- finding ---- */

struct cluster *cluster_find(struct pg *pg, const char *ws, const char *uid)
{
	struct cluster *c;

	LIST_FOREACH (c, &pg->clusters, link)
		if (streq(c->uid, uid) && streq(c->ws, ws) && !c->gone)
			return c;
	return NULL;
}

static int major_of(struct ctx *c, const char *branch)
{
	struct draft d;
	struct err e;

	if (draft_load(c, resource_by_kind(c->world, "project"), name_project(c, branch), &d, &e) != 1)
		return 17;
	return (int)doc_int(d.status, "pg_version", 17);
}

static void need_done(void *arg, const char *why);

static struct cluster *make(struct pg *pg, struct ctx *ctx, const char *branch, const char *uid,
	struct err *e)
{
	struct cluster *c = calloc(1, sizeof *c);
	char data[PATH_MAX + 8];

	if (!c || !(c->branch = strdup(branch))) {
		free(c);
		err_oom(e);
		return NULL;
	}
	c->pg = pg;
	c->need.done = need_done;
	c->need.arg = c;
	snprintf(c->ws, sizeof c->ws, "%s", ctx->ws->name);
	snprintf(c->uid, sizeof c->uid, "%s", uid);
	c->roles = (struct roles){.pg = pg, .ws = c->ws, .branch = c->branch};
	snprintf(c->dir, sizeof c->dir, "%.*s/ws/%s/%s", PATH_MAX / 2, pg->dir, c->ws, c->uid);
	c->version = version_for(pg, major_of(ctx, branch));
	snprintf(data, sizeof data, "%s/data", c->dir);
	if (files_exist(data)) {
		c->state = CLUSTER_ASLEEP;
		cluster_load(c);
	}
	LIST_INSERT_HEAD(&pg->clusters, c, link);
	return c;
}

struct cluster *cluster_of(struct pg *pg, struct workspace *ws, const char *branch, struct err *e)
{
	struct cluster *c = NULL;
	struct arena arena = {0};
	struct ctx ctx = app_ctx(pg->app, ws, &arena);
	const char *uid = NULL;
	struct draft d;
	int found = draft_load(&ctx, resource_by_kind(ctx.world, "branch"), branch, &d, e);

	if (found == 1)
		uid = doc_str(d.doc, "uid");
	else if (found == 0)
		err_set(e, ERR_NOT_FOUND, "there is no branch %s", branch);
	if (uid)
		c = cluster_find(pg, ws->name, uid);
	if (!c && uid)
		c = make(pg, &ctx, branch, uid, e);
	arena_done(&arena);
	return c;
}

void cluster_free(struct cluster *c)
{
	json_auto_t *known = c->roles.known, *tables = c->tables;

	(void)known, (void)tables;
	LIST_REMOVE(c, link);
	template_forget(c->version, &c->need);
	asks_end(c);
	roles_forget(&c->roles);
	fill_forget(c);
	activity_unwatch(&c->activity);
	while (!LIST_EMPTY(&c->replicas))
		replica_free(LIST_FIRST(&c->replicas));
	if (c->server_ready)
		server_done(&c->server);
	free(c->lines);
	free(c->branch);
	free(c);
}

/* ---- the steps ---- */

static void copied(void *arg, const char *why)
{
	struct cluster *c = arg;

	if (why && !c->gone)
		files_drop(c->pg, c->dir);
	if (!cluster_arrived(c, why))
		return;
	cluster_save(c);
	cluster_measure(c);
	cluster_step(c);
}

static void need_done(void *arg, const char *why)
{
	struct cluster *c = arg;
	char data[PATH_MAX + 8];
	struct err e;

	snprintf(data, sizeof data, "%s/data", c->dir);
	if (why) {
		c->state = files_exist(data) ? CLUSTER_ASLEEP : CLUSTER_ABSENT;
		wakes_fail(c, why);
	} else if (files_exist(data)) {
		c->state = CLUSTER_ASLEEP;
		cluster_step(c);
	} else {
		template_name(c->version, c->template);
		if (!files_make(c->pg, c->dir, &e) &&
			!copy_start(c->pg, c->version->template, data, copied, c, &e))
			return;
		c->state = CLUSTER_ABSENT;
		wakes_fail(c, e.message);
	}
}

/* ---- going down ---- */

void cluster_sleep(struct cluster *c)
{
	c->want_down = true;
	cluster_step(c);
}

/* There is no further step of it, after which whoever waits is looked at. */
static void vanish(struct cluster *c)
{
	struct pg *pg = c->pg;

	files_drop(pg, c->dir);
	cluster_free(c);
	waiters_check(pg);
}

void cluster_end(struct cluster *c)
{
	c->gone = true;
	fill_lost(c);
	switch (c->state) {
	case CLUSTER_MAKING:
		wakes_fail(c, "the branch is gone");
		if (c->need.queued)
			vanish(c);
		/* else the copy comes back */
		break;
	case CLUSTER_ABSENT:
	case CLUSTER_ASLEEP:
		wakes_fail(c, "the branch is gone");
		transfer_lost(c);
		vanish(c);
		break;
	case CLUSTER_STARTING:
	case CLUSTER_SYNCING:
	case CLUSTER_AWAKE:
	case CLUSTER_STOPPING:
		/* its place is free for another at once */
		c->state = CLUSTER_STOPPING;
		files_move_away(c->pg, c->dir);
		server_stop(&c->server, false);
	}
}

static void start_or_fail(struct cluster *c);

static void down(struct cluster *c, const char *why)
{
	bool early = c->state == CLUSTER_STARTING || c->state == CLUSTER_SYNCING;

	asks_end(c);
	roles_forget(&c->roles);
	activity_unwatch(&c->activity);
	replicas_down(c);
	c->want_down = false;
	c->state = CLUSTER_ASLEEP;
	transfer_lost(c);
	if (c->gone) {
		cluster_end(c);
		return;
	}
	if (!files_exist(c->server.data))
		c->state = CLUSTER_ABSENT;
	if (c->want_restart && !c->hidden && !c->fill) {
		c->want_restart = false;
		start_or_fail(c);
		return;
	}
	cluster_measure(c);
	if (why && early)
		wakes_fail(c, why);
	else if (why)
		pg_log("branch %s of workspace %s: %s", c->branch, c->ws, why);
	cluster_step(c);
}

static void synced(void *arg, const char *why)
{
	struct cluster *c = arg;

	if (why)
		text_append(c->trouble, sizeof c->trouble, 0, why, strlen(why));
	if (c->state != CLUSTER_SYNCING)
		return;
	c->state = CLUSTER_AWAKE;
	cluster_save(c);
	if (!c->want_down) {
		cluster_step(c);
		return;
	}
	c->state = CLUSTER_STOPPING;
	server_stop(&c->server, false);
}

static void server_changed(void *arg, const char *why)
{
	struct cluster *c = arg;

	if (c->server.state != SERVER_UP) {
		down(c, why);
		return;
	}
	c->state = CLUSTER_AWAKE;
	if (!activity_watch(&c->activity, c, c->server.port))
		cluster_step(c);
	else
		server_stop(&c->server, false);
}

/* ---- settings ---- */

struct search {
	const char *found;
};

static int find_primary(struct ctx *ctx, struct draft *d, void *arg, struct err *e)
{
	struct search *s = arg;

	(void)ctx, (void)e;
	if (streq(doc_str(d->status, "endpoint_type"), "ENDPOINT_TYPE_READ_WRITE"))
		s->found = d->name;
	return 0;
}

/* What its server shall run with. Its past is kept under a second name of each finished segment:
 * that costs nothing. */
static int add_lines(struct ctx *ctx, void *arg, struct buf *text, struct err *e)
{
	struct cluster *c = arg;
	struct search primary = {NULL};

	if (resource_each_child(ctx, resource_by_kind(ctx->world, "endpoint"), c->branch,
		    find_primary, &primary, e) ||
		settings_lines(ctx, primary.found ? primary.found : "", text, e))
		return -1;
	buf_addf(text,
		"archive_mode = on\n"
		"archive_command = 'test -e \"%s/wal/%%f\" || ln \"%%p\" \"%s/wal/%%f\"'\n",
		c->dir, c->dir);
	return 0;
}

static void restart(struct cluster *c)
{
	c->want_restart = true;
	c->state = CLUSTER_STOPPING;
	server_stop(&c->server, false);
}

/* The server has read its settings again: those that need a start of it wait for one. */
static void reloaded(void *arg, const struct sql_rows *rows, const char *why)
{
	struct cluster *c = arg;

	if (c->state != CLUSTER_SYNCING)
		return;
	c->state = CLUSTER_AWAKE;
	if (!why && !streq(sql_text(rows, 0, 0), "0"))
		restart(c);
	else
		cluster_step(c);
}

void cluster_configure(struct cluster *c)
{
	struct err e;
	char *lines;

	if (c->state != CLUSTER_AWAKE)
		return;
	lines = settings_text(c->pg, c->ws, add_lines, c, &e);
	if (!lines || streq(lines, c->lines) || server_configure(&c->server, lines, &e)) {
		free(lines);
		return;
	}
	free(c->lines);
	c->lines = lines;
	c->state = CLUSTER_SYNCING;
	/* from SQL, so that what is asked next sees it done */
	sql_run(c->activity.admin, "SELECT pg_reload_conf()", NULL, NULL);
	sql_run(c->activity.admin, "SELECT pg_sleep(0.05)", NULL, NULL);
	sql_run(c->activity.admin, "SELECT count(*) FROM pg_settings WHERE pending_restart", reloaded, c);
}

static int start(struct cluster *c, struct err *e)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%.*s/data", PATH_MAX - 8, c->dir);
	if (!c->server_ready &&
		server_init(&c->server, c->pg, c->version, path, server_changed, c, e))
		return -1;
	c->server_ready = true;
	snprintf(path, sizeof path, "%.*s/wal", PATH_MAX - 8, c->dir);
	if (files_make(c->pg, path, e))
		return -1;
	free(c->lines);
	c->lines = settings_text(c->pg, c->ws, add_lines, c, e);
	return c->lines ? server_start(&c->server, c->lines, e) : -1;
}

static void start_or_fail(struct cluster *c)
{
	struct err e;

	c->trouble[0] = '\0';
	c->state = CLUSTER_STARTING;
	if (!start(c, &e))
		return;
	c->state = CLUSTER_ASLEEP;
	wakes_fail(c, e.message);
}

static void next_thing(struct cluster *c);

void cluster_step(struct cluster *c)
{
	struct pg *pg = c->pg;

	next_thing(c);
	waiters_check(pg);
}

static void bring_over(struct cluster *c)
{
	struct err e;
	struct workspace *ws = app_workspace(c->pg->app, c->ws, false, &e);

	c->state = CLUSTER_SYNCING;
	if (ws && cluster_of(c->pg, ws, c->branch, &e) != c) { /* a branch that is gone has no roles */
		err_set(&e, ERR_NOT_FOUND, "the branch %s is gone", c->branch);
		synced(c, e.message);
		return;
	}
	roles_sync(&c->roles, &c->server, c->activity.admin, synced, c);
}

static void next_thing(struct cluster *c)
{
	if (c->fill && fill_step(c))
		return;
	switch (c->state) {
	case CLUSTER_ABSENT:
		c->want_down = false;
		if (LIST_EMPTY(&c->wakes))
			break;
		c->state = CLUSTER_MAKING;
		template_need(c->pg, c->version, &c->need);
		break;
	case CLUSTER_ASLEEP:
		c->want_down = false;
		transfer_go(c);
		if (LIST_EMPTY(&c->wakes) || c->readers)
			break;
		/* the program may be newer than the cluster's folder: the template brings it */
		if (c->version->state != TEMPLATE_READY) {
			c->state = CLUSTER_MAKING;
			template_need(c->pg, c->version, &c->need);
			break;
		}
		start_or_fail(c);
		break;
	case CLUSTER_AWAKE:
		/* the API has nothing to compare with, or not yet */
		if (c->hidden || (c->resetting && c->want_down)) {
			c->state = CLUSTER_STOPPING;
			server_stop(&c->server, false);
		} else if (!c->resetting && (c->want_down || c->want_sync || roles_stale(&c->roles))) {
			c->want_sync = false;
			bring_over(c);
		} else {
			wakes_tell(c);
			transfer_go(c);
		}
		break;
	case CLUSTER_MAKING:
	case CLUSTER_STARTING:
	case CLUSTER_SYNCING:
	case CLUSTER_STOPPING:
		break; /* what is under way comes back here */
	}
}
