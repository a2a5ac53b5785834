/* SPDX-License-Identifier: Apache-2.0 */
/* The rubric's half about when and how often a client tries again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/grade/grade.h"
#include "lab/grade/schedule.h"
#include "lab/journal/retry.h"

/* Clocks and schedulers are not exact: a client that is this early has waited. */
enum { SLACK_MS = 50 };

static bool asks_to_come_back(const struct row *r)
{
	int seen = row_seen(r);

	return seen == 429 || seen == 503;
}

void judge_retries(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;
	size_t retried = 0, given_up = 0;

	for (size_t i = 0; i < l->num; i++) {
		const struct row *r = l->all[i].row;
		usec wait;

		if (!asks_to_come_back(r) || retry_wish(r, &wait) == WISH_HOSTILE)
			continue;
		if (attempt_next(l, i) || looked_at(g, &l->all[i])) {
			retried++;
		} else if (!settled(g, r)) {
			finding_set(f, MARK_INCONCLUSIVE, l->all[i].seq,
				"the client may still come back");
		} else if (r->attempt == 1) {
			given_up++;
			finding_set(f, MARK_FAIL, l->all[i].seq, "no second attempt after %d",
				row_seen(r));
		}
	}
	if (retried && given_up)
		f->mark = MARK_WARN;
	if (retried)
		finding_set(f, MARK_PASS, 0, "tried again after %zu of them", retried);
}

/* Refusals that the same request meets again. A conflict that passes is not one of them. */
static bool permanent(const struct row *r)
{
	int seen = row_seen(r);

	return seen == 400 || seen == 401 || seen == 403 || seen == 404 || row_exists(r);
}

/* A new token turns 401 and 403 into success: once, and that was right. */
static bool was_renewed(const struct row *r, const struct row *next)
{
	int refused = row_seen(r), seen = row_seen(next);

	return (refused == 401 || refused == 403) && seen && seen < 400;
}

/* Who asks the same so long after a refusal has another reason to. */
#define UNRELATED (120 * USEC_SECOND)

void judge_permanent(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->alike;

	for (size_t i = 0; i < l->num; i++) {
		const struct row *r = l->all[i].row, *next;

		if (!permanent(r))
			continue;
		finding_set(f, MARK_PASS, l->all[i].seq, "left it at a refusal");
		if (i + 1 == l->num || l->all[i + 1].row->key != r->key)
			continue;
		next = l->all[i + 1].row;
		if (next->at - r->at > UNRELATED || was_renewed(r, next))
			continue;
		finding_set(f, streq(atom_text(r->method), "GET") ? MARK_WARN : MARK_FAIL,
			l->all[i + 1].seq, "sent again %.1f s after status %d",
			(double)(next->at - r->at) / 1e6, row_seen(r));
	}
}

static void judge_wish(const struct grader *g, struct finding *f, enum wish which, usec slack)
{
	const struct attempt_list *l = &g->calls;

	for (size_t i = 0; i < l->num; i++) {
		const struct attempt_ref *next = attempt_next(l, i);
		usec wait, waited;

		if (retry_wish(l->all[i].row, &wait) != which || !next || !wait)
			continue;
		waited = wait_before(&l->all[i], next);
		if (waited < 0)
			continue;
		if (which == WISH_DATE) /* that was counted from when the request came */
			waited = next->row->at - l->all[i].row->at;
		if (waited + slack < wait)
			finding_set(f, MARK_FAIL, next->seq,
				"came back after %.2f s, asked to wait %.2f s",
				(double)waited / 1e6, (double)wait / 1e6);
		else
			finding_set(f, MARK_PASS, next->seq, "waited %.2f s of %.2f s",
				(double)waited / 1e6, (double)wait / 1e6);
	}
}

void judge_retry_after(const struct grader *g, struct finding *f)
{
	judge_wish(g, f, WISH_SECONDS, SLACK_MS * 1000);
}

void judge_retry_date(const struct grader *g, struct finding *f)
{
	judge_wish(g, f, WISH_DATE, USEC_SECOND); /* the date has no fractions */
}

/* Did the client make another request later on? Then it neither sleeps nor died. */
static bool is_alive(const struct grader *g, const struct attempt_ref *x)
{
	for (size_t i = g->order.num; i-- > 0 && g->order.all[i].seq > x->seq;)
		if (g->order.all[i].row->agent == x->row->agent &&
			g->order.all[i].row->caller == x->row->caller)
			return true;
	return false;
}

void judge_hostile(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;

	for (size_t i = 0; i < l->num; i++) {
		const struct attempt_ref *next = attempt_next(l, i);
		const struct row *r = l->all[i].row;
		usec wait;

		if (retry_wish(r, &wait) != WISH_HOSTILE)
			continue;
		if (next)
			finding_set(f, MARK_PASS, next->seq, "came back %.2f s after '%s'",
				(double)(next->row->at - r->at) / 1e6, r->retry_after->text);
		else if (is_alive(g, &l->all[i]))
			finding_set(f, MARK_WARN, l->all[i].seq,
				"gave up after '%s', and lives", r->retry_after->text);
		else if (!g->final && g->now - r->at < 60 * USEC_SECOND)
			finding_set(f, MARK_INCONCLUSIVE, l->all[i].seq,
				"it is less than a minute ago");
		else
			finding_set(f, MARK_FAIL, l->all[i].seq,
				"no attempt after '%s': it sleeps, or it died",
				r->retry_after->text);
	}
}

/* ---- back-off ---- */

/* A client that begins with less hammers. */
#define LEAST_WAIT_S 0.05

/* No wait at all, as a server sees it. */
#define NOTHING_S 0.003

/* A first wait beneath this share of what the schedule knows is none: jitter seldom gives it. */
#define LEAST_SHARE 0.03

/* Waits of clients alike: same program, caller and method. */
struct clients {
	const struct row *like;
	struct pause w[SCHEDULE_MAX];
	size_t num;
	bool unclear; /* a call of them tells nothing by itself */
	uint64_t seq;
};

enum { MAX_CLIENTS = 16 };

/* The client's own waits within one call: none that a Retry-After asked for. */
static size_t own_waits(
	const struct attempt_list *l, size_t from, size_t end, struct pause *out, size_t most)
{
	size_t n = 0;

	for (size_t i = from + 1; i < end && n < most; i++) {
		usec s = wait_before(&l->all[i - 1], &l->all[i]);

		if (s >= 0 && !l->all[i - 1].row->retry_after)
			out[n++] = (struct pause){(unsigned)(i - from - 1), (double)s / 1e6};
	}
	return n;
}

static struct clients *clients_of(struct clients *all, const struct row *r)
{
	for (struct clients *c = all; c < all + MAX_CLIENTS; c++) {
		if (!c->like)
			c->like = r;
		if (c->like->agent == r->agent && c->like->caller == r->caller &&
			c->like->method == r->method)
			return c;
	}
	return NULL;
}

/* True when the waits tell. */
static bool judge_waits(const struct pause *w, size_t n, uint64_t seq, struct finding *f)
{
	struct schedule s = schedule_fit(w, n);
	double floor = fmin(0.02, LEAST_SHARE * s.first);

	if (s.trend == TREND_UNCLEAR && w[0].s < NOTHING_S) {
		finding_set(f, MARK_FAIL, seq, "came back at once at first, of %zu waits", n);
		return true;
	}
	if (s.trend == TREND_GROWS && (s.first < LEAST_WAIT_S || w[0].s < floor))
		finding_set(f, MARK_FAIL, seq, "%zu waits that grow, but begin with %.3f s", n,
			w[0].s < floor ? w[0].s : s.first);
	else if (s.trend == TREND_GROWS && s.growth > 0)
		finding_set(f, MARK_PASS, seq,
			"%zu waits grow by %.1f each, from up to %.2f s", n, s.growth, s.first);
	else if (s.trend == TREND_GROWS)
		finding_set(f, MARK_PASS, seq, "%zu waits grow step by step, from up to %.2f s", n,
			s.first);
	else if (s.trend == TREND_FLAT)
		finding_set(f, MARK_FAIL, seq, "%zu waits do not grow: the first one is %.2f s, the last one "
			"%.2f s",
			n, w[0].s, w[n - 1].s);
	return s.trend != TREND_UNCLEAR;
}

static void judge_call(struct clients *all, const struct attempt_list *l, size_t from, size_t end,
	struct finding *f)
{
	struct pause w[SCHEDULE_MAX];
	size_t n = own_waits(l, from, end, w, SCHEDULE_MAX), room;
	struct clients *c = clients_of(all, l->all[from].row);

	if (n < SCHEDULE_MIN - 1)
		return;
	if (c) {
		room = SCHEDULE_MAX - c->num;
		memcpy(c->w + c->num, w, (n < room ? n : room) * sizeof *w);
		c->num += n < room ? n : room;
	}
	if (n < SCHEDULE_MIN || judge_waits(w, n, l->all[from].seq, f))
		return;
	if (c) {
		c->unclear = true;
		c->seq = l->all[from].seq;
	} else {
		finding_set(f, MARK_INCONCLUSIVE, l->all[from].seq,
			"%zu waits are too few to tell growth from jitter", n);
	}
}

void judge_backoff(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;
	struct clients *all = arena_alloc(g->arena, MAX_CLIENTS * sizeof *all);

	if (!all)
		return;
	memset(all, 0, MAX_CLIENTS * sizeof *all);
	for (size_t i = 0, end; i < l->num; i = end) {
		end = attempts_end(l, i);
		judge_call(all, l, i, end, f);
	}
	for (struct clients *c = all; c < all + MAX_CLIENTS; c++)
		if (c->unclear && !judge_waits(c->w, c->num, c->seq, f))
			finding_set(f, MARK_INCONCLUSIVE, c->seq,
				"%zu waits are too few to tell growth from jitter", c->num);
}

/* ---- jitter ---- */

enum { MAX_ALIKE = 256 };

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return a < b ? -1 : a > b;
}

/* The waits before the nth attempt, of all calls. */
static size_t waits_before(const struct attempt_list *l, unsigned nth, double *out)
{
	size_t n = 0;

	for (size_t i = 1; i < l->num && n < MAX_ALIKE; i++) {
		usec wait;

		if (l->all[i].row->attempt != nth || l->all[i].call != l->all[i - 1].call ||
			l->all[i - 1].row->retry_after)
			continue;
		wait = wait_before(&l->all[i - 1], &l->all[i]);
		if (wait >= 0)
			out[n++] = (double)wait / 1e6;
	}
	return n;
}

/* The same wait (after the n-th attempt) of several calls: clients in step press together. What is
 * shorter than the inaccuracy of clocks scatters nobody. */
void judge_jitter(const struct grader *g, struct finding *f)
{
	for (unsigned nth = 2; nth <= 6; nth++) {
		double waits[MAX_ALIKE], spread;
		size_t n = waits_before(&g->calls, nth, waits);

		if (n < 3)
			continue;
		qsort(waits, n, sizeof *waits, by_value);
		spread = waits[n - 1] - waits[0];
		finding_set(f,
			spread <= 0.03 * waits[n / 2] || spread <= SLACK_MS / 2e3 ? MARK_FAIL
			: spread <= 0.1 * waits[n / 2] || spread <= SLACK_MS / 1e3
				? MARK_WARN
				: MARK_PASS,
			0, "before attempt %u, %zu calls waited between %.3f and %.3f s", nth, n,
			waits[0], waits[n - 1]);
	}
}

/* ---- bounds ---- */

/* What Retry-After asked for within a call, as far as it is sensible. */
static usec asked_for(const struct attempt_list *l, size_t from, size_t end)
{
	usec sum = 0, wait;

	for (size_t i = from; i + 1 < end; i++) {
		enum wish wish = retry_wish(l->all[i].row, &wait);

		if (wish == WISH_SECONDS || wish == WISH_DATE)
			sum += wait;
	}
	return sum;
}

void judge_bounds(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;

	for (size_t i = 0, end; i < l->num; i = end) {
		const struct row *last;
		size_t n;
		double lasted;

		end = attempts_end(l, i);
		last = l->all[end - 1].row;
		n = end - i;
		lasted = (double)(last->at - l->all[i].row->at - asked_for(l, i, end)) / 1e6;
		if (n < 3 && lasted < 60)
			continue;
		if (n > 100 || lasted > 600)
			finding_set(
				f, MARK_FAIL, l->all[i].seq, "%zu attempts in %.0f s", n, lasted);
		else if (row_retryable(last) && !settled(g, last))
			finding_set(f, MARK_INCONCLUSIVE, l->all[i].seq,
				"the client may still come back");
		else
			finding_set(f, n > 30 ? MARK_WARN : MARK_PASS, l->all[i].seq,
				"%zu attempts in %.1f s", n, lasted);
	}
}

/* ---- amplification ---- */

/* The most attempts of one call within any ten seconds: a client that thins them out presses less
 * however long it tries. */
static size_t burst(const struct attempt_list *l, size_t from, size_t end)
{
	size_t most = 0;

	for (size_t i = from, first = from; i < end; i++) {
		while (l->all[i].row->at - l->all[first].row->at > 10 * USEC_SECOND)
			first++;
		most = i - first + 1 > most ? i - first + 1 : most;
	}
	return most;
}

void judge_amplification(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;
	size_t calls = 0, failed = 0, left = 0, most = 0;
	double ratio;

	for (size_t i = 0, end; i < l->num; i = end) {
		const struct row *last;

		end = attempts_end(l, i);
		last = l->all[end - 1].row;
		calls++;
		left += row_retryable(last) && !row_exists(last);
		most = burst(l, i, end) > most ? burst(l, i, end) : most;
		for (size_t k = i; k < end; k++)
			failed += row_retryable(l->all[k].row);
	}
	if (!failed)
		return;
	ratio = (double)l->num / (double)calls;
	if (ratio <= 2 && left)
		finding_set(f, MARK_WARN, 0,
			"%zu requests for %zu calls, but %zu of them were left failed: trying less "
			"is no saving",
			l->num, calls, left);
	finding_set(f,
		ratio <= 2		 ? MARK_PASS
		: ratio <= 4 || most <= 4 ? MARK_WARN
					 : MARK_FAIL,
		0, "%zu requests for %zu calls, up to %zu of one call in 10 s, %.0f %% of them failed",
		l->num, calls, most, 100.0 * (double)failed / (double)l->num);
}
