/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "core/operation/operation.h"
#include "core/resource/draft.h"
#include "resources/shared.h"

static const char *const states[] = { "ARCHIVED", "DELETED", "IMPORTING", "INIT", "READY",
	"RESETTING", NULL };

static const char *const no_source[] = { "source_branch", "source_branch_lsn", "source_branch_time",
	NULL };

static const struct field spec_fields[] = {
	{ "expire_time", T_TIME, 0, .oneof = "expiration", VERIFIED, .doc = "When it is deleted; returned as it was sent." },
	{ "is_protected", T_BOOL, 0, VERIFIED, .doc = "Keep it from being deleted." },
	{ "no_expiry", T_BOOL, 0, .oneof = "expiration", VERIFIED, .doc = "`true`: it never expires; `false` is refused." },
	{ "source_branch", T_STRING, F_IMMUTABLE, VERIFIED, .doc = "Branch to fork; the default branch when omitted." },
	{ "source_branch_lsn", T_STRING, F_IMMUTABLE, .shape = SHAPE_LSN, TYPED, .doc = "Position to fork at." },
	{ "source_branch_time", T_TIME, F_IMMUTABLE, VERIFIED, .doc = "Time to fork at, within the history retention." },
	{ "source_snapshot", T_STRING, F_IMMUTABLE, .excludes = no_source, VERIFIED, .doc = "Snapshot to restore instead." },
	{ "ttl", T_DURATION, 0, .oneof = "expiration", VERIFIED,
		.doc = "Time from its creation until it is deleted; shown as `status.expire_time`." },
	{ 0 },
};
static const struct message spec_message = { "BranchSpec", spec_fields };

static const struct field status_fields[] = {
	{ "branch_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id again." },
	{ "current_state", T_ENUM, F_OUTPUT, .choices = states, VERIFIED, .doc = "What it is." },
	{ "default", T_BOOL, F_OUTPUT, VERIFIED, .doc = "Whether it is the project's default branch." },
	{ "delete_time", T_TIME, F_OUTPUT, TYPED, .doc = "When it was soft-deleted." },
	{ "expire_time", T_TIME, F_OUTPUT, VERIFIED, .doc = "When it will be deleted; absent when never." },
	{ "is_protected", T_BOOL, F_OUTPUT, VERIFIED, .doc = "Whether it is kept from being deleted." },
	{ "logical_size_bytes", T_INT64, F_OUTPUT, VERIFIED, .doc = "Size of its data." },
	{ "pending_state", T_ENUM, F_OUTPUT, .choices = states, TYPED, .doc = "What it is becoming; absent when nothing." },
	{ "purge_time", T_TIME, F_OUTPUT, TYPED, .doc = "When a soft-deleted branch is gone for good." },
	{ "source_branch", T_STRING, F_OUTPUT, VERIFIED, .doc = "Absent on a root branch." },
	{ "source_branch_lsn", T_STRING, F_OUTPUT, VERIFIED, .doc = "Position it was forked at." },
	{ "source_branch_time", T_TIME, F_OUTPUT, VERIFIED, .doc = "Time it was forked at." },
	{ "source_recovery_branch", T_STRING, F_OUTPUT | F_WITHDRAWN, TYPED, .doc = "Never set here." },
	{ "source_snapshot", T_STRING, F_OUTPUT, TYPED, .doc = "Snapshot it was restored from." },
	{ "state_change_time", T_TIME, F_OUTPUT, VERIFIED, .doc = "When `current_state` last changed." },
	{ 0 },
};
static const struct message status_message = { "BranchStatus", status_fields };

static const struct field fields[] = {
	{ "branch_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id." },
	FIELD_CREATE_TIME,
	FIELD_NAME,
	FIELD_PARENT,
	FIELD_SPEC(&spec_message, VERIFIED),
	FIELD_STATUS(&status_message, VERIFIED),
	FIELD_UID,
	FIELD_UPDATE_TIME,
	{ 0 },
};
static const struct message message = { "Branch", fields };

/* ---- expiration ---- */

static bool sent(const struct draft *d, const char *field)
{
	return json_object_get(json_object_get(d->body, "spec"), field) != NULL;
}

struct parent {
	const char *name;
	enum wording refusal;
};

static int refuse_child(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	const struct parent *k = arg;

	(void)c;
	if (!streq(doc_str(d->status, "source_branch"), k->name))
		return 0;
	return err_say(e, k->refusal);
}

/* No branch may have this one as its source. */
static int need_childless(struct ctx *c, struct draft *d, enum wording refusal, struct err *e)
{
	struct parent k = { d->name, refusal };

	return resource_each_child(c, &branch_resource, d->parent, refuse_child, &k, e);
}

static int check_expiry(struct ctx *c, struct draft *d, usec at, struct err *e)
{
	usec max = setting_span(&c->world->settings, SETTING_MAX_BRANCH_TTL);

	if (at <= c->now)
		return err_say(e, SAY_EXPIRATION_PAST);
	if (at > c->now + max)
		return err_say(e, SAY_EXPIRATION_TOO_FAR);
	if (doc_bool(d->status, "default"))
		return err_say(e, SAY_DEFAULT_EXPIRES);
	if (doc_bool(d->status, "is_protected"))
		return err_say(e, SAY_PROTECTED_EXPIRES);
	return d->creating ? 0 : need_childless(c, d, SAY_SOURCE_EXPIRES, e);
}

static void arm_expiry(struct draft *d)
{
	usec at;

	d->due = USEC_NEVER;
	d->event = NULL;
	if (doc_time(d->status, "expire_time", &at)) {
		d->due = at;
		d->event = "branch_expired";
	}
}

static int settle_expiration(struct ctx *c, struct draft *d, struct err *e)
{
	usec ttl, at, made;

	if (json_is_false(doc_at(d->aux, "no_expiry")))
		return err_say(e, SAY_NO_EXPIRY_FALSE);
	if (d->creating && !d->implicit && !sent(d, "ttl") && !sent(d, "expire_time") &&
		!sent(d, "no_expiry"))
		return err_say(e, SAY_EXPIRATION_MISSING);
	if (doc_span(d->aux, "ttl", &ttl)) {
		doc_unset(d->aux, "ttl"); /* it counts once */
		if (!doc_time(d->doc, "create_time", &made) ||
			doc_set_time(d->status, "expire_time", made + ttl))
			return err_oom(e);
	}
	if (doc_time(d->status, "expire_time", &at) && check_expiry(c, d, at, e))
		return -1;
	if (!streq(d->event, "branch_ready")) /* that arms it */
		arm_expiry(d);
	return 0;
}

/* ---- where it comes from ---- */

int source_time_check(struct ctx *c, usec at, const struct draft *project, struct err *e)
{
	usec made, retention = 604800 * USEC_SECOND;

	if (at % (60 * USEC_SECOND) == 0 && setting_bool(&c->world->settings, SETTING_MINUTE_500))
		return err_say(e, SAY_INTERNAL, ctx_trace(c));
	(void)doc_span(project->status, "history_retention_duration", &retention);
	if (doc_time(project->doc, "create_time", &made) && at < made)
		return err_say(e, SAY_SOURCE_TIME_EARLY);
	if (at > c->now || at < c->now - retention)
		return err_say(e, SAY_SOURCE_TIME_RANGE);
	return 0;
}

static int find_source(struct ctx *c, struct draft *d, const struct draft *project, struct err *e)
{
	const char *name = doc_str(d->status, "source_branch");
	struct draft source;
	int found;

	if (!name) {
		name = doc_str(project->status, "default_branch");
		if (doc_set_str(d->status, "source_branch", name))
			return err_oom(e);
	}
	if (!streq(name_project(c, name), d->parent))
		return err_say(e, SAY_SOURCE_BRANCH_FOREIGN);
	found = operation_check_passing(c, name, e)
			? -1
			: draft_look(c, &branch_resource, name, &source, e);
	if (found < 0)
		return -1;
	if (!found)
		return err_say(e, SAY_ID_NOT_FOUND, "branch", ctx_trace(c));
	if (streq(name, d->name))
		return err_say(e, SAY_SOURCE_BRANCH_SELF);
	if (doc_str(source.status, "expire_time"))
		return err_say(e, SAY_SOURCE_EXPIRES);
	return 0;
}

bool branch_is_root(const struct draft *d)
{
	return !doc_str(d->status, "source_branch");
}

struct counter {
	const char *except;
	int64_t n;
};

static int count_roots(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	struct counter *k = arg;

	(void)c, (void)e;
	k->n += branch_is_root(d) && !streq(d->name, k->except);
	return 0;
}

/* Restoring a snapshot makes a new root branch. */
static int find_snapshot(struct ctx *c, struct draft *d, const char *name, struct err *e)
{
	int64_t max = setting_int(&c->world->settings, SETTING_MAX_ROOT_BRANCHES);
	struct counter k = { d->name, 0 };
	struct draft snapshot;
	int found;

	if (!streq(name_project(c, name), d->parent))
		return err_say(e, SAY_SOURCE_SNAPSHOT_FOREIGN);
	found = operation_check_passing(c, name, e)
			? -1
			: draft_load(c, &snapshot_resource, name, &snapshot, e);
	if (found < 0)
		return -1;
	if (!found)
		return err_say(e, SAY_ID_NOT_FOUND, "snapshot", ctx_trace(c));
	if (resource_each_child(c, &branch_resource, d->parent, count_roots, &k, e))
		return -1;
	if (k.n >= max)
		return err_say(e, SAY_QUOTA, number(c, (double)max), "root branches in the project",
			"max_root_branches");
	return 0;
}

static int settle_source(struct ctx *c, struct draft *d, struct err *e)
{
	const char *snapshot = doc_str(d->status, "source_snapshot");
	struct draft project;
	usec at;

	if (!(d->creating || d->anew) || d->implicit)
		return 0;
	if (draft_need(c, &project_resource, d->parent, &project, e))
		return -1;
	if (snapshot)
		return find_snapshot(c, d, snapshot, e);
	if (find_source(c, d, &project, e))
		return -1;
	if (doc_time(d->status, "source_branch_time", &at) &&
		source_time_check(c, at, &project, e))
		return -1;
	if (!doc_str(d->status, "source_branch_time") &&
		doc_set_time(d->status, "source_branch_time", c->now))
		return err_oom(e);
	if (!doc_str(d->status, "source_branch_lsn") &&
		doc_set_str(d->status, "source_branch_lsn",
			arena_printf(c->arena, "0/%llX",
				(unsigned long long)(0x1A00000 + c->ws->seq * 64))))
		return err_oom(e);
	return 0;
}

/* ---- another source ---- */

/* What a branch says of where it comes from, in its spec as in its status. */
static const char *const origin[] = { "source_branch", "source_branch_lsn", "source_branch_time",
	"source_snapshot", NULL };

/* `wanted` asks for another origin than `has` shows; what it leaves out may be anything. */
static bool other_origin(const json_t *wanted, const json_t *has)
{
	usec a, b;

	for (const char *const *f = origin; *f; f++) {
		const char *text = doc_str(wanted, *f);

		if (!text || streq(text, doc_str(has, *f)))
			continue;
		if (!doc_time(wanted, *f, &a) || !doc_time(has, *f, &b) || a != b)
			return true;
	}
	return false;
}

/* A replace that names another source, or another instant of it, is a reset to that. */
static int replacing(struct ctx *c, struct draft *d, struct err *e)
{
	const json_t *spec = json_object_get(d->body, "spec");
	const char *source = doc_str(d->status, "source_branch");

	if (!other_origin(spec, d->status))
		return 0;
	if (doc_bool(d->status, "is_protected"))
		return err_say(e, SAY_RESET_PROTECTED);
	if (need_childless(c, d, SAY_RESET_HAS_CHILDREN, e))
		return -1;
	d->anew = true;
	source = source ? arena_strdup(c->arena, source) : NULL;
	for (const char *const *f = origin; *f; f++)
		doc_unset(d->status, *f);
	/* another instant of the same */
	return source && !doc_str(spec, "source_snapshot") &&
			       doc_set_str(d->status, "source_branch", source)
		       ? err_oom(e)
		       : 0;
}

static int drop(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	(void)arg;
	return resource_remove(c, d->name, e);
}

/* After that it has what its source has, and nothing of its own. */
static int updated(struct ctx *c, struct draft *d, struct err *e)
{
	if (!other_origin(d->status, json_object_get(d->before, "status")))
		return 0;
	return resource_each_child(c, &database_resource, d->name, drop, NULL, e) ||
			       resource_each_child(c, &role_resource, d->name, drop, NULL, e) ||
			       branch_inherit(c, d, e)
		       ? -1
		       : 0;
}

/* ---- protection ---- */

static int count_protected(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	struct counter *k = arg;

	(void)c, (void)e;
	k->n += doc_bool(d->status, "is_protected") && !streq(d->name, k->except);
	return 0;
}

static int settle_protection(struct ctx *c, struct draft *d, struct err *e)
{
	int64_t max = setting_int(&c->world->settings, SETTING_MAX_PROTECTED);
	struct counter k = { d->name, 0 };

	if (!doc_bool(d->status, "is_protected"))
		return doc_set_bool(d->status, "is_protected", false) ? err_oom(e) : 0;
	if (resource_each_child(c, &branch_resource, d->parent, count_protected, &k, e))
		return -1;
	if (k.n < max)
		return 0;
	return err_say(e, SAY_QUOTA, number(c, (double)max), "protected branches in the project",
		"max_protected_branches");
}

static int check_unarchived(struct ctx *c, struct draft *d, struct err *e)
{
	int64_t max = setting_int(&c->world->settings, SETTING_MAX_UNARCHIVED);
	int64_t most = max + 1 /* the default branch does not count */, n;

	if (!d->creating || d->implicit)
		return 0;
	if (store_count(c->world->store, c->ws->state, d->parent, "branch", most, &n, e))
		return -1;
	if (n < most)
		return 0;
	return err_say(e, SAY_QUOTA, number(c, (double)max), "unarchived branches in the project",
		"max_unarchived_branches");
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	json_t *s = d->status;

	if (d->creating &&
		(doc_set_bool(s, "default", d->implicit) || doc_set_int(s, "logical_size_bytes", 0)))
		return err_oom(e);
	if (settle_protection(c, d, e) || settle_expiration(c, d, e) || settle_source(c, d, e))
		return -1;
	return check_unarchived(c, d, e);
}

static int created(struct ctx *c, struct draft *d, struct err *e)
{
	json_auto_t *spec = json_pack("{s:s}", "endpoint_type", "ENDPOINT_TYPE_READ_WRITE");
	struct draft endpoint;

	if (d->implicit)
		return 0; /* its project makes the rest */
	if (!spec)
		return err_oom(e);
	if (resource_make(c, &endpoint_resource, d->name, "primary", spec, &endpoint, e))
		return -1;
	return branch_inherit(c, d, e);
}

/* ---- life ---- */

static int become(struct ctx *c, struct draft *d, const char *state, struct err *e)
{
	if (doc_set_str(d->status, "current_state", state) ||
		doc_set_time(d->status, "state_change_time", c->now))
		return err_oom(e);
	return 0;
}

/* One that went well has the new document, one that failed the old one. */
static int end_reset(struct ctx *c, struct draft *d, struct err *e)
{
	const json_t *seen = d->before ? json_object_get(d->before, "status") : d->status;

	if (!streq(doc_str(seen, "current_state"), "RESETTING"))
		return 0;
	doc_unset(d->status, "pending_state");
	return become(c, d, "READY", e);
}

static int progress(struct ctx *c, struct draft *d, enum verb verb, bool done, struct err *e)
{
	usec at;

	if (verb == VERB_CREATE && !done) {
		if (doc_set_str(d->status, "pending_state", "READY"))
			return err_oom(e);
		return become(c, d, "INIT", e);
	}
	if (verb == VERB_UPDATE && !done && d->anew) {
		if (doc_set_str(d->status, "pending_state", "READY"))
			return err_oom(e);
		return become(c, d, "RESETTING", e);
	}
	if (verb == VERB_UPDATE)
		return done ? end_reset(c, d, e) : 0;
	if (verb == VERB_CREATE || verb == VERB_UNDELETE) {
		doc_unset(d->status, "pending_state");
		/* one that has expired would go again at once: it stays until told otherwise */
		if (verb == VERB_UNDELETE && doc_time(d->status, "expire_time", &at) && at <= c->now)
			doc_unset(d->status, "expire_time");
		arm_expiry(d);
		return become(c, d, "READY", e);
	}
	return 0;
}

static int due(struct ctx *c, struct draft *d, struct err *e)
{
	/* one that a deletion above it has hidden does not come back */
	if (streq(d->event, "branch_expired"))
		return d->deleted == OBJECT_LIVE ? resource_delete_softly(c, d, e)
						 : resource_purge(c, d, e);
	if (progress(c, d, VERB_CREATE, true, e)) /* branch_ready */
		return -1;
	return draft_store(c, d, e);
}

static int deletable(
	struct ctx *c, struct draft *d, bool purge, const char *reassign, struct err *e)
{
	(void)purge, (void)reassign;
	if (!doc_str(d->status, "source_branch") && !doc_str(d->status, "source_snapshot"))
		return err_say(e, SAY_BRANCH_ROOT, d->name);
	if (doc_bool(d->status, "is_protected"))
		return err_say(e, SAY_BRANCH_PROTECTED);
	if (doc_bool(d->status, "default"))
		return err_say(e, SAY_BRANCH_DEFAULT);
	return need_childless(c, d, SAY_BRANCH_HAS_CHILDREN, e);
}

static const char *const events[] = { "branch_expired", NULL };

const struct resource branch_resource = {
	.kind = "branch",
	.label = "branch",
	.collection = "branches",
	.noun = "Branch",
	.plural = "Branches",
	.id_field = "branch_id",
	.uid_prefix = "br",
	.parent = &project_resource,
	.message = &message,
	.spec = &spec_message,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_LIST | VERB_UPDATE | VERB_DELETE | VERB_UNDELETE,
	.flags = R_REPLACE | R_SOFT_DELETE | R_ALLOW_MISSING,
	.id_rule = ID_DNS,
	.evidence = EVIDENCE_VERIFIED,
	.exists = SAY_BRANCH_EXISTS,
	.quota = SETTING_MAX_BRANCHES,
	.quota_noun = "branches in the project",
	.default_page = 100,
	.max_page = 1000,
	.settle = settle,
	.replacing = replacing,
	.created = created,
	.updated = updated,
	.progress = progress,
	.events = events,
	.due = due,
	.deletable = deletable,
};
