/* SPDX-License-Identifier: Apache-2.0 */
/* One line per request on stderr. Never a token; a body only when asked for. */
#include <stdio.h>
#include <stdlib.h>

#include "lab/serving.h"

enum { LEVEL_ERROR, LEVEL_WARN, LEVEL_INFO, LEVEL_DEBUG };

static const char *const levels[] = {"error", "warn", "info", "debug"};

struct line {
	struct buf out;
	bool json;
};

static void key(struct line *l, const char *name)
{
	if (l->json)
		buf_addf(&l->out, "%s\"%s\":", l->out.len ? "," : "{", name);
	else
		buf_addf(&l->out, "%s%s=", l->out.len ? " " : "", name);
}

static bool plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 0x7f || *s == '"' || *s == '=')
			return false;
	return true;
}

/* logfmt quotes only what needs it. */
static void text(struct line *l, const char *name, const char *value)
{
	if (!value)
		return;
	key(l, name);
	if (!l->json && *value && plain(value))
		buf_adds(&l->out, value);
	else
		buf_add_json_string(&l->out, value);
}

static void number(struct line *l, const char *name, uint64_t value)
{
	key(l, name);
	buf_addf(&l->out, "%llu", (unsigned long long)value);
}

static void bodies(struct line *l, const struct serving *s)
{
	char *sent =
		arena_strndup(&s->resp->arena, s->req->body ? s->req->body : "", s->req->body_len);

	text(l, "body", sent);
	text(l, "answer", s->resp->body.data);
}

static void fill(struct line *l, const struct serving *s, int level)
{
	char when[WHEN_SIZE];
	struct app *app = s->lab->app;

	text(l, "time", when_format(app->world.wall(&app->world), when));
	text(l, "level", levels[level]);
	text(l, "workspace", s->space->name);
	number(l, "seq", s->seq);
	text(l, "rpc", s->call.route ? s->call.route->rpc : NULL);
	text(l, "method", s->req->method);
	text(l, "path", s->req->path);
	text(l, "caller", s->call.caller.name);
	number(l, "status", (uint64_t)s->status);
	text(l, "error_code", s->error);
	number(l, "us", (uint64_t)(monotonic_now() - s->began));
	number(l, "call", s->attempt.call);
	number(l, "attempt", s->attempt.attempt);
	text(l, "fault", s->fault ? s->fault->id : NULL);
	if (s->lab->o.log_bodies)
		bodies(l, s);
	buf_adds(&l->out, l->json ? "}\n" : "\n");
}

void log_request(const struct serving *s)
{
	int level = s->status >= 500 && !s->fault ? LEVEL_WARN : LEVEL_INFO;
	struct line l = {.json = s->lab->o.log == LOG_JSON};

	if (s->lab->o.log == LOG_OFF || level > s->lab->o.log_level)
		return;
	fill(&l, s, level);
	if (l.out.data && !l.out.failed)
		fwrite(l.out.data, 1, l.out.len, stderr);
	buf_done(&l.out);
}
