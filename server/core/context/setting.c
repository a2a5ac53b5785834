/* SPDX-License-Identifier: Apache-2.0 */
#include "core/context/setting.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const int64_t max_int = 1000000000;

static const char origin_default[] = "default";
static const char origin_profile[] = "profile";
static const char origin_set[] = "set";

#define X(id, key, type, def, evidence, doc) { key, def, doc, SET_##type, EVIDENCE_##evidence },
static const struct setting_info table[] = { SETTING_TABLE(X) };
#undef X

#define X(id, key, type, def, evidence, doc) key,
static const char *const keys[] = { SETTING_TABLE(X) NULL };
#undef X

#define OLD_VERSIONS "pg_versions=16,17"

const struct profile profiles[] = {
	{ "2026-11-28", "the API of databricks-sdk 0.162, and the documentation of late November 2026",
		(const char *const[]){ NULL } },
	{ "2026-11-01",
		"before the documentation named Postgres 18: also, an absent list or map in "
		"update_mask is refused",
		(const char *const[]){ OLD_VERSIONS, "clear_absent=false", NULL } },
	{ "2026-08-20",
		"before 28 August 2026: a field in update_mask that the body lacks is ignored",
		(const char *const[]){ OLD_VERSIONS, "mask_absent_is_error=false", NULL } },
	{ "2026-07-25",
		"from 20 to 31 July 2026: GET also shows `spec`",
		(const char *const[]){
			OLD_VERSIONS, "mask_absent_is_error=false", "echo_spec=true", NULL } },
	{ "2026-04-15",
		"April 2026: longer endpoint ids, smaller computes that suspend after five minutes, "
		"and the id of a deleted branch stays taken",
		(const char *const[]){ OLD_VERSIONS, "mask_absent_is_error=false",
			"endpoint_id_min=3", "reuse_deleted_branch_id=false", "max_cu=32",
			"max_cu_spread=8", "default_suspension=5m", NULL } },
	{ NULL },
};

static int refuse(enum setting id, const char *wanted, const char *got, struct err *e)
{
	return err_set(e, ERR_INVALID, "setting %s must be %s, got '%s'", table[id].key, wanted, got);
}

/* Printable text goes into headers and host names as it is. */
static bool plain(const char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s > '~')
			return false;
	return true;
}

/* One or more items between commas, each a number or a name. */
static bool is_list(const char *s, bool numbers)
{
	for (;; s++) {
		size_t n = strcspn(s, ",");

		if (!n || (numbers && strspn(s, "0123456789") < n))
			return false;
		s += n;
		if (!*s)
			return true;
	}
}

static bool span_in_range(enum setting id, usec span)
{
	return id != SETTING_DEFAULT_SUSPENSION ||
	       (span >= 60 * USEC_SECOND && span <= 604800 * USEC_SECOND);
}

/* The number that a text stands for; 0 where it stands for itself. */
static int read_value(enum setting id, const char *text, int64_t *ret, struct err *e)
{
	bool b;

	switch (table[id].type) {
	case SET_BOOL:
		if (!text_bool(text, &b))
			return refuse(id, "1, 0, true or false", text, e);
		*ret = b;
		return 0;
	case SET_INT:
		return text_int(text, 0, max_int, ret)
			       ? 0
			       : refuse(id, "a whole number from 0 to 1000000000", text, e);
	case SET_SPAN:
		if (!span_parse(text, ret))
			return refuse(id, "a duration such as 300ms, 5s, 2m, 26h or 7d", text, e);
		return span_in_range(id, *ret) ? 0 : refuse(id, "60 seconds to 7 days", text, e);
	case SET_NUMS:
		return is_list(text, true) ? 0 : refuse(id, "whole numbers joined by commas", text, e);
	case SET_NAMES:
		return plain(text) && is_list(text, false)
			       ? 0
			       : refuse(id, "names joined by commas, without blanks", text, e);
	case SET_STR:
		return plain(text) ? 0 : refuse(id, "printable ASCII without blanks", text, e);
	}
	return 0;
}

static int assign(struct settings *s, enum setting id, const char *text, const char *origin,
	struct err *e)
{
	int64_t i = 0;

	if (strlen(text) >= sizeof s->v[id].s)
		return refuse(id, "shorter than 128 characters", "more", e);
	if (read_value(id, text, &i, e))
		return -1;
	s->v[id].i = i;
	strcpy(s->v[id].s, text); /* allowed: its length was checked above */
	s->v[id].origin = origin;
	return 0;
}

static int apply(struct settings *s, const char *assignment, const char *origin, struct err *e)
{
	size_t len = strcspn(assignment, "=");
	const char *near;
	char key[64];

	text_append(key, sizeof key, 0, assignment, len);
	for (int id = 0; keys[id]; id++) {
		if (!streq(keys[id], key))
			continue;
		if (!assignment[len])
			return err_set(e, ERR_INVALID, "setting %s needs a value: %s=%s", key, key,
				table[id].def);
		if (origin == origin_profile && s->v[id].origin == origin_set)
			return 0; /* what the user chose stands */
		return assign(s, (enum setting)id, assignment + len + 1, origin, e);
	}
	near = text_nearest(key, keys);
	return err_set(e, ERR_INVALID, "unknown setting '%s'; %s%s%s", key,
		near ? "did you mean '" : "`lakebase-mock reference configuration` lists them",
		near ? near : "", near ? "'?" : "");
}

static int use(struct settings *s, const struct profile *p, struct err *e)
{
	for (int id = 0; id < SETTING__N; id++)
		if (s->v[id].origin != origin_set &&
			assign(s, (enum setting)id, table[id].def, origin_default, e))
			return -1;
	for (const char *const *a = p->assignments; *a; a++)
		if (apply(s, *a, origin_profile, e))
			return -1;
	s->profile = p->name;
	return 0;
}

void settings_init(struct settings *s)
{
	struct err e;

	*s = (struct settings){ 0 };
	(void)!use(s, &profiles[0], &e); /* our own tables; a test reads every profile */
}

int settings_profile(struct settings *s, const char *name, struct err *e)
{
	char all[16 * ARRAY_SIZE(profiles)] = "";
	size_t n = 0;

	for (size_t i = 0; profiles[i].name; i++) {
		if (streq(profiles[i].name, name))
			return use(s, &profiles[i], e);
		n = text_append_item(all, sizeof all, n, profiles[i].name, strlen(profiles[i].name));
	}
	return err_set(e, ERR_INVALID, "unknown profile '%s'; there are %s", name, all);
}

int settings_set(struct settings *s, const char *assignment, struct err *e)
{
	return apply(s, assignment, origin_set, e);
}

bool setting_bool(const struct settings *s, enum setting id)
{
	return s->v[id].i != 0;
}

int64_t setting_int(const struct settings *s, enum setting id)
{
	return s->v[id].i;
}

usec setting_span(const struct settings *s, enum setting id)
{
	return s->v[id].i;
}

const char *setting_str(const struct settings *s, enum setting id)
{
	return s->v[id].s;
}

bool setting_lists(const struct settings *s, enum setting id, const char *item)
{
	const char *p = s->v[id].s;

	for (;; p++) {
		size_t n = strcspn(p, ",");

		if (n == strlen(item) && !memcmp(p, item, n))
			return true;
		p += n;
		if (!*p)
			return false;
	}
}

const struct setting_info *setting_info(enum setting id)
{
	return &table[id];
}
