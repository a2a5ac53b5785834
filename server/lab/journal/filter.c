/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/filter.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

static bool is_glob(const char *s)
{
	return strpbrk(s, "*?");
}

static int check_rpc(const struct admin *a, const char *rpc, struct err *e)
{
	const struct routes *all = &a->app->routes;
	const char *names[512];
	size_t n = 0;

	if (!rpc || is_glob(rpc) || routes_by_rpc(all, rpc))
		return 0;
	for (size_t i = 0; i < all->num && n < ARRAY_SIZE(names) - 1; i++)
		names[n++] = all->all[i].rpc;
	names[n] = NULL;
	return admin_unknown(e, "rpc", rpc, names);
}

/* "409" or "4xx" */
static int read_status(const struct admin *a, struct filter *f, struct err *e)
{
	const char *v = admin_query(a, "status");
	int64_t n;

	if (!v)
		return 0;
	if (text_int(v, 100, 599, &n)) {
		f->status_from = f->status_to = (int)n;
		return 0;
	}
	if (strlen(v) == 3 && v[0] >= '1' && v[0] <= '5' && !strcasecmp(v + 1, "xx")) {
		f->status_from = (v[0] - '0') * 100;
		f->status_to = f->status_from + 99;
		return 0;
	}
	return admin_bad(e, "status", "a status like 409 or a class like 4xx", v);
}

int filter_read(const struct admin *a, struct filter *ret, struct err *e)
{
	static const char *const methods[] = {
		"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", NULL};

	*ret = (struct filter){.rpc = admin_query(a, "rpc"),
		.method = admin_query(a, "method"),
		.path = admin_query(a, "path"),
		.caller = admin_query(a, "caller"),
		.fault = admin_query(a, "fault"),
		.since = -1,
		.limit = -1};
	if (check_rpc(a, ret->rpc, e) || read_status(a, ret, e))
		return -1;
	for (size_t i = 0; ret->method && !streq(methods[i], ret->method); i++)
		if (!methods[i + 1])
			return admin_unknown(e, "method", ret->method, methods);
	if (admin_query_int(a, "call", 1, INT64_MAX, &ret->call, e) ||
		admin_query_int(a, "since", 0, INT64_MAX, &ret->since, e) ||
		admin_query_int(a, "limit", 0, INT64_MAX, &ret->limit, e))
		return -1;
	return admin_query_bool(a, "partial", &ret->partial, e);
}

static bool glob_matches(const char *glob, const char *s)
{
	return !glob || (s && text_glob(glob, s));
}

bool filter_matches(const struct filter *f, const struct row *r)
{
	if (f->status_to && (r->status < f->status_from || r->status > f->status_to))
		return false;
	if (f->call && r->call != f->call)
		return false;
	if (f->method && !streq(f->method, atom_text(r->method)))
		return false;
	return glob_matches(f->rpc, r->route ? r->route->rpc : NULL) &&
	       glob_matches(f->path, atom_text(r->path)) &&
	       glob_matches(f->caller, atom_text(r->caller)) &&
	       glob_matches(f->fault, atom_text(r->fault));
}

uint64_t filter_first(const struct filter *f, const struct journal *j)
{
	uint64_t after = f->since >= 0 ? (uint64_t)f->since + 1 : 1;

	return after > j->first ? after : j->first;
}

int filter_complete(const struct filter *f, const struct journal *j, struct err *e)
{
	if (f->partial || !j->dropped || (f->since >= 0 && (uint64_t)f->since + 1 >= j->first))
		return 0;
	return err_set(e, ERR_JOURNAL,
		"%llu requests were dropped from the journal; ask for ?since=%llu, take "
		"what there is with ?partial=1, or start with a larger --journal",
		(unsigned long long)j->dropped, (unsigned long long)(j->first - 1));
}
