/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/document/change.h"
#include "lakebasectl/base/base.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A group of a mask stands for the one of its members that is asked for. */
static const struct {
	const char *group, *members[3];
} groups[] = {
	{ "expiration", { "ttl", "expire_time", "no_expiry" } },
	{ "suspension", { "suspend_timeout_duration", "no_suspension" } },
};

/* Where the value of a group is shown, whichever member asked for it. */
static const char *const shown[] = { "expire_time", "suspend_timeout_duration" };

static void add(json_t *changes, const char *path, const json_t *before, const json_t *after)
{
	json_array_append_new(changes,
		json_pack("{s:s, s:O?, s:O?}", "path", path, "before", before, "after", after));
}

static bool add_group(json_t *changes, const char *path, const json_t *asked, const json_t *status)
{
	const char *last = strrchr(path, '.') + 1;
	char member[256], place[256];

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (strcmp(last, groups[i].group) != 0)
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(groups[i].members) && groups[i].members[k]; k++) {
			snprintf(member, sizeof(member), "%.*s%s", (int)(last - path), path,
				groups[i].members[k]);
			snprintf(place, sizeof(place), "%.*s%s", (int)(last - path - 5), path + 5, shown[i]);
			if (at(asked, member))
				add(changes, member, at(status, place), at(asked, member));
		}
		return true;
	}
	return false;
}

json_t *changes_of(const char *mask, const json_t *asked, const json_t *found)
{
	const json_t *status = at(found, "status");
	json_t *changes = json_array();

	for (const char *p = mask; *p;) {
		size_t n = strcspn(p, ",");
		char path[256];

		snprintf(path, sizeof(path), "%.*s", (int)n, p);
		if (strncmp(path, "spec.", 5) == 0 && !add_group(changes, path, asked, status))
			add(changes, path, at(status, path + 5), at(asked, path));
		p += n;
		p += *p == ',';
	}
	return changes;
}

void changes_put(const json_t *changes)
{
	json_t *change;
	size_t i;

	json_array_foreach(changes, i, change) {
		json_t *before = json_object_get(change, "before"), *after = json_object_get(change, "after");
		char *was = json_is_null(before) ? NULL : json_dumps(before, JSON_ENCODE_ANY | JSON_COMPACT);
		char *is = json_is_null(after) ? NULL : json_dumps(after, JSON_ENCODE_ANY | JSON_COMPACT);

		note("           %s: %s -> %s", json_string_value(json_object_get(change, "path")),
			was ? was : "-", is ? is : "-");
		free(was);
		free(is);
	}
}
