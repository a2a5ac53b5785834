/* SPDX-License-Identifier: Apache-2.0 */
/* What the lab's own routes take, as tables. */
#include "admin/admin.h"

static const struct field none[] = {{0}};

static const struct field snapshot[] = {
	{"name", T_STRING, F_REQUIRED, .min = 1, .max = 63, .doc = "Name of the snapshot."},
	{0},
};

static const struct field workspace[] = {
	{"name", T_STRING, F_REQUIRED, .min = 1, .max = 63, .doc = "Name of the new workspace."},
	{"fork_of", T_STRING, .doc = "A workspace, or `snapshot:NAME` of the selected one."},
	{"ttl", T_STRING, .doc = "Real time after which it is dropped: `10m`."},
	{0},
};

static const char *const modes[] = {"real", "manual", "scaled", NULL};

static const struct field clock_fields[] = {
	{"mode", T_ENUM, .choices = modes, .doc = "How the clock runs."},
	{"now", T_TIME, .doc = "What it shows; never earlier than before."},
	{"factor", T_DOUBLE, .doc = "Of a scaled clock: how many times as fast as real time."},
	{0},
};

static const struct field advance[] = {
	{"by", T_STRING, .doc = "A duration: `26h`."},
	{"to", T_TIME, .doc = "An instant."},
	{"until", T_STRING, .doc = "`idle`: until nothing is due any more."},
	{0},
};

static const struct field maintenance[] = {
	{"for", T_STRING, F_REQUIRED, .doc = "A duration, or `3 calls`."},
	{0},
};

static const struct field plan[] = {
	{"rpc", T_STRING, .doc = "Only operations of this rpc."},
	{"project", T_STRING, .doc = "Only operations in this project."},
	{"plan", T_STRING, F_REQUIRED, .doc = "How they go on."},
	{0},
};
static const struct message plan_message = {"Plan", plan};

static const struct field lro[] = {
	{"schema", T_INT32, F_OUTPUT},
	{"default", T_STRING, .doc = "Plan of operations that no entry of `plans` matches."},
	{"plans", T_MESSAGE, F_LIST, .message = &plan_message, .min = 0, .max = MAX_PLAN_RULES,
		.doc = "The first that matches wins."},
	{0},
};

const struct message body_none = {"Nothing", none};
const struct message body_snapshot = {"Snapshot", snapshot};
const struct message body_workspace = {"Workspace", workspace};
const struct message body_clock = {"Clock", clock_fields};
const struct message body_advance = {"Advance", advance};
const struct message body_maintenance = {"Maintenance", maintenance};
const struct message body_lro = {"Lro", lro};
