/* SPDX-License-Identifier: Apache-2.0 */
/* Named sets of fault rules, built into the program from fixtures/faults. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/lab.h"
#include "lab/state/scenarios.h"

#define FOLDER "faults/"

const struct embedded *embedded_find(const char *name)
{
	for (const struct embedded *f = embedded_files; f->name; f++)
		if (streq(f->name, name))
			return f;
	return NULL;
}

const char *embedded_stem(const struct embedded *f, const char *folder, size_t *len)
{
	const char *rest;

	if (!text_starts(f->name, folder, &rest))
		return NULL;
	*len = strlen(rest) - strlen(".json");
	return rest;
}

const char *scenario_name(const struct embedded *f, struct arena *arena)
{
	size_t len;
	const char *stem = embedded_stem(f, FOLDER, &len);

	return stem ? arena_strndup(arena, stem, len) : NULL;
}

static int unknown(const char *name, struct arena *arena, struct err *e)
{
	const char *names[64], *near;
	size_t n = 0;

	for (const struct embedded *f = embedded_files; f->name && n < ARRAY_SIZE(names) - 1; f++) {
		names[n] = scenario_name(f, arena);
		n += names[n] != NULL;
	}
	names[n] = NULL;
	near = text_nearest(name, names);
	return err_set(e, ERR_NOT_FOUND,
		"There is no scenario '%s'. %s%s%sGET /_mock/scenarios lists them", name,
		near ? "Did you mean '" : "", near ? near : "", near ? "'? " : "");
}

json_t *scenario_doc(const char *name, struct arena *arena, struct err *e)
{
	const char *file = arena_printf(arena, FOLDER "%s.json", name);
	const struct embedded *f = file ? embedded_find(file) : NULL;
	json_t *doc;

	if (!file)
		return err_oom(e), NULL;
	if (!f)
		return unknown(name, arena, e), NULL;
	return doc_load(&doc, f->text, arena, e) ? NULL : doc;
}

static void remember(struct faults *f, const char *name)
{
	size_t len = strlen(f->loaded);

	snprintf(f->loaded + len, sizeof f->loaded - len, "%s%s", len ? ", " : "", name);
}

int scenario_load(
	struct lab *lab, struct workspace *ws, const char *name, struct arena *arena, struct err *e)
{
	json_t *doc = scenario_doc(name, arena, e), *rules;
	struct space *s = space_of(lab, ws->name);
	size_t from;

	if (!doc)
		return -1;
	rules = arena_own(
		arena, json_pack("{s:O}", "faults", json_object_get(doc, "faults")), doc_free);
	if (!rules || !s)
		return err_oom(e);
	if (faults_write(&s->faults, rules, false, &from, e))
		return -1;
	remember(&s->faults, name);
	return 0;
}

int lab_scenario(struct lab *lab, const char *name, struct err *e)
{
	struct workspace *ws = app_workspace(lab->app, "default", true, e);
	struct arena arena = {0};
	int rc = ws ? scenario_load(lab, ws, name, &arena, e) : -1;

	arena_done(&arena);
	return rc;
}
