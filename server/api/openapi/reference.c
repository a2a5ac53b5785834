/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference of the API, from the tables: a page begins with its title (`# Branches`).
 * docs/make.py makes a file of each page, and an index. Where an example belongs stands
 * `<!-- example: RPC -->`, which it replaces by one of the scenarios; `<!-- where: ID -->` becomes
 * the calls that a scenario sees refused in those words.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/handlers.h"
#include "api/openapi/openapi.h"
#include "base/text.h"
#include "core/mask/mask.h"

static const char intro[] =
	"# The API\n\n"
	"What the server takes and answers, one page for each resource. The pages are made from the\n"
	"tables that check requests and replies; the examples are\n"
	"[scenarios](../fixtures/scenarios/README.md) that the tests play. The same as OpenAPI 3.1:\n"
	"[openapi.json](openapi.json), also at `GET /_mock/openapi.json` of a server.\n\n"
	"Each row says how well it is known. **verified**: seen on the live service, as others have\n"
	"published it (tests, issues, programs). **documented**:\n"
	"its documentation says so. **typed**: it follows from the types of the published SDKs.\n"
	"**invented**: ours, because nobody has published what the service does.\n\n"
	"Creates, updates and deletes answer with an [operation](api/operations.md). A field that the\n"
	"server does not know is ignored and listed in `GET /_mock/warnings`; with `--strict` it is\n"
	"refused.\n";

/* ---- routes ---- */

static void add_queries(const struct route *r, struct buf *out)
{
	const char *before = " Query: ";

	for (const struct query_param *q = r->query; q && q->name; q++) {
		buf_addf(out, "%s`%s` %s", before, q->name, q->doc);
		before = " ";
	}
}

static void add_route(const struct route *r, struct buf *out)
{
	buf_addf(out, "| `%s %s` | %s | %s | %s", r->method, r->path, r->rpc,
		r->fn ? evidence_name(r->evidence) : "501: not built", r->doc ? r->doc : "");
	add_queries(r, out);
	buf_adds(out, " |\n");
}

static void head_of_routes(struct buf *out)
{
	buf_adds(out, "\n## Routes\n\n| route | rpc | evidence | |\n|---|---|---|---|\n");
}

/* ---- fields ---- */

/* A message that has fields is a section of the same page. */
static void add_type(const struct field *f, struct buf *out)
{
	static const char *const names[] = { [T_BOOL] = "bool", [T_INT32] = "int32",
		[T_INT64] = "int64", [T_DOUBLE] = "number", [T_STRING] = "string", [T_ENUM] = "enum",
		[T_TIME] = "timestamp", [T_DURATION] = "duration", [T_ANY] = "any" };

	buf_adds(out, f->flags & F_LIST ? "list of " : f->flags & F_MAP ? "map to " : "");
	if (f->type != T_MESSAGE) {
		buf_adds(out, names[f->type]);
	} else {
		buf_addf(out, "[%s](#", f->message->name);
		for (const char *c = f->message->name; *c; c++)
			buf_addf(out, "%c", tolower((unsigned char)*c));
		buf_adds(out, ")");
	}
}

static void add_remark(struct buf *out, const char **comma, const char *text)
{
	buf_addf(out, "%s%s", *comma, text);
	*comma = ", ";
}

static void add_remarks(const struct field *f, struct buf *out)
{
	static const struct {
		unsigned flag;
		const char *text;
	} remarks[] = { { F_REQUIRED, "required" }, { F_IMMUTABLE, "immutable" },
		{ F_OUTPUT, "output" }, { F_INPUT, "input" }, { F_WITHDRAWN, "withdrawn" } };
	const char *comma = "";
	char text[96];

	for (size_t i = 0; i < ARRAY_SIZE(remarks); i++)
		if (f->flags & remarks[i].flag)
			add_remark(out, &comma, remarks[i].text);
	if (f->oneof) {
		snprintf(text, sizeof text, "one of `%s`", f->oneof);
		add_remark(out, &comma, text);
	}
	if (f->min != 0 || f->max != 0) {
		snprintf(text, sizeof text, "%.15g to %.15g", f->min, f->max);
		add_remark(out, &comma, text);
	}
}

static void add_choices(const struct field *f, struct buf *out)
{
	const char *before = " One of ";

	for (const char *const *c = f->choices; c && *c; c++) {
		buf_addf(out, "%s`%s`", before, *c);
		before = ", ";
	}
	buf_adds(out, f->choices ? "." : "");
}

/* A message that several routes of a section share is shown once. */
struct section {
	struct buf *out;
	json_t *seen;
};

static void add_message(void *arg, const struct message *m)
{
	struct section *s = arg;
	struct buf *out = s->out;

	if (!m->fields || !m->fields->name || json_object_get(s->seen, m->name))
		return;
	if (!json_object_size(s->seen))
		buf_adds(out, "\n## Fields\n");
	json_object_set_new(s->seen, m->name, json_true());
	buf_addf(out, "\n### %s\n\n| field | type | | evidence | |\n|---|---|---|---|---|\n", m->name);
	for (const struct field *f = m->fields; f->name; f++) {
		buf_addf(out, "| `%s` | ", f->name);
		add_type(f, out);
		buf_adds(out, " | ");
		add_remarks(f, out);
		buf_addf(out, " | %s | %s", evidence_name(f->evidence), f->doc ? f->doc : "");
		add_choices(f, out);
		buf_adds(out, " |\n");
	}
}

/* ---- update masks ---- */

/* The parser itself is asked, so that this page cannot say anything else. */
static bool mask_takes(const struct resource *r, const char *path, json_t *body)
{
	struct arena a = { 0 };
	struct mask *k;
	struct err e;
	int bad = mask_parse(&k, r->message, path, body, MASK_ABSENT_IGNORED, &a, &e);

	arena_done(&a);
	return !bad;
}

struct mask_list {
	const struct resource *res;
	json_t *body;
	struct buf *out;
	int num;
};

static void add_path(struct mask_list *l, const char *path)
{
	if (mask_takes(l->res, path, l->body))
		buf_addf(l->out, "%s`%s`",
			l->num++ ? ", " : "\n## Update mask\n\n`update_mask` takes ", path);
}

static void add_paths(struct mask_list *l, const struct message *m, const char *prefix)
{
	const char *group = NULL;
	char path[256];

	for (const struct field *f = m->fields; f && f->name; f++) {
		if (f->flags & F_OUTPUT || (f->oneof && streq(f->oneof, group)))
			continue;
		group = f->oneof ? f->oneof : group;
		snprintf(path, sizeof path, "%s%s%s", prefix, *prefix ? "." : "",
			f->oneof ? f->oneof : f->name);
		add_path(l, path);
		if (f->type == T_MESSAGE && !(f->flags & (F_LIST | F_MAP)))
			add_paths(l, f->message, path);
	}
}

static void add_masks(const struct resource *r, struct buf *out)
{
	struct mask_list l = { .res = r, .body = json_object(), .out = out };

	if (l.body) {
		add_paths(&l, r->message, "");
		add_path(&l, "*");
	}
	buf_adds(out, l.num ? ".\n" : "");
	json_decref(l.body); /* allowed: made here, borrowed by nobody */
}

/* ---- a resource ---- */

static void add_resource(struct app *a, const struct resource *res, struct buf *out)
{
	struct section s = { out, json_object() };

	buf_addf(out, "\n# %s\n", res->plural);
	head_of_routes(out);
	for (size_t i = 0; i < a->routes.num; i++)
		if (a->routes.all[i].res == res)
			add_route(&a->routes.all[i], out);
	if (res->verbs & VERB_UPDATE)
		add_masks(res, out);
	fields_each_message(res->message, add_message, &s);
	json_decref(s.seen); /* allowed: made here, borrowed by nobody */
	buf_adds(out, "\n## Examples\n");
	for (size_t i = 0; i < a->routes.num; i++)
		if (a->routes.all[i].res == res)
			buf_addf(out, "\n<!-- example: %s -->\n", a->routes.all[i].rpc);
}

/* Routes of a hand-written table, with what they take and answer. */
static void add_table(const char *title, const struct route *table, struct buf *out)
{
	struct section s = { out, json_object() };

	buf_addf(out, "\n# %s\n", title);
	head_of_routes(out);
	for (const struct route *r = table; r->method; r++)
		add_route(r, out);
	for (const struct route *r = table; r->method; r++) {
		if (r->body)
			fields_each_message(r->body, add_message, &s);
		if (r->reply)
			fields_each_message(r->reply, add_message, &s);
	}
	json_decref(s.seen); /* allowed: made here, borrowed by nobody */
	buf_adds(out, "\n## Examples\n");
	for (const struct route *r = table; r->method; r++)
		if (r->fn)
			buf_addf(out, "\n<!-- example: %s -->\n", r->rpc);
}

/* ---- refusals ---- */

static void add_wordings(struct buf *out)
{
	buf_adds(out, "\n# Refusals\n\nWhat an error says, what it means, and which calls answer it. "
		      "An error is\n`{\"error_code\", \"message\", \"details\"}`; "
		      "each `%s` stands for a value.\n\n"
		      "| message | means | status | calls | evidence |\n|---|---|---|---|---|\n");
	for (int i = 0; i < SAY__N; i++) {
		enum wording w = (enum wording)i;
		enum err_code code = wording_code(w);

		buf_addf(out, "| `%s` | %s | %d %s | <!-- where: %s --> | %s |\n", wording_text(w),
			wording_doc(w), err_status(code), err_name(code), wording_id(w),
			evidence_name(wording_evidence(w)));
	}
}

void reference_markdown(struct app *a, struct buf *out)
{
	buf_adds(out, intro);
	for (const struct resource *const *r = a->world.resources; *r; r++)
		add_resource(a, *r, out);
	add_table("CDF statuses", cdf_status_routes, out);
	add_table("Operations", operation_routes, out);
	add_table("Credentials", credential_routes, out);
	add_table("Role passwords", password_routes, out);
	add_table("Permissions", permission_routes, out);
	add_table("What clients ask first", bootstrap_routes, out);
	add_table("Logging in", oauth_routes, out);
	add_table("Workspace files", workspace_file_routes, out);
	add_table("Neighbours", neighbour_routes, out);
	add_table("Known and not built", missing_routes, out);
	add_wordings(out);
}
