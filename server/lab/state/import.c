/* SPDX-License-Identifier: Apache-2.0 */
/* Reading back what GET /_mock/state wrote, or what somebody wrote in its form: all or nothing. */
#include <stdio.h>
#include <string.h>

#include "api/handlers.h"
#include "base/text.h"
#include "core/resource.h"
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
	json_t *names; /* keys "<deleted> <name>", and "<name>" of what is live: seen so far */
	int64_t state, last_seq;
	bool principals;
	struct err *e;
};

static int bad(struct import *im, const char *name, const char *why)
{
	return err_set(im->e, ERR_INVALID, "Nothing was imported: '%s' %s", name, why);
}

/* ---- one object ---- */

/* One that cannot be acted upon when it falls due would be in the way of every later request. */
static int check_operation(
	struct import *im, const struct object *o, const json_t *doc, const json_t *aux)
{
	struct err why;

	if (!streq(doc_str(doc, "name"), o->name))
		return bad(im, o->name, "has another 'name' in its doc");
	if (fields_check_reply(&operation_message, doc, &why))
		return err_set(im->e, ERR_INVALID,
			"Nothing was imported: the doc of '%s' is no Operation: %s", o->name,
			why.message);
	if ((o->due != USEC_NEVER || doc_at(aux, "polls")) &&
		!operation_sound(&im->app->world, aux))
		return bad(im, o->name, "needs the 'aux' that tells what it will do");
	return 0;
}

static int check_resource(struct import *im, const struct object *o, const json_t *doc)
{
	const struct resource *res = resource_by_kind(&im->app->world, o->kind);
	struct err why;

	if (!res) {
		static const char *const others[] = {
			"permission", "principal", "maintenance", NULL};

		for (int i = 0; others[i]; i++)
			if (streq(others[i], o->kind))
				return 0;
		return bad(im, o->name, "has a kind that does not exist");
	}
	if (!streq(doc_str(doc, "name"), o->name))
		return bad(im, o->name, "has another 'name' in its doc");
	if (fields_check_reply(res->message, doc, &why))
		return err_set(im->e, ERR_INVALID,
			"Nothing was imported: the doc of '%s' is no %s: %s", o->name, res->noun,
			why.message);
	return 0;
}

static int see(struct import *im, const struct object *o)
{
	const char *key = arena_printf(im->arena, "%lld %s", (long long)o->deleted, o->name);

	if (!key || (!o->deleted && json_object_set_new(im->names, o->name, json_true())))
		return err_oom(im->e);
	if (json_object_get(im->names, key))
		return bad(im, o->name, "is there twice");
	return json_object_set_new(im->names, key, json_true()) ? err_oom(im->e) : 0;
}

static int read_object(struct import *im, const json_t *in, struct object *o)
{
	json_t *doc = json_object_get(in, "doc"), *aux = json_object_get(in, "aux");
	const char *due = doc_str(in, "due");

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
	if (!doc)
		return bad(im, o->name, "has no 'doc'");
	if (due && !when_parse(due, &o->due))
		return bad(im, o->name, "has a 'due' that is no time");
	if ((o->due != USEC_NEVER) != (o->event != NULL))
		return bad(im, o->name, "needs 'due' and 'event', or neither");
	if (streq(o->kind, "operation") ? check_operation(im, o, doc, aux)
					: check_resource(im, o, doc))
		return -1;
	im->principals |= streq(o->kind, "principal");
	o->doc = doc_text(doc, im->arena);
	o->aux = aux ? doc_text(aux, im->arena) : NULL;
	if (!o->doc || (aux && !o->aux))
		return err_oom(im->e);
	if (o->seq > im->last_seq)
		im->last_seq = o->seq;
	return see(im, o);
}

static int put_object(struct import *im, const json_t *in)
{
	struct object o;

	if (read_object(im, in, &o))
		return -1;
	return store_put(im->app->world.store, im->state, &o, im->e);
}

/* Every live resource has its parent: names were collected by then. */
static int check_parent(struct import *im, const json_t *in)
{
	const struct resource *res = resource_by_kind(&im->app->world, doc_str(in, "kind"));
	const char *parent = doc_str(in, "parent");

	if (!res || !res->parent || doc_int(in, "deleted", 0) ||
		(parent && json_object_get(im->names, parent)))
		return 0;
	return bad(im, doc_str(in, "name"), "has a parent that is not there");
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

static int fill_state(struct import *im, const json_t *doc)
{
	struct state_info info;
	struct store *s = im->app->world.store;
	int64_t seq = doc_int(doc, "counters.seq", 0);

	if (read_clock(im, json_object_get(doc, "clock"), &info) ||
		store_state_new(s, &info, im->e))
		return -1;
	im->state = info.id;
	if (each_object(im, doc, put_object) || each_object(im, doc, check_parent))
		return -1;
	info.seq = seq > im->last_seq ? seq : im->last_seq;
	return store_state_put(s, &info, im->e)
		       ? -1
		       : store_workspace_put(s, im->ws->name, info.id, im->e);
}

int state_import(struct app *app, struct workspace *ws, const json_t *doc, struct arena *arena,
	struct err *e)
{
	struct import im = {.app = app,
		.ws = ws,
		.arena = arena,
		.e = e,
		.names = arena_own(arena, json_object(), doc_free)};
	json_t *copy = arena_own(arena, json_deep_copy(doc), doc_free);

	if (!copy || !im.names)
		return err_oom(e);
	if (!json_object_get(copy, "resources"))
		return err_set(e, ERR_INVALID,
			"'resources' is missing: send what GET /_mock/state answers");
	if (fields_accept(&state_message, copy, true, NULL, e) ||
		fields_require(&state_message, copy, NULL, e))
		return -1;
	if (store_begin(app->world.store, e))
		return -1;
	if (fill_state(&im, copy)) {
		store_rollback(app->world.store);
		return -1;
	}
	if (store_commit(app->world.store, e))
		return -1;
	app->principals |= im.principals;
	return app_workspace_reload(app, ws, e);
}
