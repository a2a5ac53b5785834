/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "core/crud/crud.h"
#include "core/mask/mask.h"
#include "core/operation/operation.h"
#include "core/resource/draft.h"
#include "core/resource/permission.h"

/* What was there all along gets a row. */
static int first_write(
	struct ctx *c, const struct resource *r, const char *parent, struct draft *d, struct err *e)
{
	if (crud_need_parent(c, r, parent, e) || draft_new(c, r, parent, NULL, d, e))
		return -1;
	d->creating = false;
	return draft_store(c, d, e);
}

/* The live resource that a change is about; invisible ones are not found. */
static int load(struct ctx *c, const struct resource *r, const char *name, struct draft *d,
	struct err *e)
{
	int hidden = crud_hidden(c, r, name, e), found;

	if (hidden < 0)
		return -1;
	found = hidden ? 0 : draft_load(c, r, name, d, e);
	if (found < 0)
		return -1;
	if (!found && !hidden && (r->flags & R_VIRTUAL))
		return first_write(c, r, resource_parent(c, r, name), d, e);
	return found ? 0 : crud_missing(c, r, name, e);
}

static unsigned mask_flags(const struct settings *s)
{
	return (setting_bool(s, SETTING_MASK_ABSENT) ? 0 : MASK_ABSENT_IGNORED) |
	       (setting_bool(s, SETTING_CLEAR_ABSENT) ? MASK_ABSENT_CLEARS : 0);
}

int crud_update(struct ctx *c, const struct resource *r, const struct params *p, struct buf *out,
	struct err *e)
{
	struct draft d;
	struct mask *mask;

	if (mask_parse(&mask, r->message, p->update_mask, p->body, mask_flags(&c->world->settings),
		    c->arena, e))
		return -1;
	if (load(c, r, p->name, &d, e) || draft_remember(c, &d, e))
		return -1;
	if (crud_allowed(c, &d, e) || operation_check_lock(c, d.name, e))
		return -1;
	d.body = p->body;
	d.mask = mask;
	if (mask_apply(mask, r->spec, r->status, p->body, d.status, d.aux, e))
		return -1;
	if (r->settle && r->settle(c, &d, e))
		return -1;
	if (draft_touch(c, &d, e))
		return -1;
	return operation_start(c, &d, VERB_UPDATE, false, p->rpc, out, e);
}

/* A soft-deleted project can still be purged. */
static int load_for_delete(struct ctx *c, const struct resource *r, const struct params *p,
	struct draft *d, struct err *e)
{
	struct object o;
	int found;

	if (p->purge && (r->flags & R_RESERVES_NAME)) {
		found = store_get_reserved(c->world->store, c->ws->state, p->name, c->arena, &o, e);
		if (found < 0)
			return -1;
		if (found && o.deleted == OBJECT_RESERVED)
			return draft_from(c, r, &o, d, e);
	}
	return load(c, r, p->name, d, e);
}

int crud_delete(struct ctx *c, const struct resource *r, const struct params *p, struct buf *out,
	struct err *e)
{
	struct draft d;

	if (load_for_delete(c, r, p, &d, e)) {
		if (e->code == ERR_NOT_FOUND && p->allow_missing && (r->flags & R_ALLOW_MISSING))
			return operation_noop(c, r, p->name, out, e);
		return -1;
	}
	if (crud_allowed(c, &d, e) || operation_check_lock(c, d.name, e))
		return -1;
	if (r->deletable && r->deletable(c, &d, p->purge, p->reassign_owned_to, e))
		return -1;
	return operation_start(c, &d, VERB_DELETE, p->purge, p->rpc, out, e);
}

/* The deleted resource: still found by its name, or the newest whose name is free again. */
static int load_deleted(struct ctx *c, const struct resource *r, const char *name, struct draft *d,
	struct err *e)
{
	struct store *s = c->world->store;
	struct object o;
	int found = store_get_reserved(s, c->ws->state, name, c->arena, &o, e);

	if (found == 1 && o.deleted == OBJECT_LIVE) {
		if (operation_check_passing(c, name, e))
			return -1;
		return err_say(e,
			streq(r->kind, "project") ? SAY_PROJECT_NOT_DELETED : SAY_BRANCH_NOT_DELETED,
			name);
	}
	if (!found)
		found = store_get_deleted(s, c->ws->state, name, c->arena, &o, e);
	if (found < 0)
		return -1;
	return found && streq(o.kind, r->kind) ? draft_from(c, r, &o, d, e)
					       : crud_missing(c, r, name, e);
}

int crud_undelete(struct ctx *c, const struct resource *r, const struct params *p, struct buf *out,
	struct err *e)
{
	const char *project = name_project(c, p->name);
	enum level level;
	struct draft d;

	if (permission_level(c, project, &level, e))
		return -1;
	if (level < LEVEL_CAN_USE)
		return crud_missing(c, r, p->name, e);
	if (r->parent && crud_need_parent(c, r, resource_parent(c, r, p->name), e))
		return -1;
	if (load_deleted(c, r, p->name, &d, e))
		return -1;
	if (crud_allowed(c, &d, e) || operation_check_lock(c, d.name, e) ||
		crud_quota(c, r, d.parent, e))
		return -1;
	return operation_start(c, &d, VERB_UNDELETE, false, p->rpc, out, e);
}
