/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fixture documents: what a server should start with. Everything in them could also be sent to
 * the server; `requests` are in fact sent, in order, as the admin.
 */
#include <stdio.h>
#include <string.h>

#include "api/auth/token.h"
#include "base/limits.h"
#include "base/text.h"
#include "lab/state/embed.h"
#include "lab/state/scenarios.h"
#include "lab/state/settings.h"

static const char *const kinds[] = {"user", "service_principal", NULL};

static const struct field principal_fields[] = {
	{"token", T_STRING, F_REQUIRED, .max = 1000},
	{"name", T_STRING, F_REQUIRED, .max = 255},
	{"kind", T_ENUM, .choices = kinds},
	{"admin", T_BOOL},
	{"groups", T_STRING, F_LIST, .min = 0, .max = 100},
	{0},
};
static const struct message principal_message = {"Principal", principal_fields};

static const struct field request_fields[] = {
	{"method", T_STRING, F_REQUIRED, .max = 16},
	{"path", T_STRING, F_REQUIRED, .max = 4000},
	{"body", T_ANY},
	{"repeat", T_INT32, .min = 1, .max = 1e6},
	{0},
};
static const struct message request_message = {"Request", request_fields};

static const struct field maintenance_fields[] = {
	{"project", T_STRING, F_REQUIRED, .max = 63},
	{"for", T_STRING, F_REQUIRED, .max = 63},
	{0},
};
static const struct message maintenance_message = {"Maintenance", maintenance_fields};

static const struct field fixture_fields[] = {
	{"schema", T_INT32, .min = 1, .max = 1},
	{"title", T_STRING},
	{"workspace", T_STRING, .min = 1, .max = 63},
	{"clock", T_MESSAGE, .message = &body_clock},
	{"state", T_ANY, F_MAP},
	{"principals", T_MESSAGE, F_LIST, .message = &principal_message, .min = 0, .max = 1000},
	{"requests", T_MESSAGE, F_LIST, .message = &request_message, .min = 0, .max = 100000},
	{"faults", T_ANY, F_LIST, .min = 0, .max = MAX_FAULT_RULES},
	{"scenarios", T_STRING, F_LIST, .min = 0, .max = 100},
	{"lro", T_MESSAGE, .message = &body_lro},
	{"maintenance", T_MESSAGE, F_LIST, .message = &maintenance_message, .min = 0, .max = 1000},
	{0},
};
static const struct message fixture_message = {"Fixture", fixture_fields};

#define SEEDS "seeds/"

struct fixture {
	struct lab *lab;
	struct workspace *ws;
	struct arena *arena;
	json_t *doc;
};

/* ---- principals ---- */

static int put_principal(const struct fixture *f, struct ctx *c, const json_t *in, struct err *e)
{
	const char *token = doc_str(in, "token"), *name = doc_str(in, "name"),
		   *kind = doc_str(in, "kind");
	json_t *doc = arena_own(f->arena,
		json_pack("{s:s, s:s, s:b, s:O*}", "name", name, "kind", kind ? kind : "user",
			"admin", doc_bool(in, "admin"), "groups", json_object_get(in, "groups")),
		doc_free);
	char sha[SHA256_HEX];
	struct object o = {.kind = "principal", .parent = "principals", .due = USEC_NEVER};

	if (sha256_hex(token, strlen(token), sha))
		return err_oom(e);
	o.name = arena_printf(f->arena, "principals/%s", name);
	o.alias = arena_printf(f->arena, "tokens/%s", sha);
	o.doc = doc ? doc_text(doc, f->arena) : NULL;
	o.seq = ctx_seq(c);
	if (!o.name || !o.alias || !o.doc)
		return err_oom(e);
	f->lab->app->principals = true;
	return store_put(f->lab->app->world.store, f->ws->state, &o, e);
}

static int load_principals(const struct fixture *f, struct err *e)
{
	const json_t *list = json_object_get(f->doc, "principals");
	struct ctx c;
	int rc = 0;

	if (!list)
		return 0;
	if (app_begin(f->lab->app, f->ws, e))
		return -1;
	c = app_ctx(f->lab->app, f->ws, f->arena);
	for (size_t i = 0; i < json_array_size(list) && !rc; i++)
		rc = put_principal(f, &c, json_array_get(list, i), e);
	return app_end(f->lab->app, f->ws, rc, e);
}

/* ---- requests ---- */

/* The path with every {n} replaced. */
static const char *numbered(const char *path, int64_t n, struct arena *arena)
{
	const char *at = strstr(path, "{n}");
	const char *out = "";

	for (; at && out; path = at + 3, at = strstr(path, "{n}"))
		out = arena_printf(arena, "%s%.*s%lld", out, (int)(at - path), path, (long long)n);
	return out ? arena_printf(arena, "%s%s", out, path) : NULL;
}

static int send_one(
	const struct fixture *f, const json_t *in, int64_t n, struct response *resp, struct err *e)
{
	const char *path = numbered(doc_str(in, "path"), n, &resp->arena),
		   *method = doc_str(in, "method");
	const char *question = path ? strchr(path, '?') : NULL;
	const json_t *body = json_object_get(in, "body");
	struct request req = {.method = method,
		.query = question ? question + 1 : "",
		.content_type = "application/json",
		.path = path,
		.authorization = arena_printf(&resp->arena, "Bearer mock-%s", f->ws->name)};

	if (question)
		req.path = arena_strndup(&resp->arena, path, (size_t)(question - path));
	if (body) {
		req.body = doc_text(body, &resp->arena);
		req.body_len = req.body ? strlen(req.body) : 0;
	}
	if (!req.authorization || !req.path || (body && !req.body))
		return err_oom(e);
	api_call(f->lab->app, &req, resp);
	if (resp->status < 400)
		return 0;
	return err_set(e, ERR_INVALID, "%s %s was refused: %s", method, path,
		resp->body.data ? resp->body.data : "");
}

static int send_requests(const struct fixture *f, struct err *e)
{
	const json_t *list = json_object_get(f->doc, "requests");
	struct response resp = {0};
	int rc = 0;

	for (size_t i = 0; i < json_array_size(list) && !rc; i++) {
		const json_t *in = json_array_get(list, i);
		int64_t times = doc_int(in, "repeat", 1);

		for (int64_t n = 1; n <= times && !rc; n++) {
			response_reset(&resp);
			rc = send_one(f, in, n, &resp, e);
		}
	}
	response_done(&resp);
	return rc;
}

/* ---- the rest ---- */

static int load_faults(const struct fixture *f, struct err *e)
{
	json_t *list = json_object_get(f->doc, "faults"),
	       *names = json_object_get(f->doc, "scenarios");
	json_t *rules = arena_own(f->arena, json_pack("{s:O*}", "faults", list), doc_free);
	struct space *s = space_of(f->lab, f->ws->name);
	size_t from;

	if (!s || !rules)
		return err_oom(e);
	if (list && faults_write(&s->faults, rules, false, &from, e))
		return -1;
	for (size_t i = 0; i < json_array_size(names); i++)
		if (scenario_load(f->lab, f->ws, json_string_value(json_array_get(names, i)),
			    f->arena, e))
			return -1;
	return 0;
}

static int load_lro(const struct fixture *f, struct err *e)
{
	const json_t *doc = json_object_get(f->doc, "lro");

	return doc ? lro_write(f->lab->app, f->ws, f->arena, doc, e) : 0;
}

static int load_maintenance(const struct fixture *f, struct err *e)
{
	const json_t *list = json_object_get(f->doc, "maintenance");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *m = json_array_get(list, i);
		const char *project = arena_printf(f->arena, "projects/%s", doc_str(m, "project"));

		if (!project)
			return err_oom(e);
		if (maintenance_start(f->lab->app, f->ws, f->arena, project, doc_str(m, "for"), e))
			return -1;
	}
	return 0;
}

/* What a database keeps is not made anew at every start. */
static int load_state(const struct fixture *f, struct err *e)
{
	const json_t *clock = json_object_get(f->doc, "clock");
	json_t *state = json_object_get(f->doc, "state");

	if (state && state_import(f->lab->app, f->ws, state, f->arena, e))
		return -1;
	if (clock && clock_write(f->lab->app, f->ws, clock, e))
		return -1;
	return load_principals(f, e) || send_requests(f, e) || load_maintenance(f, e) ? -1 : 0;
}

static int load(const struct fixture *f, struct err *e)
{
	return (f->ws->kept ? 0 : load_state(f, e)) || load_faults(f, e) || load_lro(f, e) ? -1 : 0;
}

static int parse(json_t **doc, const char *text, size_t len, struct err *e)
{
	struct doc_fault f;

	if (!doc_read(doc, text, len, &f))
		return 0;
	switch (f.kind) {
	case DOC_NO_MEMORY:
		return err_oom(e);
	case DOC_MISSING:
	case DOC_NOT_OBJECT:
		return err_set(e, ERR_MALFORMED, "a JSON object is needed, not %s", f.why);
	case DOC_BROKEN:
		break;
	}
	return err_set(e, ERR_MALFORMED, "not valid JSON: line %d, column %d: %s", f.line, f.column, f.why);
}

static int read_fixture(
	struct lab *lab, const char *text, size_t len, struct arena *arena, struct err *e)
{
	struct fixture f = {.lab = lab, .arena = arena};
	const char *name;

	if (parse(&f.doc, text, len, e))
		return -1;
	if (!arena_own(arena, f.doc, doc_free))
		return err_oom(e);
	if (fields_accept(&fixture_message, f.doc, ACCEPT_STRICT, NULL, e) ||
		fields_require(&fixture_message, f.doc, NULL, e))
		return -1;
	name = doc_str(f.doc, "workspace");
	f.ws = app_workspace(lab->app, name ? name : "default", true, e);
	return f.ws ? load(&f, e) : -1;
}

int lab_fixture(struct lab *lab, const char *text, size_t len, const char *where, struct err *e)
{
	const size_t bom = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	struct arena arena = {0};
	struct err why;
	int rc = read_fixture(lab, text + bom, len - bom, &arena, &why);

	arena_done(&arena);
	return rc ? err_set(e, why.code, "%s: %.900s", where, why.message) : 0;
}

/* That there is none of this name, and which there are: "demo, empty, large". */
static int no_seed(const char *name, struct err *e)
{
	char names[256] = "";
	const char *stem;
	size_t len, at = 0;

	for (const struct embedded *f = embedded_files; f->name; f++)
		if ((stem = embedded_stem(f, SEEDS, &len)))
			at = text_append_item(names, sizeof names, at, stem, len);
	return err_set(e, ERR_NOT_FOUND,
		"%s: neither a file nor one of the fixtures that are built in: %s", name, names);
}

int lab_seed(struct lab *lab, const char *name, struct err *e)
{
	char file[80];
	const struct embedded *f;

	snprintf(file, sizeof file, SEEDS "%.60s.json", name);
	f = embedded_find(file);
	return f ? lab_fixture(lab, f->text, f->len, name, e) : no_seed(name, e);
}
