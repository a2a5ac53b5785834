/* SPDX-License-Identifier: Apache-2.0 */
/* When snapshots of a branch are taken by themselves, on the workspace's clock. */
#include "base/text.h"
#include "core/resource/draft.h"
#include "resources/shared.h"

static const char *const days[] = { "FRIDAY", "MONDAY", "SATURDAY", "SUNDAY", "THURSDAY", "TUESDAY",
	"WEDNESDAY", NULL };

static const struct field daily_fields[] = {
	{ "hour", T_INT32, 0, .min = 0, .max = 23, TYPED, .doc = "UTC." },
	{ 0 },
};
static const struct message daily = { "DailySchedule", daily_fields };

static const struct field weekly_fields[] = {
	{ "day_of_week", T_ENUM, F_REQUIRED, .choices = days, TYPED, .doc = "The day." },
	{ "hour", T_INT32, 0, .min = 0, .max = 23, TYPED, .doc = "UTC." },
	{ 0 },
};
static const struct message weekly = { "WeeklySchedule", weekly_fields };

static const struct field monthly_fields[] = {
	{ "day", T_INT32, F_REQUIRED, .min = 1, .max = 31, TYPED,
		.doc = "Day of the month; the last one where the month is shorter." },
	{ "hour", T_INT32, 0, .min = 0, .max = 23, TYPED, .doc = "UTC." },
	{ 0 },
};
static const struct message monthly = { "MonthlySchedule", monthly_fields };

static const struct field cadence_fields[] = {
	{ "daily_schedule", T_MESSAGE, 0, &daily, .oneof = "cadence", TYPED, .doc = "Every day." },
	{ "monthly_schedule", T_MESSAGE, 0, &monthly, .oneof = "cadence", TYPED, .doc = "Every month." },
	{ "retention", T_DURATION, F_REQUIRED, .min = 3600, .max = 3024000, TYPED,
		.doc = "How long each is kept, an hour or more." },
	{ "weekly_schedule", T_MESSAGE, 0, &weekly, .oneof = "cadence", TYPED, .doc = "Every week." },
	{ 0 },
};
static const struct message cadence = { "ScheduleCadence", cadence_fields };

static const struct field fields[] = {
	FIELD_NAME,
	{ "schedule", T_MESSAGE, F_LIST, &cadence, .min = 0, .max = 24, TYPED,
		.doc = "When snapshots are taken; those that fall on one instant make one, kept "
		       "for the longest retention. Without any, none are taken by themselves." },
	{ 0 },
};
static const struct message message = { "SnapshotSchedule", fields };

#define HOUR (3600 * USEC_SECOND)
#define DAY (24 * HOUR)
enum { LONGEST_RETENTION_DAYS = 35 };

static usec hour_of(const json_t *when)
{
	return doc_int(when, "hour", 0) * HOUR;
}

/* ---- when ---- */

/* 1970-01-01 was a Thursday. */
static bool is_weekday(const char *name, int64_t number)
{
	static const char *const names[] = { "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "MONDAY",
		"TUESDAY", "WEDNESDAY" };

	return streq(names[(number % 7 + 7) % 7], name);
}

static bool is_month_day(int64_t wanted, const struct day *d)
{
	int last = when_month_days(d->year, d->month);

	return d->day == (wanted < last ? wanted : last);
}

/* The instant of that day at which the cadence asks for a snapshot; 0: not on that day. */
static usec on_day(const json_t *cadence_doc, const struct day *d)
{
	const json_t *week = doc_at(cadence_doc, "weekly_schedule"),
		     *month = doc_at(cadence_doc, "monthly_schedule"),
		     *all = doc_at(cadence_doc, "daily_schedule");

	if (week)
		return is_weekday(doc_str(week, "day_of_week"), d->number) ? d->start + hour_of(week) : 0;
	if (month)
		return is_month_day(doc_int(month, "day", 1), d) ? d->start + hour_of(month) : 0;
	return all ? d->start + hour_of(all) : 0;
}

/* The first instant after `t` on that day. */
static usec next_on_day(const json_t *schedule, const struct day *d, usec t)
{
	usec next = USEC_NEVER;

	for (size_t k = 0; k < json_array_size(schedule); k++) {
		usec at = on_day(json_array_get(schedule, k), d);

		if (at > t)
			next = at < next ? at : next;
	}
	return next;
}

/* The first instant after `t`. Every cadence comes at least once in 31 days. */
static usec next_after(const json_t *schedule, usec t)
{
	for (int i = 0; i <= 31; i++) {
		struct day d;
		usec next;

		when_day(t + i * DAY, &d);
		next = next_on_day(schedule, &d, t);
		if (next != USEC_NEVER)
			return next > USEC_LAST ? USEC_NEVER : next;
	}
	return USEC_NEVER;
}

/* How long the snapshot of that instant is kept. */
static usec retention_at(const json_t *schedule, usec t)
{
	usec longest = 0, span;
	struct day d;

	when_day(t, &d);
	for (size_t k = 0; k < json_array_size(schedule); k++) {
		const json_t *one = json_array_get(schedule, k);

		if (on_day(one, &d) == t && doc_span(one, "retention", &span))
			longest = span > longest ? span : longest;
	}
	return longest;
}

static void arm(struct draft *d, usec after)
{
	d->due = next_after(doc_at(d->doc, "schedule"), after);
	d->event = d->due == USEC_NEVER ? NULL : "snapshot_taken";
}

/* ---- hooks ---- */

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	struct draft branch;

	if (draft_need(c, &branch_resource, d->parent, &branch, e))
		return -1;
	if (!branch_is_root(&branch) && json_array_size(doc_at(d->doc, "schedule")))
		return err_say(e, SAY_SNAPSHOT_CHILD);
	return 0;
}

static int progress(struct ctx *c, struct draft *d, enum verb verb, bool done, struct err *e)
{
	(void)verb, (void)done, (void)e; /* an update, and what is shown meanwhile is armed as it was */
	arm(d, c->now);
	return 0;
}

/* "auto-20260101-03-5f"; one that a user has given is stepped over. */
static const char *free_id(struct ctx *c, const char *project, usec at, struct err *e)
{
	struct day day;
	struct object o;
	const char *id, *name;
	int64_t n = c->ws->seq;
	int found;

	when_day(at, &day);
	do {
		id = arena_printf(c->arena, "auto-%04d%02d%02d-%02d-%llx", day.year, day.month,
			day.day, (int)((at - day.start) / HOUR), (long long)++n);
		name = id ? resource_name(c, &snapshot_resource, project, id) : NULL;
		found = name ? store_get_reserved(
				       c->world->store, c->ws->state, name, c->arena, &o, e)
			     : err_oom(e);
	} while (found == 1);
	return found < 0 ? NULL : id;
}

static int take(struct ctx *c, struct draft *d, usec at, struct err *e)
{
	const char *project = name_project(c, d->parent), *id = free_id(c, project, at, e);
	char until[WHEN_SIZE];
	json_auto_t *spec = json_pack("{s:s,s:s}", "source_branch", d->parent, "expire_time",
		when_format(at + retention_at(doc_at(d->doc, "schedule"), at), until));
	struct draft taken;

	if (!id)
		return -1;
	if (!spec)
		return err_oom(e);
	return resource_make(c, &snapshot_resource, project, id, spec, &taken, e);
}

/*
 * A clock that runs by itself may come back after years, and all but the last snapshots would be
 * over: they are not taken. One that is turned by hand misses nothing, and is bounded.
 */
static bool missed(const struct ctx *c, usec at)
{
	return !c->max_due && at < c->upto - LONGEST_RETENTION_DAYS * DAY;
}

static int due(struct ctx *c, struct draft *d, struct err *e)
{
	usec at = c->now;
	struct draft branch;

	if (missed(c, at)) {
		arm(d, c->upto - LONGEST_RETENTION_DAYS * DAY);
		return draft_store(c, d, e);
	}
	if (draft_need(c, &branch_resource, d->parent, &branch, e) ||
		(branch_is_root(&branch) && take(c, d, at, e)))
		return -1;
	arm(d, at);
	return draft_store(c, d, e);
}

static bool routine(const struct object *o)
{
	(void)o;
	return true;
}

static const char *const events[] = { "snapshot_taken", NULL };

const struct resource snapshot_schedule_resource = {
	.kind = "snapshot_schedule",
	.label = "snapshot schedule",
	.collection = "snapshot-schedule",
	.noun = "SnapshotSchedule",
	.plural = "SnapshotSchedules",
	.parent = &branch_resource,
	.message = &message,
	.spec = &message,
	.status = &message,
	.verbs = VERB_GET | VERB_UPDATE,
	.flags = R_SINGLETON | R_VIRTUAL | R_FLAT_SPEC,
	.evidence = EVIDENCE_TYPED,
	.quota = SETTING__N,
	.settle = settle,
	.progress = progress,
	.events = events,
	.due = due,
	.routine = routine,
};
