/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether PostgreSQL takes the settings of an endpoint: it is asked, "postgres -C", before the
 * request is served; the answer is kept for the handler.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "postgres/inside.h"
#include "postgres/machine/child.h"
#include "postgres/machine/files.h"
#include "postgres/machine/jobs.h"
#include "postgres/plane/plane.h"
#include "postgres/server/settings.h"

enum { TRIALS = 16, MAX_SETTINGS = 64 };

struct trial {
	LIST_ENTRY(trial) link;
	struct pg *pg;
	uint64_t key;
	bool running;
	char why[512]; /* "": it is accepted */
	struct job *job;
};

static uint64_t key_of(int major, const json_t *settings)
{
	struct buf text = {0};
	uint64_t key;

	doc_dump(settings, &text);
	key = text_prf((uint64_t)major, text.data ? text.data : "", 0, 0);
	buf_done(&text);
	return key;
}

static struct trial *find(struct pg *pg, uint64_t key)
{
	struct trial *t;

	LIST_FOREACH (t, &pg->trials, link)
		if (t->key == key)
			return t;
	return NULL;
}

static void forget_some(struct pg *pg)
{
	struct trial *t, *next;
	int n = 0;

	for (t = LIST_FIRST(&pg->trials); t; t = next) {
		next = LIST_NEXT(t, link);
		if (++n <= TRIALS || t->running)
			continue;
		LIST_REMOVE(t, link);
		free(t);
	}
}

void trials_free(struct pg *pg)
{
	struct trial *t;

	while ((t = LIST_FIRST(&pg->trials))) {
		LIST_REMOVE(t, link);
		free(t);
	}
}

/* "2026-… FATAL:  unrecognized configuration parameter "x"" -> from "unrecognized" on. */
static void keep_reason(struct trial *t, const char *said)
{
	const char *at = strstr(said, "FATAL:  ");

	snprintf(t->why, sizeof t->why, "%s", at ? at + strlen("FATAL:  ") : said);
	t->why[strcspn(t->why, "\n")] = '\0';
	if (!t->why[0])
		snprintf(t->why, sizeof t->why, "PostgreSQL refuses it");
}

static void tried(void *arg, int status, const char *said)
{
	struct trial *t = arg;

	t->running = false;
	if (status)
		keep_reason(t, said);
	job_end(t->job, NULL);
}

/* A folder that is a cluster as far as settings are concerned. */
static int trial_folder(struct pg *pg, char out[static PATH_MAX], struct err *e)
{
	char path[PATH_MAX + 32];

	snprintf(out, PATH_MAX, "%.*s/trial", PATH_MAX - 64, pg->dir);
	if (files_make(pg, out, e))
		return -1;
	snprintf(path, sizeof path, "%s/postgresql.conf", out);
	return files_exist(path) ? 0 : files_write(path, "", e);
}

static int run_trial(struct pg *pg, struct trial *t, int major, const json_t *settings, struct err *e)
{
	char dir[PATH_MAX], program[PATH_MAX + 16];
	const char *argv[2 * MAX_SETTINGS + 8], *name;
	const struct child_options o = {.argv = argv, .done = tried, .arg = t};
	struct arena texts = {0};
	json_t *value;
	int n = 0, rc;

	if (trial_folder(pg, dir, e))
		return -1;
	snprintf(program, sizeof program, "%s/postgres", version_for(pg, major)->bin);
	argv[n++] = program;
	argv[n++] = "-D";
	argv[n++] = dir;
	argv[n++] = "-C";
	argv[n++] = "data_directory";
	json_object_foreach ((json_t *)settings, name, value) {
		if (n >= 2 * MAX_SETTINGS)
			break;
		argv[n++] = "-c";
		argv[n] = arena_printf(&texts, "%s=%s", name, json_string_value(value));
		if (!argv[n++])
			break;
	}
	argv[n] = NULL;
	rc = child_start(NULL, pg, &o, e);
	arena_done(&texts);
	return rc;
}

uint64_t trial_start(struct pg *pg, int major, const json_t *settings)
{
	uint64_t key = key_of(major, settings);
	struct trial *t = find(pg, key);
	struct err e;

	if (!json_object_size(settings))
		return 0;
	if (t)
		return t->running ? job_id(t->job) : 0;
	forget_some(pg);
	t = calloc(1, sizeof *t);
	if (!t || !(t->job = job_new(pg))) {
		free(t);
		return 0;
	}
	t->pg = pg;
	t->key = key;
	t->running = true;
	LIST_INSERT_HEAD(&pg->trials, t, link);
	if (run_trial(pg, t, major, settings, &e)) {
		pg_log("settings: %s", e.message);
		LIST_REMOVE(t, link);
		job_end(t->job, NULL);
		free(t);
		return 0;
	}
	return job_id(t->job);
}

int trial_check(void *arg, int major, const json_t *settings, struct err *e)
{
	struct pg *pg = arg;
	const struct trial *t = find(pg, key_of(major, settings));
	const char *name;
	json_t *ignored;

	if (json_object_size(settings) > MAX_SETTINGS)
		return err_set(e, ERR_INVALID, "There are more than %d settings.", MAX_SETTINGS);
	json_object_foreach ((json_t *)settings, name, ignored)
		if (settings_check_name(name, e))
			return -1;
	if (t && !t->running && t->why[0])
		return err_set(e, ERR_INVALID, "PostgreSQL refuses the settings: %s.", t->why);
	return 0;
}
