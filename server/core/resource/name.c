/* SPDX-License-Identifier: Apache-2.0 */
/* Resource names and ids. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "core/resource/resource.h"

const char *name_id(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

/* The first n segments of a name; all of it when there are fewer. */
static const char *first_segments(struct ctx *c, const char *name, int n)
{
	const char *p = name;

	for (; *p && (*p != '/' || --n > 0); p++)
		;
	return arena_strndup(c->arena, name, (size_t)(p - name));
}

const char *name_project(struct ctx *c, const char *name)
{
	return text_starts(name, "projects/", NULL) ? first_segments(c, name, 2) : "";
}

/* How long name[0..len) is without its last segment and the slash before that. */
static size_t without_last(const char *name, size_t len)
{
	while (len && name[len - 1] != '/')
		len--;
	return len ? len - 1 : 0;
}

const char *name_parent_segment(struct ctx *c, const char *name)
{
	return arena_strndup(c->arena, name, without_last(name, strlen(name)));
}

const char *name_parent(struct ctx *c, const char *name)
{
	return arena_strndup(c->arena, name, without_last(name, without_last(name, strlen(name))));
}

const char *resource_parent(struct ctx *c, const struct resource *res, const char *name)
{
	if (!res->parent)
		return "";
	return res->flags & R_SINGLETON ? name_parent_segment(c, name) : name_parent(c, name);
}

const char *resource_name(
	struct ctx *c, const struct resource *res, const char *parent, const char *id)
{
	const char *sep = parent[0] ? "/" : "";

	if (res->flags & R_SINGLETON)
		return arena_join(c->arena, parent, sep, res->collection, NULL);
	return arena_join(c->arena, parent, sep, res->collection, "/", id, NULL);
}

/* All characters among `set`; the first one also among `first`, the last one not a hyphen. */
static bool made_of(const char *id, const char *first, const char *set, size_t max)
{
	size_t n = strlen(id);

	return n >= 1 && n <= max && strspn(id, set) == n && strchr(first, id[0]) &&
	       id[n - 1] != '-';
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGIT "0123456789"

static bool table_id_ok(const char *id)
{
	int parts = 1;

	for (const char *p = id; *p; p++) {
		if (*p == '.' && (p == id || p[1] == '.' || !p[1]))
			return false;
		parts += *p == '.';
		if (*p == '/' || iscntrl((unsigned char)*p))
			return false;
	}
	return parts == 3 && strlen(id) <= 3 * 255 + 2 && id[0];
}

static bool catalog_id_ok(const char *id)
{
	size_t n = strlen(id);

	return n >= 1 && n <= 255 && !strpbrk(id, "./ \t\r\n");
}

static int refuse_pattern(
	const struct resource *r, const char *pattern, const char *id, struct err *e)
{
	return err_say(e, SAY_ID_PATTERN, r->id_field, pattern, id);
}

/* 1-63 of a-z, 0-9 and hyphens: the rule of the guide. */
static int check_dns(struct ctx *c, const struct resource *r, const char *id, struct err *e)
{
	if (!made_of(id, LOWER DIGIT, LOWER DIGIT "-", 63))
		return refuse_pattern(r, "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", id, e);
	if (!isdigit((unsigned char)id[0]))
		return 0;
	if (c->world->strict)
		return refuse_pattern(r, "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", id, e);
	ctx_note(c, "portability", r->id_field,
		"starts with a digit: newer references of the API ask for a leading letter");
	return 0;
}

/* The shortest id that the settings allow. */
static int check_short(struct ctx *c, const struct resource *r, const char *id, struct err *e)
{
	int64_t least = setting_int(&c->world->settings, SETTING_ENDPOINT_ID_MIN);

	if (!streq(r->kind, "endpoint") || (int64_t)strlen(id) >= least)
		return 0;
	return err_say(e, SAY_ID_SHORT, r->id_field,
		arena_printf(c->arena, "%lld", (long long)least));
}

int id_check(struct ctx *c, const struct resource *r, const char *id, struct err *e)
{
	if (!id || !id[0])
		return err_say(e, SAY_REQUIRED, r->id_field);
	switch (r->id_rule) {
	case ID_DNS:
		if (check_dns(c, r, id, e))
			return -1;
		return check_short(c, r, id, e);
	case ID_LETTER:
		if (!made_of(id, LOWER, LOWER DIGIT "-", 63))
			return refuse_pattern(r, "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", id, e);
		return 0;
	case ID_SCHEMA:
		if (!made_of(id, LOWER, LOWER DIGIT "_", 63))
			return err_say(e, SAY_CDF_ID, id);
		return 0;
	case ID_CATALOG:
		if (!catalog_id_ok(id))
			return refuse_pattern(r, "^[^./ ]{1,255}$", id, e);
		return 0;
	case ID_TABLE:
		return table_id_ok(id) ? 0 : err_say(e, SAY_TABLE_ID, r->id_field, id);
	}
	return 0;
}
