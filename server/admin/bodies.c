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

static const struct field switch_fields[] = {
	{"disabled", T_BOOL, .doc = "Whether the rule is passed over."},
	{0},
};

static const struct field endpoint[] = {
	{"endpoint", T_STRING, F_REQUIRED, .doc = "Name of the endpoint."},
	{0},
};

const struct message body_none = {"Nothing", none};
const struct message body_snapshot = {"Snapshot", snapshot};
const struct message body_workspace = {"Workspace", workspace};
const struct message body_advance = {"Advance", advance};
const struct message body_maintenance = {"Maintenance", maintenance};
const struct message body_switch = {"Switch", switch_fields};
const struct message body_endpoint = {"Endpoint", endpoint};
