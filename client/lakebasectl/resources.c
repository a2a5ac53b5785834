/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/resources.h"
#include "lakebasectl/client.h"
#include "lakebasectl/json.h"
#include "lakebasectl/kinds.h"
#include "lakebasectl/say.h"
#include "lakebasectl/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- bodies ---- */

/* "spec.group.min=2", "group.min=2" (below spec), or "initial_endpoint_spec.x=1". */
static int set_field(json_t *body, const char *assignment)
{
	const char *equals = strchr(assignment, '='), *p;
	char path[256], *dot, *part;
	json_t *value, *object = body, *next;

	if (!equals || equals == assignment) {
		complain("--set takes FIELD=VALUE, not '%s'", assignment);
		return EXIT_USAGE;
	}
	p = strncmp(assignment, "spec.", 5) == 0 || strncmp(assignment, "initial_", 8) == 0 ? "" : "spec.";
	if (snprintf(path, sizeof(path), "%s%.*s", p, (int)(equals - assignment), assignment)
		>= (int)sizeof(path)) {
		complain("--set: the field name is too long");
		return EXIT_USAGE;
	}
	value = json_loads(equals + 1, JSON_DECODE_ANY, NULL);
	if (!value)
		value = json_string(equals + 1);
	for (part = path; (dot = strchr(part, '.')); part = dot + 1) {
		*dot = '\0';
		next = json_object_get(object, part);
		if (!json_is_object(next)) {
			json_object_set_new(object, part, json_object());
			next = json_object_get(object, part);
		}
		object = next;
	}
	if (!value || json_object_set_new(object, part, value)) {
		complain("--set %s: not UTF-8", assignment);
		return EXIT_USAGE;
	}
	return 0;
}

/* The body from --body and --set, as text. NULL after a message. */
static char *build_body(const struct ctl *c)
{
	json_t *body = c->option[OPT_BODY] ? read_json(c->option[OPT_BODY]) : json_pack("{s:{}}", "spec");
	char *text = NULL;

	if (!body)
		return NULL;
	if (!json_is_object(body)) {
		complain("--body: the body of a resource is a JSON object");
		json_decref(body);
		return NULL;
	}
	for (size_t i = 0; i < c->num_sets; i++)
		if (set_field(body, c->sets[i])) {
			json_decref(body);
			return NULL;
		}
	text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	return text;
}

/* ---- one resource ---- */

/* Runs a call whose result is shown. */
static int perform(struct ctl *c, const struct lakebase_call_spec *spec)
{
	struct lakebase_doc *doc = NULL;
	int rc;

	rc = connect_client(c);
	if (rc)
		return rc;
	if (lakebase_perform(&doc, c->lb, spec))
		return failed(c);
	rc = show(&c->out, doc);
	lakebase_doc_free(doc);
	return rc;
}

static int on_name(struct ctl *c, enum lakebase_verb verb, const char *body, const char *mask)
{
	struct lakebase_call_spec spec = LAKEBASE_CALL_SPEC_INIT;
	char *name = full_name(c, c->command->kind, c->args[0]), *reassign = NULL, query[1200];
	int rc;

	if (!name)
		return EXIT_USAGE;
	spec.verb = verb;
	spec.name = name;
	spec.body = body;
	spec.mask = mask;
	call_options(c, &spec.options);
	if (c->option[OPT_REASSIGN]) {
		reassign = full_name(c, c->command->kind, c->option[OPT_REASSIGN]);
		snprintf(query, sizeof(query), "reassign_owned_to=%s", reassign ? reassign : "");
		spec.options.query = query;
	}
	rc = c->option[OPT_REASSIGN] && !reassign ? EXIT_USAGE : perform(c, &spec);
	lakebase_string_free(reassign);
	lakebase_string_free(name);
	return rc;
}

int run_create(struct ctl *c)
{
	char *body = build_body(c);
	int rc = body ? on_name(c, LAKEBASE_VERB_CREATE, body, NULL) : EXIT_USAGE;

	free(body);
	return rc;
}

int run_get(struct ctl *c)
{
	return on_name(c, LAKEBASE_VERB_GET, NULL, NULL);
}

int run_update(struct ctl *c)
{
	char *body, *mask = NULL;
	int rc;

	if (!c->num_sets && !c->option[OPT_BODY]) {
		complain("nothing to change: give --set FIELD=VALUE or --body JSON");
		return EXIT_USAGE;
	}
	body = build_body(c);
	if (!body)
		return EXIT_USAGE;
	if (!c->option[OPT_MASK] && lakebase_mask(&mask, body))
		rc = failed(c);
	else
		rc = on_name(c, LAKEBASE_VERB_UPDATE, body, mask ? mask : c->option[OPT_MASK]);
	lakebase_string_free(mask);
	free(body);
	return rc;
}

int run_delete(struct ctl *c)
{
	return on_name(c, LAKEBASE_VERB_DELETE, NULL, NULL);
}

int run_undelete(struct ctl *c)
{
	return on_name(c, LAKEBASE_VERB_UNDELETE, NULL, NULL);
}

/* ---- lists ---- */

static int collect(struct ctl *c, const char *collection, json_t *items)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *item = NULL;
	int rc;

	call_options(c, &o);
	rc = lakebase_list(&pages, c->lb, collection, &o);
	while (!rc && (rc = lakebase_pages_next(&item, pages)) == 0 && item) {
		if (json_array_append_new(items, json_of(item)))
			rc = LAKEBASE_ENOMEM;
		lakebase_doc_free(item);
	}
	lakebase_pages_free(pages);
	return rc ? failed(c) : EXIT_OK;
}

int run_list(struct ctl *c)
{
	const struct lakebase_kind *kind = c->command->kind;
	char collection[2200], *parent = NULL;
	json_t *items;
	int rc;

	snprintf(collection, sizeof(collection), "%s", kind->collection);
	if (kind->parent) {
		parent = full_name(c, kind_named(kind->parent), c->args[0]);
		if (!parent)
			return EXIT_USAGE;
		snprintf(collection, sizeof(collection), "%s/%s", parent, kind->collection);
		lakebase_string_free(parent);
	}
	rc = connect_client(c);
	if (rc)
		return rc;
	items = json_array();
	rc = collect(c, collection, items);
	if (!rc)
		rc = show_list(&c->out, items, look_of(kind)->columns);
	json_decref(items);
	return rc;
}

/* ---- operations, credentials, anything ---- */

static int on_operation(struct ctl *c, enum lakebase_verb verb)
{
	struct lakebase_call_spec spec = LAKEBASE_CALL_SPEC_INIT;

	spec.verb = verb;
	spec.name = c->args[0];
	call_options(c, &spec.options);
	if (!strstr(c->args[0], "/operations/")) {
		complain("'%s' names no operation: expected RESOURCE/operations/ID, as a create, update or "
			 "delete prints it",
			c->args[0]);
		return EXIT_USAGE;
	}
	return perform(c, &spec);
}

int run_operation_get(struct ctl *c)
{
	return on_operation(c, LAKEBASE_VERB_GET);
}

int run_operation_wait(struct ctl *c)
{
	return on_operation(c, LAKEBASE_VERB_OPERATION_WAIT);
}

int run_credential(struct ctl *c)
{
	char *name = full_name(c, kind_named("endpoints"), c->args[0]);
	int64_t ttl = c->option[OPT_TTL] ? parse_time(c->option[OPT_TTL]) / 1000 : 0;
	struct lakebase_doc *doc = NULL;
	int rc;

	if (!name)
		return EXIT_USAGE;
	rc = connect_client(c);
	if (!rc)
		rc = lakebase_credential(&doc, c->lb, name, (int)ttl) ? failed(c) : show(&c->out, doc);
	lakebase_doc_free(doc);
	lakebase_string_free(name);
	return rc;
}

int run_request(struct ctl *c)
{
	json_t *body = c->option[OPT_BODY] ? read_json(c->option[OPT_BODY]) : NULL;
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	struct lakebase_doc *doc = NULL;
	int rc = c->option[OPT_BODY] && !text ? EXIT_USAGE : connect_client(c);

	if (!rc)
		rc = lakebase_request(&doc, c->lb, c->args[0], c->args[1], text, NULL) ? failed(c)
										       : show(&c->out, doc);
	lakebase_doc_free(doc);
	free(text);
	json_decref(body);
	return rc;
}
