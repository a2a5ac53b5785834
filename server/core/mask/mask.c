/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mask/mask.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "core/field/path.h"
#include "core/mask/paths.h"
#include "core/wording/wording.h"

enum kind {
	UNKNOWN,
	STAR,
	SPEC,      /* the lenient whole */
	TOLERATED, /* no effect, no value needed */
	LEAF,
	ONEOF,
	GROUP,
};

struct target {
	enum kind kind;
	const struct field *field; /* of a leaf or a group */
};

enum { MAX_SEGMENT = 128 };

bool mask_merges(const struct field *f)
{
	return f->type == T_MESSAGE && f->message->fields &&
	       !(f->flags & (F_LIST | F_MAP | F_WHOLE));
}

bool mask_provided(const json_t *v)
{
	return v && !json_is_null(v);
}

static bool updatable(const struct field *f)
{
	return !(f->flags & (F_OUTPUT | F_IMMUTABLE));
}

static bool is_oneof(const struct message *m, const char *name)
{
	for (const struct field *f = m->fields; f->name; f++)
		if (updatable(f) && streq(f->oneof, name))
			return true;
	return false;
}

/* What the last segment of a path names. */
static struct target last_segment(const struct mask *k, const struct message *m, const char *name)
{
	const struct field *f = field_find(m, name);
	bool top = m == k->m;

	if (!f || f->oneof)
		return (struct target){ is_oneof(m, name) && !(top && k->spec) ? ONEOF : UNKNOWN, NULL };
	if (top && f->flags & F_TOLERATED)
		return (struct target){ TOLERATED, f };
	if (top && k->spec)
		return (struct target){ f == k->spec ? SPEC : UNKNOWN, f };
	if (!updatable(f))
		return (struct target){ UNKNOWN, NULL };
	return (struct target){ mask_merges(f) ? GROUP : LEAF, f };
}

static struct target resolve(const struct mask *k, const char *path)
{
	const struct target unknown = { UNKNOWN, NULL };
	const struct message *m = k->m;
	char name[MAX_SEGMENT];

	if (streq(path, "*"))
		return (struct target){ STAR, NULL };
	for (;;) {
		size_t len = strcspn(path, ".");
		const struct field *f;

		if (!len || len >= sizeof name)
			return unknown;
		memcpy(name, path, len);
		name[len] = '\0';
		if (!path[len])
			return last_segment(k, m, name);
		f = field_find(m, name);
		if (!f || !updatable(f) || f->oneof || !mask_merges(f))
			return unknown;
		if (m == k->m && k->spec && f != k->spec)
			return unknown;
		m = f->message;
		path += len + 1;
	}
}

static int say_missing(const char *path, const char *name, struct err *e)
{
	char text[FIELD_PATH_SIZE];

	snprintf(text, sizeof text, "%s%s%s", path, *name ? "." : "", name);
	return err_say(e, SAY_MASK_MISSING, text);
}

static bool any_member(const struct message *m, const char *oneof, const json_t *obj)
{
	for (const struct field *f = m->fields; f->name; f++)
		if (streq(f->oneof, oneof) && mask_provided(json_object_get(obj, f->name)))
			return true;
	return false;
}

static bool first_member(const struct message *m, const struct field *f)
{
	const struct field *g = m->fields;

	while (!streq(g->oneof, f->oneof))
		g++;
	return g == f;
}

/* Refuses for the first thing in `m` that `obj` should have; of a group that is its oneofs only. */
static int check_inside(const struct message *m, const json_t *obj, const char *path,
	bool oneofs_only, struct err *e)
{
	char below[FIELD_PATH_SIZE];

	for (const struct field *f = m->fields; f->name; f++) {
		const json_t *v = json_object_get(obj, f->name);

		if (!updatable(f) || f->flags & (F_LIST | F_WITHDRAWN | F_TOLERATED))
			continue;
		if (f->oneof) {
			if (first_member(m, f) && !any_member(m, f->oneof, obj))
				return say_missing(path, f->oneof, e);
		} else if (mask_merges(f)) {
			snprintf(below, sizeof below, "%s.%s", path, f->name);
			if ((v || !oneofs_only) &&
				check_inside(f->message, v, below, oneofs_only, e))
				return -1;
		} else if (!oneofs_only && !mask_provided(v)) {
			return say_missing(path, f->name, e);
		}
	}
	return 0;
}

static int check_oneof(const struct mask *k, const char *path, const json_t *body, struct err *e)
{
	const char *name = strrchr(path, '.') + 1;
	char parent[FIELD_PATH_SIZE];
	const struct message *m = k->m;

	snprintf(parent, sizeof parent, "%.*s", (int)(name - 1 - path), path);
	for (const char *p = parent; *p; p += strcspn(p, "."), p += *p == '.') {
		char segment[MAX_SEGMENT];

		snprintf(segment, sizeof segment, "%.*s", (int)strcspn(p, "."), p);
		m = field_find(m, segment)->message;
	}
	return any_member(m, name, doc_at(body, parent)) ? 0 : say_missing(path, "", e);
}

/* Refuses for what the path needs and the body lacks. Only a path below `spec` needs anything. */
static int check_provided(const struct mask *k, const char *path, const json_t *body, struct err *e)
{
	struct target t = resolve(k, path);
	const json_t *v = doc_at(body, path);

	if (!k->spec)
		return 0;
	switch (t.kind) {
	case UNKNOWN:
	case TOLERATED:
		return 0;
	case STAR:
		v = json_object_get(body, k->spec->name);
		if (mask_merges(k->spec))
			return check_inside(k->spec->message, v, k->spec->name, false, e);
		return mask_provided(v) ? 0 : say_missing(k->spec->name, "", e);
	case LEAF:
		if (k->flags & MASK_ABSENT_CLEARS && t.field->flags & (F_LIST | F_MAP))
			return 0;
		return mask_provided(v) ? 0 : say_missing(path, "", e);
	case SPEC:
		return mask_provided(v) ? 0 : say_missing(path, "", e);
	case ONEOF:
		return check_oneof(k, path, body, e);
	case GROUP:
		if (!mask_provided(v))
			return say_missing(path, "", e);
		return check_inside(t.field->message, v, path, true, e);
	}
	return 0;
}

/* Elsewhere a group and something inside it make a union. */
static int check_overlap(const struct mask *k, const char *path, struct err *e)
{
	const char *rest;

	for (size_t i = 0; i < k->n; i++) {
		struct target t = resolve(k, k->paths[i]);

		if (t.kind == GROUP && t.field->flags & F_ALONE &&
			text_starts(path, k->paths[i], &rest) && *rest == '.')
			return err_say(e, SAY_MASK_OVERLAP, path, k->paths[i]);
	}
	return 0;
}

static bool has(const struct mask *k, const char *path)
{
	for (size_t i = 0; i < k->n; i++)
		if (streq(k->paths[i], path))
			return true;
	return false;
}

static int add_path(struct mask *k, const char *path, struct err *e)
{
	char got[FIELD_PATH_SIZE];
	enum kind kind = resolve(k, path).kind;

	if (kind == UNKNOWN) {
		text_append(got, sizeof got, 0, path, strlen(path));
		return err_say(e, SAY_MASK_UNKNOWN, got);
	}
	k->star |= kind == STAR;
	k->whole_spec |= kind == SPEC;
	if (!has(k, path))
		k->paths[k->n++] = path;
	return 0;
}

/* Cuts the text at its commas; each part must be a path. */
static int add_paths(struct mask *k, char *text, struct err *e)
{
	char *comma;

	for (;; text = comma + 1) {
		comma = strchr(text, ',');
		if (comma)
			*comma = '\0';
		if (add_path(k, text, e))
			return -1;
		if (!comma)
			return 0;
	}
}

static size_t count_paths(const char *text)
{
	size_t n = 1;

	for (; *text; text++)
		n += *text == ',';
	return n;
}

static int check_paths(const struct mask *k, const json_t *body, struct err *e)
{
	for (size_t i = 0; i < k->n; i++)
		if (check_overlap(k, k->paths[i], e))
			return -1;
	if (k->flags & MASK_ABSENT_IGNORED)
		return 0;
	for (size_t i = 0; i < k->n; i++)
		if (check_provided(k, k->paths[i], body, e))
			return -1;
	return 0;
}

int mask_parse(struct mask **ret, const struct message *m, const char *text, const json_t *body,
	unsigned flags, struct arena *a, struct err *e)
{
	struct mask *k;
	char *copy;

	if (!text || !*text)
		return err_say(e, SAY_MASK_EMPTY);
	k = arena_alloc(a, sizeof *k + count_paths(text) * sizeof k->paths[0]);
	copy = arena_strdup(a, text);
	if (!k || !copy)
		return err_oom(e);
	k->m = m;
	k->flags = flags;
	k->spec = field_find(m, "spec");
	if (add_paths(k, copy, e) || check_paths(k, body, e))
		return -1;
	*ret = k;
	return 0;
}

bool mask_names(const struct mask *k, const char *path)
{
	return k->star || has(k, path);
}

bool mask_has_spec(const struct mask *k)
{
	return k->whole_spec;
}

size_t mask_len(const struct mask *k)
{
	return k->n;
}
