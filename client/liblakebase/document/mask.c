/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The update mask that a body implies. The service addresses a oneof by the name of its group only,
 * takes maps and lists as wholes, and refuses paths that it does not know, so that the exceptions to
 * "one path per leaf" stand in a table.
 */
#include "liblakebase/document/mask.h"
#include "liblakebase/document/doc.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *leaf, *group; /* a member of a oneof, and the name that stands for it */
} oneofs[] = {
	{ "ttl", "expiration" },
	{ "expire_time", "expiration" },
	{ "no_expiry", "expiration" },
	{ "suspend_timeout_duration", "suspension" },
	{ "no_suspension", "suspension" },
};

static const char *const maps[] = { "pg_settings" };

static const char *group_of(const char *leaf)
{
	for (size_t i = 0; i < ARRAY_SIZE(oneofs); i++)
		if (strcmp(leaf, oneofs[i].leaf) == 0)
			return oneofs[i].group;
	return leaf;
}

static bool is_whole(const char *key, const json_t *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
		if (strcmp(key, maps[i]) == 0)
			return true;
	return !json_is_object(value) || json_object_size(value) == 0;
}

void lb_mask_add(struct lb_buf *mask, const char *leaf)
{
	const char *last = strrchr(leaf, '.');
	char path[512];
	size_t n;

	snprintf(path, sizeof(path), "%.*s%s", last ? (int)(last + 1 - leaf) : 0, leaf,
		group_of(last ? last + 1 : leaf));
	n = strlen(path);

	for (const char *p = mask->text; p && (p = strstr(p, path)); p += n)
		if ((p == mask->text || p[-1] == ',') && (!p[n] || p[n] == ','))
			return;
	lb_buf_printf(mask, "%s%s", mask->size ? "," : "", path);
}

static void walk(struct lb_buf *mask, const char *prefix, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		char path[512];

		snprintf(path, sizeof(path), "%s.%s", prefix, key);
		if (is_whole(key, value))
			lb_mask_add(mask, path);
		else
			walk(mask, path, value);
	}
}

int lakebase_mask(char **out, const char *body)
{
	struct lb_buf mask = { 0 };
	json_t *json, *spec;
	int rc = lb_doc_read(&json, body);

	*out = NULL;
	if (rc)
		return rc;
	spec = json_object_get(json, "spec");
	if (json_is_object(spec))
		walk(&mask, "spec", spec);
	/* the one updatable thing that is not below spec */
	if (json_is_array(json_object_get(json, "schedule")))
		lb_mask_add(&mask, "schedule");
	json_decref(json);
	if (!mask.size && !mask.failed) {
		lb_buf_done(&mask);
		return lb_fail(LAKEBASE_EINVALID, "the body sets no field below \"spec\"");
	}
	*out = lb_buf_take(&mask);
	return *out ? 0 : lb_fail(LAKEBASE_ENOMEM, "out of memory");
}
