/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/record.h"

#include <errno.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "support/match/hole.h"
#include "support/parameter.h"

/* ---- texts ---- */

/* Shapes that are found anywhere in a text. The first that fits is taken. */
static const char *const shapes[] = {
	"<uuid>",
	"<time>",
	"br-<word>-<word>-<alnum>",
	"ep-<word>-<word>-<alnum>",
	"rol-<alnum>-<alnum>",
	"db-<alnum>-<alnum>",
	"[TraceId: <hex>]",
	"<jwt>",
};

/* Length of the longest prefix of `s` that has the shape; 0: none. */
static size_t shape_len(const char *shape, const char *s)
{
	size_t len = strcspn(s, " \"'/,;()|"), most = len;
	char text[2048];

	if (text_starts(shape, "[", NULL))
		most = len = strcspn(s, "]") + 1;
	if (most >= sizeof(text))
		return 0;
	for (; len >= 8; len--) {
		snprintf(text, sizeof(text), "%.*s", (int)len, s);
		if (match_text(shape, text))
			return len;
	}
	return 0;
}

static size_t add_shape(struct buf *out, const char *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		size_t len = shape_len(shapes[i], s);

		if (!len)
			continue;
		buf_adds(out, shapes[i]);
		return len;
	}
	return 0;
}

/* What was named for this run goes by the name that a mock has for it. Returns its length. */
static size_t add_known(struct buf *out, const char *s, const struct disguise *d)
{
	for (size_t i = 0; i < d->num_has; i++) {
		const char *name = d->has[i].name, *value = d->has[i].value, *rest, *user;

		if (!*value || !text_starts(s, value, &rest) || isalnum((unsigned char)*rest) ||
			streq(name, "source_key"))
			continue;
		if (text_starts(name, "user ", &user))
			buf_addf(out, "%s@example.com", user);
		else
			buf_adds(out, parameter_on_mock(name));
		return (size_t)(rest - s);
	}
	return 0;
}

char *record_text(const char *s, const struct disguise *d)
{
	struct buf out = {0};
	bool start = true; /* of a word */
	const char *rest;
	char *text;

	while (*s) {
		size_t len = 0;

		if (*d->prefix && text_starts(s, d->prefix, &rest))
			len = (size_t)(rest - s) + strcspn(rest, "-") + (strchr(rest, '-') != NULL);
		else if (start && *d->admin && text_starts(s, d->admin, &rest))
			len = (size_t)(rest - s), buf_adds(&out, "{{admin}}");
		else if (start && (len = add_known(&out, s, d)))
			;
		else if (start && *d->workspace && text_starts(s, d->workspace, &rest))
			len = (size_t)(rest - s), buf_adds(&out, "<str>");
		else if (start && *d->url && text_starts(s, d->url, &rest))
			len = (size_t)(rest - s), buf_adds(&out, "<any>");
		else if (text_starts(s, "page_token=", &rest))
			len = (size_t)(rest - s) + strcspn(rest, "&"),
			buf_adds(&out, "page_token=<str>");
		else if (text_starts(s, "/operations/", &rest))
			len = (size_t)(rest - s) + strcspn(rest, "/"),
			buf_adds(&out, "/operations/<id>");
		else if (start)
			len = add_shape(&out, s);
		if (!len) {
			start = strchr(" /\"'[:=(", *s) != NULL;
			buf_add(&out, s++, 1);
		}
		s += len;
	}
	text = strdup(out.data ? out.data : "");
	buf_done(&out);
	return text;
}

/* Fields whose value is another in each run or each region, whatever it looks like. */
static json_t *volatile_field(const char *key, const json_t *v)
{
	static const char *const keys[] = {"host", "read_only_host", "read_only_pooled_host",
		"read_write_pooled_host", "next_page_token", "token", "access_token", "password",
		"pipeline_id", "request_id", NULL};

	if (json_is_integer(v) && (streq(key, "created_at") || streq(key, "modified_at")))
		return json_string("<int>");
	if (!json_is_string(v) || !json_string_length(v))
		return NULL;
	if (streq(key, "id") && strspn(json_string_value(v), "0123456789") == json_string_length(v))
		return json_string("<int>");
	for (const char *const *k = keys; *k; k++)
		if (streq(*k, key))
			return json_string("<str>");
	if (streq(key, "source_branch_lsn"))
		return json_string("0/<HEX>");
	if (streq(key, "synced_row_count") || streq(key, "logical_size_bytes"))
		return json_string("<int>");
	return NULL;
}

json_t *record_normalise(const json_t *v, const struct disguise *d)
{
	const char *key;
	json_t *copy, *item;
	size_t i;
	char *text;

	if (json_is_string(v)) {
		text = record_text(json_string_value(v), d);
		copy = json_string(text);
		free(text);
		return copy;
	}
	if (json_is_object(v)) {
		copy = json_object();
		json_object_foreach ((json_t *)v, key, item) {
			json_t *value = volatile_field(key, item);

			text = record_text(key, d);
			json_object_set_new(copy, text, value ? value : record_normalise(item, d));
			free(text);
		}
		return copy;
	}
	if (json_is_array(v)) {
		copy = json_array();
		json_array_foreach (v, i, item)
			json_array_append_new(copy, record_normalise(item, d));
		return copy;
	}
	return json_deep_copy(v);
}

/* ---- other people ---- */

/* The caller, those that were named for the run, and the groups that every workspace has. */
static bool is_known(const char *name, const struct disguise *d)
{
	if (streq(name, d->admin) || streq(name, "admins") || streq(name, "users"))
		return true;
	for (size_t i = 0; i < d->num_has; i++)
		if (streq(name, d->has[i].value))
			return true;
	return false;
}

/* An item of a list is ours by its name, one of an access list by whom it is about. */
static bool is_ours(const json_t *item, const struct disguise *d)
{
	static const char *const keys[] = {"user_name", "group_name", "service_principal_name"};
	const char *name = json_string_value(json_object_get(item, "name"));

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *who = json_string_value(json_object_get(item, keys[i]));

		if (who)
			return is_known(who, d);
	}
	return !name || !strchr(name, '/') || strstr(name, d->prefix);
}

static json_t *without_others(json_t *v, const struct disguise *d)
{
	json_t *item, *kept;
	const char *key;
	size_t i;

	if (json_is_array(v)) {
		kept = json_array();
		json_array_foreach (v, i, item)
			if (is_ours(item, d))
				json_array_append_new(kept, without_others(item, d));
		return kept;
	}
	if (!json_is_object(v))
		return json_incref(v);
	kept = json_object();
	json_object_foreach (v, key, item)
		json_object_set_new(kept, key, without_others(item, d));
	return kept;
}

/* Who the caller is concerns nobody: only the form is kept. */
static void blank(json_t *v)
{
	json_t *item;
	const char *key;
	void *next;
	size_t i;

	json_array_foreach (v, i, item) {
		if (json_is_string(item))
			json_array_set_new(v, i, json_string("<str>"));
		blank(item);
	}
	json_object_foreach_safe(v, next, key, item)
	{
		if (json_is_string(item) && !streq(key, "userName") && !streq(key, "schemas"))
			json_object_set_new(v, key, json_string("<str>"));
		blank(item);
	}
}

static json_t *body_of(
	const struct outgoing *out, const struct incoming *in, const struct disguise *d)
{
	json_t *ours = d->shared ? without_others(in->body, d) : json_incref(in->body);
	json_t *body = ours ? record_normalise(ours, d) : json_null();

	json_decref(ours);
	if (text_starts(out->target, "/api/2.0/preview/scim/", NULL) && in->status == 200)
		blank(body);
	return body;
}

json_t *record_exchange(size_t step, const struct outgoing *out, const struct incoming *in,
	const struct disguise *d)
{
	char *target = record_text(out->target, d);
	json_t *body = body_of(out, in, d);
	json_t *x = json_pack("{s:i, s:s, s:s, s:i, s:o}", "step", (int)step, "method", out->method,
		"target", target ? target : "", "status", in->status, "body", body);

	free(target);
	return x;
}

/* ---- files ---- */

static int by_id(const void *a, const void *b)
{
	const struct test_case *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

/* "branch" of "lakebase.branch.create.duplicate" */
static void resource_of(const char *id, char *out, size_t size)
{
	const char *dot = strchr(id, '.');

	dot = dot ? dot + 1 : id;
	snprintf(out, size, "%.*s", (int)strcspn(dot, "."), dot);
}

static int write_line(
	const char *dir, const struct test_case *c, char *open_name, size_t size, FILE **f)
{
	char name[64], path[1024];
	json_t *line;
	int rc;

	resource_of(c->id, name, sizeof(name));
	if (!streq(name, open_name)) {
		if (*f)
			fclose(*f);
		snprintf(path, sizeof(path), "%s/%s.ndjson", dir, name);
		*f = fopen(path, "w");
		snprintf(open_name, size, "%s", name);
	}
	if (!*f)
		return -1;
	line = json_pack(
		"{s:s, s:s, s:O}", "id", c->id, "file", c->file, "exchanges", c->result.record);
	rc = line ? json_dumpf(line, *f, JSON_COMPACT | JSON_SORT_KEYS) : -1;
	json_decref(line);
	return rc || fputc('\n', *f) == EOF ? -1 : 0;
}

int record_write(const char *dir, const struct plan_cases *p, struct err *e)
{
	const struct test_case **list = calloc(p->num + 1, sizeof(*list));
	char open_name[64] = "";
	FILE *f = NULL;
	size_t num = 0;
	int rc = 0;

	if (!list)
		return err_oom(e);
	mkdir(dir, 0777);
	for (size_t i = 0; i < p->num; i++)
		if (p->cases[i].result.record)
			list[num++] = &p->cases[i];
	qsort(list, num, sizeof(*list), by_id);
	for (size_t i = 0; i < num && rc == 0; i++)
		rc = write_line(dir, list[i], open_name, sizeof(open_name), &f);
	if (f && fclose(f))
		rc = -1;
	free(list);
	return rc ? err_set(e, ERR_INTERNAL, "%s: cannot be written: %s", dir, strerror(errno)) : 0;
}

static int read_one(json_t *all, const char *path)
{
	FILE *f = fopen(path, "r");
	json_t *line;

	if (!f)
		return -1;
	while ((line = json_loadf(f, JSON_DISABLE_EOF_CHECK, NULL))) {
		const char *id = json_string_value(json_object_get(line, "id"));

		if (id)
			json_object_set(all, id, line);
		json_decref(line);
	}
	fclose(f);
	return 0;
}

json_t *record_read(const char *dir, struct err *e)
{
	DIR *d = opendir(dir);
	json_t *all = json_object();
	struct dirent *entry;
	char path[1024];

	while (d && all && (entry = readdir(d))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (!dot || !streq(dot, ".ndjson") || streq(entry->d_name, "created.ndjson"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		read_one(all, path);
	}
	if (d)
		closedir(d);
	if (!d || !json_object_size(all)) {
		json_decref(all);
		err_set(e, ERR_INVALID, "%s holds no recording", dir);
		return NULL;
	}
	return all;
}
