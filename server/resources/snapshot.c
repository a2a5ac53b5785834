/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots of root branches; restoring one makes a new root branch. */
#include "base/text.h"
#include "core/operation/operation.h"
#include "core/operation/sound.h"
#include "core/resource/draft.h"
#include "resources/shared.h"

static const char *const no_time[] = { "source_branch_time", NULL };

static const struct field spec_fields[] = {
	{ "expire_time", T_TIME, 0, .oneof = "expiration", TYPED, .doc = "When it is deleted." },
	{ "no_expiry", T_BOOL, 0, .oneof = "expiration", TYPED, .doc = "`true`: it never expires." },
	{ "source_branch", T_STRING, F_REQUIRED, TYPED, .doc = "Full name of the branch to take it of, a root branch." },
	{ "source_branch_lsn", T_STRING, 0, .shape = SHAPE_LSN, .excludes = no_time, TYPED,
		.doc = "Position to take it at." },
	{ "source_branch_time", T_TIME, 0, TYPED, .doc = "Time to take it at." },
	{ "ttl", T_DURATION, 0, .oneof = "expiration", TYPED, .doc = "Time until it is deleted." },
	{ 0 },
};
static const struct message spec_message = { "SnapshotSpec", spec_fields };

static const struct field status_fields[] = {
	{ "diff_size_bytes", T_INT64, F_OUTPUT, TYPED, .doc = "Size of the data that only it holds." },
	{ "expire_time", T_TIME, F_OUTPUT, TYPED, .doc = "When it will be deleted." },
	{ "full_size_bytes", T_INT64, F_OUTPUT, TYPED, .doc = "Size of its data." },
	{ "no_expiry", T_BOOL, F_OUTPUT, TYPED, .doc = "Whether it is kept for good." },
	{ "source_branch", T_STRING, F_OUTPUT, TYPED, .doc = "Full name of the branch." },
	{ 0 },
};
static const struct message status_message = { "SnapshotStatus", status_fields };

static const struct field fields[] = {
	FIELD_CREATE_TIME,
	FIELD_NAME,
	{ "snapshot_id", T_STRING, F_OUTPUT, TYPED, .doc = "The id." },
	FIELD_SPEC(&spec_message, TYPED),
	FIELD_STATUS(&status_message, TYPED),
	FIELD_UID,
	{ 0 },
};
static const struct message message = { "Snapshot", fields };

/* One that a schedule took. Documents are compact and their keys sorted: no need to parse what a
 * restore will need. */
static bool routine(const struct object *o)
{
	return o->aux && text_starts(o->aux, "{\"implicit\":true", NULL);
}

static int settle_expiration(struct ctx *c, struct draft *d, struct err *e)
{
	usec at, ttl;

	if (json_is_false(doc_at(d->status, "no_expiry")))
		return err_say(e, SAY_NO_EXPIRY_FALSE);
	if (doc_span(d->aux, "ttl", &ttl)) {
		doc_unset(d->aux, "ttl");
		if (doc_set_time(d->status, "expire_time", c->now + ttl))
			return err_oom(e);
	}
	if (!doc_time(d->status, "expire_time", &at))
		return doc_set_bool(d->status, "no_expiry", true) ? err_oom(e) : 0;
	if (at <= c->now)
		return err_say(e, SAY_EXPIRATION_PAST);
	d->due = at;
	d->event = "snapshot_expired";
	return 0;
}

static int find_source(struct ctx *c, struct draft *d, struct draft *source, struct err *e)
{
	const char *branch = doc_str(d->status, "source_branch");
	struct draft project;
	usec at;
	int found;

	if (!streq(name_project(c, branch), d->parent))
		return err_say(e, SAY_SOURCE_BRANCH_FOREIGN);
	found = !d->implicit && operation_check_passing(c, branch, e)
			? -1
			: draft_look(c, &branch_resource, branch, source, e);
	if (found < 0)
		return -1;
	if (!found)
		return err_say(e, SAY_ID_NOT_FOUND, "branch", ctx_trace(c));
	if (!branch_is_root(source))
		return err_say(e, SAY_SNAPSHOT_CHILD);
	if (!doc_time(d->aux, "source_branch_time", &at))
		return 0;
	return draft_need(c, &project_resource, d->parent, &project, e) ||
			       source_time_check(c, at, &project, e)
		       ? -1
		       : 0;
}

/* Those that a schedule has taken do not count: see routine(). */
static int count_manual(void *arg, const struct object *o)
{
	int64_t *left = arg;

	*left -= !routine(o);
	return 0;
}

static int check_quota(struct ctx *c, struct draft *d, struct err *e)
{
	struct page_query q = { .parent = d->parent, .kind = d->res->kind, .limit = INT64_MAX };
	int64_t max = setting_int(&c->world->settings, SETTING_MAX_SNAPSHOTS), left = max;

	if (d->implicit)
		return 0;
	if (store_page(c->world->store, c->ws->state, &q, count_manual, &left, e))
		return -1;
	return left > 0 ? 0
			: err_say(e, SAY_QUOTA, number(c, (double)max),
				  "manual snapshots in the project", "max_snapshots");
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	struct draft source;

	if (find_source(c, d, &source, e) || check_quota(c, d, e))
		return -1;
	if (doc_set_int(d->status, "diff_size_bytes", 0) ||
		doc_set_int(d->status, "full_size_bytes",
			doc_int(source.status, "logical_size_bytes", 0)))
		return err_oom(e);
	return settle_expiration(c, d, e);
}

static int keep(struct ctx *c, struct draft *child, void *arg, struct err *e)
{
	json_t *kept = arg;

	(void)c;
	return json_array_append_new(kept,
		       json_pack("{s:s,s:s,s:O,s:O}", "kind", child->res->kind, "id", child->id,
			       "status", child->status, "aux", child->aux))
		       ? err_oom(e)
		       : 0;
}

/* What a restore will need, as it is now. */
static int created(struct ctx *c, struct draft *d, struct err *e)
{
	const char *branch = doc_str(d->status, "source_branch");
	json_t *kept;

	if (doc_set(d->aux, "kept", json_array()))
		return err_oom(e);
	kept = doc_at(d->aux, "kept");
	if (resource_each_child(c, &role_resource, branch, keep, kept, e) ||
		resource_each_child(c, &database_resource, branch, keep, kept, e))
		return -1;
	return draft_store(c, d, e);
}

static int due(struct ctx *c, struct draft *d, struct err *e)
{
	return resource_purge(c, d, e);
}

static const char *const events[] = { "snapshot_expired", NULL };

/* Rows of types that a restore makes anew. */
static const struct resource *const kept_types[] = { &role_resource, &database_resource };

static const struct field kept_fields[] = {
	{ "kind", T_STRING },
	{ "id", T_STRING },
	{ "status", T_ANY, F_MAP },
	{ "aux", T_ANY, F_MAP },
	{ 0 },
};
static const struct message kept_message = { "Kept", kept_fields };
static const struct field memory_fields[] = {
	{ "kept", T_MESSAGE, F_LIST, &kept_message },
	{ 0 },
};
static const struct message memory = { "memory", memory_fields };

static int remembers(const json_t *aux, struct err *why)
{
	const json_t *kept = json_object_get(aux, "kept");

	for (size_t i = 0; i < json_array_size(kept); i++) {
		const json_t *row = json_array_get(kept, i);
		const struct resource *res = NULL;

		for (size_t t = 0; t < ARRAY_SIZE(kept_types); t++)
			if (streq(kept_types[t]->kind, doc_str(row, "kind")))
				res = kept_types[t];
		if (!res || !doc_str(row, "id") || !json_object_get(row, "status"))
			return err_set(why, ERR_INVALID, "keeps what no snapshot keeps");
		if (doc_sound(res->status, json_object_get(row, "status"), why) ||
			memory_sound(res, json_object_get(row, "aux"), why))
			return -1;
	}
	return 0;
}

const struct resource snapshot_resource = {
	.kind = "snapshot",
	.label = "snapshot",
	.collection = "snapshots",
	.noun = "Snapshot",
	.plural = "Snapshots",
	.id_field = "snapshot_id",
	.parent = &project_resource,
	.message = &message,
	.spec = &spec_message,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_LIST | VERB_DELETE,
	.id_rule = ID_DNS,
	.evidence = EVIDENCE_TYPED,
	.exists = SAY_SNAPSHOT_EXISTS,
	.quota = SETTING__N, /* check_quota() */
	.default_page = 100,
	.max_page = 1000,
	.settle = settle,
	.created = created,
	.memory = &memory,
	.remembers = remembers,
	.events = events,
	.due = due,
	.routine = routine,
};
