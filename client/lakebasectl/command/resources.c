/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/command/resources.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/input/fields.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"
#include "lakebasectl/request/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- bodies ---- */

/* "spec.group.min=2", "group.min=2" (below spec), or "initial_endpoint_spec.x=1". */
static int set_value(const struct lakebase_kind *kind, json_t *body, const char *field, json_t *value)
{
	char path[256], *dot, *part;
	json_t *object = body, *next;

	fields_place(path, sizeof(path), kind, field);
	for (part = path; (dot = strchr(part, '.')); part = dot + 1) {
		*dot = '\0';
		next = json_object_get(object, part);
		if (!json_is_object(next)) {
			json_object_set_new(object, part, json_object());
			next = json_object_get(object, part);
		}
		object = next;
	}
	return json_object_set_new(object, part, value);
}

static int set_field(const struct lakebase_kind *kind, json_t *body, const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	char field[200];
	json_t *value;

	if (equals - assignment >= (int)sizeof(field)) {
		complain("--set: the field name is too long");
		return EXIT_USAGE;
	}
	snprintf(field, sizeof(field), "%.*s", (int)(equals - assignment), assignment);
	value = json_loads(equals + 1, JSON_DECODE_ANY, NULL);
	if (!value)
		value = json_string(equals + 1);
	if (!value || set_value(kind, body, field, value)) {
		complain("--set %s: not UTF-8", assignment);
		return EXIT_USAGE;
	}
	return 0;
}

static int set_fields(const struct ctl *c, json_t *body)
{
	const struct lakebase_kind *kind = c->command->kind;

	for (size_t i = 0; i < c->num_sets; i++)
		if (set_field(kind, body, c->sets[i]))
			return EXIT_USAGE;
	if (c->option[OPT_TTL] && c->option[OPT_NO_EXPIRY]) {
		complain("--ttl and --no-expiry exclude each other");
		return EXIT_USAGE;
	}
	if (c->option[OPT_TTL])
		set_value(kind, body, "ttl", json_string(c->option[OPT_TTL]));
	if (c->option[OPT_NO_EXPIRY])
		set_value(kind, body, "no_expiry", json_true());
	return 0;
}

/* Short names and times are written out; a field that nobody knows is sent all the same, but named. */
static void tidy(const struct ctl *c, json_t *body)
{
	json_t *copy = json_deep_copy(body);
	char why[256];

	if (fields_check(c->command->kind, copy, why, sizeof(why)))
		note("%s (it is sent all the same)", why);
	json_decref(copy);
	fields_write_out(c->command->kind, body);
}

/* The body from --body and --set, as text. NULL after a message. */
static char *build_body(const struct ctl *c)
{
	json_t *body = c->option[OPT_BODY] ? read_json(c->option[OPT_BODY]) : json_object();
	char *text = NULL;

	if (!body)
		return NULL;
	if (!json_is_object(body)) {
		complain("--body: the body of a resource is a JSON object");
	} else if (!set_fields(c, body)) {
		if (!c->option[OPT_BODY] && !json_object_size(body))
			json_object_set_new(body, "spec", json_object());
		tidy(c, body);
		text = json_dumps(body, JSON_COMPACT);
	}
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
	char *name = full_name(c, c->command->kind, c->args[0]);
	int rc;

	if (!name)
		return EXIT_USAGE;
	spec.verb = verb;
	spec.name = name;
	spec.body = body;
	spec.mask = mask;
	call_options(c, &spec.options);
	rc = perform(c, &spec);
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

static int fetch_one(struct ctl *c, const char *name, json_t *items)
{
	struct lakebase_doc *doc = NULL;
	int rc = lakebase_get(&doc, c->lb, name);

	if (!rc)
		json_array_append_new(items, json_of(doc));
	lakebase_doc_free(doc);
	return rc && rc != LAKEBASE_ENOTFOUND ? failed(c) : EXIT_OK;
}

static int watch_one(struct ctl *c)
{
	char *name = full_name(c, c->command->kind, c->args[0]);
	int rc = name ? connect_client(c) : EXIT_USAGE;

	if (!rc)
		rc = watch(c, fetch_one, name, look_of(c->command->kind)->columns, true);
	lakebase_string_free(name);
	return rc;
}

int run_get(struct ctl *c)
{
	if (c->option[OPT_WATCH])
		return watch_one(c);
	return on_name(c, LAKEBASE_VERB_GET, NULL, NULL);
}

int run_update(struct ctl *c)
{
	char *body, *mask = NULL;
	int rc;

	if (!c->num_sets && !c->option[OPT_BODY] && !c->option[OPT_TTL] && !c->option[OPT_NO_EXPIRY]) {
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

/* What became of a deletion that was waited for. */
static int show_deleted(struct ctl *c, const char *name, bool was_there)
{
	json_t *json;
	int rc;

	clear_progress(&c->out);
	if (!wants_table(&c->out)) {
		json = json_pack("{s:s, s:b}", "name", name, "deleted", was_there);
		rc = show_one(&c->out, json);
		json_decref(json);
		return rc;
	}
	put_line(was_there ? "deleted %s" : "%s was not there", name);
	if (was_there && c->command->kind->undeleted && !c->option[OPT_PURGE])
		note("lakebasectl %s undelete %s brings it back.", c->command->kind->singular, c->args[0]);
	return EXIT_OK;
}

int run_delete(struct ctl *c)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	char *name = full_name(c, c->command->kind, c->args[0]), *reassign = NULL, query[1200];
	struct lakebase_doc *doc = NULL;
	int rc = name ? connect_client(c) : EXIT_USAGE;

	call_options(c, &o);
	if (!rc && c->option[OPT_REASSIGN]) {
		reassign = full_name(c, c->command->kind, c->option[OPT_REASSIGN]);
		snprintf(query, sizeof(query), "reassign_owned_to=%s", reassign ? reassign : "");
		o.query = query;
		rc = reassign ? EXIT_OK : EXIT_USAGE;
	}
	if (!rc && lakebase_delete(&doc, c->lb, name, &o)) {
		if (c->option[OPT_ALLOW_MISSING] && lakebase_last_error()->code == LAKEBASE_ENOTFOUND)
			rc = show_deleted(c, name, false);
		else
			rc = failed(c);
	} else if (!rc) {
		rc = c->option[OPT_WAIT] ? show_deleted(c, name, true) : show(&c->out, doc);
	}
	lakebase_doc_free(doc);
	lakebase_string_free(reassign);
	lakebase_string_free(name);
	return rc;
}

int run_undelete(struct ctl *c)
{
	return on_name(c, LAKEBASE_VERB_UNDELETE, NULL, NULL);
}

/* ---- lists ---- */

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
	if (c->option[OPT_WATCH])
		return watch(c, list_all, collection, look_of(kind)->columns, false);
	items = json_array();
	rc = list_all(c, collection, items);
	if (!rc)
		rc = show_list(&c->out, items, look_of(kind)->columns);
	json_decref(items);
	return rc;
}

/* ---- waiting ---- */

int run_wait(struct ctl *c)
{
	const char *condition = c->option[OPT_UNTIL];
	int64_t left = c->option[OPT_TIMEOUT] ? parse_time(c->option[OPT_TIMEOUT]) : 600000, pause = 200;
	char *name = full_name(c, c->command->kind, c->args[0]);
	json_t *items = NULL, *resource = NULL;
	int rc = name ? connect_client(c) : EXIT_USAGE, holds = 0;

	if (!condition || watch_holds(condition, NULL) < 0) {
		complain("--for says until when: FIELD=VALUE, such as state=ACTIVE, or deleted");
		rc = EXIT_USAGE;
	}
	while (!rc && !holds) {
		json_decref(items);
		items = json_array();
		rc = fetch_one(c, name, items);
		resource = json_array_get(items, 0);
		holds = watch_holds(condition, resource);
		if (rc || holds)
			break;
		if (left <= 0) {
			complain("%s: still not %s", name, condition);
			rc = EXIT_API;
			break;
		}
		watch_pause(c, pause);
		left -= c->option[OPT_EVERY] ? parse_time(c->option[OPT_EVERY]) + 1 : pause;
		pause = pause < 2000 ? pause * 3 / 2 : 2000;
	}
	if (!rc && resource)
		rc = show_one(&c->out, resource);
	else if (!rc)
		rc = show_deleted(c, name, true);
	json_decref(items);
	lakebase_string_free(name);
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
