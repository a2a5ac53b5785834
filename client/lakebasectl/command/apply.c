/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `apply`: a tree of resources as one document, made true. Each node is read first: what is missing is
 * created, what differs is updated with a mask of just that, what matches is left alone.
 */
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/command/apply.h"
#include "lakebasectl/document/change.h"
#include "lakebasectl/document/document.h"
#include "lakebasectl/document/predict.h"
#include "lakebasectl/input/confirm.h"
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/request/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct apply {
	struct ctl *c;
	struct lakebase_call_options wait;
	bool dry;
	json_t *done;	 /* of what is told in the end: {"name","action","changes"} */
	json_t *extra;	 /* names of what the document does not hold */
	size_t created, updated, unchanged, deleted;
};

static void say(struct apply *a, const char *what, const char *name, const char *mask, json_t *changes)
{
	clear_progress(&a->c->out);
	json_array_append_new(a->done,
		json_pack("{s:s, s:s, s:O?}", "name", name, "action", what, "changes", changes));
	if (a->c->option[OPT_QUIET])
		return;
	note("%-10s %s%s%s%s", what, name, mask ? " (" : "", mask ? mask : "", mask ? ")" : "");
	if (changes)
		changes_put(changes);
}

static int create(struct apply *a, const struct lakebase_kind *kind, const char *name, const json_t *node)
{
	json_t *body = document_body(kind, node, true);
	char *text = json_dumps(body, JSON_COMPACT);
	int rc = EXIT_OK;

	snprintf(a->c->subject, sizeof(a->c->subject), "%s", name);
	if (!a->dry && lakebase_create(NULL, a->c->lb, name, text, &a->wait))
		rc = failed(a->c);
	if (!rc)
		say(a, "created", name, NULL, NULL);
	a->created += !rc;
	free(text);
	json_decref(body);
	return rc;
}

static int update(struct apply *a, const struct lakebase_kind *kind, const char *name, const json_t *node,
	const struct lakebase_doc *found)
{
	json_t *body = document_body(kind, node, false), *now = json_of(found), *changes = NULL;
	char *text = json_dumps(body, JSON_COMPACT), *mask = NULL;
	int rc = EXIT_OK;

	if (lakebase_diff(&mask, text, found)) {
		rc = failed(a->c);
	} else if (!*mask) {
		say(a, "unchanged", name, NULL, NULL);
		a->unchanged++;
	} else {
		if (!a->dry && lakebase_update(NULL, a->c->lb, name, text, mask, &a->wait))
			rc = failed(a->c);
		changes = changes_of(mask, body, now);
		if (!rc)
			say(a, "updated", name, mask, changes);
		a->updated += !rc;
	}
	json_decref(changes);
	json_decref(now);
	json_decref(body);
	lakebase_string_free(mask);
	free(text);
	return rc;
}

static int grant(struct apply *a, const char *name, const json_t *node)
{
	json_t *permissions = json_object_get(node, "permissions");
	char *body;
	int rc = EXIT_OK;

	if (!permissions || a->dry)
		return EXIT_OK;
	body = json_dumps(permissions, JSON_COMPACT | JSON_ENCODE_ANY);
	if (lakebase_permissions_update(NULL, a->c->lb, name, body))
		rc = failed(a->c);
	free(body);
	return rc;
}

/* ---- what the document does not hold ---- */

static bool is_named(const json_t *list, const struct lakebase_kind *kind, const char *id)
{
	json_t *node;
	size_t i;

	json_array_foreach(list, i, node)
		if (strcmp(document_id(kind, node), id) == 0)
			return true;
	return false;
}

/* Remembers what is there beside the nodes of `list`, and was not made with its parent. */
static int find_extra(struct apply *a, const char *parent, const struct lakebase_kind *kind,
	const json_t *list)
{
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *item = NULL;
	char collection[1200];
	int rc;

	if (!kind->listed || !*parent)
		return EXIT_OK;
	snprintf(collection, sizeof(collection), "%s/%s", parent, kind->collection);
	rc = lakebase_list(&pages, a->c->lb, collection, NULL);
	while (!rc && (rc = lakebase_pages_next(&item, pages)) == 0 && item) {
		const char *name = lakebase_doc_string(item, "name");
		const char *id = name ? strrchr(name, '/') : NULL;

		if (id && !is_named(list, kind, id + 1) && !predict_is_made_with_parent(kind, item))
			/* the youngest first: what was made of another goes before it */
			json_array_insert_new(a->extra, 0, json_string(name));
		lakebase_doc_free(item);
	}
	lakebase_pages_free(pages);
	/* a dry run may look below something that is not there yet */
	return rc && !(a->dry && rc == LAKEBASE_ENOTFOUND) ? failed(a->c) : EXIT_OK;
}

static int prune(struct apply *a)
{
	struct lakebase_call_options o = a->wait;
	json_t *name;
	char question[64];
	size_t i;
	int rc = EXIT_OK;

	if (!json_array_size(a->extra))
		return EXIT_OK;
	clear_progress(&a->c->out);
	json_array_foreach(a->extra, i, name)
		if (!a->dry)
			note("extra      %s", json_string_value(name));
	if (json_array_size(a->extra) == 1)
		snprintf(question, sizeof(question), "Delete it?");
	else
		snprintf(question, sizeof(question), "Delete these %zu?", json_array_size(a->extra));
	if (!a->dry && !confirm_strictly(a->c, question))
		return EXIT_API;
	o.flags = LAKEBASE_WAIT | LAKEBASE_ALLOW_MISSING;
	json_array_foreach(a->extra, i, name) {
		if (!rc && !a->dry && lakebase_delete(NULL, a->c->lb, json_string_value(name), &o))
			rc = failed(a->c);
		if (!rc)
			say(a, "deleted", json_string_value(name), NULL, NULL);
		a->deleted += !rc;
	}
	return rc;
}

/* ---- the walk ---- */

static int apply_children(struct apply *a, const char *parent, const struct lakebase_kind *kind,
	const json_t *node, const struct prediction *above);

static int apply_node(struct apply *a, const char *parent, const struct lakebase_kind *kind,
	const json_t *node, const struct prediction *above)
{
	struct prediction here = { 0 };
	struct lakebase_doc *found = NULL;
	char name[1024];
	int rc;

	snprintf(name, sizeof(name), "%s%s%s/%s", parent, *parent ? "/" : "", kind->collection,
		document_id(kind, node));
	/* below what a dry run only says to create, what comes with it is foretold */
	rc = above->is_new ? predict(&found, a->c->lb, above, kind, node)
			   : lakebase_get(&found, a->c->lb, name);
	if (rc == LAKEBASE_ENOTFOUND) {
		rc = create(a, kind, name, node);
		predict_new(&here, above, kind, node, name, a->dry);
	} else {
		rc = rc ? failed(a->c) : update(a, kind, name, node, found);
		predict_known(&here, above, kind, node, name);
	}
	lakebase_doc_free(found);
	if (!rc && strcmp(kind->collection, "projects") == 0)
		rc = grant(a, name, node);
	return rc ? rc : apply_children(a, name, kind, node, &here);
}

/* The kinds below in their order: roles come before the databases that they own. */
static int apply_children(struct apply *a, const char *parent, const struct lakebase_kind *kind,
	const json_t *node, const struct prediction *above)
{
	int rc = EXIT_OK;

	for (const struct lakebase_kind *k = lakebase_kinds(); !rc && k->collection; k++) {
		json_t *list = document_is_below(k, kind) ? json_object_get(node, k->collection) : NULL;
		json_t *child;
		size_t i;

		json_array_foreach(list, i, child)
			if (!rc)
				rc = apply_node(a, parent, k, child, above);
		if (list && !rc && a->c->option[OPT_PRUNE] && !above->is_new)
			rc = find_extra(a, parent, k, list);
	}
	return rc;
}

static int show_sum(struct apply *a)
{
	json_t *sum = json_pack("{s:I, s:I, s:I, s:I, s:O}", "created", (json_int_t)a->created, "updated",
		(json_int_t)a->updated, "unchanged", (json_int_t)a->unchanged, "deleted",
		(json_int_t)a->deleted, "resources", a->done);
	int rc = wants_table(&a->c->out) ? EXIT_OK : show_one(&a->c->out, sum);

	json_decref(sum);
	return rc;
}

int run_apply(struct ctl *c)
{
	struct apply a = { .c = c, .wait = LAKEBASE_CALL_OPTIONS_INIT, .dry = c->option[OPT_DRY_RUN] };
	struct prediction top = { 0 };
	char from[1024];
	json_t *document, *whole;
	int rc;

	snprintf(from, sizeof(from), "%s%s", strcmp(c->args[0], "-") == 0 ? "" : "@", c->args[0]);
	document = read_json(from);
	if (!document || document_check(document)) {
		json_decref(document);
		return EXIT_USAGE;
	}
	whole = document_projects(document);
	a.done = json_array();
	a.extra = json_array();
	call_options(c, &a.wait);
	a.wait.flags = LAKEBASE_WAIT;
	rc = connect_client(c);
	if (!rc)
		rc = apply_children(&a, "", NULL, whole, &top);
	if (!rc)
		rc = prune(&a);
	if (!rc)
		rc = show_sum(&a);
	json_decref(a.done);
	json_decref(a.extra);
	json_decref(whole);
	json_decref(document);
	return rc;
}
