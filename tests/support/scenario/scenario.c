/* SPDX-License-Identifier: Apache-2.0 */
/* A suite: its files in order, and what must hold across them. */
#include "support/scenario/scenario.h"

#include <errno.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "support/match/match.h"
#include "support/parameter.h"
#include "support/scenario/template.h"

const char *level_name(enum level level)
{
	static const char *const names[] = {"must", "should", "mock"};

	return names[level];
}

void suite_done(struct suite *suite)
{
	free(suite->cases);
	free(suite->setups);
	arena_done(&suite->arena);
	*suite = (struct suite){0};
}

static char *read_file(struct suite *suite, const char *path, struct err *e)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	struct stat st;

	if (f && fstat(fileno(f), &st) == 0)
		text = arena_alloc(&suite->arena, (size_t)st.st_size + 1);
	if (text && fread(text, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		text = NULL;
	if (f)
		fclose(f);
	if (!text)
		err_set(e, ERR_NOT_FOUND, "%s: cannot be read: %s", path, strerror(errno));
	return text;
}

static int wanted(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* `below` is the path of the folder below suite->dir, "" or "branch/". */
static int read_dir(struct suite *suite, const char *below, struct err *e)
{
	char path[1024], name[512];
	struct dirent **list;
	int rc = 0, n;

	snprintf(path, sizeof(path), "%s/%s", suite->dir, below);
	n = scandir(path, &list, wanted, alphasort);
	if (n < 0)
		return err_set(e, ERR_NOT_FOUND, "%s: cannot be read: %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(list[i]->d_name, '.');
		struct stat st;

		snprintf(name, sizeof(name), "%s%s", below, list[i]->d_name);
		snprintf(path, sizeof(path), "%s/%s", suite->dir, name);
		if (rc == 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			snprintf(name, sizeof(name), "%s%s/", below, list[i]->d_name);
			rc = read_dir(suite, name, e);
		} else if (rc == 0 && dot && streq(dot, ".http")) {
			const char *text = read_file(suite, path, e);

			rc = text ? suite_add(suite, name, text, e) : -1;
		}
		free(list[i]);
	}
	free(list);
	return rc;
}

int suite_read(struct suite *suite, const char *dir, struct err *e)
{
	*suite = (struct suite){0};
	suite->dir = arena_strdup(&suite->arena, dir);
	if (!suite->dir)
		return err_oom(e);
	if (read_dir(suite, "", e) || suite_check(suite, e)) {
		suite_done(suite);
		return -1;
	}
	return 0;
}

const struct scenario *suite_setup(const struct suite *suite, const char *name)
{
	for (size_t i = 0; i < suite->num_setups; i++)
		if (streq(suite->setups[i].id + strlen("setup."), name))
			return &suite->setups[i];
	return NULL;
}

const struct scenario *suite_case(const struct suite *suite, const char *id)
{
	for (size_t i = 0; i < suite->num_cases; i++)
		if (streq(suite->cases[i].id, id))
			return &suite->cases[i];
	return NULL;
}

/* ---- checks across the files ---- */

/* The variables that are set at some point of a case. */
struct known {
	const struct suite *suite;
	const char *names[64];
	size_t num;
};

static void known_add(struct known *k, const char *name)
{
	if (k->num < ARRAY_SIZE(k->names))
		k->names[k->num++] = name;
}

static int is_unknown(void *arg, const char *word)
{
	struct known *k = arg;

	for (size_t i = 0; i < k->num; i++)
		if (streq(k->names[i], word))
			return 0;
	return !template_builtin(word) && !parameter_known(word);
}

static int know_setup(struct known *k, const struct scenario *by, int depth, struct err *e)
{
	for (size_t i = 0; i < by->num_needs; i++) {
		const struct scenario *s = suite_setup(k->suite, by->needs[i].setup);

		if (!s || depth > 8)
			return err_set(e, ERR_INVALID, "%s:%d: there is no setup '%s'", by->file,
				by->line, by->needs[i].setup);
		if (know_setup(k, s, depth + 1, e))
			return -1;
		for (size_t n = 0; n < s->num_steps; n++)
			if (s->steps[n].kind == STEP_SAVE)
				known_add(k, s->steps[n].var);
	}
	return 0;
}

static int check_pattern(const struct scenario *s, const struct step *t, struct err *e)
{
	json_t *pattern;
	struct err why;
	int rc;

	if (!t->expect || strstr(t->expect, "{{"))
		return 0; /* read once the variables are known; the reader checked its shape */
	rc = pattern_parse(t->expect, t->expect_line + 1, &pattern, &why);
	if (rc == 0) {
		rc = pattern_check(pattern, &why);
		json_decref(pattern);
	}
	return rc ? err_set(e, ERR_INVALID, "%s:%d: %s", s->file, t->expect_line, why.message) : 0;
}

/* A clock that stands makes nothing due: what is polled must not depend on how the server was started. */
static int check_pacing(const struct scenario *s, struct err *e)
{
	bool clock = false, pacing = false;

	for (size_t i = 0; i < s->num_steps; i++) {
		const struct step *t = &s->steps[i];

		if (t->kind == STEP_REQUEST && streq(t->method, "PUT")) {
			clock |= streq(t->target, "/_mock/clock");
			pacing |= streq(t->target, "/_mock/lro");
		}
		if (t->kind == STEP_POLL && clock && !pacing)
			return err_set(e, ERR_INVALID,
				"%s:%d: polls under a clock that stands: set the pacing first, "
				"with "
				"PUT /_mock/lro",
				s->file, t->line);
	}
	return 0;
}

static int check_steps(const struct suite *suite, const struct scenario *s, struct err *e)
{
	struct known k = {.suite = suite};

	if (know_setup(&k, s, 0, e) || check_pacing(s, e))
		return -1;
	known_add(&k, "admin");
	known_add(&k, "workspace");
	for (size_t i = 0; i < s->num_steps; i++) {
		const struct step *t = &s->steps[i];
		const char *texts[] = {t->target, t->body, t->expect};

		for (size_t n = 0; n < ARRAY_SIZE(texts); n++)
			if (texts[n] && template_each(texts[n], is_unknown, &k))
				return err_set(e, ERR_INVALID,
					"%s:%d: uses a {{variable}} that nothing before it sets: "
					"%s",
					s->file, t->line, texts[n]);
		if (check_pattern(s, t, e))
			return -1;
		if (t->kind == STEP_SAVE)
			known_add(&k, t->var);
	}
	return 0;
}

int suite_check(const struct suite *suite, struct err *e)
{
	for (size_t i = 0; i < suite->num_cases; i++) {
		const struct scenario *s = &suite->cases[i], *first = suite_case(suite, s->id);

		if (first != s)
			return err_set(e, ERR_INVALID, "%s:%d: '%s' is the id of %s:%d, too",
				s->file, s->line, s->id, first->file, first->line);
		if (check_steps(suite, s, e))
			return -1;
	}
	for (size_t i = 0; i < suite->num_setups; i++)
		if (check_steps(suite, &suite->setups[i], e))
			return -1;
	return 0;
}
