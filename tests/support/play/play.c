/* SPDX-License-Identifier: Apache-2.0 */
#include "support/play/play.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "support/parameter.h"
#include "support/play/step.h"

const char *verdict_name(enum verdict v)
{
	static const char *const names[VERDICT__N] = {
		"pass", "fail", "error", "skip", "xfail", "xpass", "inconclusive"};

	return names[v];
}

int play_init(struct play *p, struct target *t, const struct suite *suite, const char *workspace)
{
	*p = (struct play){.target = t, .suite = suite};
	p->vars.arena = &p->arena;
	p->vars.prefix = t->prefix;
	p->vars.domain = "example.com";
	snprintf(p->workspace, sizeof(p->workspace), "%s", workspace);
	return variable_set(&p->vars, "admin", t->admin) ||
			       variable_set(&p->vars, "workspace", workspace) || parameters_set(p)
		       ? -1
		       : 0;
}

void play_done(struct play *p)
{
	json_decref(p->last.body);
	buf_done(&p->message);
	buf_done(&p->notes);
	arena_done(&p->arena);
	*p = (struct play){0};
}

/* The token of a caller; false when the target has none. */
static bool token_of(struct play *p, const char *as, const char **ret)
{
	*ret = NULL;
	if (streq(as, "nobody"))
		return true;
	if (p->target->mock)
		*ret = as ? arena_printf(&p->arena, "mock-%s.%s", p->workspace, as)
			  : arena_printf(&p->arena, "mock-%s", p->workspace);
	else
		*ret = p->target->token(p->target, as);
	return *ret != NULL;
}

/* The lab's routes take the workspace from the query. */
static const char *with_workspace(struct play *p, const char *target)
{
	if (!text_starts(target, "/_mock", NULL) || text_starts(target, "/_mock/workspaces", NULL))
		return target;
	return arena_printf(&p->arena, "%s%cworkspace=%s", target, strchr(target, '?') ? '&' : '?',
		p->workspace);
}

/* "projects/p/branches/b" of a POST to /api/2.0/postgres/projects/p/branches?branch_id=b */
static const char *created_name(struct play *p, const struct outgoing *out)
{
	const char *path, *query = strchr(out->target, '?'), *id;
	size_t len;

	if (!streq(out->method, "POST") || !text_starts(out->target, "/api/2.0/postgres/", &path) ||
		!query)
		return NULL;
	id = strstr(query, "_id=");
	if (!id)
		return NULL;
	id += strlen("_id=");
	len = strcspn(id, "&");
	return len ? arena_printf(&p->arena, "%.*s/%.*s", (int)(query - path), path, (int)len, id)
		   : NULL;
}

int play_exchange(struct play *p, struct outgoing *out, const char *as, struct err *e)
{
	const char *name;
	int noted = 0;

	if (!token_of(p, as, &out->token)) {
		p->skip =
			arena_printf(&p->arena, "no token for the caller '%s'", as ? as : "admin");
		return err_set(e, ERR_UNAUTHENTICATED, "%s", p->skip);
	}
	out->target = with_workspace(p, out->target);
	name = created_name(p, out);
	if (name && p->target->creating)
		noted = p->target->creating(p->target, name, e);
	if (noted < 0)
		return -1;
	json_decref(p->last.body);
	p->last = (struct incoming){0};
	p->as = as;
	p->calls++;
	if (p->target->send(p->target, out, &p->last, &p->arena, e))
		return -1;
	if (noted)
		p->target->created(p->target, name, p->last.status);
	p->last.body = json_loadb(p->last.text, p->last.len, JSON_DECODE_ANY, NULL);
	return 0;
}

int play_send(
	struct play *p, const char *method, const char *target, const char *body, struct err *e)
{
	struct outgoing out = {.method = method,
		.target = target,
		.body = body,
		.body_len = body ? strlen(body) : 0};

	return play_exchange(p, &out, NULL, e);
}

static enum verdict run(struct play *p, const struct scenario *s)
{
	enum verdict v = VERDICT_PASS;

	for (size_t i = 0; v == VERDICT_PASS && i < s->num_steps; i++)
		v = play_step(p, s, &s->steps[i]);
	return v;
}

int play_lend(struct play *p, const struct play *from)
{
	for (size_t i = 0; i < from->vars.num; i++)
		if (variable_set(&p->vars, from->vars.list[i].name, from->vars.list[i].value))
			return -1;
	memcpy(p->done, from->done, sizeof(p->done));
	p->num_done = from->num_done;
	return 0;
}

enum verdict play_setup(struct play *p, const char *name)
{
	const struct scenario *setup = suite_setup(p->suite, name);
	enum verdict v;

	for (size_t i = 0; i < p->num_done; i++)
		if (streq(p->done[i], name))
			return VERDICT_PASS;
	v = play_needs(p, setup);
	if (v == VERDICT_PASS)
		v = run(p, setup);
	if (p->num_done < ARRAY_SIZE(p->done))
		p->done[p->num_done++] = name;
	return v == VERDICT_FAIL ? VERDICT_ERROR : v;
}

enum verdict play_needs(struct play *p, const struct scenario *s)
{
	enum verdict v = VERDICT_PASS;

	for (size_t i = 0; v == VERDICT_PASS && i < s->num_needs; i++)
		v = play_setup(p, s->needs[i].setup);
	return v;
}

enum verdict play_steps(struct play *p, const struct scenario *s)
{
	p->scenario = s;
	return run(p, s);
}
