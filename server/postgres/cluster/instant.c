/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A branch as it was at an instant. Every cluster started as its template, and its log since then
 * is kept: the template is copied, and a server replays the log up to a position. Which position
 * an instant of the workspace's clock is, is written down whenever a server is looked at.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "postgres/cluster/cluster.h"
#include "postgres/cluster/transfer.h"
#include "postgres/inside.h"
#include "postgres/machine/copy.h"
#include "postgres/machine/files.h"
#include "postgres/server/sql.h"

/* ---- instants ---- */

void instant_note(struct cluster *c, usec now, const char *lsn)
{
	char path[PATH_MAX + 16], line[64];
	int n, fd;

	if (streq(c->noted, lsn))
		return;
	snprintf(path, sizeof path, "%s/marks", c->dir);
	n = snprintf(line, sizeof line, "%lld %.30s\n", (long long)now, lsn);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, line, (size_t)n) != n)
		pg_log("cannot write %s", path);
	else
		snprintf(c->noted, sizeof c->noted, "%s", lsn);
	if (fd >= 0)
		close(fd);
}

bool instant_find(const char *folder, usec at, char lsn[static 32])
{
	char path[PATH_MAX + 16], line[64];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof path, "%s/marks", folder);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		char *blank = strchr(line, ' ');
		int64_t time;

		if (!blank)
			continue;
		*blank = '\0';
		blank[1 + strcspn(blank + 1, "\n")] = '\0';
		if (!text_int(line, 0, INT64_MAX, &time) || time > at)
			continue;
		snprintf(lsn, 32, "%s", blank + 1);
		found = true;
	}
	if (f)
		fclose(f);
	return found;
}

/* ---- the replay ---- */

static void server_changed(void *arg, const char *why)
{
	struct transfer *t = arg;

	if (t->server.state == SERVER_UP) { /* it is, once it has got there */
		server_stop(&t->server, false);
		return;
	}
	t->copying = false;
	transfer_finish(t, t->why[0] ? t->why : why);
}

static int start_replay(struct transfer *t, struct err *e)
{
	char data[PATH_MAX], path[PATH_MAX + 32];
	struct buf lines = {0};
	int rc;

	snprintf(data, sizeof data, "%s/data", t->tmp);
	snprintf(path, sizeof path, "%s/recovery.signal", data);
	if (files_write(path, "", e) ||
		server_init(&t->server, t->pg, t->version, data, server_changed, t, e))
		return -1;
	buf_addf(&lines,
		"hot_standby = off\n"
		"restore_command = 'cp \"%s/wal/%%f\" \"%%p\"'\n"
		"recovery_target_lsn = '%s'\n"
		"recovery_target_inclusive = off\n"
		"recovery_target_action = promote\n"
		"archive_mode = on\n"
		"archive_command = 'test -e \"%s/wal/%%f\" || ln \"%%p\" \"%s/wal/%%f\"'\n",
		t->tmp, t->lsn, t->tmp, t->tmp);
	rc = lines.failed ? err_oom(e) : server_start(&t->server, lines.data, e);
	buf_done(&lines);
	return rc;
}

static void copied(void *arg, const char *why)
{
	struct transfer *t = arg;
	struct cluster *source = t->source;
	struct err e;

	t->copying = false;
	if (t->reading) {
		t->reading = false;
		source->readers--;
		cluster_step(source);
	}
	if (why || t->why[0]) {
		transfer_fail(t, why ? why : t->why);
		return;
	}
	t->phase = TRANSFER_REPLAY;
	t->copying = true;
	if (!start_replay(t, &e))
		return;
	t->copying = false;
	transfer_finish(t, e.message);
}

static void copy(struct transfer *t)
{
	char base[PATH_MAX];
	struct err e;

	snprintf(base, sizeof base, "%.*s/templates/%s/data", PATH_MAX / 2, t->pg->dir,
		t->source->template);
	if (!t->source->template[0] || !files_exist(base)) {
		transfer_fail(t, "its history is not there any more: PostgreSQL was updated since");
		return;
	}
	t->copying = true;
	if (!copy_instant_start(t->pg, base, t->from, t->tmp, copied, t, &e))
		return;
	t->copying = false;
	transfer_fail(t, e.message);
}

/* A record after the instant is in the log: the replay stops before it. */
static void marked(void *arg, const struct sql_rows *rows, const char *why)
{
	struct transfer *t = arg;

	(void)rows;
	if (why)
		transfer_fail(t, why);
	else
		copy(t);
}

void instant_go(struct transfer *t)
{
	struct cluster *c = t->source;

	t->version = c->version;
	if (c->state == CLUSTER_ASLEEP) {
		t->phase = TRANSFER_LOG;
		transfer_read(t);
		copy(t);
	} else if (c->state == CLUSTER_AWAKE || c->state == CLUSTER_SYNCING) {
		t->phase = TRANSFER_LOG;
		t->session = sql_open(t->pg, c->server.port, "postgres");
		if (t->session)
			sql_run(t->session, "SELECT pg_create_restore_point('lakebase-mock')", marked, t);
		else
			transfer_fail(t, "out of memory");
	}
}
