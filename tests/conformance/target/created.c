/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/target/created.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

int created_add(struct created *c, const char *name)
{
	if (c->num == c->cap) {
		size_t cap = c->cap ? 2 * c->cap : 16;
		char **names = realloc(c->names, cap * sizeof(*names));

		if (!names)
			return -1;
		c->names = names;
		c->cap = cap;
	}
	c->names[c->num] = strdup(name);
	return c->names[c->num] ? (c->num++, 0) : -1;
}

void created_done(struct created *c)
{
	for (size_t i = 0; i < c->num; i++)
		free(c->names[i]);
	free(c->names);
	*c = (struct created){0};
}

void created_drop(struct created *c, const char *name)
{
	for (size_t i = 0; i < c->num; i++) {
		const char *rest;

		if (!text_starts(c->names[i], name, &rest) || (*rest && *rest != '/'))
			continue;
		free(c->names[i]);
		memmove(&c->names[i], &c->names[i + 1], (--c->num - i) * sizeof(*c->names));
		i--;
	}
}

bool created_has(const struct created *c, const char *name)
{
	for (size_t i = 0; i < c->num; i++)
		if (streq(c->names[i], name))
			return true;
	return false;
}

bool created_alone(const struct created *c, const char *name)
{
	const char *rest;

	for (size_t i = 0; i < c->num; i++)
		if (text_starts(name, c->names[i], &rest) && *rest == '/')
			return false;
	return true;
}

/* ---- the file ---- */

static int write_line(struct journal *j, const char *key, const char *value, struct err *e)
{
	json_t *line = json_pack("{s:s}", key, value);
	int rc = -1;

	pthread_mutex_lock(&j->lock);
	if (line && json_dumpf(line, j->file, JSON_COMPACT) == 0 && fputc('\n', j->file) != EOF &&
		fflush(j->file) == 0 && fsync(fileno(j->file)) == 0)
		rc = 0;
	pthread_mutex_unlock(&j->lock);
	json_decref(line);
	return rc ? err_set(e, ERR_INTERNAL, "created.ndjson cannot be written: %s", strerror(errno)) : 0;
}

int journal_open(
	struct journal *j, const char *dir, const char *url, const char *prefix, struct err *e)
{
	char path[1024];

	mkdir(dir, 0777);
	snprintf(path, sizeof(path), "%s/created.ndjson", dir);
	j->file = fopen(path, "a");
	if (!j->file)
		return err_set(e, ERR_INVALID, "%s: %s", path, strerror(errno));
	pthread_mutex_init(&j->lock, NULL);
	return write_line(j, "target", url, e) || write_line(j, "prefix", prefix, e) ? -1 : 0;
}

void journal_close(struct journal *j)
{
	if (j->file)
		fclose(j->file);
	j->file = NULL;
}

int journal_created(struct journal *j, const char *name, struct err *e)
{
	return write_line(j, "created", name, e);
}

int journal_removed(struct journal *j, const char *name, struct err *e)
{
	return write_line(j, "removed", name, e);
}

static int read_line(struct journal_left *ret, const json_t *line)
{
	const char *s;

	if ((s = json_string_value(json_object_get(line, "target"))))
		snprintf(ret->url, sizeof(ret->url), "%s", s);
	if ((s = json_string_value(json_object_get(line, "prefix"))) && *s &&
		created_add(&ret->prefixes, s))
		return -1;
	if ((s = json_string_value(json_object_get(line, "created")))) {
		ret->mock |= text_starts(s, "/_mock/", NULL);
		return created_add(&ret->names, s);
	}
	if ((s = json_string_value(json_object_get(line, "removed"))))
		created_drop(&ret->names, s);
	return 0;
}

int journal_read(const char *dir, struct journal_left *ret, struct err *e)
{
	char path[1024], line[4096];
	FILE *f;
	int rc = 0;

	*ret = (struct journal_left){0};
	snprintf(path, sizeof(path), "%s/created.ndjson", dir);
	f = fopen(path, "r");
	if (!f)
		return err_set(e, ERR_INVALID, "%s: %s", path, strerror(errno));
	while (rc == 0 && fgets(line, sizeof(line), f)) {
		json_t *v = json_loads(line, 0, NULL); /* a torn last line is none */

		rc = read_line(ret, v);
		json_decref(v);
	}
	fclose(f);
	return rc ? err_oom(e) : 0;
}

void journal_left_done(struct journal_left *l)
{
	created_done(&l->names);
	created_done(&l->prefixes);
}
