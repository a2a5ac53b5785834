/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "core/field/path.h"
#include "core/mask/mask.h"
#include "core/mask/paths.h"

struct apply {
	const struct mask *k; /* NULL: a create, which takes everything */
	json_t *status, *aux;
	struct err *e;
};

/* A message of the request, and where its fields go: below `path` in status or aux. */
struct half {
	const struct message *m;
	const struct message *status; /* NULL: the status has no such message */
	const json_t *body;           /* NULL: the request has no such message */
	const char *path;             /* "" at the top */
};

static void join(char out[static FIELD_PATH_SIZE], const char *path, const char *name)
{
	size_t above = strlen(path), len = strlen(name);

	assert(above + 1 + len < FIELD_PATH_SIZE); /* names of our own tables */
	memcpy(out, path, above);
	if (above)
		out[above++] = '.';
	memcpy(out + above, name, len + 1);
}

static bool named(const struct mask *k, const struct half *h, const struct field *f)
{
	char below[FIELD_PATH_SIZE], whole[FIELD_PATH_SIZE];

	join(below, h->path, f->oneof ? f->oneof : f->name);
	if (!k->spec)
		return mask_names(k, below);
	join(whole, k->spec->name, below);
	return mask_names(k, whole);
}

/* The request chose `f`: the other members of its oneof are over. */
static void drop_others(const struct apply *a, const struct half *h, const struct field *f)
{
	char path[FIELD_PATH_SIZE];

	for (const struct field *o = h->m->fields; f->oneof && o->name; o++) {
		if (o == f || !streq(o->oneof, f->oneof))
			continue;
		join(path, h->path, o->name);
		doc_unset(a->status, path);
		doc_unset(a->aux, path);
	}
}

static bool is_empty(const struct field *f, const json_t *v)
{
	return (f->flags & F_LIST && !json_array_size(v)) ||
	       (f->flags & F_MAP && !json_object_size(v));
}

/* Absent stays as it is, except where there is no way to tell it from a wish to clear. */
static bool absent_clears(const struct apply *a, const struct half *h, const struct field *f)
{
	if (!a->k || a->k->flags & MASK_ABSENT_IGNORED)
		return false;
	if (!a->k->spec || (a->k->star && f->flags & F_LIST))
		return true;
	return a->k->flags & MASK_ABSENT_CLEARS && f->flags & (F_LIST | F_MAP) && named(a->k, h, f);
}

/* A zero that nothing names by itself is what a client sends for a field that it never set. */
static bool given(const struct apply *a, const struct half *h, const struct field *f,
	const json_t *v)
{
	return mask_provided(v) && (!field_zero(v) || (a->k && named(a->k, h, f)));
}

static int carry(const struct apply *a, const struct half *h, const struct field *f)
{
	const json_t *v = json_object_get(h->body, f->name);
	char path[FIELD_PATH_SIZE];

	join(path, h->path, f->name);
	if (given(a, h, f, v)) {
		bool shown = h->status && field_find(h->status, f->name);

		drop_others(a, h, f);
		if (!is_empty(f, v))
			return doc_set(shown ? a->status : a->aux, path, json_deep_copy(v)) ?
				       err_oom(a->e) :
				       0;
	} else if (!absent_clears(a, h, f)) {
		return 0;
	}
	doc_unset(a->status, path);
	doc_unset(a->aux, path);
	return 0;
}

/* `covered`: the mask has named this message, or everything. */
static int apply(const struct apply *a, const struct half *h, bool covered)
{
	if (!a->k && !h->body) /* a create takes what is there */
		return 0;
	for (const struct field *f = h->m->fields; f && f->name; f++) {
		bool take = covered || named(a->k, h, f);
		const struct field *shown;
		char path[FIELD_PATH_SIZE];
		struct half below = { .path = path };

		if (f->flags & F_OUTPUT || (a->k && f->flags & F_IMMUTABLE))
			continue;
		if (!mask_merges(f)) {
			if (take && carry(a, h, f))
				return -1;
			continue;
		}
		join(path, h->path, f->name);
		shown = h->status ? field_find(h->status, f->name) : NULL;
		below.m = f->message;
		below.status = shown && mask_merges(shown) ? shown->message : NULL;
		below.body = json_object_get(h->body, f->name);
		if (take && mask_provided(below.body))
			drop_others(a, h, f);
		if (apply(a, &below, take))
			return -1;
	}
	return 0;
}

int mask_apply(const struct mask *k, const struct message *spec, const struct message *status,
	const json_t *body, json_t *stored_status, json_t *aux, struct err *e)
{
	struct apply a = { k, stored_status, aux, e };
	struct half h = { spec, status, body, "" };

	if (k->spec)
		h.body = json_object_get(body, k->spec->name);
	return apply(&a, &h, k->whole_spec);
}

int spec_apply(const struct message *spec, const struct message *status, const json_t *body_spec,
	json_t *stored_status, json_t *aux, struct err *e)
{
	struct apply a = { NULL, stored_status, aux, e };
	struct half h = { spec, status, body_spec, "" };

	return apply(&a, &h, true);
}
