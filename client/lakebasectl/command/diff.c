/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two branches are compared by what can be set: the fields of the branch itself, and of its endpoints,
 * roles and databases, which are paired by their ids. Sizes, states and times are nobody's setting.
 */
#include "lakebasectl/command/diff.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/document/document.h"
#include "lakebasectl/input/fields.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/base/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where two branches differ by nature. */
static bool is_origin(const char *path)
{
	return strncmp(path, "spec.source_", 12) == 0;
}

/* A name in the branch, without the branch: so that roles of the same id are the same. */
static json_t *local(const json_t *value, const char *branch)
{
	const char *text = json_string_value(value);
	size_t n = strlen(branch);

	if (text && strncmp(text, branch, n) == 0 && text[n] == '/')
		return json_string(text + n + 1);
	return value ? json_incref((json_t *)value) : NULL;
}

static void put(json_t *rows, const char *what, json_t *left, json_t *right)
{
	json_array_append_new(rows, json_pack("{s:s, s:o?, s:o?}", "what", what, "left", left,
		"right", right));
}

struct side {
	char *branch;
	json_t *resource; /* its document */
	json_t *items;    /* of the kind that is looked at */
};

static void compare(json_t *rows, const struct lakebase_kind *kind, const char *label, const json_t *left,
	const json_t *right, const struct side *sides)
{
	const struct field *f = NULL;

	while ((f = fields_next(kind, f))) {
		const char *shown = f->path + strlen("spec.");
		json_t *a, *b;
		char what[400];

		if (strncmp(f->path, "spec.", 5) != 0 || strstr(f->path, "[]") || is_origin(f->path))
			continue;
		a = local(at(at(left, "status"), shown), sides[0].branch);
		b = local(at(at(right, "status"), shown), sides[1].branch);
		snprintf(what, sizeof(what), "%s%s%s", label, *label ? " " : "", shown);
		if (a == b || (a && b && json_equal(a, b))) {
			json_decref(a);
			json_decref(b);
		} else {
			put(rows, what, a, b);
		}
	}
}

static const json_t *find(const json_t *items, const char *id)
{
	json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		const char *name = json_string_value(json_object_get(item, "name"));

		if (name && strcmp(strrchr(name, '/') + 1, id) == 0)
			return item;
	}
	return NULL;
}

static void compare_items(json_t *rows, const struct lakebase_kind *kind, const struct side *sides)
{
	json_t *item;
	size_t i;

	for (size_t s = 0; s < 2; s++)
		json_array_foreach(sides[s].items, i, item) {
			const char *name = json_string_value(json_object_get(item, "name"));
			const char *id = name ? strrchr(name, '/') + 1 : "";
			const json_t *other = find(sides[!s].items, id);
			char label[300];

			snprintf(label, sizeof(label), "%s/%.200s", kind->collection, id);
			if (!other)
				put(rows, label, s ? NULL : json_string("there"), s
					? json_string("there") : NULL);
			else if (!s)
				compare(rows, kind, label, item, other, sides);
		}
}

static int look(struct ctl *c, struct side *side)
{
	struct lakebase_doc *doc = NULL;
	int rc = lakebase_get(&doc, c->lb, side->branch) ? failed(c) : EXIT_OK;

	if (!rc)
		side->resource = json_of(doc);
	lakebase_doc_free(doc);
	return rc;
}

static int compare_all(struct ctl *c, struct side *sides, json_t *rows)
{
	const struct lakebase_kind *branches = kind_named("branches");
	char collection[1200];
	int rc = EXIT_OK;

	compare(rows, branches, "", sides[0].resource, sides[1].resource, sides);
	for (const struct lakebase_kind *k = lakebase_kinds(); !rc && k->collection; k++) {
		if (!document_is_below(k, branches))
			continue;
		for (size_t s = 0; !rc && s < 2; s++) {
			sides[s].items = json_array();
			snprintf(collection, sizeof(collection), "%s/%s", sides[s].branch, k->collection);
			rc = list_all(c, collection, sides[s].items);
		}
		if (!rc)
			compare_items(rows, k, sides);
		json_decref(sides[0].items);
		json_decref(sides[1].items);
		sides[0].items = sides[1].items = NULL;
	}
	return rc;
}

int run_diff(struct ctl *c)
{
	struct side sides[2] = { { NULL } };
	json_t *rows = json_array();
	char columns[200], names[2][40];
	int rc = EXIT_OK;

	for (size_t s = 0; !rc && s < 2; s++) {
		sides[s].branch = full_name(c, kind_named("branches"), c->args[s]);
		rc = sides[s].branch ? connect_client(c) : EXIT_USAGE;
		if (!rc)
			rc = look(c, &sides[s]);
	}
	if (!rc)
		rc = compare_all(c, sides, rows);
	if (!rc) {
		for (size_t s = 0; s < 2; s++)
			snprintf(names[s], sizeof(names[0]), "%.39s", strrchr(sides[s].branch, '/') + 1);
		snprintf(columns, sizeof(columns), "WHAT=what,%s=left,%s=right", names[0], names[1]);
		if (json_array_size(rows) || !wants_table(&c->out))
			rc = show_list(&c->out, rows, columns);
		else
			note("no difference");
	}
	if (!rc && json_array_size(rows))
		rc = EXIT_API;
	for (size_t s = 0; s < 2; s++) {
		lakebase_string_free(sides[s].branch);
		json_decref(sides[s].resource);
	}
	json_decref(rows);
	return rc;
}
