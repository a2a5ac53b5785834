/* SPDX-License-Identifier: Apache-2.0 */
#include "core/operation/operation.h"

#include <string.h>

#include "base/text.h"
#include "core/operation/run.h"
#include "core/resource/data_plane.h"
#include "core/resource/draft.h"

/* ---- locks ---- */

size_t operation_scope_len(const char *name)
{
	const char *p = name;
	int slashes = 0;

	if (!text_starts(name, "projects/", NULL))
		return strlen(name);
	for (; *p; p++)
		if (*p == '/' && ++slashes == 4)
			break;
	return (size_t)(p - name);
}

static const char *lock_scope(struct ctx *c, const char *name)
{
	return arena_strndup(c->arena, name, operation_scope_len(name));
}

/* Maintenance may end after so many refused calls. */
static int count_refusal(struct ctx *c, struct object *o, struct err *e)
{
	json_t *aux;
	int64_t calls;

	if (!streq(o->kind, "maintenance") || !o->aux)
		return 0;
	if (doc_load(&aux, o->aux, c->arena, e))
		return -1;
	calls = doc_int(aux, "calls", 0);
	if (calls <= 0)
		return 0;
	if (doc_set_int(aux, "calls", calls - 1))
		return err_oom(e);
	o->aux = doc_text(aux, c->arena);
	if (!o->aux)
		return err_oom(e);
	if (calls == 1 ? store_drop(c->world->store, c->ws->state, o->name, OBJECT_LIVE, e)
		       : store_put(c->world->store, c->ws->state, o, e))
		return -1;
	c->keep = true;
	return 0;
}

static void tell_cause(struct ctx *c, const char *kind, const struct object *o, const json_t *aux)
{
	c->because = (struct because){ .kind = kind,
		.name = o->name,
		.plan = doc_str(aux, "plan"),
		.due = o->due,
		.left = streq(kind, "maintenance") ? doc_int(aux, "calls", -1)
						   : doc_int(aux, "hidden", doc_int(aux, "polls", -1)) };
}

/* For people only: what cannot be read is not told. */
static void tell_lock(struct ctx *c, const struct object *o)
{
	json_t *aux = NULL;
	struct err ignored;

	if (o->aux && doc_load(&aux, o->aux, c->arena, &ignored))
		return;
	tell_cause(c, streq(o->kind, "maintenance") ? "maintenance" : "operation", o, aux);
}

int operation_check_lock(struct ctx *c, const char *name, struct err *e)
{
	const char *scope = lock_scope(c, name);
	struct object o;
	int found;

	if (!scope)
		return err_oom(e);
	found = store_get_lock(c->world->store, c->ws->state, scope, c->arena, &o, e);
	if (found <= 0)
		return found < 0 ? -1 : 0;
	tell_lock(c, &o);
	if (count_refusal(c, &o, e))
		return -1;
	return err_say(e, SAY_CONFLICT);
}

int operation_check_passing(struct ctx *c, const char *name, struct err *e)
{
	struct object o;
	json_t *aux;
	int64_t verb;
	int found = store_get_lock(c->world->store, c->ws->state, name, c->arena, &o, e);

	if (found <= 0)
		return found;
	if (!streq(o.kind, "operation") || !streq(o.parent, name) || !o.aux)
		return 0;
	if (doc_load(&aux, o.aux, c->arena, e))
		return -1;
	verb = doc_int(aux, "verb", 0);
	return verb == VERB_DELETE || verb == VERB_UNDELETE ? err_say(e, SAY_CONFLICT) : 0;
}

/* ---- starting ---- */

static const struct plan *choose_plan(
	struct ctx *c, const struct resource *r, enum verb verb, const char *rpc, const char *name)
{
	const char *project = name_project(c, name);
	const struct plan *p = c->plan;

	for (int i = 0; !p && i < c->ws->num_plans; i++) {
		const struct plan_rule *rule = &c->ws->plans[i];

		if (rule->rpc[0] && !text_glob(rule->rpc, rpc))
			continue;
		if (rule->project[0] && !streq(rule->project, name_id(project)))
			continue;
		p = &rule->plan;
	}
	if (!p)
		p = &c->ws->plan;
	if (verb == VERB_DELETE && (r->flags & R_SYNC_DELETE) && p->kind == PLAN_FIRST_POLL) {
		static const struct plan at_once = { .kind = PLAN_SYNC };

		return &at_once;
	}
	return p;
}

bool operation_at_once(struct ctx *c, const struct resource *r, const char *rpc, const char *name)
{
	const struct plan *p = choose_plan(c, r, VERB_CREATE, rpc, name);

	return p->kind == PLAN_SYNC || p->kind == PLAN_FIRST_POLL;
}

/* The instant at which the operation is done. */
static usec due_at(const struct ctx *c, const struct plan *p)
{
	switch (p->kind) {
	case PLAN_SYNC:
	case PLAN_FIRST_POLL:
		return c->now;
	case PLAN_LATE_VISIBLE:
	case PLAN_DONE_NOT_READY:
	case PLAN_NO_RESPONSE:
		return c->now;
	case PLAN_AFTER:
	case PLAN_FAIL:
		return c->now + p->span;
	case PLAN_AFTER_POLLS:
	case PLAN_STUCK:
	case PLAN_VANISH:
		return USEC_NEVER;
	}
	return c->now;
}

/* What the operation will need when it is done. */
static json_t *remember(
	struct ctx *c, struct draft *d, enum verb verb, bool purge, const struct plan *plan)
{
	char text[PLAN_TEXT_SIZE];
	json_t *aux = arena_own(c->arena, json_object(), doc_free);
	int bad = !aux;

	bad = bad || doc_set_str(aux, "target", d->name) || doc_set_str(aux, "kind", d->res->kind) ||
	      doc_set_int(aux, "verb", verb) || doc_set_str(aux, "plan", plan_format(plan, text));
	if (!bad && purge)
		bad = doc_set_bool(aux, "purge", true);
	if (!bad && d->deleted)
		bad = doc_set_int(aux, "deleted", d->deleted);
	if (!bad && plan->kind == PLAN_AFTER_POLLS)
		bad = doc_set_int(aux, "polls", plan->n);
	if (!bad && plan->kind == PLAN_LATE_VISIBLE)
		bad = doc_set_int(aux, "hidden", plan->n);
	if (!bad && plan->kind == PLAN_VANISH)
		bad = doc_set_int(aux, "vanish", c->now + plan->span);
	if (!bad && verb == VERB_UPDATE) {
		bad = doc_set(aux, "doc", json_incref(d->doc)) ||
		      doc_set(aux, "aux", json_incref(d->aux));
		if (!bad && d->due != USEC_NEVER)
			bad = doc_set_int(aux, "due", d->due) || doc_set_str(aux, "event", d->event);
	}
	return bad ? NULL : aux;
}

/* The visible resource shows that something is going on. */
static int show_progress(struct ctx *c, struct draft *d, enum verb verb, struct err *e)
{
	struct draft seen;
	int found;

	if (!d->res->progress || verb == VERB_CREATE || verb == VERB_UNDELETE)
		return 0;
	found = draft_load(c, d->res, d->name, &seen, e);
	if (found <= 0)
		return found;
	seen.anew = d->anew;
	if (d->res->progress(c, &seen, verb, false, e))
		return -1;
	return draft_store(c, &seen, e);
}

static int prune(struct ctx *c, int64_t seq, struct err *e)
{
	int64_t keep = setting_int(&c->world->settings, SETTING_OPERATIONS_KEPT);

	if (seq % 64)
		return 0;
	return store_prune_operations(c->world->store, c->ws->state, seq - keep, e);
}

int operation_new(struct ctx *c, const struct resource *r, const char *target, struct object *ret,
	struct err *e)
{
	int64_t seq = ctx_seq(c);
	const char *id = ctx_uuid(c, "operation", seq);
	const char *project = name_project(c, target);

	*ret = (struct object){ .kind = "operation", .parent = target, .seq = seq,
		.due = USEC_NEVER };
	if (!id)
		return err_oom(e);
	ret->name = arena_join(c->arena, target, "/operations/", id, NULL);
	if (project[0] && !streq(project, target)) {
		ret->alias = arena_join(c->arena, project, "/operations/", id, NULL);
		if (!ret->alias)
			return err_oom(e);
	}
	ret->doc = ret->name ? operation_text(c, r, ret->name, NULL, NULL) : NULL;
	return ret->doc ? 0 : err_oom(e);
}

static int reply(struct ctx *c, const struct object *o, struct buf *out, struct err *e)
{
	if (!o->doc)
		return err_oom(e);
	buf_adds(out, o->doc);
	return store_put(c->world->store, c->ws->state, o, e);
}

/* What would be replaced stays when nothing comes of it. */
static bool comes_true(const struct plan *p)
{
	return p->kind != PLAN_FAIL && p->kind != PLAN_STUCK && p->kind != PLAN_VANISH;
}

/* Its data is under way: it is pending whatever the plan says, and goes on from there when the data
 * is there. */
static int hold(struct ctx *c, struct draft *d, const struct plan *plan, struct object *o,
	json_t *aux, struct err *e)
{
	const struct data_plane *p = c->world->data_plane;
	uint64_t job = p->copy(p->arg, c, d, o->name, e);

	if (!job)
		return -1;
	if (doc_set_int(aux, "held", due_at(c, plan)))
		return err_oom(e);
	o->due = USEC_NEVER;
	if (plan->kind != PLAN_SYNC)
		return 0;
	c->job = job;
	c->operation = o->name;
	return 0;
}

int operation_release(struct ctx *c, const char *name, const char *why, struct err *e)
{
	struct object o;
	json_t *aux;
	struct plan plan;
	int found = store_get_reserved(c->world->store, c->ws->state, name, c->arena, &o, e);
	usec due;

	if (found <= 0 || !o.aux)
		return found < 0 ? -1 : 0;
	if (doc_load(&aux, o.aux, c->arena, e))
		return -1;
	if (!doc_at(aux, "held"))
		return 0;
	due = doc_int(aux, "held", 0);
	doc_unset(aux, "held");
	if (why && doc_set_str(aux, "plan", arena_printf(c->arena, "fail:INTERNAL_ERROR:%.250s", why)))
		return err_oom(e);
	if (why || plan_parse(doc_str(aux, "plan"), &plan, e) || plan.kind == PLAN_SYNC)
		return operation_finish(c, &o, aux, e);
	o.due = due > c->now ? due : c->now;
	o.event = o.due == USEC_NEVER ? NULL : "operation_done";
	o.aux = doc_text(aux, c->arena);
	return o.aux ? store_put(c->world->store, c->ws->state, &o, e) : err_oom(e);
}

/* With the plan first-poll, whoever looks next finds it done: it is kept as that, and only the answer
 * shows it pending. */
static int finish_at_once(struct ctx *c, const struct plan *plan, struct object *o,
	const struct draft *d, enum verb verb, bool purge, struct buf *out, struct err *e)
{
	const char *pending = o->doc;

	if (operation_finish_now(c, o, d, verb, purge, e))
		return -1;
	buf_adds(out, plan->kind == PLAN_FIRST_POLL ? pending : o->doc);
	return 0;
}

int operation_start(struct ctx *c, struct draft *d, enum verb verb, bool purge, const char *rpc,
	struct buf *out, struct err *e)
{
	const struct plan *plan = choose_plan(c, d->res, verb, rpc, d->name);
	struct object o;
	json_t *aux;

	if (operation_new(c, d->res, d->name, &o, e) || prune(c, o.seq, e))
		return -1;
	if (!c->held && (plan->kind == PLAN_SYNC || plan->kind == PLAN_FIRST_POLL))
		return finish_at_once(c, plan, &o, d, verb, purge, out, e);
	aux = remember(c, d, verb, purge, plan);
	if (!aux)
		return err_oom(e);
	if (show_progress(c, d, verb, e))
		return -1;
	o.due = due_at(c, plan);
	if (c->held && (verb == VERB_CREATE || comes_true(plan)) && hold(c, d, plan, &o, aux, e))
		return -1;
	o.event = o.due == USEC_NEVER ? NULL : "operation_done";
	o.scope = lock_scope(c, d->name);
	o.aux = doc_text(aux, c->arena);
	return o.scope && o.aux ? reply(c, &o, out, e) : err_oom(e);
}

int operation_noop(
	struct ctx *c, const struct resource *r, const char *name, struct buf *out, struct err *e)
{
	struct object o;

	if (operation_new(c, r, name, &o, e))
		return -1;
	o.doc = operation_text(c, r, o.name, "response", OPERATION_EMPTY);
	return reply(c, &o, out, e);
}

/* ---- looking ---- */

/* Its plan has taken it away. */
static bool vanished(const struct ctx *c, const json_t *aux)
{
	return doc_int(aux, "vanish", INT64_MAX) <= c->now;
}

bool operation_shows(const struct ctx *c, const struct object *o)
{
	struct err ignored;
	json_t *aux;

	return !doc_load(&aux, o->aux, c->arena, &ignored) && !vanished(c, aux) &&
	       doc_int(aux, "hidden", 0) <= 0;
}

/* Counts one of the polls that a plan counts. 1: the operation is not to be seen. */
static int count_poll(struct ctx *c, struct object *o, json_t *aux, struct err *e)
{
	int64_t hidden = doc_int(aux, "hidden", 0), polls = doc_int(aux, "polls", -1);

	if (vanished(c, aux))
		return 1;
	if (hidden <= 0 && polls < 0)
		return 0;
	if (polls == 0 && doc_at(aux, "held"))
		return 0;
	if (polls == 0)
		return operation_finish(c, o, aux, e);
	if (doc_set_int(aux, hidden > 0 ? "hidden" : "polls", (hidden > 0 ? hidden : polls) - 1))
		return err_oom(e);
	o->aux = doc_text(aux, c->arena);
	if (!o->aux)
		return err_oom(e);
	if (store_put(c->world->store, c->ws->state, o, e))
		return -1;
	return hidden > 0;
}

/* The copy that an operation waits for may have ended with an earlier run of the server. */
static bool is_copying(struct ctx *c, const char *name)
{
	const struct data_plane *p = c->world->data_plane;

	return p && p->copying && p->copying(p->arg, c->ws, name);
}

int operation_get(struct ctx *c, const char *name, struct buf *out, struct err *e)
{
	struct object o;
	json_t *aux;
	int found = store_get_reserved(c->world->store, c->ws->state, name, c->arena, &o, e);

	if (found < 0)
		return -1;
	if (!found || !streq(o.kind, "operation"))
		return err_say(e, SAY_ID_NOT_FOUND, "operation", ctx_trace(c));
	if (o.aux) {
		if (doc_load(&aux, o.aux, c->arena, e))
			return -1;
		if (doc_at(aux, "held") && !is_copying(c, o.name)) {
			if (operation_release(c, o.name, "the server was restarted while data was "
							 "copied; nothing of it is left", e))
				return -1;
			return operation_get(c, name, out, e);
		}
		tell_cause(c, "plan", &o, aux);
		found = count_poll(c, &o, aux, e);
		if (found < 0)
			return -1;
		if (!found && !text_starts(o.doc, "{\"done\":false", NULL))
			c->because = (struct because){ 0 };
		if (found) {
			c->keep = true;
			return err_say(e, SAY_ID_NOT_FOUND, "operation", ctx_trace(c));
		}
	}
	buf_adds(out, o.doc);
	return 0;
}
