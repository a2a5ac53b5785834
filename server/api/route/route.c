/* SPDX-License-Identifier: Apache-2.0 */
#include "api/route/route.h"

#include <stdlib.h>
#include <string.h>

#include "api/route/crud.h"
#include "base/limits.h"
#include "base/text.h"

static size_t table_len(const struct route *r)
{
	size_t n = 0;

	while (r[n].method)
		n++;
	return n;
}

static bool is_arg(const char *segment)
{
	return segment[0] == '{';
}

/* Lengths of the segment at p, '/' excluded. */
static size_t segment_len(const char *p)
{
	return strcspn(p, "/");
}

/* Do the templates differ in the names of their {args} at most? */
static bool same_shape(const char *a, const char *b)
{
	while (*a && *b) {
		size_t la, lb;

		a += *a == '/';
		b += *b == '/';
		la = segment_len(a);
		lb = segment_len(b);
		if (is_arg(a) != is_arg(b) ||
			(!is_arg(a) && (la != lb || strncmp(a, b, la) != 0)))
			return false;
		a += la;
		b += lb;
	}
	return !*a && !*b;
}

/* Of two templates that can match one path, the one with more literal segments wins; two of the
 * same shape cannot be told apart. */
static int check_ambiguous(const struct routes *r, struct err *e)
{
	for (size_t i = 0; i < r->num; i++)
		for (size_t j = 0; j < i; j++)
			if (streq(r->all[i].method, r->all[j].method) &&
				same_shape(r->all[i].path, r->all[j].path))
				return err_set(e, ERR_INTERNAL, "routes %s and %s match the same path",
					r->all[i].rpc, r->all[j].rpc);
	return 0;
}

/* More literal segments first, so that "undelete" wins over "{id}". */
static int by_literals(const void *x, const void *y)
{
	const struct route *a = x, *b = y;
	int na = 0, nb = 0;

	for (const char *p = a->path; *p; p++)
		na += *p == '{';
	for (const char *p = b->path; *p; p++)
		nb += *p == '{';
	if (na != nb)
		return na - nb;
	if (strcmp(a->rpc, b->rpc) != 0)
		return strcmp(a->rpc, b->rpc);
	/* one that has several paths; not every qsort() leaves equals as they were */
	return a->place < b->place ? -1 : a->place > b->place;
}

int routes_build(struct routes *ret, const struct route *const *tables,
	const struct resource *const *resources, struct err *e)
{
	size_t n = 0, at = 0;

	*ret = (struct routes){ 0 };
	for (const struct route *const *t = tables; *t; t++)
		n += table_len(*t);
	for (const struct resource *const *res = resources; *res; res++)
		n += crud_num_routes(*res);
	ret->all = calloc(n, sizeof *ret->all);
	ret->hits = calloc(n, sizeof *ret->hits);
	if (!ret->all || !ret->hits)
		return err_oom(e);
	for (const struct route *const *t = tables; *t; t++) {
		memcpy(ret->all + at, *t, table_len(*t) * sizeof *ret->all);
		at += table_len(*t);
	}
	for (const struct resource *const *res = resources; *res; res++)
		at += crud_add_routes(*res, ret->all + at);
	ret->num = at;
	for (size_t i = 0; i < at; i++)
		ret->all[i].place = i;
	qsort(ret->all, ret->num, sizeof *ret->all, by_literals);
	return check_ambiguous(ret, e);
}

void routes_done(struct routes *r)
{
	for (size_t i = 0; r->all && i < r->num; i++)
		if (r->all[i].res)
			crud_free_route(&r->all[i]);
	free(r->all);
	free(r->hits);
}

/* ---- matching ---- */

/* Takes the {arg} at *t from the segment p[0..n). False when it is not well-formed. */
static bool take_arg(const char *t, const char *p, size_t n, struct arena *a,
	struct route_args *args)
{
	size_t len = segment_len(t) - 2; /* without the braces */
	char *value = arena_alloc(a, n + 1);

	if (!value || args->num == MAX_ARGS || n == 0 || n > MAX_NAME_BYTES ||
		!text_unescape(p, n, false, value))
		return false;
	args->name[args->num] = arena_strndup(a, t + 1, len);
	args->value[args->num++] = value;
	return true;
}

static bool match(const struct route *r, const char *p, struct arena *a, struct route_args *args)
{
	const char *t = r->path;

	args->num = 0;
	while (*t && *p) {
		size_t lt, lp;

		if (*t++ != '/' || *p++ != '/')
			return false;
		lt = segment_len(t);
		lp = segment_len(p);
		if (is_arg(t)) {
			if ((r->flags & ROUTE_TAIL) && !t[lt])
				lp = strlen(p);
			if (!take_arg(t, p, lp, a, args))
				return false;
		} else if (lt != lp || memcmp(t, p, lt) != 0) {
			return false;
		}
		t += lt;
		p += lp;
	}
	return !*t && !*p;
}

/* Cheap and sure: the literal beginning of the template. */
static bool may_match(const struct route *r, const char *path)
{
	size_t n = strcspn(r->path, "{");

	return strncmp(r->path, path, n) == 0;
}

const struct route *routes_match(const struct routes *r, const char *method, const char *path,
	struct arena *a, struct route_args *args)
{
	for (size_t i = 0; i < r->num; i++) {
		const struct route *route = &r->all[i];

		if (streq(route->method, method) && may_match(route, path) &&
			match(route, path, a, args)) {
			r->hits[i]++;
			return route;
		}
	}
	return NULL;
}

const struct route *routes_by_rpc(const struct routes *r, const char *rpc)
{
	for (size_t i = 0; i < r->num; i++)
		if (streq(r->all[i].rpc, rpc))
			return &r->all[i];
	return NULL;
}
