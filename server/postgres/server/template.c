/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cluster that every branch of a version starts as: initdb, the service's own roles, the first
 * database. It is made once, soon after the start or at first use, and kept in the data folder under
 * its version and a digest of what was installed.
 */
#include <event2/event.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/state/embed.h"
#include "postgres/inside.h"
#include "postgres/machine/child.h"
#include "postgres/machine/files.h"
#include "postgres/server/server.h"
#include "postgres/server/sql.h"
#include "postgres/server/template.h"

/* What a project has that says nothing of versions; and how long after the start. */
enum { DEFAULT_MAJOR = 17, PREPARE_US = 200000 };

struct making {
	struct pg *pg;
	struct version *version;
	char top[PATH_MAX - 64];
	struct server server;
	struct sql *sql;
	char why[512];
	int step;
};

static const char *const installed[] = {"sql/template.sh", "sql/cluster.sql", "sql/common.sql",
	"sql/database.sql", "sql/databricks_auth.control", "sql/databricks_auth--1.0.sql", NULL};

static const char *file_text(const char *name)
{
	const struct embedded *f = embedded_find(name);

	return f ? f->text : "";
}

const char *template_database_sql(void)
{
	return file_text("sql/database.sql");
}

static void final_folder(const struct pg *pg, const struct version *v, char out[static PATH_MAX])
{
	uint64_t digest = 1;

	for (const char *const *f = installed; *f; f++)
		digest = text_prf(digest, file_text(*f), 0, 0);
	snprintf(out, PATH_MAX, "%.*s/templates/%s-%08x", PATH_MAX - 96, pg->dir, v->text,
		(unsigned)digest);
}

/* "templates/NAME/data" */
void template_name(const struct version *v, char out[static 128])
{
	const char *end = strrchr(v->template, '/'), *begin = end;

	while (begin && begin > v->template && begin[-1] != '/')
		begin--;
	snprintf(out, 128, "%.*s", begin ? (int)(end - begin) : 0, begin ? begin : "");
}

/* ---- waiting ---- */

static void tell_all(struct version *v, const char *why)
{
	struct template_waits waits = v->waits;
	struct template_wait *w;

	/* they may ask again at once */
	if (!STAILQ_EMPTY(&waits))
		STAILQ_INIT(&v->waits);
	while ((w = STAILQ_FIRST(&waits))) {
		STAILQ_FIRST(&waits) = STAILQ_NEXT(w, link);
		w->queued = false;
		w->done(w->arg, why);
	}
}

void template_forget(struct version *v, struct template_wait *w)
{
	if (w->queued)
		STAILQ_REMOVE(&v->waits, w, template_wait, link);
	w->queued = false;
}

/* ---- the end ---- */

/* Takes what was made earlier, by this server or another. */
static bool take(struct pg *pg, struct version *v)
{
	char top[PATH_MAX], path[PATH_MAX + 16], program[1024];

	final_folder(pg, v, top);
	snprintf(path, sizeof path, "%s/program", top);
	if (!files_read(path, program, sizeof program))
		return false;
	snprintf(v->template, sizeof v->template, "%.*s/data", PATH_MAX - 8, top);
	snprintf(v->postgres, sizeof v->postgres, "%.*s/%s", PATH_MAX / 2, top, program);
	v->state = TEMPLATE_READY;
	return true;
}

static void finish(struct making *m, const char *why)
{
	struct version *v = m->version;
	char top[PATH_MAX];

	sql_close(m->sql);
	if (m->server.poll)
		server_done(&m->server);
	if (why) {
		pg_log("the first cluster of PostgreSQL %s: %s", v->text, why);
		files_drop(m->pg, m->top);
	} else {
		final_folder(m->pg, v, top);
		if (rename(m->top, top) || !take(m->pg, v))
			why = "cannot keep it";
	}
	if (why) {
		v->state = TEMPLATE_NONE; /* the next one tries again */
		v->postgres[0] = '\0';
	}
	tell_all(v, why);
	free(m);
}

/* ---- its content ---- */

static void next_step(struct making *m);

static void statement_done(void *arg, const struct sql_rows *rows, const char *why)
{
	struct making *m = arg;

	(void)rows;
	if (why && !m->why[0])
		snprintf(m->why, sizeof m->why, "%s", why);
	next_step(m);
}

static void run(struct making *m, const char *database, const char *text)
{
	sql_close(m->sql);
	m->sql = sql_open(m->pg, m->server.port, database);
	if (m->sql)
		sql_run(m->sql, text, statement_done, m);
	else
		server_stop(&m->server, true);
}

/* Reads like a story, one line a step; each opens a session of its own. */
static void next_step(struct making *m)
{
	if (m->why[0])
		m->step = 100;
	switch (m->step++) {
	case 0:
		run(m, "postgres", file_text("sql/cluster.sql"));
		break;
	case 1:
		run(m, "template1", file_text("sql/common.sql"));
		break;
	case 2:
		run(m, "postgres", "CREATE DATABASE " FIRST_DATABASE);
		break;
	case 3:
		run(m, FIRST_DATABASE, template_database_sql());
		break;
	case 4:
		run(m, "postgres", "CHECKPOINT");
		break;
	default:
		sql_close(STEAL(m->sql));
		server_stop(&m->server, false);
	}
}

static void server_changed(void *arg, const char *why)
{
	struct making *m = arg;

	if (m->server.state == SERVER_UP)
		next_step(m);
	else
		finish(m, why ? why : m->why[0] ? m->why : NULL);
}

static void folder_made(void *arg, int status, const char *said)
{
	struct making *m = arg;
	char path[PATH_MAX], program[1024];
	struct err e;

	if (status) {
		finish(m, *said ? said : "initdb failed");
		return;
	}
	snprintf(path, sizeof path, "%s/program", m->top);
	files_read(path, program, sizeof program);
	snprintf(m->version->postgres, sizeof m->version->postgres, "%.*s/%s", PATH_MAX / 2, m->top,
		program);
	snprintf(path, sizeof path, "%s/data", m->top);
	if (server_init(&m->server, m->pg, m->version, path, server_changed, m, &e) ||
		server_start(&m->server, "", &e))
		finish(m, e.message);
}

/* ---- the beginning ---- */

static int write_files(struct making *m, struct err *e)
{
	static const char *const names[] = {"databricks_auth.control", "databricks_auth--1.0.sql"};
	char path[PATH_MAX], from[64];

	snprintf(path, sizeof path, "%s/files", m->top);
	if (files_make(m->pg, path, e))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof path, "%s/files/%s", m->top, names[i]);
		snprintf(from, sizeof from, "sql/%s", names[i]);
		if (files_write(path, file_text(from), e))
			return -1;
	}
	return 0;
}

static const char *best_locale(void)
{
	locale_t l = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);

	if (!l)
		return "C";
	freelocale(l);
	return "C.UTF-8";
}

static int begin(struct making *m, struct err *e)
{
	const char *const argv[] = {"/bin/sh", "-c", file_text("sql/template.sh"), "sh",
		m->version->bin, m->top, best_locale(), NULL};
	const struct child_options o = {.argv = argv, .done = folder_made, .drop = free, .arg = m};

	if (files_make(m->pg, m->top, e) || write_files(m, e))
		return -1;
	return child_start(NULL, m->pg, &o, e);
}

static void start_making(struct pg *pg, struct version *v)
{
	struct making *m = calloc(1, sizeof *m);
	char top[PATH_MAX];
	struct err e;

	if (!m) {
		tell_all(v, "out of memory");
		return;
	}
	files_fresh(pg, top);
	snprintf(m->top, sizeof m->top, "%.*s", (int)sizeof m->top - 1, top);
	m->pg = pg;
	m->version = v;
	v->state = TEMPLATE_MAKING;
	if (begin(m, &e))
		finish(m, e.message);
}

void template_need(struct pg *pg, struct version *v, struct template_wait *w)
{
	w->queued = true;
	STAILQ_INSERT_TAIL(&v->waits, w, link);
	if (v->state == TEMPLATE_NONE)
		take(pg, v);
	if (v->state == TEMPLATE_NONE)
		start_making(pg, v);
	else if (v->state == TEMPLATE_READY)
		tell_all(v, NULL);
}

/* ---- before it is needed ---- */

static void nobody_waits(void *arg, const char *why)
{
	(void)arg, (void)why; /* the log has it; the first who needs it tries again */
}

static void prepare(evutil_socket_t fd, short what, void *arg)
{
	struct pg *pg = arg;

	(void)fd, (void)what;
	pg->prepared.done = nobody_waits;
	template_need(pg, version_for(pg, DEFAULT_MAJOR), &pg->prepared);
}

int template_prepare(struct pg *pg)
{
	static const struct timeval soon = {0, PREPARE_US};

	pg->prepare = evtimer_new(pg->base, prepare, pg);
	return pg->prepare ? event_add(pg->prepare, &soon) : -1;
}
