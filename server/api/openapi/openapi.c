/* SPDX-License-Identifier: Apache-2.0 */
#include "api/openapi/openapi.h"

#include <string.h>

#include "api/handlers.h"
#include "base/text.h"

json_t *routes_document(struct app *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->routes.num; i++) {
		const struct route *r = &a->routes.all[i];

		json_array_append_new(list,
			json_pack("{s:s,s:s,s:s,s:s,s:b,s:I}", "rpc", r->rpc, "method", r->method,
				"path", r->path, "evidence", evidence_name(r->evidence), "implemented",
				r->fn != NULL, "hits", (json_int_t)a->routes.hits[i]));
	}
	return json_pack("{s:i,s:o}", "schema", 1, "routes", list);
}

static json_t *reference(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "#/components/schemas/%s", name);
	return json_pack("{s:s}", "$ref", path);
}

static json_t *json_content(const struct message *m)
{
	json_t *schema = m->fields ? reference(m->name) : json_pack("{s:s}", "type", "object");

	return json_pack("{s:{s:o}}", "application/json", "schema", schema);
}

/* A reply without a table is bytes, or JSON that nothing describes. */
static json_t *reply_content(const struct route *r)
{
	if (r->reply)
		return json_content(r->reply);
	return json_pack("{s:{s:{s:s,s:s}},s:{s:{s:s}}}", "application/octet-stream", "schema", "type",
		"string", "format", "binary", "application/json", "schema", "type", "object");
}

/* A form has fields, which the handler knows. */
static json_t *form_content(void)
{
	return json_pack("{s:{s:{s:s,s:{s:s}}}}", "application/x-www-form-urlencoded", "schema", "type",
		"object", "additionalProperties", "type", "string");
}

static const char *type_name(enum field_type t)
{
	return t == T_BOOL ? "boolean" : t == T_INT32 ? "integer" : "string";
}

static json_t *parameters(const struct route *r)
{
	json_t *list = json_array();

	for (const char *p = r->path; (p = strchr(p, '{')); p++)
		json_array_append_new(list,
			json_pack("{s:s%,s:s,s:b,s:{s:s}}", "name", p + 1, strcspn(p, "}") - 1, "in",
				"path", "required", 1, "schema", "type", "string"));
	for (const struct query_param *q = r->query; q && q->name; q++) {
		bool id = r->res && streq(q->name, r->res->id_field) &&
			  !(r->res->flags & R_ID_OPTIONAL);
		bool mask = r->flags & ROUTE_MASKED && streq(q->name, "update_mask");

		json_array_append_new(list,
			json_pack("{s:s,s:s,s:b,s:s,s:{s:s}}", "name", q->name, "in", "query",
				"required", id || mask, "description", q->doc, "schema", "type",
				type_name(q->type)));
	}
	return list;
}

static json_t *responses(const struct route *r)
{
	static const char *const refusals[] = { "400", "401", "403", "404", "409", "413" };
	const char *envelope = r->flags & ROUTE_OAUTH ? "#/components/responses/OAuthRefused"
						      : "#/components/responses/Refused";
	json_t *all = json_object();

	json_object_set_new(all, "200",
		json_pack("{s:s,s:o}", "description", "Done.", "content", reply_content(r)));
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		json_object_set_new(all, refusals[i], json_pack("{s:s}", "$ref", envelope));
	return all;
}

static json_t *operation(const struct route *r)
{
	json_t *op = json_pack("{s:s,s:s,s:o,s:o,s:s}", "operationId", r->rpc, "summary", r->doc,
		"parameters", parameters(r), "responses", responses(r), "x-evidence",
		evidence_name(r->evidence));

	if (op && r->body)
		json_object_set_new(op, "requestBody",
			json_pack("{s:b,s:o}", "required", 1, "content", json_content(r->body)));
	if (op && r->flags & ROUTE_FORM)
		json_object_set_new(op, "requestBody",
			json_pack("{s:b,s:o}", "required", 1, "content", form_content()));
	if (op && r->flags & ROUTE_OPEN)
		json_object_set_new(op, "security", json_array());
	return op;
}

static void add_schema(void *arg, const struct message *m)
{
	json_t *schemas = arg;

	if (m->fields && !json_object_get(schemas, m->name))
		json_object_set_new(schemas, m->name, fields_schema(m));
}

static void add_schemas(json_t *schemas, const struct route *r)
{
	if (r->body)
		fields_each_message(r->body, add_schema, schemas);
	if (r->reply)
		fields_each_message(r->reply, add_schema, schemas);
}

static json_t *error_schema(void)
{
	return json_pack("{s:s,s:[s,s],s:{s:{s:[s,s]},s:{s:s},s:{s:s,s:{s:s}}}}", "type", "object",
		"required", "error_code", "message", "properties", "error_code", "type", "string",
		"integer", "message", "type", "string", "details", "type", "array", "items", "type",
		"object");
}

/* OAuth has an envelope of its own, and gives way to ours where the transport refuses. */
static json_t *oauth_error_schema(void)
{
	return json_pack("{s:[{s:s,s:[s],s:{s:{s:s},s:{s:s}}},{s:s}]}", "anyOf", "type", "object",
		"required", "error", "properties", "error", "type", "string", "error_description",
		"type", "string", "$ref", "#/components/schemas/Error");
}

/* A response of the components: refused, in that envelope. */
static json_t *refused(const char *schema)
{
	return json_pack("{s:s,s:{s:{s:o}}}", "description", "Refused; the message says why.",
		"content", "application/json", "schema", reference(schema));
}

/* Several routes may share an rpc name; operation ids may not be shared. */
static void name_apart(json_t *op, json_t *seen, const char *rpc)
{
	json_int_t n = json_integer_value(json_object_get(seen, rpc));
	char id[128];

	json_object_set_new(seen, rpc, json_integer(n + 1));
	if (n == 0)
		return;
	snprintf(id, sizeof id, "%s_%d", rpc, (int)n + 1);
	json_object_set_new(op, "operationId", json_string(id));
}

json_t *openapi_document(struct app *a)
{
	json_t *paths = json_object(), *schemas = json_object();
	json_auto_t *seen = json_object();

	for (size_t i = 0; i < a->routes.num; i++) {
		const struct route *r = &a->routes.all[i];
		json_t *item = json_object_get(paths, r->path), *op;
		char method[16] = ""; /* ours are short */

		if (!r->fn)
			continue;
		if (!item) {
			item = json_object();
			json_object_set_new(paths, r->path, item);
		}
		for (size_t k = 0; r->method[k]; k++)
			method[k] = (char)(r->method[k] | 0x20);
		op = operation(r);
		name_apart(op, seen, r->rpc);
		json_object_set_new(item, method, op);
		add_schemas(schemas, r);
	}
	json_object_set_new(schemas, "Error", error_schema());
	json_object_set_new(schemas, "OAuthError", oauth_error_schema());
	return json_pack("{s:s,s:{s:s,s:s,s:s},s:[{s:[]}],"
			 "s:{s:{s:{s:s,s:s}},s:o,s:{s:o,s:o}},s:o}",
		"openapi", "3.1.0", "info", "title", "Databricks Lakebase Postgres API, as mocked",
		"version", a->world.settings.profile, "description",
		"Generated from the tables that validate requests and check replies.", "security",
		"bearer", "components", "securitySchemes", "bearer", "type", "http", "scheme", "bearer",
		"schemas", schemas, "responses", "OAuthRefused", refused("OAuthError"), "Refused",
		refused("Error"), "paths", paths);
}
