/* SPDX-License-Identifier: Apache-2.0 */
/* Resources between the store and the code that changes them. */
#include "core/resource/draft.h"

#include "base/text.h"
#include "core/mask/mask.h"
#include "core/resource/data_plane.h"

const struct resource *resource_by_kind(const struct world *w, const char *kind)
{
	for (const struct resource *const *r = w->resources; *r; r++)
		if (streq((*r)->kind, kind))
			return *r;
	return NULL;
}

static json_t *keep(struct ctx *c, json_t *doc)
{
	return arena_own(c->arena, doc, doc_free);
}

/* status as a part of the document, or the document itself where the fields are flat. */
static int find_status(struct draft *d, struct err *e)
{
	if (d->res->flags & R_FLAT_SPEC) {
		d->status = d->doc;
		return 0;
	}
	d->status = doc_object(d->doc, "status");
	return d->status ? 0 : err_oom(e);
}

int draft_from(struct ctx *c, const struct resource *res, const struct object *o, struct draft *ret,
	struct err *e)
{
	*ret = (struct draft){ .res = res, .id = name_id(o->name), .name = o->name,
		.parent = o->parent, .seq = o->seq, .deleted = o->deleted, .due = o->due,
		.event = o->event };
	if (doc_load(&ret->doc, o->doc, c->arena, e) || find_status(ret, e))
		return -1;
	if (o->aux)
		return doc_load(&ret->aux, o->aux, c->arena, e);
	ret->aux = keep(c, json_object());
	return ret->aux ? 0 : err_oom(e);
}

int draft_remember(struct ctx *c, struct draft *d, struct err *e)
{
	d->before = keep(c, json_deep_copy(d->doc));
	return d->before ? 0 : err_oom(e);
}

int draft_load(struct ctx *c, const struct resource *res, const char *name, struct draft *ret,
	struct err *e)
{
	struct object o;
	int found = store_get(c->world->store, c->ws->state, name, c->arena, &o, e);

	if (found != 1)
		return found;
	if (!streq(o.kind, res->kind))
		return 0;
	return draft_from(c, res, &o, ret, e) ? -1 : 1;
}

/* A resource that this request has made and stored, or has looked at, newest first. */
struct known {
	struct known *next;
	struct draft draft;
};

/* Where the pointer to it is, or would be. */
static struct known **find_known(struct ctx *c, const char *name)
{
	struct known **at = &c->known;

	while (*at && !streq((*at)->draft.name, name))
		at = &(*at)->next;
	return at;
}

static int know(struct ctx *c, const struct draft *d, struct err *e)
{
	struct known *k = *find_known(c, d->name);

	if (!k) {
		k = arena_alloc(c->arena, sizeof *k);
		if (!k)
			return err_oom(e);
		k->next = c->known;
		c->known = k;
	}
	k->draft = *d;
	return 0;
}

static void forget_one(struct ctx *c, const char *name)
{
	struct known **at = find_known(c, name);

	if (*at)
		*at = (*at)->next;
}

const char *draft_text(struct ctx *c, const char *name)
{
	const struct known *k = *find_known(c, name);

	return k ? k->draft.text : NULL;
}

void draft_forget(struct ctx *c)
{
	c->known = NULL;
}

int draft_look(struct ctx *c, const struct resource *res, const char *name, struct draft *ret,
	struct err *e)
{
	const struct known *k = *find_known(c, name);
	int found;

	if (k && k->draft.res == res) {
		*ret = k->draft;
		return 1;
	}
	found = draft_load(c, res, name, ret, e);
	return found == 1 && know(c, ret, e) ? -1 : found;
}

int draft_need(struct ctx *c, const struct resource *res, const char *name, struct draft *ret,
	struct err *e)
{
	int found = draft_look(c, res, name, ret, e);

	if (!found)
		return err_set(e, ERR_INTERNAL, "the %s '%s' is gone", res->label, name);
	return found == 1 ? 0 : -1;
}

/* What the server itself writes into every new resource. */
static int stamp(struct ctx *c, struct draft *d, struct err *e)
{
	const struct resource *r = d->res;
	const char *uid =
		r->uid_prefix ? ctx_slug(c, r->uid_prefix, d->seq) : ctx_uuid(c, r->kind, d->seq);
	const struct message *m = r->message;
	json_auto_t *now = doc_instant(c->now);
	int bad = doc_set_str(d->doc, "name", d->name);

	if (field_find(m, "parent"))
		bad |= doc_set_str(d->doc, "parent", d->parent);
	if (r->id_field && field_find(m, r->id_field))
		bad |= doc_set_str(d->doc, r->id_field, d->id);
	if (r->id_field && r->status && field_find(r->status, r->id_field))
		bad |= doc_set_str(d->status, r->id_field, d->id);
	if (field_find(m, "uid"))
		bad |= doc_set_str(d->doc, "uid", uid);
	if (field_find(m, "create_time"))
		bad |= doc_set(d->doc, "create_time", json_incref(now));
	if (field_find(m, "update_time"))
		bad |= doc_set(d->doc, "update_time", json_incref(now));
	return bad ? err_oom(e) : 0;
}

int draft_new(struct ctx *c, const struct resource *res, const char *parent, const char *id,
	struct draft *ret, struct err *e)
{
	*ret = (struct draft){ .res = res, .id = id, .parent = parent, .seq = ctx_seq(c),
		.creating = true, .due = USEC_NEVER };
	ret->name = resource_name(c, res, parent, id);
	ret->doc = keep(c, json_object());
	ret->aux = keep(c, json_object());
	if (!ret->name || !ret->doc || !ret->aux)
		return err_oom(e);
	if (res->flags & R_SINGLETON)
		ret->id = name_id(ret->name);
	return find_status(ret, e) ? -1 : stamp(c, ret, e);
}

/* For eleven days in July 2026 the service showed the spec, too: what of it the status holds. */
static int echo_spec(struct draft *d, struct err *e)
{
	json_auto_t *spec = json_object();

	if (!spec)
		return err_oom(e);
	for (const struct field *f = d->res->spec->fields; f->name; f++) {
		json_t *v = json_object_get(d->status, f->name);

		if (!v)
			v = json_object_get(d->aux, f->name);
		if (v && json_object_set(spec, f->name, v))
			return err_oom(e);
	}
	return doc_set(d->doc, "spec", STEAL(spec)) ? err_oom(e) : 0;
}

int draft_object(struct ctx *c, struct draft *d, struct object *ret, struct err *e)
{
	const struct settings *s = &c->world->settings;

	if (setting_bool(s, SETTING_ECHO_SPEC) && d->res->spec && !(d->res->flags & R_FLAT_SPEC) &&
		echo_spec(d, e))
		return -1;
	d->text = doc_text(d->doc, c->arena);
	*ret = (struct object){ .name = d->name, .kind = d->res->kind, .parent = d->parent,
		.seq = d->seq, .deleted = d->deleted, .doc = d->text,
		.aux = json_object_size(d->aux) ? doc_text(d->aux, c->arena) : NULL, .due = d->due,
		.event = d->event };
	if (!ret->doc || (json_object_size(d->aux) && !ret->aux))
		return err_oom(e);
	return 0;
}

int draft_store(struct ctx *c, struct draft *d, struct err *e)
{
	struct object o;

	if (draft_object(c, d, &o, e))
		return -1;
	data_plane_changed(c, d->name);
	if (store_put(c->world->store, c->ws->state, &o, e))
		return -1;
	if (d->creating)
		return know(c, d, e);
	forget_one(c, d->name);
	return 0;
}

int draft_touch(struct ctx *c, struct draft *d, struct err *e)
{
	if (!field_find(d->res->message, "update_time"))
		return 0;
	return doc_set_time(d->doc, "update_time", c->now) ? err_oom(e) : 0;
}

int resource_begin(struct ctx *c, const struct resource *res, const char *parent, const char *id,
	struct draft *ret, struct err *e)
{
	if (draft_new(c, res, parent, id, ret, e))
		return -1;
	ret->implicit = true;
	return doc_set_bool(ret->aux, "implicit", true) ? err_oom(e) : 0;
}

int resource_finish(struct ctx *c, struct draft *d, struct err *e)
{
	const struct resource *res = d->res;

	if (res->settle && res->settle(c, d, e))
		return -1;
	if (res->progress && res->progress(c, d, VERB_CREATE, c->at_once, e))
		return -1;
	if (draft_store(c, d, e))
		return -1;
	return res->created ? res->created(c, d, e) : 0;
}

int resource_make(struct ctx *c, const struct resource *res, const char *parent, const char *id,
	const json_t *spec, struct draft *ret, struct err *e)
{
	if (resource_begin(c, res, parent, id, ret, e))
		return -1;
	if (spec && spec_apply(res->spec, res->status, spec, ret->status, ret->aux, e))
		return -1;
	return resource_finish(c, ret, e);
}

int resource_remove(struct ctx *c, const char *name, struct err *e)
{
	struct store *s = c->world->store;

	draft_forget(c);
	data_plane_changed(c, name);
	if (store_drop_below(s, c->ws->state, name, e))
		return -1;
	return store_drop(s, c->ws->state, name, OBJECT_LIVE, e);
}

/* ---- children ---- */

struct collected {
	struct collected *next;
	struct object o;
};

struct collector {
	struct arena *arena;
	const char *kind;
	struct collected *first, **last;
	bool oom;
};

static int collect(void *arg, const struct object *o)
{
	struct collector *k = arg;
	struct collected *n;

	if (k->kind && !streq(o->kind, k->kind))
		return 0;
	n = arena_alloc(k->arena, sizeof *n);
	if (!n) {
		k->oom = true;
		return 1;
	}
	n->o = *o;
	n->o.name = arena_strdup(k->arena, o->name);
	n->o.kind = arena_strdup(k->arena, o->kind);
	n->o.parent = arena_strdup(k->arena, o->parent);
	n->o.doc = arena_strdup(k->arena, o->doc);
	n->o.aux = arena_strdup(k->arena, o->aux);
	n->o.event = arena_strdup(k->arena, o->event);
	k->oom = !n->o.name || !n->o.kind || !n->o.parent || !n->o.doc || !n->o.aux != !o->aux ||
		 !n->o.event != !o->event;
	*k->last = n;
	k->last = &n->next;
	return k->oom;
}

static int each_collected(struct ctx *c, struct collector *k, child_fn each, void *arg,
	struct err *e)
{
	if (k->oom)
		return err_oom(e);
	for (struct collected *n = k->first; n; n = n->next) {
		const struct resource *res = resource_by_kind(c->world, n->o.kind);
		struct draft d;

		if (!res)
			continue;
		if (draft_from(c, res, &n->o, &d, e) || each(c, &d, arg, e))
			return -1;
	}
	return 0;
}

int resource_each_child(struct ctx *c, const struct resource *res, const char *parent,
	child_fn each, void *arg, struct err *e)
{
	struct collector k = { .arena = c->arena, .kind = res->kind, .last = &k.first };
	struct page_query q = { .parent = parent, .kind = res->kind, .limit = INT64_MAX };

	if (store_page(c->world->store, c->ws->state, &q, collect, &k, e))
		return -1;
	return each_collected(c, &k, each, arg, e);
}

int resource_each_below(struct ctx *c, const char *name, child_fn each, void *arg, struct err *e)
{
	struct collector k = { .arena = c->arena, .last = &k.first };

	if (store_each_below(c->world->store, c->ws->state, name, collect, &k, e))
		return -1;
	return each_collected(c, &k, each, arg, e);
}
