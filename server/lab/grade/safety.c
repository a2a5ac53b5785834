/* SPDX-License-Identifier: Apache-2.0 */
/* The rubric's half about what a client makes of answers that are lost, late or garbled. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "core/resource/resource.h"
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

/* ---- the name of what a request is about ---- */

enum { PATH_SIZE = 1200 };

/* The value of one parameter of a query, as it stands there. False: there is none. */
static bool parameter(const char *query, const char *key, char *out, size_t size)
{
	size_t n = strlen(key);

	for (; query && *query; query += strcspn(query, "&"), query += *query == '&') {
		if (strncmp(query, key, n) || query[n] != '=')
			continue;
		snprintf(out, size, "%.*s", (int)strcspn(query + n + 1, "&"), query + n + 1);
		return true;
	}
	return false;
}

/* The path of what the request makes or changes. False: only the answer tells it. */
static bool subject(const struct row *r, char out[static PATH_SIZE])
{
	char id[256];

	if (!is_create(r)) {
		snprintf(out, PATH_SIZE, "%s", atom_text(r->path));
		return true;
	}
	if (!r->route->res || !r->route->res->id_field ||
		!parameter(atom_text(r->query), r->route->res->id_field, id, sizeof id))
		return false;
	snprintf(out, PATH_SIZE, "%s/%s", atom_text(r->path), id);
	return true;
}

/* What an operation works on, by the path of a poll; it may go by a second name. */
static const char *target_of(const struct grader *g, const struct row *poll)
{
	const char *name;
	struct object o;
	struct err ignored;

	if (!text_starts(atom_text(poll->path), "/api/2.0/postgres/", &name) ||
		store_get_reserved(g->lab->app->world.store, g->ws->state, name, g->arena, &o,
			&ignored) != 1)
		return "";
	return o.parent ? o.parent : "";
}

/* Is it the operation of that very subject? */
static bool polls(const struct grader *g, const struct row *r, const char *path)
{
	const char *rest, *name;

	if (!is_poll(r))
		return false;
	if (text_starts(atom_text(r->path), path, &rest) && text_starts(rest, "/operations/", NULL))
		return true;
	return text_starts(path, "/api/2.0/postgres/", &name) && streq(target_of(g, r), name);
}

/* An answer that says whether it is there. */
static bool informs(const struct row *r)
{
	int seen = row_seen(r);

	return (seen && seen < 400) || seen == 404;
}

static bool replaces(const struct row *r, const struct row *create)
{
	char a[PATH_SIZE], b[PATH_SIZE];

	return r->route == create->route && subject(r, a) && subject(create, b) && streq(a, b) &&
	       r->query && strstr(r->query->text, "replace_existing=true") && informs(r);
}

/* A read of the collection that would list it, of the resource itself, or of its own operation; or
 * the same create with replace_existing. Reads that brought no answer are none. */
bool looked_at(const struct grader *g, const struct attempt_ref *create)
{
	const struct row *made = create->row;
	char path[PATH_SIZE];
	bool named;

	if (!is_create(made))
		return false;
	named = subject(made, path);
	for (size_t i = g->order.num; i-- > 0 && g->order.all[i].seq > create->seq;) {
		const struct row *r = g->order.all[i].row;

		if (r->caller != made->caller)
			continue;
		if (replaces(r, made))
			return true;
		if (!streq(atom_text(r->method), "GET") || !informs(r))
			continue;
		if (r->path == made->path ||
			(named && (streq(atom_text(r->path), path) || polls(g, r, path))))
			return true;
	}
	return false;
}

/* ---- creates whose answer was lost ---- */

void judge_lost_create(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row;
		uint64_t seq = g->order.all[i].seq;
		int seen = row_seen(r);

		if (!is_create(r) || !(r->flags & ROW_APPLIED) || (seen && seen < 400) ||
			(row_pending(r) && !g->final))
			continue;
		if (looked_at(g, &g->order.all[i]))
			finding_set(f, MARK_PASS, seq,
				"looked at what it made, or replaced it, after the answer was lost");
		else if (!settled(g, r))
			finding_set(f, MARK_INCONCLUSIVE, seq, "the answer was lost a moment ago");
		else
			finding_set(f, MARK_FAIL, seq,
				"the resource exists, and nothing has looked at it since");
	}
}

/* ---- waiting for operations ---- */

static bool transient(const struct row *r)
{
	int seen = row_seen(r);

	return !seen || seen == 429 || (seen >= 500 && seen != 501);
}

static const struct attempt_ref *later_poll(const struct grader *g, size_t from)
{
	for (size_t i = from + 1; i < g->order.num; i++)
		if (is_poll(g->order.all[i].row) &&
			g->order.all[i].row->path == g->order.all[from].row->path)
			return &g->order.all[i];
	return NULL;
}

/* A read of what the operation works on does as well as another poll. */
static bool looked_at_target(const struct grader *g, size_t from)
{
	const char *path = atom_text(g->order.all[from].row->path);
	const char *end = strstr(path, "/operations/");
	size_t n = end ? (size_t)(end - path) : 0;

	for (size_t i = from + 1; n && i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row;

		if (streq(atom_text(r->method), "GET") && informs(r) &&
			strlen(atom_text(r->path)) == n && !strncmp(atom_text(r->path), path, n))
			return true;
	}
	return false;
}

void judge_lro_survives(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row;
		uint64_t seq = g->order.all[i].seq;

		if (!is_poll(r) || !transient(r) || (row_pending(r) && !g->final))
			continue;
		if (later_poll(g, i) || looked_at_target(g, i))
			finding_set(f, MARK_PASS, seq, "went on after a poll that failed");
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
		store_get(g->lab->app->world.store, g->ws->state, name, g->arena, &o,
			&ignored) != 1 ||
		doc_load(&doc, o.doc, g->arena, &ignored))
		return -1;
	return doc_bool(doc, "done");
}

/* Who still polls after that long has no deadline; programs give 10 to 20 minutes. */
#define LONGEST_WAIT (1200 * USEC_SECOND)

void judge_lro_deadline(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row, *first = r;

		if (!is_poll(r) || later_poll(g, i) || operation_done(g, r) != 0)
			continue;
		for (size_t k = i; k-- > 0;)
			if (g->order.all[k].row->path == r->path)
				first = g->order.all[k].row;
		if (r->at - first->at > LONGEST_WAIT)
			finding_set(f, MARK_FAIL, g->order.all[i].seq,
				"has polled for %.0f s", (double)(r->at - first->at) / 1e6);
		else if (g->final || g->now - r->at > 90 * USEC_SECOND)
			finding_set(f, MARK_PASS, g->order.all[i].seq,
				"gave up on an operation that is not done");
		else
			finding_set(f, MARK_INCONCLUSIVE, g->order.all[i].seq,
				"has polled for %.0f s so far", (double)(r->at - first->at) / 1e6);
	}
}

/* One quick poll is a start; many, or a long wait at more than two a second, are wild. `from` to `end`
 * are the polls of one operation by one caller. */
static void judge_polls(const struct attempt_list *l, size_t from, size_t end, struct finding *f)
{
	size_t n = end - from, quick = 0;
	usec longest = 0;
	double every;

	if (n < 2)
		return;
	for (size_t i = from + 1; i < end; i++) {
		usec gap = l->all[i].row->at - l->all[i - 1].row->at;

		quick += gap < USEC_SECOND / 10;
		longest = gap > longest ? gap : longest;
	}
	every = (double)(l->all[end - 1].row->at - l->all[from].row->at) / 1e6 / (double)(n - 1);
	finding_set(f,
		quick >= 3 || (n > 20 && every < 0.5)  ? MARK_FAIL
		: quick || longest > 60 * USEC_SECOND ? MARK_WARN
						      : MARK_PASS,
		l->all[end - 1].seq,
		"%zu polls, one every %.2f s, %zu within 0.1 s, the longest wait %.1f s", n, every,
		quick, (double)longest / 1e6);
}

void judge_poll_cadence(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->alike;

	for (size_t i = 0, end; i < l->num; i = end) {
		end = i + 1;
		while (end < l->num && l->all[end].row->key == l->all[i].row->key)
			end++;
		if (is_poll(l->all[i].row))
			judge_polls(l, i, end, f);
	}
}

/* ---- bodies and connections ---- */

/* Alike but for the body: what a retry must not be. */
static bool other_body(const struct row *a, const struct row *b)
{
	return a->method == b->method && a->path == b->path && a->query == b->query &&
	       a->caller == b->caller && memcmp(a->sha, b->sha, sizeof a->sha);
}

/* The first request within a minute that is alike but for its body, when the failed one itself was
 * not sent again. */
static const struct attempt_ref *in_its_place(const struct grader *g, size_t failed)
{
	const struct row *r = g->order.all[failed].row;

	for (size_t i = failed + 1; i < g->order.num; i++) {
		const struct row *next = g->order.all[i].row;

		if (next->at - r->at > 60 * USEC_SECOND || next->call == r->call)
			return NULL;
		if (other_body(r, next))
			return &g->order.all[i];
	}
	return NULL;
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
	for (size_t i = 0; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row;
		const struct attempt_ref *next = row_retryable(r) ? in_its_place(g, i) : NULL;

		if (!next)
			continue;
		/* the body was used up by the first attempt, or what is created has one name */
		finding_set(f,
			next->row->request_bytes < r->request_bytes || is_create(r) ? MARK_FAIL
										    : MARK_WARN,
			next->seq, "after a failure, the same request with another body: %u bytes, not %u",
			next->row->request_bytes, r->request_bytes);
	}
}

static int by_number(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return a < b ? -1 : a > b;
}

/* A connection that a fault has ended, or a client that gave up, cannot be used again. */
static bool broke(const struct row *r)
{
	return r->delivered < DELIVERED_FULL;
}

void judge_connections(const struct grader *g, struct finding *f)
{
	size_t n = g->order.num, connections = 0, broken = 0;
	uint64_t *all = arena_alloc(g->arena, (n + 1) * sizeof *all);

	if (n < 5 || !all)
		return;
	for (size_t i = 0; i < n; i++) {
		all[i] = g->order.all[i].row->connection;
		broken += broke(g->order.all[i].row);
	}
	qsort(all, n, sizeof *all, by_number);
	for (size_t i = 0; i < n; i++)
		connections += i == 0 || all[i] != all[i - 1];
	finding_set(f,
		n >= connections * 2 || connections <= broken + 1 ? MARK_PASS : MARK_WARN, 0,
		"%zu requests on %zu connections, %zu of which had to end", n, connections, broken);
}

/* ---- garbled answers ---- */

/* Cut off by a rule, or whole and unreadable. */
static bool garbled(const struct row *r)
{
	return r->flags & ROW_GARBLED ||
	       (r->delivered == DELIVERED_PARTIAL && r->flags & ROW_CUT);
}

/* Does `r` use what only the answer to `lost` could have told: an operation, a page token? */
static bool uses_answer(const struct grader *g, const struct row *lost, const struct row *r)
{
	char path[PATH_SIZE], token[8];

	if (r->caller != lost->caller)
		return false;
	if (streq(atom_text(lost->method), "GET"))
		return r->path == lost->path && r->query != lost->query &&
		       parameter(atom_text(r->query), "page_token", token, sizeof token);
	return subject(lost, path) && polls(g, r, path);
}

/* What the client did after a garbled answer: 1 tried again, -1 went on as if it knew, 0 nothing. */
static int what_then(const struct grader *g, size_t lost, uint64_t *seq)
{
	const struct row *r = g->order.all[lost].row;

	for (size_t i = lost + 1; i < g->order.num; i++) {
		const struct row *next = g->order.all[i].row;

		*seq = g->order.all[i].seq;
		if (next->call == r->call)
			return 1;
		if (uses_answer(g, r, next))
			return -1;
	}
	return 0;
}

void judge_garbled(const struct grader *g, struct finding *f)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct row *r = g->order.all[i].row;
		uint64_t seq = 0;
		int then;

		if (!garbled(r))
			continue;
		then = what_then(g, i, &seq);
		if (then < 0)
			finding_set(f, MARK_FAIL, seq,
				"used what only the answer to request %llu could tell, which was "
				"garbled",
				(unsigned long long)g->order.all[i].seq);
		else if (then > 0)
			finding_set(f, MARK_PASS, seq, "tried again after a garbled answer");
		else if (settled(g, r))
			finding_set(f, MARK_PASS, g->order.all[i].seq,
				"left the call as failed after a garbled answer");
		else
			finding_set(f, MARK_INCONCLUSIVE, g->order.all[i].seq,
				"an answer was garbled; what the client makes of it may yet show");
	}
}
