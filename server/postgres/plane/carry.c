/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of the control plane's own copies: a branch starts with its source's, a snapshot keeps
 * its branch's. What has never been woken has none: its copy is as new, too, and costs nothing.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/operation/operation.h"
#include "core/resource/resource.h"
#include "postgres/cluster/cluster.h"
#include "postgres/cluster/transfer.h"
#include "postgres/inside.h"
#include "postgres/machine/files.h"
#include "postgres/machine/jobs.h"
#include "postgres/plane/plane.h"

/* A copy that an operation waits for. */
struct carry {
	LIST_ENTRY(carry) link;
	struct pg *pg;
	struct job *job;
	bool staged; /* its transaction is not over */
	bool snapshot;
	bool replaces; /* the data of a branch that has some */
	char ws[WORKSPACE_NAME_MAX + 1];
	char *operation, *name; /* of the branch or snapshot that is made */
	char to[PATH_MAX];
	char source_uid[64]; /* of a branch; "" */
	char from[PATH_MAX];	/* "": there is nothing, as in a new one */
	char lsn[32]; /* "": as it is */
	char noted[32]; /* where the log of its source was last seen */
};

static void carry_free(struct carry *k)
{
	LIST_REMOVE(k, link);
	free(k->operation);
	free(k->name);
	free(k);
}

/* ---- where data comes from ---- */

static bool uid_of(struct ctx *c, const char *kind, const char *name, char out[static 64])
{
	struct draft d;
	struct err e;

	if (!name || draft_load(c, resource_by_kind(c->world, kind), name, &d, &e) != 1)
		return false;
	snprintf(out, 64, "%s", doc_str(d.doc, "uid"));
	return true;
}

static void folder_of(const struct pg *pg, const char *ws, const char *prefix, const char *uid,
	char out[static PATH_MAX])
{
	snprintf(out, PATH_MAX, "%.*s/ws/%s/%s%s", PATH_MAX - 256, pg->dir, ws, prefix, uid);
}

/* Fills k->lsn where the past is asked for; false when there was nothing then. */
static bool find_instant(const struct ctx *c, const struct draft *d, struct carry *k)
{
	const char *lsn = doc_str(d->body, "spec.source_branch_lsn");
	usec at;

	k->lsn[0] = '\0';
	if (lsn) { /* what is none fails with PostgreSQL's words */
		snprintf(k->lsn, sizeof k->lsn, "%s",
			lsn[strspn(lsn, "0123456789abcdefABCDEF/")] ? "invalid" : lsn);
		return true;
	}
	/* this very second is now */
	if (!doc_time(d->body, "spec.source_branch_time", &at) ||
		at >= c->now / USEC_SECOND * USEC_SECOND)
		return true;
	return instant_find(k->from, at, k->lsn);
}

/* Fills where the data of a new branch or snapshot comes from; false when it has none to bring. */
static bool find_source(struct pg *pg, struct ctx *c, const struct draft *d, struct carry *k)
{
	bool branch = streq(d->res->kind, "branch");
	const char *snapshot = branch ? doc_str(d->status, "source_snapshot") : NULL;
	const struct cluster *source;
	const char *name = doc_str(d->status, "source_branch");
	char uid[64];
	struct err ignored;

	k->source_uid[0] = k->lsn[0] = k->noted[0] = '\0';
	if (snapshot) {
		if (!uid_of(c, "snapshot", snapshot, uid))
			return false;
		folder_of(pg, c->ws->name, "snap-", uid, k->from);
		return files_exist(k->from);
	}
	if (d->implicit || !uid_of(c, "branch", name, uid))
		return false;
	folder_of(pg, c->ws->name, "", uid, k->from);
	snprintf(k->source_uid, sizeof k->source_uid, "%s", uid);
	source = cluster_find(pg, c->ws->name, uid);
	if (!source && files_exist(k->from)) /* not used since the start */
		source = cluster_of(pg, c->ws, name, &ignored);
	if (!source || source->state == CLUSTER_ABSENT)
		return false;
	snprintf(k->noted, sizeof k->noted, "%s", source->noted);
	return find_instant(c, d, k);
}

/* A branch that is reset to what has no data loses its own. */
static bool has_data(const struct pg *pg, const struct ctx *c, const struct draft *d)
{
	char folder[PATH_MAX];

	folder_of(pg, c->ws->name, "", doc_str(d->doc, "uid"), folder);
	return files_exist(folder);
}

bool carry_copies(void *arg, struct ctx *c, struct draft *d)
{
	struct carry k;

	if (!streq(d->res->kind, "branch") && !streq(d->res->kind, "snapshot"))
		return false;
	if (!find_source(arg, c, d, &k))
		return !d->creating && has_data(arg, c, d);
	/* the position that is shown is a real one, where it is known */
	if (streq(d->res->kind, "branch") && (k.lsn[0] || k.noted[0]) && k.source_uid[0] &&
		doc_set_str(d->status, "source_branch_lsn", k.lsn[0] ? k.lsn : k.noted))
		pg_log("out of memory");
	return true;
}

uint64_t carry_copy(void *arg, struct ctx *c, struct draft *d, const char *operation, struct err *e)
{
	struct pg *pg = arg;
	struct carry *k = calloc(1, sizeof *k);
	const char *uid = doc_str(d->doc, "uid");

	if (!k || !uid) {
		free(k);
		err_oom(e);
		return 0;
	}
	if (!find_source(pg, c, d, k))
		k->from[0] = '\0';
	k->pg = pg;
	k->staged = true;
	k->replaces = !d->creating;
	k->snapshot = streq(d->res->kind, "snapshot");
	snprintf(k->ws, sizeof k->ws, "%s", c->ws->name);
	k->operation = strdup(operation);
	k->name = strdup(d->name);
	k->job = job_new(pg);
	folder_of(pg, k->ws, k->snapshot ? "snap-" : "", uid, k->to);
	LIST_INSERT_HEAD(&pg->carries, k, link);
	if (k->operation && k->name && k->job)
		return job_id(k->job);
	carry_free(k);
	err_oom(e);
	return 0;
}

bool carry_copying(void *arg, struct workspace *ws, const char *operation)
{
	const struct pg *pg = arg;
	const struct carry *k;

	LIST_FOREACH (k, &pg->carries, link)
		if (streq(k->ws, ws->name) && streq(k->operation, operation))
			return true;
	return false;
}

/* ---- the copy ---- */

static void release(struct carry *k, const char *why)
{
	struct err e;
	struct app *app = k->pg->app;
	struct workspace *ws = app_workspace(app, k->ws, false, &e);
	struct arena arena = {0};
	struct ctx c;
	int rc;

	if (!ws)
		return;
	rc = app_begin(app, ws, &e);
	if (!rc) {
		c = app_ctx(app, ws, &arena);
		rc = app_end(app, ws, operation_release(&c, k->operation, why, &e), &e);
	}
	if (rc)
		pg_log("operation %s: %s", k->operation, e.message);
	arena_done(&arena);
}

/* The snapshot's folder says whose it is. */
static void mark_snapshot(const struct carry *k)
{
	char path[PATH_MAX + 16];
	struct err e;

	snprintf(path, sizeof path, "%s/snapshot", k->to);
	if (files_write(path, k->name, &e))
		pg_log("%s", e.message);
}

static void over(void *arg, const char *why)
{
	struct carry *k = arg;
	struct job *job = k->job;

	if (!why && k->snapshot)
		mark_snapshot(k);
	if (why)
		pg_log("%s of workspace %s: %s", k->name, k->ws, why);
	release(k, why);
	carry_free(k);
	job_end(job, NULL); /* the operation tells how it ended */
}

/* It is complete, aside: now it takes the place of what is there. */
static void exchange(void *arg, const char *why)
{
	struct carry *k = arg;
	struct err e;
	struct workspace *ws = app_workspace(k->pg->app, k->ws, false, &e);
	struct cluster *c = ws && !why ? cluster_of(k->pg, ws, k->name, &e) : NULL;

	if (c)
		cluster_replace(c, k->to, k->lsn[0] != '\0', over, k);
	else
		over(k, why ? why : e.message);
}

static void start(struct carry *k)
{
	struct err e;
	struct workspace *ws = app_workspace(k->pg->app, k->ws, false, &e);
	struct transfer_options o = {.ws = k->ws,
		.from = k->from,
		.to = k->to,
		.done = k->replaces ? exchange : over,
		.arg = k};

	k->staged = false;
	if (!ws) {
		over(k, e.message);
		return;
	}
	if (k->source_uid[0])
		o.source = cluster_find(k->pg, k->ws, k->source_uid);
	o.lsn = k->lsn[0] ? k->lsn : NULL;
	if (k->replaces)
		files_fresh(k->pg, k->to);
	else if (!k->snapshot)
		o.target = cluster_of(k->pg, ws, k->name, &e);
	if (k->replaces && !k->from[0]) {
		k->to[0] = '\0';
		exchange(k, NULL);
	} else if ((!k->replaces && !k->snapshot && !o.target) || transfer_start(k->pg, &o, &e)) {
		over(k, e.message);
	}
}

void carry_ended(struct pg *pg, struct workspace *ws, bool committed)
{
	struct carry *k, *next;

	for (k = LIST_FIRST(&pg->carries); k; k = next) {
		next = LIST_NEXT(k, link);
		if (!k->staged || !streq(k->ws, ws->name))
			continue;
		if (committed) {
			start(k);
		} else {
			job_end(k->job, "it was not made");
			carry_free(k);
		}
	}
}

/* ---- snapshots that are gone ---- */

static bool is_live(struct pg *pg, struct workspace *ws, const char *name, const char *uid)
{
	struct arena arena = {0};
	struct ctx c = app_ctx(pg->app, ws, &arena);
	char seen[64];
	bool live = uid_of(&c, "snapshot", name, seen) && streq(seen, uid);

	arena_done(&arena);
	return live;
}

static void check_snapshot(struct pg *pg, struct workspace *ws, const char *folder, const char *uid,
	const char *below)
{
	char path[PATH_MAX + 320], name[1024];

	snprintf(path, sizeof path, "%s/snapshot", folder);
	if (files_read(path, name, sizeof name) && text_starts(name, below, NULL) &&
		!is_live(pg, ws, name, uid))
		files_drop(pg, folder);
}

void carry_check_snapshots(struct pg *pg, struct workspace *ws, const char *name)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *d;

	snprintf(path, sizeof path, "%.*s/ws/%s", PATH_MAX - 256, pg->dir, ws->name);
	d = opendir(path);
	while (d && (entry = readdir(d))) {
		char folder[PATH_MAX + 300];
		const char *uid;

		if (!text_starts(entry->d_name, "snap-", &uid))
			continue;
		snprintf(folder, sizeof folder, "%s/%s", path, entry->d_name);
		check_snapshot(pg, ws, folder, uid, name);
	}
	if (d)
		closedir(d);
}
