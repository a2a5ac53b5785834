/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "core/crud/crud.h"
#include "core/field/path.h"
#include "core/mask/mask.h"
#include "core/operation/operation.h"
#include "core/resource/data_plane.h"
#include "core/resource/draft.h"
#include "core/resource/permission.h"

int crud_need_parent(
	struct ctx *c, const struct resource *r, const char *parent, struct err *e)
{
	const char *project = name_project(c, parent);
	struct object o;
	int found;

	if (!r->parent)
		return 0;
	if (permission_need(c, project, LEVEL_CAN_USE, e))
		return -1;
	found = store_get(c->world->store, c->ws->state, project, c->arena, &o, e);
	if (found < 0)
		return -1;
	if (!found)
		return err_say(e, SAY_PROJECT_NOT_FOUND, project);
	if (streq(parent, project))
		return 0;
	found = store_get(c->world->store, c->ws->state, parent, c->arena, &o, e);
	if (found < 0)
		return -1;
	if (!found || !streq(o.kind, r->parent->kind)) {
		if (r->parent->parent && crud_need_parent(c, r->parent, name_parent(c, parent), e))
			return -1;
		return err_say(e, SAY_ID_NOT_FOUND, r->parent->label, ctx_trace(c));
	}
	return 0;
}

int crud_allowed(struct ctx *c, struct draft *d, struct err *e)
{
	return permission_need(c, name_project(c, d->name),
		d->res->flags & R_USE_SUFFICES ? LEVEL_CAN_USE : LEVEL_CAN_MANAGE, e);
}

/* There may be a hundred thousand: they are counted once, and then kept count of. */
static int count_projects(struct ctx *c, const struct resource *r, int64_t *ret, struct err *e)
{
	if (c->ws->num_projects == -1 && store_count(c->world->store, c->ws->state, "", r->kind,
						  INT64_MAX, &c->ws->num_projects, e))
		return -1;
	*ret = c->ws->num_projects++;
	return 0;
}

int crud_quota(struct ctx *c, const struct resource *r, const char *parent, struct err *e)
{
	int64_t max, n;

	if (r->quota == SETTING__N)
		return 0;
	max = setting_int(&c->world->settings, r->quota);
	if (r->parent ? store_count(c->world->store, c->ws->state, parent, r->kind, max, &n, e)
		      : count_projects(c, r, &n, e))
		return -1;
	if (n < max)
		return 0;
	return err_say(e, SAY_QUOTA, arena_printf(c->arena, "%lld", (long long)max), r->quota_noun,
		setting_info(r->quota)->key);
}

static bool says_anything(const json_t *spec)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)spec, key, v)
		if (!field_zero(v))
			return true;
	return false;
}

/* body.spec exists afterwards, so that a required field in it is missed by its full name. */
static int need_fields(const struct resource *r, json_t *body, struct err *e)
{
	if ((r->flags & R_NEEDS_BODY) && !says_anything(json_object_get(body, "spec")))
		return err_say(e, SAY_REQUIRED_MESSAGE, r->kind);
	if (r->spec && !(r->flags & R_FLAT_SPEC) && !json_object_get(body, "spec") &&
		doc_set(body, "spec", json_object()))
		return err_oom(e);
	return fields_require(r->message, body, r->kind, e);
}

static int apply_body(struct draft *d, const json_t *body, struct err *e)
{
	const json_t *spec = d->res->flags & R_FLAT_SPEC ? body : json_object_get(body, "spec");

	if (!spec)
		return 0;
	return spec_apply(d->res->spec, d->res->status, spec, d->status, d->aux, e);
}

/* What cannot change is left out of a replace, silently, as the service does. */
static void drop_immutable(const struct resource *r, json_t *spec)
{
	for (const struct field *f = r->spec->fields; f->name; f++)
		if (f->flags & F_IMMUTABLE)
			doc_unset(spec, f->name);
}

/* Its data is to be copied, and the operation is pending until that is done. */
static bool brings_data(struct ctx *c, struct draft *d)
{
	const struct data_plane *p = c->world->data_plane;

	return p && p->copies && p->copies(p->arg, c, d);
}

/* replace_existing on a resource that exists: an update in place; uid and create_time stay. */
static int replace(struct ctx *c, const struct resource *r, const struct object *old, json_t *body,
	const char *rpc, struct buf *out, struct err *e)
{
	struct draft d;

	if (draft_from(c, r, old, &d, e) || draft_remember(c, &d, e))
		return -1;
	d.body = body;
	if (crud_allowed(c, &d, e) || operation_check_lock(c, d.name, e))
		return -1;
	if (r->replacing && r->replacing(c, &d, e))
		return -1;
	if (!d.anew)
		drop_immutable(r, json_object_get(body, "spec"));
	if (apply_body(&d, body, e))
		return -1;
	if (r->settle && r->settle(c, &d, e))
		return -1;
	c->held = d.anew && brings_data(c, &d);
	if (draft_touch(c, &d, e))
		return -1;
	return operation_start(c, &d, VERB_UPDATE, false, rpc, out, e);
}

static int generate_id(struct ctx *c, const struct resource *r, const json_t *body,
	const char **ret, struct err *e)
{
	uint64_t n = text_prf(c->world->seed, r->kind, (uint64_t)c->ws->seq, 7);

	if (r->id_from) {
		*ret = doc_str(body, r->id_from);
		return *ret && **ret ? 0 : err_say(e, SAY_REQUIRED, r->id_from);
	}
	*ret = arena_printf(c->arena, "%s-%04x-%08x", r->id_prefix, (unsigned)(n >> 32 & 0xffff),
		(unsigned)n);
	return *ret ? 0 : err_oom(e);
}

/* 0: the name is free. 1: replace what is there, in *old. -1: refused. */
static int check_duplicate(struct ctx *c, struct draft *d, const struct params *p,
	struct object *old, struct err *e)
{
	const struct resource *r = d->res;
	struct store *s = c->world->store;
	bool replacing = p->replace_existing && (r->flags & R_REPLACE);
	int found = store_get_reserved(s, c->ws->state, d->name, c->arena, old, e);

	if (found == 0 && (r->flags & R_SOFT_DELETE) &&
		!setting_bool(&c->world->settings, SETTING_REUSE_BRANCH_ID))
		found = store_get_deleted(s, c->ws->state, d->name, c->arena, old, e);
	if (found <= 0)
		return found;
	if (replacing && old->deleted == OBJECT_LIVE)
		return 1;
	return r->duplicate ? r->duplicate(c, d, old, e) : err_say(e, r->exists, d->id);
}

static int create_new(struct ctx *c, struct draft *d, const char *rpc, struct buf *out,
	struct err *e)
{
	const struct resource *r = d->res;

	if (apply_body(d, d->body, e))
		return -1;
	if (r->settle && r->settle(c, d, e))
		return -1;
	if (crud_quota(c, r, d->parent, e))
		return -1;
	c->held = brings_data(c, d);
	c->at_once = !c->held && operation_at_once(c, r, rpc, d->name);
	if (r->progress && r->progress(c, d, VERB_CREATE, c->at_once, e))
		return -1;
	if (draft_store(c, d, e))
		return -1;
	if (r->created && r->created(c, d, e))
		return -1;
	return operation_start(c, d, VERB_CREATE, false, rpc, out, e);
}

/* Of some parents a create says in words of its own that they are not there. */
static int need_parent(struct ctx *c, const struct resource *r, const char *parent, struct err *e)
{
	struct object o;
	int found;

	if (r->orphan == SAY_ID_NOT_FOUND)
		return crud_need_parent(c, r, parent, e);
	if (crud_need_parent(c, r->parent, name_parent(c, parent), e))
		return -1;
	found = store_get(c->world->store, c->ws->state, parent, c->arena, &o, e);
	if (found < 0)
		return -1;
	return found && streq(o.kind, r->parent->kind) ? 0 : err_say(e, r->orphan);
}

int crud_create(struct ctx *c, const struct resource *r, const struct params *p, struct buf *out,
	struct err *e)
{
	const char *id = p->id;
	struct object old;
	struct draft d;
	int dup;

	if ((!id || !*id) && (r->flags & R_ID_OPTIONAL) && generate_id(c, r, p->body, &id, e))
		return -1;
	if (!(r->flags & R_SINGLETON) && id_check(c, r, id, e))
		return -1;
	if (need_parent(c, r, p->name, e))
		return -1;
	if (!p->replace_existing && need_fields(r, p->body, e))
		return -1;
	if (draft_new(c, r, p->name, id, &d, e))
		return -1;
	d.body = p->body;
	if (r->parent && crud_allowed(c, &d, e))
		return -1;
	if (operation_check_lock(c, d.name, e))
		return -1;
	dup = check_duplicate(c, &d, p, &old, e);
	if (dup < 0)
		return -1;
	if (dup)
		return replace(c, r, &old, p->body, p->rpc, out, e);
	if (p->replace_existing && need_fields(r, p->body, e))
		return -1;
	return create_new(c, &d, p->rpc, out, e);
}
