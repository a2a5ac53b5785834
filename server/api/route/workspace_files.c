/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small workspace-file store: just what `databricks bundle deploy` keeps in a workspace (its
 * files, its state, its lock). Files are objects of the workspace like all others, so that reset,
 * snapshots and forks take them along; they have nothing to do with Lakebase.
 */
#include <openssl/evp.h>
#include <string.h>

#include "api/handlers.h"
#include "base/limits.h"
#include "base/text.h"

#define API "/api/2.0/workspace"
#define KEY_ROOT WORKSPACE_FILE_ROOT
#define KIND "workspace_file"
#define DIRECTORY "DIRECTORY"

static const char *const types[] = { DIRECTORY, "FILE", NULL };
static const struct field stored_fields[] = {
	{ "created_at", T_INT64 },
	{ "modified_at", T_INT64 },
	{ "object_id", T_INT64 },
	{ "object_type", T_ENUM, .choices = types },
	{ "path", T_STRING },
	{ "resource_id", T_STRING },
	{ "size", T_INT64 },
	{ 0 },
};
const struct message workspace_file_stored = { "workspace file", stored_fields };

static const struct field memory_fields[] = {
	{ "content", T_STRING },
	{ 0 },
};
const struct message workspace_file_memory = { "content of a file", memory_fields };

/* A path of the workspace. "/Workspace/Users" and "/Users" are the same folder. */
struct ws_path {
	const char *shown; /* as the client spells it, without doubled or trailing slashes */
	const char *key;   /* name of its object */
};

static int clean_path(struct call *call, const char *raw, struct ws_path *ret, struct err *e)
{
	char *out, *w;
	const char *rest;

	size_t segments = 0;

	if (!raw || !raw[0])
		return err_say(e, SAY_REQUIRED, "path");
	if (strlen(raw) > MAX_NAME_BYTES)
		return err_say(e, SAY_WS_PATH, raw);
	out = w = arena_alloc(call->ctx.arena, strlen(raw) + 2);
	if (!out)
		return err_oom(e);
	for (const char *p = raw; *p;) {
		size_t n = strcspn(p, "/");

		if ((n == 2 && memcmp(p, "..", 2) == 0) || (n && ++segments > MAX_PATH_SEGMENTS))
			return err_say(e, SAY_WS_PATH, raw);
		if (n && !(n == 1 && *p == '.')) {
			*w++ = '/';
			memcpy(w, p, n);
			w += n;
		}
		p += n + (p[n] == '/');
	}
	*w = '\0';
	ret->shown = out;
	if (!text_starts(out, "/Workspace", &rest) || (rest[0] && rest[0] != '/'))
		rest = out;
	ret->key = arena_printf(call->ctx.arena, KEY_ROOT "%s", rest);
	return ret->key ? 0 : err_oom(e);
}

static bool is_root(const struct ws_path *p)
{
	return streq(p->key, KEY_ROOT);
}

/* The folder that it lies in; the root lies in itself. */
static struct ws_path parent_of(struct call *call, const struct ws_path *p)
{
	if (is_root(p))
		return *p;
	return (struct ws_path){ name_parent_segment(&call->ctx, p->shown),
		name_parent_segment(&call->ctx, p->key) };
}

/* What lies at the path: 1 found, 0 nothing, -1. *doc is what get-status answers. */
static int find(struct call *call, const struct ws_path *p, struct object *o, json_t **doc,
	struct err *e)
{
	struct ctx *c = &call->ctx;
	int found;

	if (is_root(p)) {
		*o = (struct object){ .name = p->key, .kind = KIND };
		return doc_load(doc, "{\"object_type\":\"DIRECTORY\",\"path\":\"/\"}", c->arena, e)
			       ? -1
			       : 1;
	}
	found = store_get(c->world->store, c->ws->state, p->key, c->arena, o, e);
	if (found < 1)
		return found;
	return doc_load(doc, o->doc, c->arena, e) ? -1 : 1;
}

static int must_find(struct call *call, const char *raw, struct ws_path *p, struct object *o,
	json_t **doc, struct err *e)
{
	int found;

	if (clean_path(call, raw, p, e))
		return -1;
	found = find(call, p, o, doc, e);
	if (found < 0)
		return -1;
	return found ? 0 : err_say(e, SAY_WS_MISSING, raw);
}

static bool is_directory(const json_t *doc)
{
	return streq(doc_str(doc, "object_type"), DIRECTORY);
}

/* Writes a row; `old` is what it replaces, or NULL. `aux` holds the content of a file. */
static int put(struct call *call, const struct ws_path *p, const char *type, int64_t size,
	const char *aux, const struct object *old, struct err *e)
{
	struct ctx *c = &call->ctx;
	int64_t seq = old ? old->seq : ctx_seq(c);
	json_int_t ms = (json_int_t)(c->now / 1000);
	json_auto_t *doc = json_pack("{s:I,s:I,s:I,s:s,s:s,s:s}", "created_at", ms, "modified_at", ms,
		"object_id", (json_int_t)seq, "object_type", type, "path", p->shown, "resource_id",
		arena_printf(c->arena, "%lld", (long long)seq));
	struct object o = { .name = p->key, .kind = KIND, .parent = parent_of(call, p).key,
		.seq = seq, .aux = aux, .due = USEC_NEVER };

	if (!doc || (size >= 0 && doc_set_int(doc, "size", size)))
		return err_oom(e);
	o.doc = doc_text(doc, c->arena);
	if (!o.doc || !o.parent)
		return err_oom(e);
	return store_put(c->world->store, c->ws->state, &o, e);
}

/* ---- reading ---- */

static int get_status(struct call *call, struct err *e)
{
	struct ws_path p;
	struct object o;
	json_t *doc;

	if (must_find(call, call_query(call, "path"), &p, &o, &doc, e))
		return -1;
	return call_reply(call, json_incref(doc), e);
}

struct listing {
	json_t *all;
	int failed;
};

static int collect(void *arg, const struct object *o)
{
	struct listing *l = arg;

	l->failed |= json_array_append_new(l->all, json_loads(o->doc, 0, NULL));
	return l->failed;
}

static int list(struct call *call, struct err *e)
{
	struct page_query q = { .kind = KIND, .limit = INT64_MAX };
	struct ctx *c = &call->ctx;
	struct listing l = { json_array(), 0 };
	json_t *doc;
	struct ws_path p;
	struct object o;

	if (!arena_own(c->arena, l.all, doc_free))
		return err_oom(e);
	if (must_find(call, call_query(call, "path"), &p, &o, &doc, e))
		return -1;
	q.parent = p.key;
	if (!is_directory(doc))
		collect(&l, &o);
	else if (store_page(c->world->store, c->ws->state, &q, collect, &l, e))
		return -1;
	if (l.failed)
		return err_oom(e);
	return call_reply(call, json_pack("{s:O}", "objects", l.all), e);
}

/* The content of the file at a path, as base64. */
static const char *content_of(struct call *call, const char *raw, struct err *e)
{
	struct ws_path p;
	struct object o;
	json_t *doc, *aux;

	if (must_find(call, raw, &p, &o, &doc, e))
		return NULL;
	if (is_directory(doc)) {
		err_say(e, SAY_WS_NOT_FILE, raw);
		return NULL;
	}
	if (doc_load(&aux, o.aux, call->ctx.arena, e))
		return NULL;
	return doc_str(aux, "content");
}

static int send_raw(struct call *call, const char *base64, struct err *e)
{
	size_t len = strlen(base64);
	unsigned char *plain = arena_alloc(call->ctx.arena, len + 1);
	int n;

	if (!plain)
		return err_oom(e);
	n = EVP_DecodeBlock(plain, (const unsigned char *)base64, (int)len);
	call->resp->content_type = "application/octet-stream";
	if (n != -1) /* it counts what the padding stands for, too */
		buf_add(&call->resp->body, plain, strcspn(base64, "=") * 3 / 4);
	return 0;
}

static int export_file(struct call *call, struct err *e)
{
	const char *base64 = content_of(call, call_query(call, "path"), e);

	if (!base64)
		return -1;
	if (streq(call_query(call, "direct_download"), "true"))
		return send_raw(call, base64, e);
	return call_reply(call, json_pack("{s:s}", "content", base64), e);
}

static int read_file(struct call *call, struct err *e)
{
	const char *base64 = content_of(call, call_arg(call, "path"), e);

	return base64 ? send_raw(call, base64, e) : -1;
}

/* ---- writing ---- */

/* The folder and all above it. */
static int make_directory(struct call *call, struct ws_path p, struct err *e)
{
	while (!is_root(&p)) {
		struct object o;
		json_t *doc;
		int found = find(call, &p, &o, &doc, e);

		if (found < 0)
			return -1;
		if (found)
			return is_directory(doc) ? 0 : err_say(e, SAY_WS_EXISTS, p.shown);
		if (put(call, &p, DIRECTORY, -1, NULL, NULL, e))
			return -1;
		p = parent_of(call, &p);
		if (!p.key)
			return err_oom(e);
	}
	return 0;
}

static int mkdirs(struct call *call, struct err *e)
{
	struct ws_path p;

	if (clean_path(call, doc_str(call->params.body, "path"), &p, e) ||
		make_directory(call, p, e))
		return -1;
	return call_reply(call, json_object(), e);
}

static int delete_path(struct call *call, struct err *e)
{
	struct ctx *c = &call->ctx;
	struct store *s = c->world->store;
	int64_t children = 0;
	struct ws_path p;
	struct object o;
	json_t *doc;

	if (must_find(call, doc_str(call->params.body, "path"), &p, &o, &doc, e))
		return -1;
	if (is_root(&p))
		return err_say(e, SAY_WS_PATH, "/");
	if (store_count(s, c->ws->state, p.key, KIND, 1, &children, e))
		return -1;
	if (children && !doc_bool(call->params.body, "recursive"))
		return err_say(e, SAY_WS_NOT_EMPTY, p.shown);
	if (store_drop_below(s, c->ws->state, p.key, e) ||
		store_drop(s, c->ws->state, p.key, OBJECT_LIVE, e))
		return -1;
	return call_reply(call, json_object(), e);
}

/* {"content":"<base64 of the body>"} */
static const char *content_doc(struct call *call, struct err *e)
{
	const struct request *req = call->req;
	char *base64 = arena_alloc(call->ctx.arena, (req->body_len + 2) / 3 * 4 + 1);
	json_auto_t *doc = NULL;
	const char *text;

	if (base64) {
		base64[0] = '\0';
		if (req->body_len)
			EVP_EncodeBlock((unsigned char *)base64, (const unsigned char *)req->body,
				(int)req->body_len);
		doc = json_pack("{s:s}", "content", base64);
	}
	text = doc ? doc_text(doc, call->ctx.arena) : NULL;
	if (!text)
		err_oom(e);
	return text;
}

static int import_file(struct call *call, struct err *e)
{
	bool overwrite = streq(call_query(call, "overwrite"), "true");
	struct ws_path p, up;
	struct object o, above;
	json_t *doc, *folder;
	const char *content;
	int found;

	if (clean_path(call, call_arg(call, "path"), &p, e))
		return -1;
	up = parent_of(call, &p);
	found = find(call, &up, &above, &folder, e);
	if (found < 0)
		return -1;
	if (!found || !is_directory(folder))
		return err_say(e, SAY_WS_NO_PARENT, up.shown);
	found = find(call, &p, &o, &doc, e);
	if (found < 0)
		return -1;
	if (found && (!overwrite || is_directory(doc)))
		return err_say(e, SAY_WS_EXISTS, p.shown);
	content = content_doc(call, e);
	if (!content || put(call, &p, "FILE", (int64_t)call->req->body_len, content,
			       found ? &o : NULL, e))
		return -1;
	return call_reply(call, json_object(), e);
}

/* The CLI reports how it is used; nobody reads it here. */
static int telemetry(struct call *call, struct err *e)
{
	return call_reply(call, json_pack("{s:[],s:i}", "errors", "numProtoSuccess", 1), e);
}

/* ---- routes ---- */

static const struct query_param path_query[] = {
	{ "path", T_STRING, "The absolute path." },
	{ 0 },
};
static const struct query_param export_query[] = {
	{ "path", T_STRING, "The absolute path." },
	{ "format", T_STRING, "Read and of no effect: files come as they are." },
	{ "direct_download", T_BOOL, "Answer with the bytes themselves." },
	{ 0 },
};
static const struct query_param import_query[] = {
	{ "overwrite", T_BOOL, "Replace a file that is there." },
	{ 0 },
};

static const struct field mkdirs_fields[] = {
	{ "path", T_STRING, F_REQUIRED, .evidence = EVIDENCE_TYPED, .doc = "The absolute path." },
	{ 0 },
};
static const struct message mkdirs_message = { "Mkdirs", mkdirs_fields };

static const struct field delete_fields[] = {
	{ "path", T_STRING, F_REQUIRED, .evidence = EVIDENCE_TYPED, .doc = "The absolute path." },
	{ "recursive", T_BOOL, 0, .evidence = EVIDENCE_TYPED, .doc = "Also delete what is inside." },
	{ 0 },
};
static const struct message delete_message = { "Delete", delete_fields };

#define ROW(rpc, method, path, fn, more, text)                                                     \
	{ rpc, method, path, fn, .flags = ROUTE_BOOTSTRAP | (more), .evidence = EVIDENCE_TYPED,    \
		.doc = text

const struct route workspace_file_routes[] = {
	ROW("WorkspaceGetStatus", "GET", API "/get-status", get_status, 0, "What is at a path."),
		.query = path_query, .reply = &any_message },
	ROW("WorkspaceList", "GET", API "/list", list, 0, "What is in a folder."),
		.query = path_query, .reply = &any_message },
	ROW("WorkspaceExport", "GET", API "/export", export_file, 0, "The content of a file."),
		.query = export_query },
	ROW("WorkspaceMkdirs", "POST", API "/mkdirs", mkdirs, ROUTE_MUTATES,
		"Makes a folder and those above it."),
		.body = &mkdirs_message, .reply = &any_message },
	ROW("WorkspaceDelete", "POST", API "/delete", delete_path, ROUTE_MUTATES,
		"Deletes a file or a folder."),
		.body = &delete_message, .reply = &any_message },
	ROW("WorkspaceImportFile", "POST", API "-files/import-file/{path}", import_file,
		ROUTE_MUTATES | ROUTE_RAW_BODY | ROUTE_TAIL, "Writes a file."),
		.query = import_query, .reply = &any_message },
	ROW("WorkspaceReadFile", "GET", API "-files/{path}", read_file, ROUTE_TAIL,
		"The content of a file.") },
	ROW("TelemetryExt", "POST", "/telemetry-ext", telemetry, ROUTE_RAW_BODY,
		"Accepted and forgotten."),
		.reply = &any_message },
	{ 0 },
};
