/* SPDX-License-Identifier: Apache-2.0 */
/* When the service takes snapshots of a branch by itself. The mock keeps the schedule and takes
 * none. */
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
	{ "day", T_INT32, F_REQUIRED, .min = 1, .max = 31, TYPED, .doc = "Day of the month." },
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
	{ "schedule", T_MESSAGE, F_LIST, &cadence, TYPED, .doc = "Empty: none are taken." },
	{ 0 },
};
static const struct message message = { "SnapshotSchedule", fields };

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
};
