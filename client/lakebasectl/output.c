/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/ctl.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void complain(const char *fmt, ...)
{
	va_list ap;

	fputs("lakebasectl: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

bool wants_json(const struct ctl *c)
{
	const char *o = c->option[OPT_OUTPUT];

	if (c->option[OPT_JSON])
		return true;
	return o ? strcmp(o, "json") == 0 : !c->terminal;
}

bool wants_names(const struct ctl *c)
{
	const char *o = c->option[OPT_OUTPUT];

	return o && !c->option[OPT_JSON] && strcmp(o, "name") == 0;
}

void clear_progress(struct ctl *c)
{
	if (c->progress_shown)
		fputs("\r\033[K", stderr);
	c->progress_shown = false;
}

int show_json(const json_t *json)
{
	if (json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY) || putchar('\n') == EOF)
		return EXIT_INTERNAL;
	return EXIT_OK;
}

/* ---- values ---- */

/* A value on one line. What comes from a server never moves the cursor. */
static void print_value(char *out, size_t size, const json_t *v)
{
	char *text;

	if (!v || json_is_null(v))
		snprintf(out, size, "-");
	else if (json_is_string(v))
		snprintf(out, size, "%s", json_string_value(v));
	else if (json_is_boolean(v))
		snprintf(out, size, "%s", json_is_true(v) ? "yes" : "no");
	else if (json_is_array(v) && !json_is_string(json_array_get(v, 0)))
		snprintf(out, size, "%zu", json_array_size(v));
	else if (json_is_array(v)) {
		out[0] = '\0';
		for (size_t i = 0; i < json_array_size(v); i++)
			snprintf(out + strlen(out), size - strlen(out), "%s%s", i ? " " : "",
				json_string_value(json_array_get(v, i)));
	} else {
		text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
		snprintf(out, size, "%s", text ? text : "?");
		free(text);
	}
	for (char *p = out; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
}

/* Words that a reader looks for get a colour of their own. */
const char *paint(const struct ctl *c, const char *text)
{
	static const struct {
		const char *colour, *words;
	} palette[] = {
		{ "\033[32m", " READY ACTIVE ok PASS full " },
		{ "\033[33m", " INIT IDLE RESETTING IMPORTING open WARN partial INCONCLUSIVE " },
		{ "\033[31m", " DEGRADED DELETED error FAIL none " },
	};
	char word[40];

	if (!c->colour || strlen(text) > 30 || !*text)
		return "";
	snprintf(word, sizeof(word), " %s ", text);
	for (size_t i = 0; i < ARRAY_SIZE(palette); i++)
		if (strstr(palette[i].words, word))
			return palette[i].colour;
	return "";
}

/* Terminal columns of UTF-8 text, near enough: code points. */
static int width_of(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

/* ---- tables ---- */

enum { MAX_COLUMNS = 12, CELL = 256 };

struct columns {
	char header[MAX_COLUMNS][24], path[MAX_COLUMNS][48];
	int width[MAX_COLUMNS];
	size_t n;
	bool headed;
};

struct columns *columns_new(const char *spec)
{
	struct columns *t = calloc(1, sizeof(*t));

	while (t && *spec && t->n < MAX_COLUMNS) {
		size_t n = strcspn(spec, ","), name = strcspn(spec, "=");

		snprintf(t->header[t->n], sizeof(t->header[0]), "%.*s", (int)name, spec);
		snprintf(t->path[t->n], sizeof(t->path[0]), "%.*s", (int)(n - name - 1), spec + name + 1);
		t->width[t->n] = width_of(t->header[t->n]);
		t->n++;
		spec += n;
		spec += *spec == ',';
	}
	return t;
}

void columns_free(struct columns *t)
{
	free(t);
}

static void put_cell(const struct columns *t, size_t i, const char *text, const char *on)
{
	int pad = i + 1 < t->n ? t->width[i] - width_of(text) : 0;

	printf("%s%s%s%*s%s", on, text, *on ? "\033[0m" : "", pad > 0 ? pad : 0, "",
		i + 1 < t->n ? "  " : "\n");
}

static void measure(struct columns *t, const json_t *item)
{
	char cell[CELL];

	for (size_t i = 0; i < t->n; i++) {
		print_value(cell, sizeof(cell), at(item, t->path[i]));
		if (width_of(cell) > t->width[i])
			t->width[i] = width_of(cell);
	}
}

void columns_row(struct columns *t, const struct ctl *c, const json_t *item)
{
	char cell[CELL];

	measure(t, item);
	for (size_t i = 0; !t->headed && i < t->n; i++)
		put_cell(t, i, t->header[i], c->colour ? "\033[1m" : "");
	t->headed = true;
	for (size_t i = 0; i < t->n; i++) {
		print_value(cell, sizeof(cell), at(item, t->path[i]));
		put_cell(t, i, cell, paint(c, cell));
	}
}

/* Columns in which no row has anything say nothing. */
static void drop_empty(struct columns *t, const json_t *items)
{
	size_t kept = 0, k;
	json_t *item;

	for (size_t i = 0; i < t->n; i++) {
		bool used = i == 0;

		json_array_foreach(items, k, item)
		{
			const json_t *v = at(item, t->path[i]);

			used = used || (v && !json_is_null(v));
		}
		if (!used)
			continue;
		memmove(t->header[kept], t->header[i], sizeof(t->header[0]));
		memmove(t->path[kept], t->path[i], sizeof(t->path[0]));
		t->width[kept++] = t->width[i];
	}
	t->n = kept;
}

int show_list(struct ctl *c, json_t *items, const char *columns)
{
	struct columns *t;
	size_t i;
	json_t *item;

	clear_progress(c);
	if (wants_json(c))
		return show_json(items);
	t = columns_new(columns);
	if (!t)
		return EXIT_INTERNAL;
	if (wants_names(c)) {
		json_array_foreach(items, i, item) {
			char cell[CELL];

			print_value(cell, sizeof(cell), at(item, t->path[0]));
			puts(cell);
		}
	} else if (!json_array_size(items)) {
		fputs("(none)\n", stderr);
	} else {
		drop_empty(t, items);
		json_array_foreach(items, i, item)
			measure(t, item);
		json_array_foreach(items, i, item)
			columns_row(t, c, item);
	}
	columns_free(t);
	return EXIT_OK;
}

/* ---- one thing ---- */

/* Each leaf on a line. First with *width to find the widest path, then to print. */
static void flatten(const struct ctl *c, const char *prefix, const json_t *object, int *width, bool print)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		char path[128], cell[1024];
		const char *colour;
		char *text;

		snprintf(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "", key);
		if (json_is_object(value) && json_object_size(value)) {
			flatten(c, path, value, width, print);
			continue;
		}
		if (!print) {
			if (width_of(path) > *width)
				*width = width_of(path);
			continue;
		}
		if (json_is_array(value) && !json_is_string(json_array_get(value, 0))) {
			text = json_dumps(value, JSON_COMPACT);
			snprintf(cell, sizeof(cell), "%s", text ? text : "?");
			free(text);
		} else {
			print_value(cell, sizeof(cell), value);
		}
		colour = paint(c, cell);
		printf("%-*s  %s%s%s\n", *width, path, colour, cell, *colour ? "\033[0m" : "");
	}
}

int show(struct ctl *c, const struct lakebase_doc *doc)
{
	json_t *json = json_of(doc);
	const char *name;
	int width = 0, rc = EXIT_OK;

	clear_progress(c);
	if (!json)
		return EXIT_INTERNAL;
	name = json_string_value(at(json, "name"));
	if (!name)
		name = json_string_value(at(json, "response.name"));
	if (!name)
		name = json_string_value(at(json, "token"));
	if (wants_names(c)) {
		puts(name ? name : "");
	} else if (wants_json(c)) {
		rc = show_json(json);
	} else {
		flatten(c, "", json, &width, false);
		flatten(c, "", json, &width, true);
	}
	json_decref(json);
	return rc;
}
