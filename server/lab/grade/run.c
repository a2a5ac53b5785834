/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/grade/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/journal/retry.h"

enum { RESOURCE_MAX = 46 };

int run_marks(const struct run *r, enum mark m)
{
	int n = 0;

	for (size_t i = 0; i < r->num_rules; i++)
		n += r->rules[i].mark == m;
	return n;
}

/* ---- names ---- */

/* The value of "branch_id" and the like: what a create wants to make. */
static const char *id_in_query(const char *query, size_t *len)
{
	const char *at = query ? strstr(query, "_id=") : NULL;

	*len = at ? strcspn(at + 4, "&") : 0;
	return at ? at + 4 : NULL;
}

/* "shop/pull-request-17" of /api/2.0/postgres/projects/shop/branches?branch_id=pull-request-17 */
static const char *resource_of(const struct row *r, struct arena *arena)
{
	const char *path = atom_text(r->path), *rest, *id;
	struct buf b = {0};
	const char *ret;
	size_t len;

	if (!path)
		return "";
	if (!text_starts(path, "/api/2.0/postgres/", &rest))
		return arena_strdup(arena, path);
	for (int i = 0; *rest; i++) {
		len = strcspn(rest, "/");
		if (i % 2) { /* the others name collections, which the rpc tells */
			buf_adds(&b, b.len ? "/" : "");
			buf_add(&b, rest, len);
		}
		rest += len + (rest[len] == '/');
	}
	id = id_in_query(atom_text(r->query), &len);
	if (id) {
		buf_adds(&b, b.len ? "/" : "");
		buf_add(&b, id, len);
	}
	ret = b.len > RESOURCE_MAX
		      ? arena_printf(arena, "…%s", b.data + b.len - RESOURCE_MAX + 1)
		      : arena_strndup(arena, b.len ? b.data : "", b.len);
	buf_done(&b);
	return ret;
}

/* ---- totals ---- */

static void count_agent(struct run *run, const char *name)
{
	size_t i = 0;

	if (!name || !*name)
		name = "(no user agent)";
	while (i < run->num_agents && !streq(run->agents[i].name, name))
		i++;
	if (i == run->num_agents) {
		if (i == RUN_AGENTS)
			i--; /* the last one stands for all others */
		else
			run->agents[run->num_agents++] = (struct run_agent){name, 0};
	}
	run->agents[i].requests++;
}

static int count_rows(const struct grader *g, struct run *run, struct err *e)
{
	const struct attempt_list *l = &g->order;
	const struct row *first = l->num ? l->all[0].row : NULL;
	const struct row *last = l->num ? l->all[l->num - 1].row : NULL;
	char from[WHEN_SIZE], to[WHEN_SIZE];

	for (size_t i = 0; i < l->num; i++) {
		const struct row *r = l->all[i].row;

		run->faulted += r->fault != NULL;
		run->connections += r->ordinal == 1;
		count_agent(run, atom_text(r->agent));
	}
	run->requests = (int64_t)l->num;
	run->lasted = first ? last->at + last->took - first->at : 0;
	run->from = arena_strdup(g->arena, first ? when_format(first->wall, from) : "");
	run->to = arena_strdup(g->arena, last ? when_format(last->wall, to) : "");
	return run->from && run->to ? 0 : err_oom(e);
}

static int judge_all(const struct grader *g, struct run *run, struct err *e)
{
	size_t n = 0;

	while (criteria[n].id)
		n++;
	run->rules = arena_alloc(g->arena, n * sizeof *run->rules);
	if (!run->rules)
		return err_oom(e);
	for (size_t i = 0; i < n; i++) {
		struct finding f = {0};

		criterion_judge(g, &criteria[i], &f);
		run->rules[i] = (struct run_rule){criteria[i].id, criteria[i].title,
			arena_strdup(g->arena, f.text), f.mark, f.seq};
		if (!run->rules[i].evidence)
			return err_oom(e);
	}
	run->num_rules = n;
	return 0;
}

/* ---- which calls are shown ---- */

/* What a call has to tell, from 3: a verdict rests on it, to 0: one attempt that went well. */
static int worth(const struct grader *g, const struct run *run, size_t from, size_t end)
{
	const struct attempt_list *l = &g->calls;

	for (size_t i = from; i < end; i++)
		for (size_t k = 0; k < run->num_rules; k++)
			if (run->rules[k].seq == l->all[i].seq && run->rules[k].mark != MARK_PASS)
				return 3;
	if (end - from > 1)
		return 2;
	return l->all[from].row->fault || l->all[from].row->flags & ROW_RETRYABLE ? 1 : 0;
}

/* Marks the calls to show: of each worth the first ones, until there are enough. */
static size_t choose(const struct grader *g, const struct run *run, size_t most, signed char *worths)
{
	const struct attempt_list *l = &g->calls;
	size_t n = 0, attempts = 0;

	for (size_t i = 0, end; i < l->num; i = end) {
		end = attempts_end(l, i);
		worths[i] = (signed char)worth(g, run, i, end);
	}
	for (int want = 3; want >= 0; want--) {
		for (size_t i = 0, end; i < l->num; i = end) {
			end = attempts_end(l, i);
			if (worths[i] != want || n == most || attempts + end - i > RUN_ATTEMPTS)
				continue;
			worths[i] = 4; /* shown */
			attempts += end - i;
			n++;
		}
	}
	return n;
}

static void show_attempt(const struct attempt_ref *x, usec start, struct run_attempt *ret)
{
	const struct row *r = x->row;
	usec wait;
	enum wish wish = retry_wish(r, &wait);

	*ret = (struct run_attempt){.seq = x->seq,
		.at = r->at - start,
		.took = r->took,
		.asked = wish == WISH_SECONDS || wish == WISH_DATE ? wait : 0,
		.number = r->attempt,
		.status = r->status,
		.seen = (unsigned)row_seen(r),
		.fault = atom_text(r->fault),
		.retry_after = atom_text(r->retry_after),
		.delivered = delivered_name((enum delivered)r->delivered),
		.error = atom_text(r->error),
		.applied = r->flags & ROW_APPLIED};
}

static int show_call(const struct grader *g, size_t from, size_t end, struct run *run, struct err *e)
{
	const struct attempt_list *l = &g->calls;
	const struct row *first = l->all[from].row;
	struct run_call *c = &run->shown[run->num_shown++];

	*c = (struct run_call){.call = first->call,
		.rpc = first->route ? first->route->rpc : atom_text(first->method),
		.resource = resource_of(first, g->arena),
		.outcome = call_outcome(l->all[end - 1].row),
		.at = first->at - g->order.all[0].row->at,
		.first = run->num_attempts};
	if (!c->resource)
		return err_oom(e);
	if (!c->rpc)
		c->rpc = "unreadable";
	for (size_t i = from; i < end; i++) {
		c->applied += (l->all[i].row->flags & ROW_APPLIED) != 0;
		c->ambiguous |= l->all[i].row->flags & ROW_AMBIGUOUS;
		show_attempt(&l->all[i], first->at, &run->attempts[run->num_attempts++]);
	}
	c->num = end - from;
	return 0;
}

static int show(const struct grader *g, size_t most, struct run *run, struct err *e)
{
	const struct attempt_list *l = &g->calls;
	signed char *worths = arena_alloc(g->arena, l->num + 1);
	size_t n;

	if (!worths)
		return err_oom(e);
	n = choose(g, run, most, worths);
	run->shown = arena_alloc(g->arena, (n + 1) * sizeof *run->shown);
	run->attempts = arena_alloc(g->arena, (l->num + 1) * sizeof *run->attempts);
	if (!run->shown || !run->attempts)
		return err_oom(e);
	for (size_t i = 0, end; i < l->num; i = end) {
		const char *outcome;

		end = attempts_end(l, i);
		outcome = call_outcome(l->all[end - 1].row);
		run->calls++;
		run->retried += end - i > 1;
		run->failed += streq(outcome, "error");
		run->open += streq(outcome, "open");
		if (worths[i] == 4 && show_call(g, i, end, run, e))
			return -1;
	}
	return 0;
}

int run_of(const struct grader *g, size_t most, struct run *ret, struct err *e)
{
	const struct world *w = &g->lab->app->world;

	*ret = (struct run){.workspace = g->space->name,
		.version = g->lab->version,
		.profile = w->settings.profile ? w->settings.profile : "",
		.scenarios = g->space->faults.loaded,
		.seed = w->seed,
		.final = g->final,
		.dropped = (int64_t)g->space->journal.dropped};
	return count_rows(g, ret, e) || judge_all(g, ret, e) || show(g, most, ret, e) ? -1 : 0;
}
