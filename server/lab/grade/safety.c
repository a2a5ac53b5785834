/* SPDX-License-Identifier: Apache-2.0 */
/* The rubric's half about what a client makes of answers that are lost, late or garbled. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/doc.h"
#include "lab/grade/grade.h"
#include "lab/journal/retry.h"

static bool is_poll(const struct row *r)
{
	return r->route && streq(r->route->rpc, "GetOperation");
}

static bool is_create(const struct row *r)
{
	return r->route && text_starts(r->route->rpc, "Create", NULL) &&
	       r->route->flags & ROUTE_MUTATES;
}

/* Any look at what the create may have made: a read below or at its collection, or the same create
 * with replace_existing. */
static bool looked(const struct grader *g, size_t from, const struct row *lost)
{
	const char *path = atom_text(lost->path);

	for (size_t i = from + 1; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row;

		if (!text_starts(atom_text(r->path), path, NULL) || r->caller != lost->caller)
			continue;
		if (streq(atom_text(r->method), "GET"))
			return true;
		if (r->query && strstr(r->query->text, "replace_existing=true"))
			return true;
	}
	return false;
}

void judge_lost_create(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row;
		uint64_t seq = g->order.all[i].seq;

		if (!is_create(r) || !(r->flags & ROW_APPLIED) || r->delivered == DELIVERED_FULL)
			continue;
		if (looked(g, i, r))
			finding_set(f, MARK_PASS, seq,
				"read the collection, or replaced, after the answer was lost");
		else if (!settled(g, r))
			finding_set(f, MARK_INCONCLUSIVE, seq, "the answer was lost a moment ago");
		else
			finding_set(f, MARK_FAIL, seq,
				"the resource exists, and nothing has looked at it since");
	}
}

static bool transient(const struct row *r)
{
	int seen = row_seen(r);

	return !seen || seen == 429 || seen == 500 || seen == 503 || seen == 504;
}

static const struct attempt_ref *later_poll(const struct grader *g, size_t from)
{
	for (size_t i = from + 1; i < g->order.num; i++)
		if (is_poll(g->order.all[i].row) &&
			g->order.all[i].row->path == g->order.all[from].row->path)
			return &g->order.all[i];
	return NULL;
}

void judge_lro_survives(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row;
		uint64_t seq = g->order.all[i].seq;

		if (!is_poll(r) || !transient(r))
			continue;
		if (later_poll(g, i))
			finding_set(f, MARK_PASS, seq, "polled again after a poll that failed");
		else if (!settled(g, r))
			finding_set(f, MARK_INCONCLUSIVE, seq, "the client may still poll");
		else
			finding_set(f, MARK_FAIL, seq,
				"one poll was answered %d, and the wait was over", row_seen(r));
	}
}

/* The operation that a poll asked for: 1 it is done, 0 it is not, -1 it is gone. */
static int operation_done(const struct grader *g, const struct row *r)
{
	const char *name;
	struct object o;
	struct err ignored;
	json_t *doc;

	if (!text_starts(atom_text(r->path), "/api/2.0/postgres/", &name) ||
		store_get(g->lab->app->world.store, g->ws->state, name, false, g->arena, &o,
			&ignored) != 1 ||
		doc_load(&doc, o.doc, g->arena, &ignored))
		return -1;
	return doc_bool(doc, "done");
}

void judge_lro_deadline(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row, *first = r;

		if (!is_poll(r) || later_poll(g, i) || operation_done(g, r) != 0)
			continue;
		for (size_t k = i; k-- > 0;)
			if (g->order.all[k].row->path == r->path)
				first = g->order.all[k].row;
		if (g->now - r->at > 90 * USEC_SECOND)
			finding_set(f, MARK_PASS, g->order.all[i].seq,
				"gave up on an operation that is not done");
		else if (r->at - first->at > 300 * USEC_SECOND)
			finding_set(f, MARK_FAIL, g->order.all[i].seq,
				"has polled for %.0f s, and goes on",
				(double)(r->at - first->at) / 1e6);
		else
			finding_set(f, MARK_INCONCLUSIVE, g->order.all[i].seq,
				"has polled for %.0f s so far", (double)(r->at - first->at) / 1e6);
	}
}

void judge_poll_cadence(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct attempt_ref *next;
		double gap;

		if (!is_poll(g->order.all[i].row))
			continue;
		next = later_poll(g, i);
		if (!next)
			continue;
		gap = (double)(next->row->at - g->order.all[i].row->at) / 1e6;
		if (gap < 0.05)
			finding_set(f, MARK_FAIL, next->seq, "polled again after %.3f s", gap);
		else
			finding_set(f, gap > 60 ? MARK_WARN : MARK_PASS, next->seq,
				"polled again after %.2f s", gap);
	}
}

/* Alike but for the body: what a retry must not be. */
static bool other_body(const struct row *a, const struct row *b)
{
	return a->method == b->method && a->path == b->path && a->query == b->query &&
	       a->caller == b->caller && memcmp(a->sha, b->sha, sizeof a->sha);
}

void judge_same_body(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;

	for (size_t i = 0; i < l->num; i++) {
		const struct attempt_ref *next = attempt_next(l, i);

		if (!next || !next->row->request_bytes)
			continue;
		if (other_body(l->all[i].row, next->row))
			finding_set(f, MARK_FAIL, next->seq, "the body of the retry is another");
		else
			finding_set(f, MARK_PASS, next->seq, "retried with the same %u bytes",
				next->row->request_bytes);
	}
	for (size_t i = 0; i + 1 < g->order.num; i++) {
		const struct row *r = g->order.all[i].row, *next = g->order.all[i + 1].row;

		if (r->flags & ROW_RETRYABLE && r->call != next->call && other_body(r, next))
			finding_set(f, MARK_WARN, g->order.all[i + 1].seq,
				"right after a failure, the same request with another body");
	}
}

static int by_number(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return a < b ? -1 : a > b;
}

void judge_connections(const struct grader *g, struct finding *f)
{
	size_t n = g->order.num, connections = 0;
	uint64_t *all = arena_alloc(g->arena, (n + 1) * sizeof *all);

	if (n < 5 || !all)
		return;
	for (size_t i = 0; i < n; i++)
		all[i] = g->order.all[i].row->connection;
	qsort(all, n, sizeof *all, by_number);
	for (size_t i = 0; i < n; i++)
		connections += i == 0 || all[i] != all[i - 1];
	finding_set(f, n >= connections * 2 ? MARK_PASS : MARK_WARN, 0,
		"%zu requests on %zu connections", n, connections);
}

void judge_garbled(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++)
		if (g->order.all[i].row->delivered == DELIVERED_PARTIAL)
			finding_set(f, MARK_INCONCLUSIVE, g->order.all[i].seq,
				"an answer was cut off; only the client's own log tells what it "
				"made of it");
}
