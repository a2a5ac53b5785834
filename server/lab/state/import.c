/* SPDX-License-Identifier: Apache-2.0 */
/* Reading back what GET /_mock/state wrote, or what somebody wrote in its form: all or nothing. */
#include <stdio.h>
#include <string.h>

#include "api/auth/token.h"
#include "api/handlers.h"
#include "base/text.h"
#include "core/operation/sound.h"
#include "core/resource/permission.h"
#include "lab/fault/stale.h"
#include "lab/state/settings.h"

static const struct field object_fields[] = {
	{"name", T_STRING, F_REQUIRED, .max = 1000},
	{"kind", T_STRING, F_REQUIRED, .max = 63},
	{"parent", T_STRING, .max = 1000},
	{"seq", T_INT64, F_REQUIRED, .min = 1, .max = 1e15},
	{"deleted", T_INT64, .min = 0, .max = 1e15},
	{"doc", T_ANY, F_MAP},
	{"aux", T_ANY, F_MAP},
	{"due", T_TIME},
	{"event", T_STRING, .max = 63},
	{"scope", T_STRING, .max = 1000},
	{"alias", T_STRING, .max = 1000},
	{0},
};
static const struct message object_message = {"Object", object_fields};

static const char *const principal_kinds[] = {"user", "service_principal", NULL};

static const char *const modes[] = {"real", "manual", "scaled", NULL};
static const struct field clock_fields[] = {
	{"mode", T_ENUM, F_REQUIRED, .choices = modes},
	{"factor", T_DOUBLE, .min = 1e-9, .max = 1e9},
	{"now", T_TIME},
	{"wall", T_TIME},
	{0},
};
static const struct message clock_message = {"Clock", clock_fields};

static const struct field counter_fields[] = {{"seq", T_INT64, .min = 0, .max = 1e15}, {0}};
static const struct message counter_message = {"Counters", counter_fields};

static const struct field state_fields[] = {
	{"schema", T_INT32, .min = 1, .max = 1},
	{"workspace", T_STRING},
	{"clock", T_MESSAGE, .message = &clock_message},
	{"resources", T_MESSAGE, F_LIST, .message = &object_message},
	{"operations", T_MESSAGE, F_LIST, .message = &object_message},
	{"permissions", T_MESSAGE, F_LIST, .message = &object_message},
	{"principals", T_MESSAGE, F_LIST, .message = &object_message},
	{"counters", T_MESSAGE, .message = &counter_message},
	{0},
};
static const struct message state_message = {"State", state_fields};

static const char *const lists[] = {"resources", "operations", "permissions", "principals"};

struct import {
	struct app *app;
	struct workspace *ws;
	struct arena *arena;
	/* What was seen so far: "<deleted> <name>"; "<name>" of what is live, with its kind;
	 * "#<seq>"; "<number> of <name>" of what a deletion of that number has taken away. */
	json_t *seen;
	int64_t state, last_seq;
	bool principals;
	struct err *e;
};

static int bad(struct import *im, const char *name, const char *why)
{
	return err_set(im->e, ERR_INVALID, "Nothing was imported: '%s' %s", name, why);
}

/* ---- rows that are no resources ---- */

static const struct field principal_fields[] = {
	{"name", T_STRING, .min = 1, .max = 255},
	{"kind", T_ENUM, .choices = principal_kinds},
	{"admin", T_BOOL},
	{"groups", T_STRING, F_LIST},
	{0},
};
static const struct message principal_message = {"principal", principal_fields};

static const struct field calls_fields[] = {{"calls", T_INT64, .min = 1, .max = 1e6}, {0}};
static const struct message calls_message = {"memory of a maintenance", calls_fields};

static const struct field no_fields[] = {{0}};
static const struct message nothing = {"maintenance", no_fields};

static bool principal_fits(const struct object *o, const json_t *doc, const json_t *aux)
{
	const char *name, *hash;

	(void)aux;
	return text_starts(o->name, "principals/", &name) && streq(name, doc_str(doc, "name")) &&
	       streq(o->parent, "principals") && !o->scope &&
	       (!o->alias || (text_starts(o->alias, "tokens/", &hash) &&
				     strlen(hash) == SHA256_HEX - 1));
}

static bool permission_fits(const struct object *o, const json_t *doc, const json_t *aux)
{
	const char *project;

	(void)aux;
	return text_starts(o->name, "permissions/projects/", &project) && !strchr(project, '/') &&
	       json_object_get(doc, "entries") && !*o->parent && !o->scope && !o->alias;
}

/* It ends at an instant or after so many refusals. */
static bool maintenance_fits(const struct object *o, const json_t *doc, const json_t *aux)
{
	const char *rest;

	(void)doc;
	return text_starts(o->name, o->parent, &rest) && streq(rest, "/maintenance") &&
	       streq(o->scope, o->parent) && !o->alias && !o->event != !json_object_get(aux, "calls");
}

static bool file_fits(const struct object *o, const json_t *doc, const json_t *aux)
{
	const char *rest;

	return text_starts(o->name, o->parent, &rest) && *rest == '/' && rest[1] &&
	       !strchr(rest + 1, '/') && text_starts(o->parent, WORKSPACE_FILE_ROOT, NULL) &&
	       !o->scope && !o->alias &&
	       streq(doc_str(doc, "object_type"), "FILE") == (doc_str(aux, "content") != NULL);
}

static const struct other {
	const char *kind;
	const struct message *doc, *aux; /* aux NULL: none */
	const char *event;		 /* that it may wait for; NULL: none */
	bool (*fits)(const struct object *o, const json_t *doc, const json_t *aux);
} others[] = {
	{"permission", &permission_stored, NULL, NULL, permission_fits},
	{"principal", &principal_message, NULL, NULL, principal_fits},
	{"maintenance", &nothing, &calls_message, "maintenance_ended", maintenance_fits},
	{"workspace_file", &workspace_file_stored, &workspace_file_memory, NULL, file_fits},
};

static int other_sound(
	const struct object *o, const json_t *doc, const json_t *aux, struct err *why)
{
	const struct other *k = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (streq(others[i].kind, o->kind))
			k = &others[i];
	if (!k)
		return err_set(why, ERR_INVALID, "has a kind that does not exist");
	if (doc_sound(k->doc, doc, why) || (aux && k->aux && doc_sound(k->aux, aux, why)))
		return -1;
	if (o->deleted != OBJECT_LIVE || (aux && !k->aux) || (o->due == USEC_NEVER) != !o->event ||
		(o->event && !streq(o->event, k->event)))
		return err_set(why, ERR_INVALID,
			"is deleted, has an 'aux' or waits for an 'event', and its kind does not");
	return k->fits(o, doc, aux)
		       ? 0
		       : err_set(why, ERR_INVALID,
				 "has a name, parent, scope or alias that does not fit its kind");
}

/* ---- one object ---- */

static int mark(struct import *im, const char *key, const char *value)
{
	return key && !json_object_set_new(im->seen, key, json_string(value)) ? 0 : err_oom(im->e);
}

/* Names, and places in the order of creation, are there once. */
static int see(struct import *im, const struct object *o, const json_t *aux)
{
	const char *key = arena_printf(im->arena, "%lld %s", (long long)o->deleted, o->name);
	const char *seq = arena_printf(im->arena, "#%lld", (long long)o->seq);
	int64_t deletion = doc_int(aux, "deletion", 0);

	if (!key || !seq)
		return err_oom(im->e);
	if (json_object_get(im->seen, key))
		return bad(im, o->name, "is there twice");
	if (json_object_get(im->seen, seq))
		return bad(im, o->name, "has the 'seq' of another");
	if (mark(im, key, "") || mark(im, seq, "") || (!o->deleted && mark(im, o->name, o->kind)))
		return -1;
	if (o->deleted && deletion)
		return mark(im, arena_printf(im->arena, "%lld of %s", (long long)deletion, o->name), "");
	return 0;
}

static void read_columns(const json_t *in, struct object *o)
{
	*o = (struct object){.name = doc_str(in, "name"),
		.kind = doc_str(in, "kind"),
		.parent = doc_str(in, "parent"),
		.seq = doc_int(in, "seq", 0),
		.deleted = doc_int(in, "deleted", 0),
		.due = USEC_NEVER,
		.event = doc_str(in, "event"),
		.scope = doc_str(in, "scope"),
		.alias = doc_str(in, "alias")};
	if (!o->parent)
		o->parent = "";
}

static int read_object(struct import *im, const json_t *in, struct object *o)
{
	const struct world *w = &im->app->world;
	json_t *doc = json_object_get(in, "doc"), *aux = json_object_get(in, "aux");
	const char *due = doc_str(in, "due");
	const struct resource *res;
	struct err why;

	read_columns(in, o);
	if (!doc)
		return bad(im, o->name, "has no 'doc'");
	if (due && !when_parse(due, &o->due))
		return bad(im, o->name, "has a 'due' that is no time");
	res = resource_by_kind(w, o->kind);
	if (res	? resource_sound(res, o, doc, aux, &why) :
		streq(o->kind, "operation") ? doc_sound(&operation_message, doc, &why) ||
						      operation_sound(w, o, doc, aux, &why) :
					      other_sound(o, doc, aux, &why))
		return err_set(im->e, why.code, "Nothing was imported: '%.200s' %.700s", o->name,
			why.message);
	im->principals |= streq(o->kind, "principal");
	o->doc = doc_text(doc, im->arena);
	o->aux = aux ? doc_text(aux, im->arena) : NULL;
	if (!o->doc || (aux && !o->aux))
		return err_oom(im->e);
	if (o->seq > im->last_seq)
		im->last_seq = o->seq;
	return see(im, o, aux);
}

static int put_object(struct import *im, const json_t *in)
{
	struct object o;

	if (read_object(im, in, &o))
		return -1;
	return store_put(im->app->world.store, im->state, &o, im->e);
}

/* One above it was deleted with that number. */
static bool root_is_there(struct import *im, const char *name, int64_t deletion)
{
	char *up = arena_printf(im->arena, "%lld of %s", (long long)deletion, name), *slash;

	while (up && (slash = strrchr(up, '/'))) {
		*slash = '\0';
		if (json_object_get(im->seen, up))
			return true;
	}
	return false;
}

/* What it belongs to is there: everything was seen by then. */
static int check_place(struct import *im, const json_t *in)
{
	const struct resource *res = resource_by_kind(&im->app->world, doc_str(in, "kind"));
	const char *kind;
	struct object o;

	read_columns(in, &o);
	kind = json_string_value(json_object_get(im->seen, o.parent));
	if (res && sound_hidden_by(res, &o))
		return root_is_there(im, o.name, sound_hidden_by(res, &o))
			       ? 0
			       : bad(im, o.name, "was hidden by a deletion that is not there");
	if (!res || !res->parent || streq(kind, res->parent->kind))
		return 0;
	return bad(im, o.name, "has a parent that is not there");
}

static int each_object(
	struct import *im, const json_t *doc, int (*fn)(struct import *, const json_t *))
{
	for (size_t l = 0; l < ARRAY_SIZE(lists); l++) {
		const json_t *list = json_object_get(doc, lists[l]);

		for (size_t i = 0; i < json_array_size(list); i++)
			if (fn(im, json_array_get(list, i)))
				return -1;
	}
	return 0;
}

/* ---- the whole ---- */

static int read_clock(struct import *im, const json_t *in, struct state_info *info)
{
	usec wall = im->app->world.wall(&im->app->world);
	const char *mode = doc_str(in, "mode"), *now = doc_str(in, "now"),
		   *then = doc_str(in, "wall");
	int m = 0;

	if (!in) { /* as it is */
		const struct clock *c = &im->ws->clock;

		info->clock_mode = c->mode;
		info->clock_factor = c->factor;
		info->clock_wall = c->wall;
		info->clock_now = c->now;
		return 0;
	}
	while (modes[m] && !streq(modes[m], mode))
		m++;
	*info = (struct state_info){.clock_mode = m,
		.clock_factor = doc_num(in, "factor", 1),
		.clock_wall = wall,
		.clock_now = wall};
	if (m != CLOCK_REAL && (!now || !when_parse(now, &info->clock_now)))
		return bad(im, "clock", "needs 'now', since it is not real");
	if (then && !when_parse(then, &info->clock_wall))
		return bad(im, "clock.wall", "is no time");
	return 0;
}

static int fill_state(struct import *im, const json_t *doc, struct workspace *ret)
{
	struct state_info info;
	struct store *s = im->app->world.store;
	int64_t seq = doc_int(doc, "counters.seq", 0);

	if (read_clock(im, json_object_get(doc, "clock"), &info) ||
		store_state_new(s, &info, im->e))
		return -1;
	im->state = info.id;
	if (each_object(im, doc, put_object) || each_object(im, doc, check_place))
		return -1;
	info.seq = seq > im->last_seq ? seq : im->last_seq;
	if (store_state_put(s, &info, im->e) || stale_drop(im->app, im->ws->name, im->e))
		return -1;
	return app_workspace_point(im->app, im->ws, info.id, ret, im->e);
}

/* Nulls count as absent elsewhere: an empty workspace must be meant. */
static int check_lists(const json_t *doc, struct err *e)
{
	for (size_t l = 0; l < ARRAY_SIZE(lists); l++) {
		const json_t *list = json_object_get(doc, lists[l]);

		if (list ? !json_is_array(list) : l == 0)
			return err_set(e, ERR_INVALID,
				"'%s' must be a list: send what GET /_mock/state answers", lists[l]);
	}
	return 0;
}

int state_import(
	struct app *app, struct workspace *ws, json_t *doc, struct arena *arena, struct err *e)
{
	struct import im = {.app = app,
		.ws = ws,
		.arena = arena,
		.e = e,
		.seen = arena_own(arena, json_object(), doc_free)};
	struct workspace filled;

	if (!im.seen)
		return err_oom(e);
	if (check_lists(doc, e) || fields_accept(&state_message, doc, ACCEPT_STRICT, NULL, e) ||
		fields_require(&state_message, doc, NULL, e))
		return -1;
	if (store_begin(app->world.store, e) ||
		store_end(app->world.store, fill_state(&im, doc, &filled), e))
		return -1;
	app->principals |= im.principals;
	app_workspace_become(ws, &filled);
	return 0;
}
