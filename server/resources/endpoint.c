/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints: the computes of a branch. */
#include <string.h>

#include "base/text.h"
#include "core/resource/data_plane.h"
#include "core/resource/draft.h"
#include "resources/shared.h"

#define READ_WRITE "ENDPOINT_TYPE_READ_WRITE"
#define READ_ONLY "ENDPOINT_TYPE_READ_ONLY"

static const char *const states[] = { "ACTIVE", "DEGRADED", "IDLE", "INIT", NULL };
static const char *const types[] = { READ_ONLY, READ_WRITE, NULL };

static const struct field group_fields[] = {
	{ "enable_readable_secondaries", T_BOOL, 0, VERIFIED, .doc = "Whether the secondaries answer reads." },
	{ "max", T_INT32, 0, .min = 0, .max = 16, VERIFIED, .doc = "Equal to `min` today." },
	{ "min", T_INT32, 0, .min = 0, .max = 16, VERIFIED, .doc = "Number of computes." },
	{ 0 },
};
const struct message endpoint_group = { "EndpointGroupSpec", group_fields };

static const struct field spec_fields[] = {
	{ "autoscaling_limit_max_cu", T_DOUBLE, 0, VERIFIED, .doc = "Largest size in compute units." },
	{ "autoscaling_limit_min_cu", T_DOUBLE, 0, VERIFIED, .doc = "Smallest size in compute units." },
	{ "disabled", T_BOOL, 0, VERIFIED, .doc = "Suspended, and not woken by connections." },
	{ "endpoint_type", T_ENUM, F_IMMUTABLE | F_REQUIRED, .choices = types, VERIFIED,
		.doc = "A branch has one read-write endpoint." },
	{ "group", T_MESSAGE, 0, &endpoint_group, VERIFIED, .doc = "Number of computes behind it." },
	{ "no_suspension", T_BOOL, 0, .oneof = "suspension", VERIFIED, .doc = "`true`: never suspend; `false` is refused." },
	{ "settings", T_MESSAGE, 0, &pg_settings_group, VERIFIED, .doc = "Postgres parameters." },
	{ "suspend_timeout_duration", T_DURATION, 0, .oneof = "suspension", VERIFIED,
		.doc = "Idle time before it is suspended, 60s to 604800s." },
	{ 0 },
};
static const struct message spec_message = { "EndpointSpec", spec_fields };

static const struct field group_status_fields[] = {
	{ "enable_readable_secondaries", T_BOOL, F_OUTPUT, VERIFIED, .doc = "Whether the secondaries answer reads." },
	{ "max", T_INT32, F_OUTPUT, VERIFIED, .doc = "Equal to `min` today." },
	{ "min", T_INT32, F_OUTPUT, VERIFIED, .doc = "Number of computes." },
	{ 0 },
};
static const struct message group_status = { "EndpointGroupStatus", group_status_fields };

static const struct field host_fields[] = {
	{ "host", T_STRING, F_OUTPUT, VERIFIED, .doc = "Where to connect; made from the uid." },
	{ "read_only_host", T_STRING, F_OUTPUT, VERIFIED, .doc = "Where to read." },
	{ "read_only_pooled_host", T_STRING, F_OUTPUT, VERIFIED, .doc = "Where to read through the pooler." },
	{ "read_write_pooled_host", T_STRING, F_OUTPUT, VERIFIED, .doc = "Where to write through the pooler." },
	{ 0 },
};
static const struct message hosts_message = { "EndpointHosts", host_fields };

static const struct field status_fields[] = {
	{ "autoscaling_limit_max_cu", T_DOUBLE, F_OUTPUT, VERIFIED, .doc = "Largest size in compute units." },
	{ "autoscaling_limit_min_cu", T_DOUBLE, F_OUTPUT, VERIFIED, .doc = "Smallest size in compute units." },
	{ "current_state", T_ENUM, F_OUTPUT, .choices = states, VERIFIED, .doc = "Only ACTIVE and IDLE accept connections." },
	{ "disabled", T_BOOL, F_OUTPUT, VERIFIED, .doc = "Whether it is kept suspended." },
	{ "endpoint_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id again." },
	{ "endpoint_type", T_ENUM, F_OUTPUT, .choices = types, VERIFIED, .doc = "Read-write or read-only." },
	{ "group", T_MESSAGE, F_OUTPUT, &group_status, VERIFIED, .doc = "Number of computes behind it." },
	{ "hosts", T_MESSAGE, F_OUTPUT, &hosts_message, VERIFIED, .doc = "Where to connect." },
	{ "last_active_time", T_TIME, F_OUTPUT, VERIFIED, .doc = "When it was last active." },
	{ "pending_state", T_ENUM, F_OUTPUT, .choices = states, VERIFIED, .doc = "What it is becoming; absent when nothing." },
	{ "settings", T_MESSAGE, F_OUTPUT, &pg_settings_group, VERIFIED, .doc = "Postgres parameters." },
	{ "suspend_timeout_duration", T_DURATION, F_OUTPUT, VERIFIED, .doc = "Absent when it is never suspended." },
	{ 0 },
};
static const struct message status_message = { "EndpointStatus", status_fields };

static const struct field fields[] = {
	FIELD_CREATE_TIME,
	{ "endpoint_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id." },
	FIELD_NAME,
	FIELD_PARENT,
	FIELD_SPEC(&spec_message, VERIFIED),
	FIELD_STATUS(&status_message, VERIFIED),
	FIELD_UID,
	FIELD_UPDATE_TIME,
	{ 0 },
};
static const struct message message = { "Endpoint", fields };

static bool read_write(const struct draft *d)
{
	return streq(doc_str(d->status, "endpoint_type"), READ_WRITE);
}

/* ---- settling ---- */

/* What the request leaves open comes from the project's defaults, once. */
static int inherit_defaults(struct ctx *c, struct draft *d, struct err *e)
{
	static const char *const limits[] = { "autoscaling_limit_max_cu",
		"autoscaling_limit_min_cu" };
	struct draft project;
	const json_t *from;
	json_t *settings;
	const char *timeout;

	if (draft_need(c, &project_resource, name_project(c, d->name), &project, e))
		return -1;
	from = doc_at(project.status, "default_endpoint_settings");
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (!doc_at(d->status, limits[i]) &&
			doc_set_num(d->status, limits[i], doc_num(from, limits[i], 1)))
			return err_oom(e);
	settings = doc_at(from, "pg_settings");
	if (settings && !doc_at(d->status, "settings.pg_settings") &&
		doc_set(d->status, "settings.pg_settings", json_deep_copy(settings)))
		return err_oom(e);
	timeout = doc_str(from, "suspend_timeout_duration");
	if (doc_bool(d->aux, "no_suspension") || doc_str(d->status, "suspend_timeout_duration"))
		return 0;
	if (timeout ? doc_set_str(d->status, "suspend_timeout_duration", timeout)
		    : doc_set_bool(d->aux, "no_suspension", true))
		return err_oom(e);
	return 0;
}

static int set_hosts(struct ctx *c, struct draft *d, struct err *e)
{
	const char *uid = doc_str(d->doc, "uid");
	const char *suffix = setting_str(&c->world->settings, SETTING_HOST_SUFFIX);
	const char *fixed = setting_str(&c->world->settings, SETTING_HOST_OVERRIDE);
	const char *host = fixed[0] ? fixed : arena_join(c->arena, uid, ".", suffix, NULL);
	const char *pooled = fixed[0] ? fixed : arena_join(c->arena, uid, "-pooler.", suffix, NULL);
	const char *reads = fixed[0] ? fixed : arena_join(c->arena, uid, "-ro.", suffix, NULL);
	bool secondaries = doc_bool(d->status, "group.enable_readable_secondaries");
	json_t *hosts = doc_object(d->status, "hosts");
	int bad = doc_set_str(hosts, "host", host);

	doc_unset(hosts, "read_only_host");
	if (!read_write(d))
		bad |= doc_set_str(hosts, "read_only_host", host) |
		       doc_set_str(hosts, "read_only_pooled_host", pooled);
	else
		bad |= doc_set_str(hosts, "read_write_pooled_host", pooled);
	if (read_write(d) && secondaries)
		bad |= doc_set_str(hosts, "read_only_host", reads);
	return bad ? err_oom(e) : 0;
}

static int fill(struct ctx *c, struct draft *d, struct err *e)
{
	json_t *s = d->status, *group;

	if (d->creating && inherit_defaults(c, d, e))
		return -1;
	group = doc_object(s, "group");
	if ((!doc_at(s, "disabled") && doc_set_bool(s, "disabled", false)) ||
		(!doc_at(group, "min") && doc_set_int(group, "min", 1)) ||
		(!doc_at(group, "max") && doc_set_int(group, "max", 1)) ||
		(!doc_at(group, "enable_readable_secondaries") &&
			doc_set_bool(group, "enable_readable_secondaries", !read_write(d))) ||
		!doc_object(s, "settings"))
		return err_oom(e);
	return set_hosts(c, d, e);
}

static int check_group(struct draft *d, struct err *e)
{
	int64_t min = doc_int(d->status, "group.min", 1), max = doc_int(d->status, "group.max", 1);

	if (min != max || min < 1)
		return err_say(e, SAY_GROUP_SIZE);
	if (max > 1 && doc_str(d->status, "suspend_timeout_duration"))
		return err_say(e, SAY_GROUP_SUSPENDS);
	if (read_write(d) && max < 2 && doc_bool(d->status, "group.enable_readable_secondaries"))
		return err_say(e, SAY_GROUP_READABLE);
	return 0;
}

struct census {
	int read_write, read_only;
};

static int count_types(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	struct census *n = arg;

	(void)c, (void)e;
	if (read_write(d))
		n->read_write++;
	else
		n->read_only++;
	return 0;
}

static int check_census(struct ctx *c, struct draft *d, struct err *e)
{
	int64_t max = setting_int(&c->world->settings, SETTING_MAX_REPLICAS);
	struct census n = { 0 };

	if (!d->creating || d->implicit) /* the first of a new branch */
		return 0;
	if (resource_each_child(c, &endpoint_resource, d->parent, count_types, &n, e))
		return -1;
	if (read_write(d) && n.read_write)
		return err_say(e, SAY_ENDPOINT_RW_EXISTS);
	if (!read_write(d) && n.read_only >= max)
		return err_say(e, SAY_QUOTA, number(c, (double)max), "read replicas on the branch",
			"max_read_replicas");
	return 0;
}

static int check_pg_settings(struct ctx *c, struct draft *d, struct err *e)
{
	const json_t *settings = doc_at(d->status, "settings.pg_settings");
	struct draft project;

	if (!json_object_size(settings))
		return 0;
	if (draft_need(c, &project_resource, name_project(c, d->name), &project, e))
		return -1;
	return data_plane_check_settings(
		c, (int)doc_int(project.status, "pg_version", 17), settings, e);
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	if (!d->creating && doc_str(d->status, "pending_state"))
		return err_say(e, SAY_ENDPOINT_RECONCILING);
	if (fill(c, d, e) || check_group(d, e) || check_census(c, d, e) ||
		check_pg_settings(c, d, e))
		return -1;
	return compute_check(
		c, d->implicit ? "initial_endpoint_spec." : "spec.", d->status, d->aux, e);
}

static int duplicate(struct ctx *c, struct draft *d, const struct object *old, struct err *e)
{
	(void)c, (void)old;
	if (streq(doc_str(d->body, "spec.endpoint_type"), READ_WRITE))
		return err_say(e, SAY_ENDPOINT_RW_EXISTS);
	return err_say(e, SAY_ENDPOINT_EXISTS);
}

/* ---- life ---- */

struct active {
	int64_t n, enough;
};

/* Documents are compact, and nothing else in them can read so: no need to parse hundreds. */
static int count_active(void *arg, const struct object *o)
{
	struct active *k = arg;

	if (o->deleted == OBJECT_LIVE && streq(o->kind, "endpoint") &&
		strstr(o->doc, "\"current_state\":\"ACTIVE\""))
		k->n++;
	return k->n == k->enough;
}

/* 1 when its branch is the default one, 0, -1. */
static int of_default(struct ctx *c, struct draft *d, struct err *e)
{
	struct draft branch;

	return draft_need(c, &branch_resource, d->parent, &branch, e) ? -1
								       : doc_bool(branch.status, "default");
}

/*
 * Beyond the documented number of active computes (those of the default branch do not count) a new
 * one stays idle: 0; 1 when it may be active, -1. What the service does there is not published.
 */
static int may_be_active(struct ctx *c, struct draft *d, struct err *e)
{
	int64_t max = setting_int(&c->world->settings, SETTING_MAX_ACTIVE), branches;
	int64_t most = max + 1; /* one of them is the default branch's */
	struct active active = { 0, most };
	const char *project = name_project(c, d->name);
	int found = of_default(c, d, e);

	if (found)
		return found;
	if (store_count(c->world->store, c->ws->state, project, "branch", most, &branches, e))
		return -1;
	if (branches < most)
		return 1;
	if (store_each_below(c->world->store, c->ws->state, project, count_active, &active, e))
		return -1;
	return active.n < active.enough;
}

static void arm_suspension(struct ctx *c, struct draft *d)
{
	usec timeout;

	d->due = USEC_NEVER;
	d->event = NULL;
	if (!streq(doc_str(d->status, "current_state"), "ACTIVE") ||
		!doc_span(d->status, "suspend_timeout_duration", &timeout))
		return;
	d->due = c->now + timeout;
	d->event = "endpoint_suspended";
}

/* An update that needs the compute: enabled, of another size, or never to be suspended. */
static bool wakes(const struct draft *d)
{
	static const char *const sizes[] = { "status.autoscaling_limit_max_cu",
		"status.autoscaling_limit_min_cu" };

	if (!d->before)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		if (doc_num(d->before, sizes[i], 0) != doc_num(d->doc, sizes[i], 0))
			return true;
	return doc_bool(d->before, "status.disabled") || doc_bool(d->aux, "no_suspension");
}

/* Done, and for a while perhaps not yet: the reconciliation window. */
static int settle_down(struct ctx *c, struct draft *d, bool created, struct err *e)
{
	usec window = setting_span(&c->world->settings, SETTING_RECONCILE);
	int active = !doc_bool(d->status, "disabled");
	bool woken = active && wakes(d);

	if (created && active)
		active = may_be_active(c, d, e);
	if (active < 0)
		return -1;
	if (created || !active || woken || streq(doc_str(d->status, "current_state"), "INIT")) {
		if (doc_set_str(d->status, "current_state", active ? "ACTIVE" : "IDLE") ||
			doc_set_time(d->status, "last_active_time", c->now))
			return err_oom(e);
	}
	doc_unset(d->status, "pending_state");
	arm_suspension(c, d);
	if (window == 0)
		return 0;
	d->due = c->now + window;
	d->event = "endpoint_ready";
	return doc_set_str(d->status, "pending_state", "ACTIVE") ? err_oom(e) : 0;
}

static int progress(struct ctx *c, struct draft *d, enum verb verb, bool done, struct err *e)
{
	if (done)
		return settle_down(c, d, verb == VERB_CREATE, e);
	if (verb == VERB_CREATE && doc_set_str(d->status, "current_state", "INIT"))
		return err_oom(e);
	if (verb == VERB_CREATE || verb == VERB_UPDATE)
		return doc_set_str(d->status, "pending_state", "ACTIVE") ? err_oom(e) : 0;
	return 0;
}

/* A connection has come: as after a create, and the time until it sleeps begins anew. */
static int wake(struct ctx *c, struct draft *d, struct err *e)
{
	if (doc_set_str(d->status, "current_state", "ACTIVE") ||
		doc_set_time(d->status, "last_active_time", c->now))
		return err_oom(e);
	arm_suspension(c, d);
	return draft_store(c, d, e);
}

/* Somebody used it meanwhile: the time begins with that. 1 when it may not sleep yet. */
static int still_active(struct ctx *c, struct draft *d)
{
	usec last = data_plane_last_active(c, d->name), timeout;

	if (!last || !doc_span(d->status, "suspend_timeout_duration", &timeout) ||
		last + timeout <= c->now)
		return 0;
	d->due = last + timeout;
	return 1;
}

static int suspend(struct ctx *c, struct draft *d, struct err *e)
{
	usec last = data_plane_last_active(c, d->name);

	if (doc_set_str(d->status, "current_state", "IDLE") ||
		doc_set_time(d->status, "last_active_time", last ? last : c->now))
		return err_oom(e);
	d->due = USEC_NEVER;
	d->event = NULL;
	return draft_store(c, d, e);
}

static int due(struct ctx *c, struct draft *d, struct err *e)
{
	if (streq(d->event, "endpoint_woken"))
		return wake(c, d, e);
	if (streq(d->event, "endpoint_suspended") && still_active(c, d))
		return draft_store(c, d, e);
	if (streq(d->event, "endpoint_suspended") || streq(d->event, "endpoint_idled"))
		return suspend(c, d, e);
	doc_unset(d->status, "pending_state"); /* endpoint_ready */
	if (streq(doc_str(d->status, "current_state"), "INIT") &&
		doc_set_str(d->status, "current_state", "ACTIVE"))
		return err_oom(e);
	arm_suspension(c, d);
	return draft_store(c, d, e);
}

static int deletable(
	struct ctx *c, struct draft *d, bool purge, const char *reassign, struct err *e)
{
	struct draft branch;

	(void)purge, (void)reassign;
	if (read_write(d))
		return err_say(e, SAY_ENDPOINT_RW_DELETE, d->name);
	if (doc_str(d->status, "pending_state"))
		return err_say(e, SAY_ENDPOINT_RECONCILING);
	if (draft_need(c, &branch_resource, d->parent, &branch, e))
		return -1;
	return doc_bool(branch.status, "is_protected") ? err_say(e, SAY_ENDPOINT_PROTECTED) : 0;
}

static const char *const events[] = { "endpoint_suspended", "endpoint_ready", NULL };

const struct resource endpoint_resource = {
	.kind = "endpoint",
	.label = "endpoint",
	.collection = "endpoints",
	.noun = "Endpoint",
	.plural = "Endpoints",
	.id_field = "endpoint_id",
	.uid_prefix = "ep",
	.parent = &branch_resource,
	.message = &message,
	.spec = &spec_message,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_LIST | VERB_UPDATE | VERB_DELETE,
	.flags = R_REPLACE,
	.id_rule = ID_DNS,
	.evidence = EVIDENCE_VERIFIED,
	.exists = SAY_ENDPOINT_EXISTS,
	.quota = SETTING__N,
	.default_page = 100,
	.max_page = 1000,
	.settle = settle,
	.duplicate = duplicate,
	.progress = progress,
	.events = events,
	.due = due,
	.deletable = deletable,
};
