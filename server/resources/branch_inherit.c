/* SPDX-License-Identifier: Apache-2.0 */
/* The roles and databases that a branch has from its source, or from the snapshot it restores. */
#include "base/text.h"
#include "core/resource/draft.h"
#include "resources/shared.h"

struct heir {
	const char *branch; /* the new branch */
	const char *source;
	bool fresh_passwords;
};

/* A child starts with what its source had at the fork; later changes there do not reach it. */
static int inherit(struct ctx *c, struct draft *from, void *arg, struct err *e)
{
	const struct heir *h = arg;
	const char *role = doc_str(from->status, "role"), *password = doc_str(from->aux, "password");
	struct draft d;

	if (draft_new(c, from->res, h->branch, from->id, &d, e))
		return -1;
	if (json_object_update(d.status, from->status) || doc_set_bool(d.aux, "implicit", true))
		return err_oom(e);
	if (role && text_starts(role, h->source, &role) &&
		doc_set_str(d.status, "role", arena_printf(c->arena, "%s%s", h->branch, role)))
		return err_oom(e);
	/* below a protected branch passwords are made anew */
	if (password && doc_set_str(d.aux, "password",
				h->fresh_passwords ? ctx_slug(c, "mockpw", d.seq) : password))
		return err_oom(e);
	return draft_store(c, &d, e);
}

/* What the snapshot remembers of the branch that it was taken of. */
static int restore(struct ctx *c, struct draft *d, const char *name, struct err *e)
{
	struct heir h = { d->name, NULL };
	struct draft snapshot;
	json_t *kept;
	int found = draft_load(c, &snapshot_resource, name, &snapshot, e);

	if (found <= 0) /* deleted while the operation ran: there is nothing, as of a branch that is gone */
		return found;
	h.source = doc_str(snapshot.status, "source_branch");
	kept = doc_at(snapshot.aux, "kept");
	for (size_t i = 0; i < json_array_size(kept); i++) {
		json_t *row = json_array_get(kept, i);
		struct draft from = { .res = resource_by_kind(c->world, doc_str(row, "kind")),
			.id = doc_str(row, "id"), .status = doc_at(row, "status"),
			.aux = doc_at(row, "aux") };

		if (inherit(c, &from, &h, e))
			return -1;
	}
	return 0;
}

int branch_inherit(struct ctx *c, struct draft *d, struct err *e)
{
	const char *snapshot = doc_str(d->status, "source_snapshot");
	struct heir h = { d->name, doc_str(d->status, "source_branch") };
	struct draft source;
	int found;

	if (snapshot)
		return restore(c, d, snapshot, e);
	found = draft_look(c, &branch_resource, h.source, &source, e);
	if (found < 0)
		return -1;
	if (found)
		h.fresh_passwords = doc_bool(source.status, "is_protected");
	return resource_each_child(c, &role_resource, h.source, inherit, &h, e) ||
			       resource_each_child(c, &database_resource, h.source, inherit, &h, e)
		       ? -1
		       : 0;
}
