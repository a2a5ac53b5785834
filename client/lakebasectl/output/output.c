/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/output/output.h"
#include "lakebasectl/output/columns.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"
#include "lakebasectl/output/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is(const struct output *o, const char *format)
{
	return o->format && strcmp(o->format, format) == 0;
}

/* A chosen field has a dot or a comma, so that a slip of the pen is not taken for one. */
static bool is_fields(const char *format)
{
	static const char known[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.,";

	return strpbrk(format, ".,") && strspn(format, known) == strlen(format) && strlen(format) < 400;
}

bool output_knows(const char *format)
{
	const struct output o = { .format = format };

	return is(&o, "table") || is(&o, "json") || is(&o, "yaml") || is(&o, "name") || is_fields(format);
}

void output_open(struct output *o, const char *format)
{
	const char *term = getenv("TERM"), *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t width;

	o->format = format;
	o->terminal = isatty(STDOUT_FILENO);
	o->colour = o->terminal && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
	if (!o->terminal)
		return;
	if (columns && parse_integer(columns, 20, 10000, &width))
		o->width = (int)width;
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		o->width = size.ws_col;
}

bool wants_document(const struct output *o)
{
	return o->format ? is(o, "json") || is(o, "yaml") : !o->terminal;
}

bool wants_names(const struct output *o)
{
	return is(o, "name");
}

bool wants_table(const struct output *o)
{
	return o->format ? is(o, "table") : o->terminal;
}

static bool wants_fields(const struct output *o)
{
	return o->format && is_fields(o->format);
}

/* "name,status.x" as columns: the path is the heading. */
char *output_columns(const struct output *o, const char *otherwise)
{
	char *out = NULL;
	size_t size = 0;
	FILE *f;

	if (!wants_fields(o))
		return strdup(otherwise);
	f = open_memstream(&out, &size);
	for (const char *p = o->format; f && *p;) {
		size_t n = strcspn(p, ","), dot = *p == '.';

		if (n > dot)
			fprintf(f, "%s%.*s=%.*s", size || ftell(f) ? "," : "", (int)(n - dot), p + dot,
				(int)(n - dot), p + dot);
		p += n;
		p += *p == ',';
	}
	if (f)
		fclose(f);
	return out;
}

void clear_progress(struct output *o)
{
	if (o->progress_shown)
		fputs("\r\033[K", stderr);
	o->progress_shown = false;
}

/* ---- documents ---- */

/* As jansson writes it, but with controls that JSON may hold raw (DEL, C1, U+2028, ...) escaped. */
static int put_json(const json_t *json, size_t flags)
{
	char *text = json_dumps(json, flags | JSON_ENCODE_ANY);

	if (!text)
		return EXIT_INTERNAL;
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p == 0x7f)
			fputs("\\u007f", stdout);
		else if (*p == 0xc2 && p[1] < 0xa0)
			printf("\\u%04x", *++p);
		else if (*p == 0xe2 && p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) {
			printf("\\u20%02x", p[2] - 0x80);
			p += 2;
		} else if (*p == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9) {
			printf("\\u20%02x", p[2] - 0x40);
			p += 2;
		} else
			putchar(*p);
	}
	free(text);
	return putchar('\n') == EOF ? EXIT_INTERNAL : EXIT_OK;
}

int show_json(const struct output *o, const json_t *json)
{
	if (is(o, "yaml"))
		return yaml_put(stdout, json) ? EXIT_INTERNAL : EXIT_OK;
	return put_json(json, JSON_INDENT(2));
}

int show_json_line(const json_t *json)
{
	return put_json(json, JSON_COMPACT);
}

/* ---- lists ---- */

static void show_rows(struct output *o, struct columns *t, json_t *items)
{
	size_t i;
	json_t *item;

	if (!wants_fields(o))
		columns_drop_empty(t, items);
	json_array_foreach(items, i, item)
		columns_measure(t, item);
	columns_fit(t, o->width);
	json_array_foreach(items, i, item)
		columns_row(t, item);
}

int show_list(struct output *o, json_t *items, const char *columns)
{
	char *spec = output_columns(o, columns);
	struct columns *t = spec ? columns_new(spec, o->colour) : NULL;
	size_t i;
	json_t *item;
	int rc = EXIT_OK;

	clear_progress(o);
	if (!t) {
		rc = EXIT_INTERNAL;
	} else if (wants_document(o)) {
		rc = show_json(o, items);
	} else if (wants_names(o)) {
		json_array_foreach(items, i, item)
			columns_plain(t, item, 1);
	} else if (wants_fields(o) && !o->terminal) {
		json_array_foreach(items, i, item)
			columns_plain(t, item, SIZE_MAX);
	} else if (!json_array_size(items)) {
		note("(none)");
	} else {
		show_rows(o, t, items);
	}
	columns_free(t);
	free(spec);
	return rc;
}

/* ---- one thing ---- */

/* Each leaf on a line. First with *width to find the widest path, then to print. */
static void flatten(const struct output *o, const char *prefix, const json_t *object, int *width, bool print)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		char path[160], cell[2048];
		const char *colour;
		char *text;

		snprintf(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "", key);
		tame(path);
		if (json_is_object(value) && json_object_size(value)) {
			flatten(o, path, value, width, print);
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
			tame(cell);
			free(text);
		} else {
			print_value(cell, sizeof(cell), value);
		}
		colour = paint(o->colour, cell);
		printf("%s%*s  %s%s%s\n", path, *width - width_of(path), "", colour, cell,
			*colour ? "\033[0m" : "");
	}
}

static const char *name_in(const json_t *json)
{
	static const char *const places[] = { "name", "response.name", "token" };
	const char *name = NULL;

	for (size_t i = 0; !name && i < ARRAY_SIZE(places); i++)
		name = json_string_value(at(json, places[i]));
	return name ? name : "";
}

int show_one(struct output *o, const json_t *json)
{
	json_t *list;
	int width = 0, rc = EXIT_OK;

	clear_progress(o);
	if (wants_names(o)) {
		put_line("%s", name_in(json));
	} else if (wants_fields(o)) {
		list = json_pack("[O]", json);
		rc = show_list(o, list, "");
		json_decref(list);
	} else if (wants_document(o)) {
		rc = show_json(o, json);
	} else {
		flatten(o, "", json, &width, false);
		flatten(o, "", json, &width, true);
	}
	return rc;
}

int show(struct output *o, const struct lakebase_doc *doc)
{
	json_t *json = json_of(doc);
	int rc = json ? show_one(o, json) : EXIT_INTERNAL;

	json_decref(json);
	return rc;
}
