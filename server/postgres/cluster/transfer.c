/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of a branch is copied: of a branch that sleeps as it is, of one that is awake as a
 * backup, between pg_backup_start() and pg_backup_stop(), with its log copied once more after that.
 * What is not whole is in tmp/ and goes when anything fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "postgres/cluster/cluster.h"
#include "postgres/cluster/transfer.h"
#include "postgres/inside.h"
#include "postgres/machine/copy.h"
#include "postgres/machine/files.h"
#include "postgres/server/sql.h"

void transfer_finish(struct transfer *t, const char *why)
{
	struct cluster *source = t->source;
	bool cold = t->reading;
	char text[512] = "";

	if (why)
		snprintf(text, sizeof text, "%s", why);
	else if (t->target && t->target->gone)
		snprintf(text, sizeof text, "the branch is gone");
	else if (rename(t->tmp, t->to))
		snprintf(text, sizeof text, "cannot keep %.400s", t->to);
	if (text[0])
		files_drop(t->pg, t->tmp);
	sql_close(t->session);
	LIST_REMOVE(t, link);
	if (cold && source)
		source->readers--;
	if (t->server.poll)
		server_done(&t->server);
	if (t->target)
		cluster_filled(t->target, text[0] ? text : NULL, t->lsn[0] != '\0');
	t->done(t->arg, text[0] ? text : NULL);
	free(t);
	if (source && (cold || source->fill))
		cluster_step(source);
}

void transfer_fail(struct transfer *t, const char *why)
{
	if (!t->why[0])
		snprintf(t->why, sizeof t->why, "%s", why);
	if (!t->copying)
		transfer_finish(t, t->why);
}

/* ---- asleep ---- */

static void cold_done(void *arg, const char *why)
{
	struct transfer *t = arg;

	t->copying = false;
	if (t->source && t->source->gone)
		why = "its source is gone";
	transfer_finish(t, t->why[0] ? t->why : why);
}

void transfer_read(struct transfer *t)
{
	t->reading = t->source != NULL;
	if (t->reading)
		t->source->readers++;
}

static void start_cold(struct transfer *t)
{
	struct err e;

	t->phase = TRANSFER_COLD;
	transfer_read(t);
	t->copying = true;
	if (!copy_branch_start(t->pg, t->from, t->tmp, cold_done, t, &e))
		return;
	t->copying = false;
	transfer_finish(t, e.message);
}

/* ---- awake ---- */

static void log_done(void *arg, const char *why)
{
	struct transfer *t = arg;

	t->copying = false;
	transfer_finish(t, t->why[0] ? t->why : why);
}

static void stopped(void *arg, const struct sql_rows *rows, const char *why)
{
	struct transfer *t = arg;
	char path[PATH_MAX], first[32] = "";
	const char *label;
	struct err e;

	if (why) {
		transfer_fail(t, why);
		return;
	}
	/* "START WAL LOCATION: 0/B00028 (file 00000001000000000000000B)" */
	label = sql_text(rows, 0, 0);
	if (strstr(label, "(file "))
		snprintf(first, sizeof first, "%.24s", strstr(label, "(file ") + strlen("(file "));
	snprintf(path, sizeof path, "%s/data/backup_label", t->tmp);
	t->phase = TRANSFER_LOG;
	t->copying = true;
	if (!files_write(path, label, &e) &&
		!copy_log_start(t->pg, first, t->from, t->tmp, log_done, t, &e))
		return;
	t->copying = false;
	transfer_fail(t, e.message);
}

static void online_done(void *arg, const char *why)
{
	struct transfer *t = arg;

	t->copying = false;
	if (why || t->why[0])
		transfer_fail(t, why ? why : t->why);
	else
		sql_run(t->session, "SELECT labelfile FROM pg_backup_stop(false)", stopped, t);
}

static void begun(void *arg, const struct sql_rows *rows, const char *why)
{
	struct transfer *t = arg;
	struct err e;

	(void)rows;
	if (why) {
		transfer_fail(t, why);
		return;
	}
	t->copying = true;
	if (!copy_branch_start(t->pg, t->from, t->tmp, online_done, t, &e))
		return;
	t->copying = false;
	transfer_fail(t, e.message);
}

static void start_online(struct transfer *t)
{
	t->phase = TRANSFER_ONLINE;
	t->session = sql_open(t->pg, t->source->server.port, "postgres");
	if (t->session)
		sql_run(t->session, "SELECT pg_backup_start('lakebase-mock', true)", begun, t);
	else
		transfer_fail(t, "out of memory");
}

/* ---- when ---- */

static void go(struct transfer *t)
{
	if (t->lsn[0])
		instant_go(t);
	else if (!t->source || t->source->state == CLUSTER_ASLEEP)
		start_cold(t);
	else if (t->source->state == CLUSTER_AWAKE || t->source->state == CLUSTER_SYNCING)
		start_online(t);
}

void transfer_go(struct cluster *c)
{
	struct transfer *t, *next;

	for (t = LIST_FIRST(&c->pg->transfers); t; t = next) {
		next = LIST_NEXT(t, link);
		if (t->source == c && t->phase == TRANSFER_WAITING)
			go(t);
	}
}

void transfer_lost(struct cluster *c)
{
	struct transfer *t, *next;

	for (t = LIST_FIRST(&c->pg->transfers); t; t = next) {
		next = LIST_NEXT(t, link);
		if (t->source != c)
			continue;
		if (t->phase == TRANSFER_ONLINE && !c->gone) {
			/* it sleeps now: then so */
			sql_close(STEAL(t->session));
			if (t->copying)
				transfer_fail(t, "its source went to sleep while it was copied");
			else
				start_cold(t);
		} else if (c->gone) {
			t->reading = false;
			t->source = NULL;
			transfer_fail(t, "its source is gone");
		}
	}
}

bool transfer_reads(const struct cluster *c)
{
	const struct transfer *t;

	LIST_FOREACH (t, &c->pg->transfers, link)
		if (t->source == c && t->phase != TRANSFER_WAITING && t->phase != TRANSFER_REPLAY)
			return true;
	return false;
}

int transfer_start(struct pg *pg, const struct transfer_options *o, struct err *e)
{
	struct transfer *t = calloc(1, sizeof *t);
	char tmp[PATH_MAX], parent[PATH_MAX];

	if (!t)
		return err_oom(e);
	snprintf(parent, sizeof parent, "%s", o->to);
	*strrchr(parent, '/') = '\0';
	if (files_make(pg, parent, e)) {
		free(t);
		return -1;
	}
	files_fresh(pg, tmp);
	*t = (struct transfer){.pg = pg,
		.source = o->source,
		.target = o->target,
		.done = o->done,
		.arg = o->arg};
	snprintf(t->from, sizeof t->from, "%.*s", (int)sizeof t->from - 1, o->from);
	snprintf(t->lsn, sizeof t->lsn, "%s", o->lsn ? o->lsn : "");
	snprintf(t->to, sizeof t->to, "%s", o->to);
	snprintf(t->tmp, sizeof t->tmp, "%.*s", (int)sizeof t->tmp - 1, tmp);
	LIST_INSERT_HEAD(&pg->transfers, t, link);
	if (o->target)
		o->target->state = CLUSTER_MAKING;
	go(t);
	return 0;
}
