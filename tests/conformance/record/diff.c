/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/diff.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "conformance/record/patch.h"
#include "conformance/record/record.h"

enum { SHOWN = 60 };

struct table {
	const char *id, *target;
	int step;
	size_t rows;
};

static void cell(const json_t *v, char *out, size_t size)
{
	char *text = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	snprintf(out, size, "%.*s%s", SHOWN, text ? text : "-",
		text && strlen(text) > SHOWN ? "..." : "");
	free(text);
}

/* `kind`: status, shape (there or not), value. */
static void row(
	struct table *t, const char *path, const char *kind, const json_t *a, const json_t *b)
{
	char left[SHOWN + 8], right[SHOWN + 8];

	if (!t->rows)
		printf("\n%s, step %d: %s\n", t->id, t->step + 1, t->target);
	t->rows++;
	cell(a, left, sizeof(left));
	cell(b, right, sizeof(right));
	printf("  %-6s %-44s %-40s %s\n", kind, path, left, right);
}

static void compare(struct table *t, const char *path, const json_t *a, const json_t *b);

static void compare_objects(struct table *t, const char *path, const json_t *a, const json_t *b)
{
	char at[512];
	const char *key;
	json_t *v;

	json_object_foreach ((json_t *)a, key, v) {
		snprintf(at, sizeof(at), "%s%s%s", path, *path ? "." : "", key);
		compare(t, at, v, json_object_get(b, key));
	}
	json_object_foreach ((json_t *)b, key, v) {
		snprintf(at, sizeof(at), "%s%s%s", path, *path ? "." : "", key);
		if (!json_object_get(a, key))
			compare(t, at, NULL, v);
	}
}

static void compare(struct table *t, const char *path, const json_t *a, const json_t *b)
{
	size_t num =
		json_array_size(a) > json_array_size(b) ? json_array_size(a) : json_array_size(b);
	char at[512];

	if (json_is_object(a) && json_is_object(b)) {
		compare_objects(t, path, a, b);
	} else if (json_is_array(a) && json_is_array(b)) {
		for (size_t i = 0; i < num; i++) {
			snprintf(at, sizeof(at), "%s[%zu]", path, i);
			compare(t, at, json_array_get(a, i), json_array_get(b, i));
		}
	} else if (!a || !b || json_typeof(a) != json_typeof(b)) {
		row(t, path, "shape", a, b);
	} else if (!json_equal(a, b)) {
		row(t, path, "value", a, b);
	}
}

/* Exchanges of one case, in the order of their steps. */
static size_t compare_case(const char *id, const json_t *a, const json_t *b)
{
	const json_t *left = json_object_get(a, "exchanges"),
		     *right = json_object_get(b, "exchanges");
	size_t rows = 0, i;
	json_t *x;

	json_array_foreach (left, i, x) {
		const json_t *y = json_array_get(right, i);
		struct table t = {
			.id = id, .target = json_string_value(json_object_get(x, "target"))};

		t.step = (int)json_integer_value(json_object_get(x, "step"));
		if (!y) {
			row(&t, "", "order", x, NULL);
		} else {
			const json_t *sx = json_object_get(x, "status"),
				     *sy = json_object_get(y, "status");

			if (!json_equal(sx, sy))
				row(&t, "", "status", sx, sy);
			compare(&t, "", json_object_get(x, "body"), json_object_get(y, "body"));
		}
		rows += t.rows;
	}
	return rows;
}

static size_t compare_all(const json_t *a, const json_t *b, const struct options *o)
{
	size_t rows = 0, only = 0;
	const char *id;
	json_t *v;

	if (!o->patch)
		printf("%-8s %-44s %-40s %s\n", "what", "where", o->args[0], o->args[1]);
	json_object_foreach ((json_t *)a, id, v) {
		const json_t *other = json_object_get(b, id);

		if (!other)
			only++;
		else if (o->patch)
			rows += patch_case(o->scenarios, id, v, other);
		else
			rows += compare_case(id, v, other);
	}
	if (!o->patch)
		printf("\n%zu differences in %zu cases; %zu cases only in %s\n", rows,
			json_object_size(a) - only, only, o->args[0]);
	return rows;
}

int diff(const struct options *o)
{
	struct err e;
	json_t *a = record_read(o->args[0], &e), *b = a ? record_read(o->args[1], &e) : NULL;
	size_t rows;

	if (!b) {
		fprintf(stderr, "lakebase-conformance: %s\n", e.message);
		json_decref(a);
		return EXIT_USAGE;
	}
	rows = compare_all(a, b, o);
	json_decref(a);
	json_decref(b);
	return rows ? EXIT_NOT_AS_EXPECTED : EXIT_AS_EXPECTED;
}
