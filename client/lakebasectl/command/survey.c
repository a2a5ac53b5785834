/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/command/survey.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/document/document.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/request/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 10 };

/* ---- at length ---- */

/* What stands below the resource, by collection. */
static int add_children(struct ctl *c, const struct lakebase_kind *kind, const char *name, json_t *children)
{
	char collection[1200];
	int rc = EXIT_OK;

	for (const struct lakebase_kind *k = lakebase_kinds(); !rc && k->collection; k++) {
		json_t *items;

		if (!document_is_below(k, kind) || !k->listed)
			continue;
		items = json_array();
		snprintf(collection, sizeof(collection), "%s/%s", name, k->collection);
		rc = list_all(c, collection, items);
		json_object_set_new(children, k->collection, items);
	}
	return rc;
}

static json_t *ask_mock(struct ctl *c, const char *route)
{
	struct lakebase_doc *doc = NULL;
	json_t *json = NULL;

	if (may_be_mock(c) && lakebase_request(&doc, c->lb, "GET", route, NULL, NULL) == 0)
		json = json_of(doc);
	lakebase_doc_free(doc);
	return json;
}

/* The last changes of the resource, and of what is below it, that the mock's journal knows of. */
static json_t *events_of(struct ctl *c, const char *name)
{
	char route[1400];
	json_t *journal, *events = json_array(), *row;
	size_t i;

	snprintf(route, sizeof(route), "/_mock/journal?path=/api/2.0/postgres/%s*", name);
	journal = ask_mock(c, route);
	json_array_foreach(json_object_get(journal, "requests"), i, row)
	{
		const char *method = json_string_value(json_object_get(row, "method"));

		if (!method || strcmp(method, "GET") == 0)
			continue;
		json_array_append(events, row);
		if (json_array_size(events) > EVENTS)
			json_array_remove(events, 0);
	}
	json_decref(journal);
	return events;
}

static json_t *operations_of(struct ctl *c, const char *name)
{
	json_t *state = ask_mock(c, "/_mock/state"), *found = json_array(), *row;
	char prefix[1200];
	size_t i;

	snprintf(prefix, sizeof(prefix), "%s/operations/", name);
	json_array_foreach(json_object_get(state, "operations"), i, row)
	{
		json_t *doc = json_object_get(row, "doc");
		const char *of = json_string_value(json_object_get(doc, "name"));

		if (of && strncmp(of, prefix, strlen(prefix)) == 0)
			json_array_append(found, doc);
	}
	json_decref(state);
	return found;
}

static void heading(const struct ctl *c, const char *text)
{
	printf("\n%s%s%s\n", c->out.colour ? "\033[1m" : "", text, c->out.colour ? "\033[0m" : "");
}

static int show_sections(struct ctl *c, const json_t *all)
{
	const char *collection;
	json_t *items;
	int rc = show_one(&c->out, json_object_get(all, "resource"));

	json_object_foreach(json_object_get(all, "children"), collection, items)
	{
		if (rc || !json_array_size(items))
			continue;
		heading(c, collection);
		rc = show_list(&c->out, items, look_of(kind_named(collection))->columns);
	}
	items = json_object_get(all, "operations");
	if (!rc && json_array_size(items)) {
		heading(c, "operations");
		rc = show_list(&c->out, items, "NAME=name,DONE=done,ERROR=error.message");
	}
	items = json_object_get(all, "events");
	if (!rc && json_array_size(items)) {
		heading(c, "last changes (of the mock's journal)");
		rc = show_list(&c->out, items,
			"SEQ=seq,TIME=time,RPC=rpc,STATUS=status,SENT=sent_status,FAULT=fault,CALLER=caller");
	}
	return rc;
}

int run_describe(struct ctl *c)
{
	char *name = full_name(c, c->command->kind, c->args[0]);
	json_t *all = NULL, *children;
	struct lakebase_doc *doc = NULL;
	int rc = name ? connect_client(c) : EXIT_USAGE;

	if (!rc && lakebase_get(&doc, c->lb, name))
		rc = failed(c);
	if (!rc) {
		children = json_object();
		rc = add_children(c, c->command->kind, name, children);
		all = json_pack("{s:o, s:o, s:o, s:o}", "resource", json_of(doc), "children", children,
			"operations", operations_of(c, name), "events", events_of(c, name));
	}
	if (!rc)
		rc = wants_table(&c->out) ? show_sections(c, all)
			: wants_names(&c->out)
			? show_one(&c->out, json_object_get(all, "resource"))
			: show_one(&c->out, all);
	json_decref(all);
	lakebase_doc_free(doc);
	lakebase_string_free(name);
	return rc;
}

/* ---- as a tree ---- */

static int grow(struct ctl *c, const struct lakebase_kind *kind, const char *name, json_t *node);

/* A node for each resource of the collection, with what is below it. */
static int grow_kind(struct ctl *c, const struct lakebase_kind *kind, const char *collection,
	json_t *children)
{
	json_t *items = json_array(), *item;
	size_t i;
	int rc = list_all(c, collection, items);

	json_array_foreach(items, i, item) {
		const char *name = json_string_value(json_object_get(item, "name"));
		json_t *node = json_pack("{s:s, s:s, s:O?, s:O?, s:[]}", "kind", kind->singular, "name",
			name ? name : "", "state", at(item, "status.current_state"), "source",
			at(item, "status.source_branch"), "children");

		if (!rc && name)
			rc = grow(c, kind, name, node);
		json_array_append_new(children, node);
	}
	json_decref(items);
	return rc;
}

static int grow(struct ctl *c, const struct lakebase_kind *kind, const char *name, json_t *node)
{
	json_t *children = json_object_get(node, "children");
	char collection[1200];
	int rc = EXIT_OK;

	for (const struct lakebase_kind *k = lakebase_kinds(); !rc && k->collection; k++) {
		/* change data feeds stand three levels down, one request for each database */
		if (!k->listed || !document_is_below(k, kind) || strcmp(k->collection, "cdf-configs") == 0)
			continue;
		snprintf(collection, sizeof(collection), "%s%s%s", name, *name ? "/" : "", k->collection);
		rc = grow_kind(c, k, collection, children);
	}
	return rc;
}

static void put_node(const json_t *node, const char *before, const char *branch)
{
	const char *name = json_string_value(json_object_get(node, "name"));
	const char *state = json_string_value(json_object_get(node, "state"));
	const char *source = json_string_value(json_object_get(node, "source"));
	const char *id = strrchr(name, '/');

	put_line("%s%s%s %s%s%s%s%s%s%s", before, branch,
		json_string_value(json_object_get(node, "kind")), id ? id + 1 : name,
		state || source ? " (" : "",
		state ? state : "", state && source ? ", " : "", source ? "from " : "",
		source ? strrchr(source, '/') + 1 : "", state || source ? ")" : "");
}

static void put_tree(const json_t *children, const char *before)
{
	json_t *node;
	size_t i;

	json_array_foreach(children, i, node) {
		bool last = i + 1 == json_array_size(children);
		char below[256];

		put_node(node, before, last ? "\xe2\x94\x94\xe2\x94\x80 " : "\xe2\x94\x9c\xe2\x94\x80 ");
		snprintf(below, sizeof(below), "%s%s", before, last ? "   " : "\xe2\x94\x82  ");
		put_tree(json_object_get(node, "children"), below);
	}
}

int run_tree(struct ctl *c)
{
	const struct lakebase_kind *kind = c->num_args ? target_kind(c->args[0]) : NULL;
	char *name = kind ? full_name(c, kind, c->args[0]) : strdup("");
	json_t *root;
	int rc = name ? connect_client(c) : EXIT_USAGE;

	if (!rc && *name && lakebase_get(NULL, c->lb, name))
		rc = failed(c);
	root = json_pack("{s:s, s:s, s:[]}", "kind", kind ? kind->singular : "workspace", "name",
		name && *name ? name : rc ? "" : lakebase_host(c->lb), "children");
	if (!rc)
		rc = grow(c, kind, name, root);
	if (!rc && wants_table(&c->out)) {
		clear_progress(&c->out);
		put_line("%s", json_string_value(json_object_get(root, "name")));
		put_tree(json_object_get(root, "children"), "");
	} else if (!rc) {
		rc = show_one(&c->out, root);
	}
	json_decref(root);
	lakebase_string_free(name);
	return rc;
}
