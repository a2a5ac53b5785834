/* SPDX-License-Identifier: Apache-2.0 */
/* "METHOD /path": from raw bytes to a route and its arguments. */
#include <stdio.h>
#include <string.h>

#include "api/app.h"
#include "base/limits.h"
#include "base/memory/buf.h"
#include "base/text.h"
#include "core/resource/resource.h"
#include "fuzz/fuzz.h"

static struct routes routes;

static void open_once(void)
{
	struct err e;

	if (!routes.all)
		PROMISE(!routes_build(&routes, app_routes, resource_all, &e));
}

/* The path that the template and the arguments spell, every byte that could mean something escaped. */
static void spell(const struct route *r, const struct route_args *args, struct buf *out)
{
	int arg = 0;

	for (const char *t = r->path; *t;) {
		if (*t != '{') {
			buf_add(out, t++, 1);
			continue;
		}
		for (const char *v = args->value[arg++]; *v; v++)
			buf_addf(out, "%%%02X", (unsigned char)*v);
		t += strcspn(t, "}") + 1;
	}
}

static void matched(const struct route *r, const struct route_args *args, const char *method,
	struct arena *a)
{
	struct route_args again;
	struct buf path = { 0 };

	PROMISE(streq(r->method, method));
	for (int i = 0; i < args->num; i++) {
		size_t n = strlen(args->value[i]);

		PROMISE(n > 0 && n <= MAX_NAME_BYTES && text_utf8_ok(args->value[i], n));
		PROMISE(strstr(r->path, args->name[i]) != NULL);
	}
	spell(r, args, &path);
	PROMISE(!path.failed);
	/* An argument of the greatest length does not fit again once it is escaped. */
	if (path.len <= MAX_NAME_BYTES) {
		PROMISE(routes_match(&routes, method, path.data, a, &again) == r);
		PROMISE(again.num == args->num);
		for (int i = 0; i < args->num; i++)
			PROMISE(streq(again.value[i], args->value[i]));
	}
	buf_done(&path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *line = strndup((const char *)data, len), *path = line ? strchr(line, ' ') : NULL;
	const struct route *r;
	struct route_args args;
	struct arena a = { 0 };

	open_once();
	if (path) {
		*path++ = '\0';
		r = routes_match(&routes, line, path, &a, &args);
		if (r)
			matched(r, &args, line, &a);
	}
	arena_done(&a);
	free(line);
	return 0;
}
