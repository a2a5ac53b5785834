/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/output.h"
#include "lakebasectl/columns.h"
#include "lakebasectl/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool wants_json(const struct output *o)
{
	return o->format ? strcmp(o->format, "json") == 0 : !o->terminal;
}

bool wants_names(const struct output *o)
{
	return o->format && strcmp(o->format, "name") == 0;
}

void clear_progress(struct output *o)
{
	if (o->progress_shown)
		fputs("\r\033[K", stderr);
	o->progress_shown = false;
}

int show_json(const json_t *json)
{
	if (json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY) || putchar('\n') == EOF)
		return EXIT_INTERNAL;
	return EXIT_OK;
}

int show_list(struct output *o, json_t *items, const char *columns)
{
	struct columns *t;
	size_t i;
	json_t *item;

	clear_progress(o);
	if (wants_json(o))
		return show_json(items);
	t = columns_new(columns, o->colour);
	if (!t)
		return EXIT_INTERNAL;
	if (wants_names(o)) {
		json_array_foreach(items, i, item)
			columns_name(t, item);
	} else if (!json_array_size(items)) {
		fputs("(none)\n", stderr);
	} else {
		columns_drop_empty(t, items);
		json_array_foreach(items, i, item)
			columns_measure(t, item);
		json_array_foreach(items, i, item)
			columns_row(t, item);
	}
	columns_free(t);
	return EXIT_OK;
}

/* ---- one thing ---- */

/* Each leaf on a line. First with *width to find the widest path, then to print. */
static void flatten(const struct output *o, const char *prefix, const json_t *object, int *width, bool print)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		char path[128], cell[1024];
		const char *colour;
		char *text;

		snprintf(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "", key);
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
			free(text);
		} else {
			print_value(cell, sizeof(cell), value);
		}
		colour = paint(o->colour, cell);
		printf("%-*s  %s%s%s\n", *width, path, colour, cell, *colour ? "\033[0m" : "");
	}
}

int show(struct output *o, const struct lakebase_doc *doc)
{
	json_t *json = json_of(doc);
	const char *name;
	int width = 0, rc = EXIT_OK;

	clear_progress(o);
	if (!json)
		return EXIT_INTERNAL;
	name = json_string_value(at(json, "name"));
	if (!name)
		name = json_string_value(at(json, "response.name"));
	if (!name)
		name = json_string_value(at(json, "token"));
	if (wants_names(o)) {
		puts(name ? name : "");
	} else if (wants_json(o)) {
		rc = show_json(json);
	} else {
		flatten(o, "", json, &width, false);
		flatten(o, "", json, &width, true);
	}
	json_decref(json);
	return rc;
}
