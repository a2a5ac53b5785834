/* SPDX-License-Identifier: Apache-2.0 */
/* From what is asked for to a call: arguments are checked, the request is written out. */
#include "liblakebase/call/call.h"
#include "liblakebase/document/name.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct verb {
	const char *name, *method;
	bool body, mask; /* what it cannot do without */
	bool operation;	 /* answers with an operation */
	bool safe;	 /* does no harm when it is applied twice */
	unsigned flags;	 /* that it takes, LAKEBASE_WAIT and LAKEBASE_NO_AUTH aside */
	enum on {
		ON_RESOURCE,   /* or a singleton, or whatever is newer than this library */
		ON_CREATION,   /* the same, or the collection: then the service chooses the id */
		ON_READABLE,   /* a resource or an operation */
		ON_COLLECTION,
		ON_OPERATION,
		ON_PATH,
	} on;
	const char *kind; /* the only one that it is for; NULL: what the table of kinds says */
} verbs[] = {
	[LAKEBASE_VERB_GET] = { "get", "GET", .safe = true, .on = ON_READABLE },
	[LAKEBASE_VERB_CREATE] = { "create", "POST", .body = true, .operation = true,
		.on = ON_CREATION, .flags = LAKEBASE_REPLACE_EXISTING },
	[LAKEBASE_VERB_UPDATE] = { "update", "PATCH", .body = true, .mask = true, .operation = true,
		.safe = true },
	[LAKEBASE_VERB_DELETE] = { "delete", "DELETE", .operation = true, .safe = true,
		.flags = LAKEBASE_PURGE | LAKEBASE_ALLOW_MISSING },
	[LAKEBASE_VERB_UNDELETE] = { "undelete", "POST", .operation = true },
	[LAKEBASE_VERB_LIST] = { "list", "GET", .safe = true, .on = ON_COLLECTION,
		.flags = LAKEBASE_SHOW_DELETED },
	[LAKEBASE_VERB_OPERATION_WAIT] = { "wait for", "GET", .safe = true, .on = ON_OPERATION },
	[LAKEBASE_VERB_CREDENTIAL] = { "make a credential for", "POST", .body = true, .safe = true,
		.kind = "endpoints" },
	[LAKEBASE_VERB_PERMISSIONS_GET] = { "get permissions of", "GET", .safe = true,
		.kind = "projects" },
	[LAKEBASE_VERB_PERMISSIONS_UPDATE] = { "update permissions of", "PATCH", .body = true,
		.safe = true, .kind = "projects" },
	[LAKEBASE_VERB_PERMISSIONS_SET] = { "set permissions of", "PUT", .body = true, .safe = true,
		.kind = "projects" },
	[LAKEBASE_VERB_REQUEST] = { "request", NULL, .on = ON_PATH,
		.flags = LAKEBASE_IDEMPOTENT | LAKEBASE_TEXT },
};

static const struct flag {
	unsigned flag;
	const char *name, *parameter;
} flags[] = {
	{ LAKEBASE_REPLACE_EXISTING, "replace_existing", "replace_existing=true" },
	{ LAKEBASE_PURGE, "purge", "purge=true" },
	{ LAKEBASE_ALLOW_MISSING, "allow_missing", NULL }, /* ours: a 404 is a success */
	{ LAKEBASE_SHOW_DELETED, "show_deleted", "show_deleted=true" },
	{ LAKEBASE_IDEMPOTENT, "idempotent", NULL },
	{ LAKEBASE_TEXT, "text", NULL },
};

/* ---- building ---- */

static int check_flags(const struct lakebase_call_spec *s, const struct lakebase_kind *kind,
	struct lakebase_error *e)
{
	const struct verb *verb = &verbs[s->verb];

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		unsigned flag = flags[i].flag & s->options.flags;

		if (flag & ~verb->flags)
			return lb_error_set(e, LAKEBASE_EINVALID, "%s takes no %s", verb->name,
				flags[i].name);
		if (flag && kind && flags[i].parameter && !(kind->flags & flag))
			return lb_error_set(e, LAKEBASE_EINVALID, "%s does not exist for %s",
				flags[i].name, kind->collection);
	}
	return 0;
}

static void add_parameter(struct lb_buf *b, bool *first, const char *name, const char *value)
{
	lb_buf_puts(b, *first ? "?" : "&");
	lb_buf_puts(b, name);
	if (value) {
		lb_buf_puts(b, "=");
		lb_buf_escape(b, value, ",");
	}
	*first = false;
}

static int build_path(struct lb_buf *b, const struct lakebase_call_spec *s, const struct lb_name *n)
{
	char *plain = lb_path_of(s->name);

	if (!plain)
		return -1;
	switch (s->verb) {
	case LAKEBASE_VERB_CREATE:
		lb_buf_add(b, plain, *n->id ? (size_t)(strrchr(plain, '/') - plain) : strlen(plain));
		break;
	case LAKEBASE_VERB_UNDELETE:
		lb_buf_printf(b, "%s/undelete", plain);
		break;
	case LAKEBASE_VERB_CREDENTIAL:
		lb_buf_puts(b, "/api/2.0/postgres/credentials");
		break;
	case LAKEBASE_VERB_PERMISSIONS_GET:
	case LAKEBASE_VERB_PERMISSIONS_UPDATE:
	case LAKEBASE_VERB_PERMISSIONS_SET:
		lb_buf_puts(b, "/api/2.0/permissions/database-projects/");
		lb_buf_escape(b, n->id, "");
		break;
	case LAKEBASE_VERB_REQUEST:
		lb_buf_puts(b, s->name);
		break;
	case LAKEBASE_VERB_GET:
	case LAKEBASE_VERB_UPDATE:
	case LAKEBASE_VERB_DELETE:
	case LAKEBASE_VERB_LIST:
	case LAKEBASE_VERB_OPERATION_WAIT:
		lb_buf_puts(b, plain);
		break;
	}
	free(plain);
	return b->failed ? -1 : 0;
}

static char *build_target(const struct lakebase_call_spec *s, const struct lb_name *n)
{
	struct lb_buf b = { 0 };
	bool first = s->verb != LAKEBASE_VERB_REQUEST || !strchr(s->name, '?');
	char number[16];

	if (build_path(&b, s, n)) {
		lb_buf_done(&b);
		return NULL;
	}
	if (s->verb == LAKEBASE_VERB_CREATE && *n->id)
		add_parameter(&b, &first, n->kind->id_parameter, n->id);
	if (s->verb == LAKEBASE_VERB_UPDATE)
		add_parameter(&b, &first, "update_mask", s->mask);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if ((s->options.flags & flags[i].flag) && flags[i].parameter)
			add_parameter(&b, &first, flags[i].parameter, NULL);
	if (s->verb == LAKEBASE_VERB_LIST && s->options.page_size) {
		snprintf(number, sizeof(number), "%d", s->options.page_size);
		add_parameter(&b, &first, "page_size", number);
	}
	if (s->options.query && *s->options.query)
		add_parameter(&b, &first, s->options.query, NULL);
	return lb_buf_take(&b);
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	return true;
}

static int check_request(const struct lakebase_call_spec *s, struct lakebase_error *e)
{
	static const char *const methods[] = { "GET", "POST", "PATCH", "PUT", "DELETE", "HEAD" };

	if (!s->name || *s->name != '/' || !is_printable(s->name))
		return lb_error_set(e, LAKEBASE_EINVALID,
			"a path begins with / and is percent-encoded");
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (lb_same(s->method, methods[i]))
			return 0;
	return lb_error_set(e, LAKEBASE_EINVALID, "'%s' is not a method of this API",
		s->method ? s->method : "");
}

/* What the service does not offer for a kind, it is not asked for. */
static int check_kind(const struct lakebase_call_spec *s, const struct lb_name *n, struct lakebase_error *e)
{
	const struct verb *verb = &verbs[s->verb];
	const struct lakebase_kind *kind = n->kind;

	if (verb->kind && (!kind || strcmp(kind->collection, verb->kind) != 0))
		return lb_error_set(e, LAKEBASE_EINVALID, "'%s' is none of the %s: there is nothing to %s",
			s->name, verb->kind, verb->name);
	if (!kind)
		return 0;
	if ((s->verb == LAKEBASE_VERB_LIST && !kind->listed)
		|| (s->verb == LAKEBASE_VERB_UPDATE && !kind->updated)
		|| (s->verb == LAKEBASE_VERB_UNDELETE && !kind->undeleted))
		return lb_error_set(e, LAKEBASE_EINVALID, "'%s': the service has no %s for %s", s->name,
			verb->name, kind->collection);
	return 0;
}

static int check_name(const struct lakebase_call_spec *s, struct lb_name *n, struct lakebase_error *e)
{
	enum on on = verbs[s->verb].on;
	const char *verb = verbs[s->verb].name;
	bool operation;

	if (lb_name_split(n, s->name, e))
		return e->code;
	operation = strcmp(n->collection, "operations") == 0;
	if (on == ON_OPERATION && !(operation && *n->id && *n->parent))
		return lb_error_set(e, LAKEBASE_EINVALID,
			"'%s' names no operation: expected RESOURCE/operations/ID", s->name);
	if (operation && on != ON_OPERATION && on != ON_READABLE)
		return lb_error_set(e, LAKEBASE_EINVALID, "'%s': the service has no %s for operations",
			s->name, verb);
	if (on == ON_COLLECTION && *n->id)
		return lb_error_set(e, LAKEBASE_EINVALID,
			"'%s' names a resource: a list wants a collection, such as %s/%s/branches",
			s->name, n->collection, n->id);
	if (on != ON_COLLECTION && n->kind && !*n->id)
		return lb_error_set(e, LAKEBASE_EINVALID,
			"'%s' names a collection: %s wants a resource, such as %s/ID", s->name, verb,
			s->name);
	if ((on == ON_CREATION || s->verb == LAKEBASE_VERB_UNDELETE) && *n->id && !n->kind)
		return lb_error_set(e, LAKEBASE_EINVALID,
			"'%s': '%s' is no collection of this API", s->name, n->collection);
	return check_kind(s, n, e);
}

static int check(const struct lakebase_call_spec *s, struct lb_name *n, struct lakebase_error *e)
{
	const struct verb *verb;

	*n = (struct lb_name){ 0 };
	if (s->version != LAKEBASE_CALL_SPEC_VERSION
		|| s->options.version != LAKEBASE_CALL_OPTIONS_VERSION)
		return lb_error_set(e, LAKEBASE_EINVALID,
			"begin with LAKEBASE_CALL_OPTIONS_INIT (or LAKEBASE_CALL_SPEC_INIT)");
	if ((unsigned)s->verb >= ARRAY_SIZE(verbs))
		return lb_error_set(e, LAKEBASE_EINVALID, "no such verb: %d", (int)s->verb);
	verb = &verbs[s->verb];
	if (verb->on == ON_PATH ? check_request(s, e) : check_name(s, n, e))
		return e->code;
	if (verb->body && !s->body)
		return lb_error_set(e, LAKEBASE_EINVALID, "%s needs a body", verb->name);
	if (verb->mask && (!s->mask || !*s->mask))
		return lb_error_set(e, LAKEBASE_EINVALID,
			"update needs a mask, such as spec.display_name (see lakebase_mask())");
	if (s->options.query && !is_printable(s->options.query))
		return lb_error_set(e, LAKEBASE_EINVALID, "the query must be percent-encoded");
	if (s->options.page_size < 0 || s->options.wait_timeout_ms < 0)
		return lb_error_set(e, LAKEBASE_EINVALID, "an option is negative");
	return check_flags(s, n->kind, e);
}

int lb_call_check(const struct lakebase_call_spec *spec, struct lakebase_error *e)
{
	struct lb_name n;

	return check(spec, &n, e);
}

static int read_body(struct lakebase_call *c, const char *body, struct lakebase_error *e)
{
	json_error_t why = { 0 };

	if (!body && c->verb == LAKEBASE_VERB_UNDELETE)
		body = "{}";
	if (!body)
		return 0;
	c->asked = json_loads(body, 0, &why);
	if (!c->asked && json_error_code(&why) == json_error_out_of_memory)
		return lb_error_oom(e);
	if (!json_is_object(c->asked))
		return lb_error_set(e, LAKEBASE_EINVALID, "the body is not a JSON object: line %d: %s",
			c->asked ? 1 : why.line, c->asked ? "another type" : why.text);
	c->body = strdup(body);
	return c->body ? 0 : lb_error_oom(e);
}

static int fill(struct lakebase_call *c, const struct lakebase_call_spec *s, struct lakebase_error *e)
{
	struct lb_name n;

	if (check(s, &n, e))
		return e->code;
	c->verb = s->verb;
	c->flags = s->options.flags;
	c->unnamed = !*n.id;
	c->operation = verbs[s->verb].operation;
	c->safe = verbs[s->verb].safe || (c->flags & (LAKEBASE_IDEMPOTENT | LAKEBASE_REPLACE_EXISTING));
	if (s->verb == LAKEBASE_VERB_REQUEST)
		c->safe = c->safe || strcmp(s->method, "POST") != 0;
	c->wait_timeout = s->options.wait_timeout_ms ? s->options.wait_timeout_ms : c->lb->wait_timeout;
	c->on_progress = s->options.on_progress;
	c->progress_context = s->options.context;
	if (read_body(c, s->body, e))
		return e->code;
	c->method = strdup(s->method ? s->method : verbs[s->verb].method);
	c->name = strdup(s->name);
	c->path = build_target(s, &n);
	if (!c->method || !c->name || !c->path)
		return lb_error_oom(e);
	if (s->verb == LAKEBASE_VERB_OPERATION_WAIT) {
		c->operation_name = strdup(s->name);
		if (!c->operation_name)
			return lb_error_oom(e);
		if (strstr(c->name, "/operations/"))
			*strstr(c->name, "/operations/") = '\0';
		c->phase = LB_PHASE_POLL;
		c->wait_began = c->began;
		c->wait_until = c->began + c->wait_timeout;
	}
	return 0;
}

int lb_call_new(struct lakebase_call **out, struct lakebase *lb, const struct lakebase_call_spec *spec,
	struct lakebase_error *e)
{
	struct lakebase_call *c = calloc(1, sizeof(*c));

	*out = NULL;
	if (!c)
		return lb_error_oom(e);
	c->lb = lb;
	c->began = lb_now(lb);
	if (fill(c, spec, e)) {
		lb_call_free(c);
		return e->code;
	}
	*out = c;
	return 0;
}

void lb_call_free(struct lakebase_call *c)
{
	if (!c)
		return;
	lb_auth_release(&c->lb->auth, c);
	free(c->method);
	free(c->path);
	free(c->body);
	free(c->name);
	json_decref(c->asked);
	free(c->operation_name);
	free(c->url);
	free(c->authorization);
	free(c->form);
	json_decref(c->result);
	free(c);
}
