/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"
#include "lakebasectl/document/document.h"
#include "lakebasectl/input/fields.h"
#include "lakebasectl/input/kinds.h"

#include <stdio.h>
#include <string.h>

bool document_is_below(const struct lakebase_kind *below, const struct lakebase_kind *kind)
{
	if (!kind)
		return strcmp(below->collection, "projects") == 0;
	return below->parent && strcmp(below->parent, kind->collection) == 0;
}

const char *document_id(const struct lakebase_kind *kind, const json_t *node)
{
	const char *id = json_string_value(json_object_get(node, kind->id_parameter));

	return id ? id : json_string_value(json_object_get(node, "id"));
}

static bool is_project(const struct lakebase_kind *kind)
{
	return kind && strcmp(kind->collection, "projects") == 0;
}

/* ---- the keys of a node ---- */

enum { MAX_KEYS = 48 };

/* What may stand in a node of the kind (NULL: in the document itself), spec and fields included. */
static size_t keys_of(const struct lakebase_kind *kind, const char **keys)
{
	static char firsts[MAX_KEYS][48];
	const struct field *f = NULL;
	size_t n = 0;

	if (kind) {
		keys[n++] = kind->id_parameter;
		keys[n++] = "id";
	}
	if (!kind || is_project(kind))
		keys[n++] = "$schema";
	if (is_project(kind))
		keys[n++] = "permissions";
	for (const struct lakebase_kind *k = lakebase_kinds(); k->collection && n < MAX_KEYS; k++)
		if (document_is_below(k, kind))
			keys[n++] = k->collection;
	while (kind && (f = fields_next(kind, f)) && n < MAX_KEYS) {
		snprintf(firsts[n], sizeof(firsts[0]), "%.*s", (int)strcspn(f->path, "."), f->path);
		if (n && strcmp(firsts[n], keys[n - 1]) == 0)
			continue;
		keys[n] = firsts[n];
		n++;
	}
	return n;
}

static int refuse(const char *where, const char *key, const char *const *keys, size_t n)
{
	const char *near = nearest(key, keys, n);

	complain("%s: there is no key \"%s\"%s%s%s", *where ? where : "the document", key,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return EXIT_USAGE;
}

static int check_node(const struct lakebase_kind *kind, json_t *node, const char *where);

static int check_list(const struct lakebase_kind *kind, json_t *list, const char *where)
{
	json_t *node;
	size_t i;

	if (!json_is_array(list)) {
		complain("%s: \"%s\" is not a list", *where ? where : "the document", kind->collection);
		return EXIT_USAGE;
	}
	json_array_foreach(list, i, node) {
		char name[1024];
		const char *id = json_is_object(node) ? document_id(kind, node) : NULL;

		if (!id) {
			complain("a %s without \"%s\" (below %s)", kind->singular, kind->id_parameter,
				*where ? where : "the document");
			return EXIT_USAGE;
		}
		snprintf(name, sizeof(name), "%s%s%s/%s", where, *where ? "/" : "", kind->collection, id);
		if (check_node(kind, node, name))
			return EXIT_USAGE;
	}
	return 0;
}

/* The fields, with short names and times written out in the node itself. */
static int check_fields(const struct lakebase_kind *kind, json_t *node, const char *where)
{
	json_t *body = document_body(kind, node, true), *value;
	const char *key;
	char why[256];
	int rc = fields_check(kind, body, why, sizeof(why));

	if (rc)
		complain("%s: %s", where, why);
	json_object_foreach(body, key, value)
		if (json_object_get(node, key))
			json_object_set(node, key, value);
	json_decref(body);
	return rc ? EXIT_USAGE : 0;
}

static int check_node(const struct lakebase_kind *kind, json_t *node, const char *where)
{
	const char *keys[MAX_KEYS], *key;
	size_t n = keys_of(kind, keys);
	json_t *value;

	json_object_foreach(node, key, value) {
		size_t i = 0;

		while (i < n && strcmp(keys[i], key) != 0)
			i++;
		if (i == n)
			return refuse(where, key, keys, n);
	}
	if (kind && check_fields(kind, node, where))
		return EXIT_USAGE;
	for (const struct lakebase_kind *k = lakebase_kinds(); k->collection; k++) {
		json_t *list = document_is_below(k, kind) ? json_object_get(node, k->collection) : NULL;

		if (list && check_list(k, list, where))
			return EXIT_USAGE;
	}
	return 0;
}

json_t *document_projects(json_t *document)
{
	if (json_object_get(document, "projects"))
		return json_incref(document);
	return json_pack("{s:[O]}", "projects", document);
}

int document_check(json_t *document)
{
	json_t *whole;
	int rc;

	if (!json_is_object(document) || (!json_object_get(document, "projects")
			&& !document_id(lakebase_kinds(), document) && json_object_size(document) == 0)) {
		complain("the document holds nothing to apply: expected \"project_id\", or a list under "
			 "\"projects\"");
		return EXIT_USAGE;
	}
	whole = document_projects(document);
	rc = check_node(NULL, whole, "");
	json_decref(whole);
	return rc;
}

json_t *document_body(const struct lakebase_kind *kind, const json_t *node, bool creating)
{
	json_t *body = json_object(), *value;
	const struct field *f = NULL;
	char key[48];

	while ((f = fields_next(kind, f))) {
		snprintf(key, sizeof(key), "%.*s", (int)strcspn(f->path, "."), f->path);
		value = json_object_get(node, key);
		if (value && (creating || strncmp(key, "initial_", 8) != 0) && !json_object_get(body, key))
			json_object_set_new(body, key, json_deep_copy(value));
	}
	if (!json_object_get(body, "spec") && strcmp(kind->collection, "cdf-configs") != 0)
		json_object_set_new(body, "spec", json_object());
	return body;
}

/* ---- the schema ---- */

static json_t *schema_of_type(const struct field *f)
{
	static const char duration[] = "^[0-9.]+ ?[a-z]*( ?[0-9.]+ ?[a-z]+)*$";
	json_t *words = NULL, *schema = NULL;

	if (f->of && f->type != FIELD_NAME) {
		words = json_array();
		for (const char *p = f->of; *p;) {
			size_t n = strcspn(p, " ");

			json_array_append_new(words, json_stringn(p, n));
			p += n;
			p += *p == ' ';
		}
	}
	switch (f->type) {
	case FIELD_TEXT:
		schema = json_pack("{s:s}", "type", "string");
		break;
	case FIELD_INTEGER:
		schema = json_pack("{s:s}", "type", "integer");
		break;
	case FIELD_NUMBER:
		schema = json_pack("{s:s}", "type", "number");
		break;
	case FIELD_BOOLEAN:
		schema = json_pack("{s:s}", "type", "boolean");
		break;
	case FIELD_DURATION:
		schema = json_pack("{s:s, s:s, s:s}", "type", "string", "pattern", duration, "description",
			"a time such as 7d, 36h or 604800s");
		break;
	case FIELD_INSTANT:
		schema = json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
		break;
	case FIELD_NAME:
		schema = json_pack("{s:s, s:s}", "type", "string", "description",
			"name of a resource, full or short: projects/shop/branches/dev, or shop/dev");
		break;
	case FIELD_LIST:
		schema = json_pack("{s:s, s:{}}", "type", "array", "items");
		break;
	case FIELD_MAP:
		schema = json_pack("{s:s}", "type", "object");
		break;
	}
	if (words)
		json_object_set_new(f->type == FIELD_LIST ? json_object_get(schema, "items") : schema, "enum",
			words);
	return schema;
}

/* The schema of the object at `part` of a path, made when it is not there yet. */
static json_t *step_into(json_t *schema, const char *part)
{
	json_t *place = schema, *next;
	const char *key = part;

	if (strcmp(part, "[]") == 0) {
		key = "items";
	} else {
		if (!json_object_get(schema, "properties")) {
			json_object_set_new(schema, "properties", json_object());
			json_object_set_new(schema, "type", json_string("object"));
			json_object_set_new(schema, "additionalProperties", json_false());
		}
		place = json_object_get(schema, "properties");
	}
	next = json_object_get(place, key);
	if (!next) {
		json_object_set_new(place, key, json_object());
		next = json_object_get(place, key);
	}
	return next;
}

static json_t *schema_of(const struct lakebase_kind *kind)
{
	json_t *schema = json_object(), *id = json_pack("[{s:[s]},{s:[s]}]", "required", kind->id_parameter,
		"required", "id");
	const struct field *f = NULL;

	json_object_update_new(step_into(schema, kind->id_parameter), json_pack("{s:s}", "type", "string"));
	json_object_update_new(step_into(schema, "id"), json_pack("{s:s}", "type", "string"));
	json_object_set_new(schema, "anyOf", id);
	if (is_project(kind)) {
		json_object_update_new(step_into(schema, "$schema"), json_pack("{s:s}", "type", "string"));
		json_object_update_new(
			step_into(schema, "permissions"), json_pack("{s:s}", "type", "object"));
	}
	while ((f = fields_next(kind, f))) {
		json_t *place = schema;
		char path[256], *rest = path, *part;

		snprintf(path, sizeof(path), "%s", f->path);
		while ((part = strsep(&rest, ".")))
			place = step_into(place, part);
		json_object_update_new(place, schema_of_type(f));
	}
	for (const struct lakebase_kind *k = lakebase_kinds(); k->collection; k++)
		if (document_is_below(k, kind))
			json_object_update_new(step_into(schema, k->collection),
				json_pack("{s:s, s:o}", "type", "array", "items", schema_of(k)));
	return schema;
}

int run_schema(struct ctl *c)
{
	json_t *project = schema_of(lakebase_kinds());
	json_t *schema = json_pack("{s:s, s:s, s:[{s:s, s:[s], s:b, s:{s:{s:s}, s:{s:s, s:{s:s}}}}, {s:s}],"
				   " s:{s:o}}",
		"$schema", "https://json-schema.org/draft/2020-12/schema", "title",
		"What lakebasectl apply makes true", "anyOf", "type", "object", "required", "projects",
		"additionalProperties", 0, "properties", "$schema", "type", "string", "projects", "type",
		"array", "items", "$ref", "#/$defs/project", "$ref", "#/$defs/project", "$defs", "project",
		project);
	int rc = schema ? show_json(&c->out, schema) : EXIT_INTERNAL;

	json_decref(schema);
	return rc;
}
