/* SPDX-License-Identifier: Apache-2.0 */
#include "admin/journal/filter.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "lab/connect.h"

static bool is_glob(const char *s)
{
	return strpbrk(s, "*?");
}

static int check_rpc(const struct admin *a, const char *rpc, struct err *e)
{
	const struct routes *all = &a->app->routes;
	const char *names[512];
	size_t n = 0;

	if (!rpc || is_glob(rpc) || routes_by_rpc(all, rpc) || connect_rpc(rpc) >= 0)
		return 0;
	for (int i = 0; i < RPC__N; i++)
		names[n++] = connect_routes[i].rpc;
	for (size_t i = 0; i < all->num && n < ARRAY_SIZE(names) - 1; i++)
		names[n++] = all->all[i].rpc;
	names[n] = NULL;
	return refuse_name(e, "rpc", rpc, names);
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
	return refuse_value(e, "status", "a status like 409 or a class like 4xx", v);
}

static int check_globs(const struct filter *f, struct err *e)
{
	const char *const globs[] = {f->rpc, f->path, f->caller, f->fault};

	for (size_t i = 0; i < ARRAY_SIZE(globs); i++)
		if (globs[i] && strlen(globs[i]) > GLOB_MAX)
			return err_set(e, ERR_INVALID, "A pattern has at most %d characters", GLOB_MAX);
	return 0;
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
	if (check_globs(ret, e) || check_rpc(a, ret->rpc, e) || read_status(a, ret, e))
		return -1;
	for (size_t i = 0; ret->method && !streq(methods[i], ret->method); i++)
		if (!methods[i + 1])
			return refuse_name(e, "method", ret->method, methods);
	if (admin_query_int(a, "call", 1, INT64_MAX, &ret->call, e) ||
		admin_query_int(a, "since", 0, INT64_MAX, &ret->since, e) ||
		admin_query_int(a, "limit", 0, INT64_MAX, &ret->limit, e))
		return -1;
	return admin_query_bool(a, "partial", &ret->partial, e);
}
