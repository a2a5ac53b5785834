/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/request/watch.h"
#include "lakebasectl/output/columns.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void watch_pause(const struct ctl *c, int64_t otherwise_ms)
{
	int64_t ms = c->option[OPT_EVERY] ? parse_time(c->option[OPT_EVERY]) : otherwise_ms;
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static void put_event(struct ctl *c, struct columns *t, const char *event, const json_t *resource)
{
	json_t *row;

	if (wants_names(&c->out)) {
		put_line("%s", json_string_value(json_object_get(resource, "name")));
	} else if (wants_document(&c->out)) {
		row = json_pack("{s:s, s:O}", "event", event, "resource", resource);
		show_json_line(row);
		json_decref(row);
	} else {
		row = json_copy((json_t *)resource);
		json_object_set_new(row, "event", json_string(event));
		columns_row(t, row);
		json_decref(row);
	}
}

/* By name, what is there now. */
static json_t *by_name(const json_t *items)
{
	json_t *map = json_object(), *item;
	size_t i;

	json_array_foreach(items, i, item)
		json_object_set(map, json_string_value(json_object_get(item, "name")), item);
	return map;
}

static void compare(struct ctl *c, struct columns *t, json_t *before, json_t *after)
{
	const char *name;
	json_t *item, *was;

	json_object_foreach(after, name, item)
		columns_measure(t, item);
	json_object_foreach(after, name, item) {
		was = json_object_get(before, name);
		if (!was)
			put_event(c, t, "there", item);
		else if (!json_equal(was, item))
			put_event(c, t, "changed", item);
	}
	json_object_foreach(before, name, item)
		if (!json_object_get(after, name))
			put_event(c, t, "gone", item);
	fflush(stdout);
}

int watch(struct ctl *c, watch_fetch fetch, const char *name, const char *columns, bool single)
{
	char *chosen = output_columns(&c->out, columns), *spec = NULL;
	json_t *before = json_object(), *items, *after;
	struct columns *t;
	int rc = EXIT_OK;

	if (!chosen || asprintf(&spec, "EVENT  =event,%s", chosen) < 0)
		return EXIT_INTERNAL;
	t = columns_new(spec, c->out.colour);
	for (bool first = true; t && !rc && !ferror(stdout); first = false) {
		items = json_array();
		rc = fetch(c, name, items);
		after = by_name(items);
		if (!rc)
			compare(c, t, before, after);
		json_decref(items);
		json_decref(before);
		before = after;
		if (rc || (single && !first && !json_object_size(after)))
			break;
		watch_pause(c, 2000);
	}
	json_decref(before);
	columns_free(t);
	free(chosen);
	free(spec);
	return rc;
}

/* The fields in which kinds keep what people call their state. */
static const json_t *state_of(const json_t *resource)
{
	static const char *const places[] = { "status.current_state", "status.detailed_state" };
	const json_t *state = NULL;

	for (size_t i = 0; !state && i < ARRAY_SIZE(places); i++)
		state = at(resource, places[i]);
	return state;
}

int watch_holds(const char *condition, const json_t *resource)
{
	const char *equals = strchr(condition, '=');
	char path[128], is[512];
	const json_t *value;

	if (strcmp(condition, "deleted") == 0)
		return !resource || at(resource, "delete_time") != NULL;
	if (!equals || equals == condition)
		return -1;
	if (!resource)
		return 0;
	snprintf(path, sizeof(path), "%.*s", (int)(equals - condition), condition);
	value = strcmp(path, "state") == 0 ? state_of(resource) : at(resource, path);
	if (!value && !strchr(path, '.')) {
		snprintf(path, sizeof(path), "status.%.*s", (int)(equals - condition), condition);
		value = at(resource, path);
	}
	print_value(is, sizeof(is), value);
	if (json_is_boolean(value))
		return strcmp(json_is_true(value) ? "true" : "false", equals + 1) == 0;
	return value && strcmp(is, equals + 1) == 0;
}
