/* SPDX-License-Identifier: Apache-2.0 */
#include "core/operation/run.h"

#include <string.h>

#include "base/text.h"
#include "core/resource/data_plane.h"
#include "core/resource/draft.h"
#include "core/resource/permission.h"

#define TYPE_PREFIX "type.googleapis.com/databricks.postgres.v1."

/* What an operation knows of the change that it is. */
struct change {
	const struct resource *res;
	const char *target;
	enum verb verb;
	bool purge;
	int64_t deleted;
	struct plan plan;
	json_t *doc, *memory;  /* an update: what the resource becomes, ... */
	usec due;              /* ... and what falls due then */
	const char *event;
	const struct draft *draft; /* of the request that asked for it; NULL: some time later */
	const char *key, *value; /* of the finished operation: "response" or "error", JSON text */
};

static int read_change(const struct world *w, json_t *aux, struct change *ret, struct err *e)
{
	const char *kind = doc_str(aux, "kind"), *plan = doc_str(aux, "plan");

	*ret = (struct change){ .res = kind ? resource_by_kind(w, kind) : NULL,
		.target = doc_str(aux, "target"), .verb = (enum verb)doc_int(aux, "verb", 0),
		.purge = doc_bool(aux, "purge"), .deleted = doc_int(aux, "deleted", 0),
		.doc = json_object_get(aux, "doc"), .memory = json_object_get(aux, "aux"),
		.due = doc_int(aux, "due", USEC_NEVER), .event = doc_str(aux, "event") };
	if (!ret->res || !ret->target || !plan || plan_parse(plan, &ret->plan, e))
		return err_set(e, ERR_INTERNAL, "operation with damaged memory");
	return 0;
}

const char *operation_text(struct ctx *c, const struct resource *r, const char *name,
	const char *key, const char *value)
{
	struct buf text = { .arena = c->arena }, *b = &text;

	buf_adds(b, key ? "{\"done\":true" : "{\"done\":false");
	if (streq(key, "error")) {
		buf_adds(b, ",\"error\":");
		buf_adds(b, value);
	}
	buf_adds(b, ",\"metadata\":{\"@type\":\"" TYPE_PREFIX);
	buf_adds(b, r->noun);
	buf_adds(b, "OperationMetadata\"},\"name\":");
	buf_add_json_string(b, name);
	if (streq(key, "response") && value) {
		buf_adds(b, ",\"response\":");
		buf_adds(b, value);
	}
	buf_adds(b, "}");
	return buf_text(b);
}

static int done_empty(struct change *k)
{
	k->key = "response";
	k->value = OPERATION_EMPTY;
	return 0;
}

static int done_with(struct change *k, const char *key, const char *value, struct err *e)
{
	k->key = key;
	k->value = value;
	return value ? 0 : err_oom(e);
}

static int done_error(
	struct ctx *c, struct change *k, const char *code, const char *message, struct err *e)
{
	json_auto_t *error = json_pack("{s:s,s:s}", "error_code", code, "message", message);

	return done_with(k, "error", error ? doc_text(error, c->arena) : NULL, e);
}

/* It expired, or its parent went, while the operation was running. */
static int done_gone(struct ctx *c, struct change *k, struct err *e)
{
	return done_error(c, k, "NOT_FOUND",
		arena_printf(c->arena, "%s id not found", k->res->label), e);
}

/* ---- create ---- */

static int ready_one(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	const struct change *k = arg;

	if (!d->res->progress || d->deleted != OBJECT_LIVE)
		return 0;
	if (k->plan.kind == PLAN_DONE_NOT_READY) {
		d->due = c->now + k->plan.span;
		d->event = arena_printf(c->arena, "%s_ready", d->res->kind);
		return d->event ? draft_store(c, d, e) : err_oom(e);
	}
	if (d->res->progress(c, d, VERB_CREATE, true, e))
		return -1;
	return draft_store(c, d, e);
}

static int finish_create(struct ctx *c, struct change *k, struct err *e)
{
	struct draft d;
	int found;

	if (k->draft) /* all was made ready along with it: only the answer is left to write */
		return done_with(k, "response", draft_text(c, k->target), e);
	found = draft_load(c, k->res, k->target, &d, e);
	if (found < 0)
		return -1;
	if (!found)
		return done_gone(c, k, e);
	if (ready_one(c, &d, k, e))
		return -1;
	if (resource_each_below(c, k->target, ready_one, k, e))
		return -1;
	return done_with(k, "response", doc_text(d.doc, c->arena), e);
}

/* ---- update ---- */

/* What is stored now, as `before`. The request that asks for an update has just read it. */
static int load_target(struct ctx *c, const struct change *k, struct draft *ret, struct err *e)
{
	int found = k->draft ? 1 : draft_load(c, k->res, k->target, ret, e);

	if (found != 1)
		return found;
	if (k->draft) {
		*ret = *k->draft;
		ret->body = NULL;
		ret->mask = NULL;
	} else {
		ret->before = ret->doc;
	}
	return 1;
}

static int finish_update(struct ctx *c, struct change *k, struct err *e)
{
	struct draft d;
	int found = load_target(c, k, &d, e);

	if (found < 0)
		return -1;
	if (!found)
		return done_gone(c, k, e);
	d.doc = k->doc;
	d.status = k->res->flags & R_FLAT_SPEC ? k->doc : json_object_get(k->doc, "status");
	d.aux = k->memory;
	d.due = k->due;
	d.event = k->event;
	if (k->res->progress && k->res->progress(c, &d, VERB_UPDATE, true, e))
		return -1;
	if (draft_store(c, &d, e))
		return -1;
	if (k->res->updated && k->res->updated(c, &d, e))
		return -1;
	return done_with(k, "response", d.text, e);
}

/* ---- delete ---- */

struct deletion {
	const char *root; /* what is being deleted */
	int64_t number;
};

/* Parents come first: the parent of what is to be hidden is the root, or is hidden already. */
static int parent_stays(struct ctx *c, const struct draft *d, const struct deletion *k,
	struct err *e)
{
	struct object o;
	int found;

	if (streq(d->parent, k->root))
		return 1;
	found = store_get_deleted(c->world->store, c->ws->state, d->parent, c->arena, &o, e);
	return found > 0 ? o.deleted == k->number : found;
}

/* What the server made comes back with an undelete; what users made, and came with it, does not. */
static int hide_or_drop(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	const struct deletion *k = arg;
	struct store *s = c->world->store;
	bool made = d->deleted == OBJECT_LIVE && doc_bool(d->aux, "implicit");
	int hide = made ? parent_stays(c, d, k, e) : 0;

	if (hide < 0)
		return -1;
	return hide ? store_mark(s, c->ws->state, d->name, OBJECT_LIVE, k->number, e)
		    : store_drop(s, c->ws->state, d->name, d->deleted, e);
}

int resource_delete_softly(struct ctx *c, struct draft *d, struct err *e)
{
	bool reserves = d->res->flags & R_RESERVES_NAME;
	usec keep = setting_span(&c->world->settings,
		reserves ? SETTING_PROJECT_RETENTION : SETTING_BRANCH_RETENTION);
	json_t *at = reserves ? d->doc : d->status;
	struct deletion k = { d->name, ctx_seq(c) };

	draft_forget(c);
	if (resource_each_below(c, d->name, hide_or_drop, &k, e))
		return -1;
	if (doc_set_time(at, "delete_time", c->now) ||
		doc_set_time(at, "purge_time", c->now + keep) ||
		doc_set_int(d->aux, "deletion", k.number))
		return err_oom(e);
	if (!reserves && (doc_set_str(d->status, "current_state", "DELETED") ||
				 doc_set_time(d->status, "state_change_time", c->now)))
		return err_oom(e);
	if (store_drop(c->world->store, c->ws->state, d->name, OBJECT_LIVE, e))
		return -1;
	d->deleted = reserves ? OBJECT_RESERVED : k.number;
	d->due = c->now + keep;
	d->event = arena_printf(c->arena, "%s_purged", d->res->kind);
	return d->event ? draft_store(c, d, e) : err_oom(e);
}

/* Below a name that several generations may have had: only what belongs to this one. */
static int drop_same(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	const int64_t *deletion = arg;

	if (d->deleted != *deletion)
		return 0;
	return store_drop(c->world->store, c->ws->state, d->name, d->deleted, e);
}

int resource_purge(struct ctx *c, struct draft *d, struct err *e)
{
	struct store *s = c->world->store;

	draft_forget(c);
	if (d->res->flags & R_SOFT_DELETE && !(d->res->flags & R_RESERVES_NAME)
			? resource_each_below(c, d->name, drop_same, &d->deleted, e)
			: store_drop_below(s, c->ws->state, d->name, e))
		return -1;
	if (store_drop(s, c->ws->state, d->name, d->deleted, e))
		return -1;
	data_plane_changed(c, d->name);
	return d->res->deleted ? d->res->deleted(c, d, e) : 0;
}

static int finish_delete(struct ctx *c, struct change *k, struct err *e)
{
	struct object o;
	struct draft d;
	int found = store_get_reserved(c->world->store, c->ws->state, k->target, c->arena, &o, e);

	c->ws->num_projects = -1;
	if (found < 0)
		return -1;
	if (found && streq(o.kind, k->res->kind) && o.deleted == k->deleted) {
		if (draft_from(c, k->res, &o, &d, e))
			return -1;
		if ((k->res->flags & R_SOFT_DELETE) && !k->purge ? resource_delete_softly(c, &d, e)
								 : resource_purge(c, &d, e))
			return -1;
	}
	return done_empty(k);
}

/* ---- undelete ---- */

static int show_again(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	const int64_t *deletion = arg;

	if (d->deleted != *deletion)
		return 0;
	return store_mark(c->world->store, c->ws->state, d->name, d->deleted, OBJECT_LIVE, e);
}

static int finish_undelete(struct ctx *c, struct change *k, struct err *e)
{
	struct store *s = c->world->store;
	struct object o;
	struct draft d;
	int64_t deletion;
	int found = k->deleted == OBJECT_RESERVED
			    ? store_get_reserved(s, c->ws->state, k->target, c->arena, &o, e)
			    : store_get_deleted(s, c->ws->state, k->target, c->arena, &o, e);

	c->ws->num_projects = -1;
	if (found < 0 || (found && draft_from(c, k->res, &o, &d, e)))
		return -1;
	if (!found || d.deleted != k->deleted)
		return done_gone(c, k, e);
	deletion = doc_int(d.aux, "deletion", 0);
	doc_unset(d.doc, "delete_time");
	doc_unset(d.doc, "purge_time");
	doc_unset(d.status, "delete_time");
	doc_unset(d.status, "purge_time");
	doc_unset(d.aux, "deletion");
	if (store_drop(s, c->ws->state, d.name, d.deleted, e) ||
		resource_each_below(c, d.name, show_again, &deletion, e))
		return -1;
	d.deleted = OBJECT_LIVE;
	d.due = USEC_NEVER;
	d.event = NULL;
	if (k->res->progress && k->res->progress(c, &d, VERB_UNDELETE, true, e))
		return -1;
	if (draft_touch(c, &d, e) || draft_store(c, &d, e))
		return -1;
	return done_empty(k);
}

/* ---- all ---- */

static int happen(struct ctx *c, struct change *k, struct err *e)
{
	if (k->verb == VERB_CREATE)
		return finish_create(c, k, e);
	if (k->verb == VERB_UPDATE)
		return finish_update(c, k, e);
	if (k->verb == VERB_DELETE)
		return finish_delete(c, k, e);
	if (k->verb == VERB_UNDELETE)
		return finish_undelete(c, k, e);
	return err_set(e, ERR_INTERNAL, "operation of no kind");
}

/* It failed: nothing remains of a create, nothing has changed otherwise. */
static int fail(struct ctx *c, struct change *k, struct err *e)
{
	struct draft d;
	int found = draft_load(c, k->res, k->target, &d, e);

	if (found < 0)
		return -1;
	c->ws->num_projects = -1;
	if (found && k->verb == VERB_CREATE && resource_purge(c, &d, e))
		return -1;
	if (found && k->verb != VERB_CREATE && k->res->progress) {
		if (k->res->progress(c, &d, VERB_UPDATE, true, e) || draft_store(c, &d, e))
			return -1;
	}
	return done_error(c, k, k->plan.code, k->plan.message, e);
}

static int finish(struct ctx *c, struct change *k, int64_t hidden, struct object *o, struct err *e)
{
	if (k->plan.kind == PLAN_FAIL ? fail(c, k, e) : happen(c, k, e))
		return -1;
	if (k->plan.kind == PLAN_NO_RESPONSE)
		k->value = NULL;
	o->doc = operation_text(c, k->res, o->name, k->key, k->value);
	o->aux = hidden > 0 ? arena_printf(c->arena, "{\"hidden\":%lld}", (long long)hidden) : NULL;
	o->due = USEC_NEVER;
	o->event = NULL;
	o->scope = NULL;
	return o->doc ? store_put(c->world->store, c->ws->state, o, e) : err_oom(e);
}

int operation_finish(struct ctx *c, struct object *o, json_t *aux, struct err *e)
{
	struct change k;

	if (read_change(c->world, aux, &k, e))
		return -1;
	return finish(c, &k, doc_int(aux, "hidden", 0), o, e);
}

int operation_finish_now(struct ctx *c, struct object *o, const struct draft *d, enum verb verb,
	bool purge, struct err *e)
{
	struct change k = { .res = d->res, .target = d->name, .verb = verb, .purge = purge,
		.deleted = d->deleted, .plan = { .kind = PLAN_SYNC },
		.doc = d->doc, .memory = d->aux, .due = d->due, .event = d->event, .draft = d };

	return finish(c, &k, 0, o, e);
}

int operation_due(struct ctx *c, const struct object *o, struct err *e)
{
	struct object done = *o;
	json_t *aux;

	if (doc_load(&aux, o->aux, c->arena, e))
		return -1;
	return operation_finish(c, &done, aux, e);
}
