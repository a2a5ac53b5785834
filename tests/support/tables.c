/* SPDX-License-Identifier: Apache-2.0 */
#include "support/tables.h"

static const char *const kinds[] = { "KIND_UNSPECIFIED", "KIND_A", "KIND_B", NULL };
static const char *const levels[] = { "LOW", "HIGH", NULL };

static const struct field tag_fields[] = {
	{ "key", T_STRING, F_REQUIRED, .min = 1, .max = 8, .doc = "The key." },
	{ "value", T_STRING, .doc = "The value." },
	{ NULL },
};
static const struct message tag = { "Tag", tag_fields };

static const struct field settings_fields[] = {
	{ "limit", T_DOUBLE, .min = 0.5, .max = 64, .doc = "The limit." },
	{ "timeout", T_DURATION, .oneof = "suspension", .min = 60, .max = 604800, .doc = "The time." },
	{ "never", T_BOOL, .oneof = "suspension", .doc = "Never." },
	{ "params", T_STRING, F_MAP, .doc = "Parameters." },
	{ NULL },
};
static const struct message settings = { "Settings", settings_fields };

static const struct field group_fields[] = {
	{ "min", T_INT32, F_REQUIRED, .doc = "The least." },
	{ "max", T_INT32, .doc = "The most." },
	{ NULL },
};
static const struct message group = { "Group", group_fields };

static const struct field plan_fields[] = {
	{ "name", T_STRING, .doc = "The name." },
	{ NULL },
};
static const struct message plan = { "Plan", plan_fields };
static const struct message anything = { "Struct", NULL };

static const struct field spec_fields[] = {
	{ "title", T_STRING, .min = 1, .max = 10, .evidence = EVIDENCE_VERIFIED, .doc = "The title." },
	{ "kind", T_ENUM, F_IMMUTABLE, .choices = kinds, .doc = "The kind." },
	{ "count", T_INT32, .min = 0, .max = 100, .doc = "How many." },
	{ "bytes", T_INT64, .doc = "How much." },
	{ "on", T_BOOL, .doc = "Whether." },
	{ "tags", T_MESSAGE, F_LIST, &tag, .min = 0, .max = 3, .doc = "The tags." },
	{ "levels", T_ENUM, F_LIST, .choices = levels, .doc = "The levels." },
	{ "ttl", T_DURATION, .oneof = "expiration", .doc = "For so long." },
	{ "expire_time", T_TIME, .oneof = "expiration", .doc = "Until then." },
	{ "no_expiry", T_BOOL, .oneof = "expiration", .doc = "For ever." },
	{ "settings", T_MESSAGE, 0, &settings, .doc = "The settings." },
	{ "group", T_MESSAGE, F_ALONE, &group, .doc = "The group." },
	{ "plan", T_MESSAGE, F_WHOLE, &plan, .doc = "The plan." },
	{ "owner", T_STRING, F_OUTPUT, .doc = "Whose." },
	{ "old", T_STRING, F_WITHDRAWN, .doc = "Gone." },
	{ "extra", T_ANY, F_IMMUTABLE, .doc = "Anything." },
	{ NULL },
};
const struct message table_thing_spec = { "ThingSpec", spec_fields };

static const struct field status_fields[] = {
	{ "title", T_STRING, .doc = "The title." },
	{ "kind", T_ENUM, .choices = kinds, .doc = "The kind." },
	{ "count", T_INT32, .doc = "How many." },
	{ "bytes", T_INT64, .doc = "How much." },
	{ "on", T_BOOL, .doc = "Whether." },
	{ "tags", T_MESSAGE, F_LIST, &tag, .doc = "The tags." },
	{ "levels", T_ENUM, F_LIST, .choices = levels, .doc = "The levels." },
	{ "expire_time", T_TIME, .doc = "Until then." },
	{ "settings", T_MESSAGE, 0, &settings, .doc = "The settings." },
	{ "ratio", T_DOUBLE, .doc = "The ratio." },
	{ "wait", T_DURATION, .doc = "The wait." },
	{ "metadata", T_MESSAGE, 0, &anything, .doc = "Free." },
	{ NULL },
};
const struct message table_thing_status = { "ThingStatus", status_fields };

static const struct field thing_fields[] = {
	{ "name", T_STRING, F_OUTPUT, .doc = "The name." },
	{ "create_time", T_TIME, F_OUTPUT, .doc = "Since when." },
	{ "initial", T_MESSAGE, F_INPUT | F_TOLERATED, &settings, .doc = "At first." },
	{ "spec", T_MESSAGE, F_INPUT, &table_thing_spec, .doc = "What is wanted." },
	{ "status", T_MESSAGE, F_OUTPUT, &table_thing_status, .doc = "What is." },
	{ NULL },
};
const struct message table_thing = { "Thing", thing_fields };

static const struct field flat_fields[] = {
	{ "name", T_STRING, F_OUTPUT, .doc = "The name." },
	{ "schedule", T_MESSAGE, F_LIST, &tag, .doc = "The schedule." },
	{ "note", T_STRING, .doc = "A note." },
	{ NULL },
};
const struct message table_flat = { "Flat", flat_fields };
