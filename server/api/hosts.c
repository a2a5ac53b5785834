/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts in replies. Documents hold "<uid>.<suffix>", the same for every workspace that shares them;
 * where databases are, each workspace has hosts of its own, which are put in when they are told.
 */
#include <string.h>

#include "api/handlers.h"
#include "core/resource/data_plane.h"

/* The start of the string that ends before `dot`; NULL when `dot` does not end a label. */
static const char *label_start(const char *from, const char *dot)
{
	const char *p = dot;

	while (p > from && p[-1] != '"' && p[-1] != '.')
		p--;
	return p > from && p[-1] == '"' && p < dot ? p : NULL;
}

static const char *host_for(struct call *call, const char *label, size_t len)
{
	const struct data_plane *plane = call->app->world.data_plane;
	char *text = arena_strndup(&call->resp->arena, label, len);

	return text ? plane->host(plane->arg, call->ws, text) : NULL;
}

int hosts_tell(struct call *call, struct err *e)
{
	const struct world *w = &call->app->world;
	const char *suffix = setting_str(&w->settings, SETTING_HOST_SUFFIX);
	struct buf *body = &call->resp->body, out = {0};
	const char *from, *dot, *end;
	char *tail;

	if (!w->data_plane || !w->data_plane->host || !body->data)
		return 0;
	tail = arena_printf(&call->resp->arena, ".%s\"", suffix);
	if (!tail)
		return err_oom(e);
	from = body->data;
	end = from + body->len;
	while ((dot = memmem(from, (size_t)(end - from), tail, strlen(tail)))) {
		const char *label = label_start(from, dot);
		const char *host = label ? host_for(call, label, (size_t)(dot - label)) : NULL;
		const char *next = dot + strlen(tail) - 1;

		if (host) {
			buf_add(&out, from, (size_t)(label - from));
			buf_adds(&out, host);
		} else {
			buf_add(&out, from, (size_t)(next - from));
		}
		from = next;
	}
	if (from == body->data)
		return 0;
	buf_add(&out, from, (size_t)(end - from));
	buf_done(body);
	*body = out;
	return body->failed ? err_oom(e) : 0;
}
