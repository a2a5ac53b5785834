/* SPDX-License-Identifier: Apache-2.0 */
/* The rubric's half about when and how often a client tries again. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/grade/grade.h"
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
		if (attempt_next(l, i)) {
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
		if (next->at - r->at > 30 * USEC_SECOND)
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
		else if (g->now - r->at < 60 * USEC_SECOND)
			finding_set(f, MARK_INCONCLUSIVE, l->all[i].seq,
				"it is less than a minute ago");
		else
			finding_set(f, MARK_FAIL, l->all[i].seq,
				"no attempt after '%s': it sleeps, or it died",
				r->retry_after->text);
	}
}

static int by_value(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

static double median(const uint32_t *v, size_t n)
{
	uint32_t copy[256];

	n = n > ARRAY_SIZE(copy) ? ARRAY_SIZE(copy) : n;
	memcpy(copy, v, n * sizeof *copy);
	qsort(copy, n, sizeof *copy, by_value);
	return copy[n / 2];
}

/* Gaps between the attempts of one call that no Retry-After asked for. */
static size_t own_gaps(
	const struct attempt_list *l, size_t from, size_t end, uint32_t *out, size_t most)
{
	size_t n = 0;

	for (size_t i = from + 1; i < end && n < most; i++)
		if (!l->all[i - 1].row->retry_after)
			out[n++] = l->all[i].row->gap_ms;
	return n;
}

void judge_backoff(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;

	for (size_t i = 0, end; i < l->num; i = end) {
		uint32_t gaps[256];
		size_t n;
		double early, late;

		end = attempts_end(l, i);
		n = own_gaps(l, i, end, gaps, ARRAY_SIZE(gaps));
		if (n < 4)
			continue;
		early = median(gaps, n / 2);
		late = median(gaps + n / 2, n - n / 2);
		finding_set(f,
			late >= early * 1.5   ? MARK_PASS
			: late >= early * 1.1 ? MARK_WARN
					      : MARK_FAIL,
			l->all[i].seq,
			"%zu waits: %.2f s in the middle of the first half, %.2f s of the second",
			n, early / 1000, late / 1000);
	}
}

/* The same wait (after the n-th attempt) of several calls: clients in step press together. */
void judge_jitter(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;

	for (unsigned nth = 2; nth <= 6; nth++) {
		uint32_t gaps[256];
		size_t n = 0;
		double middle, spread;

		for (size_t i = 1; i < l->num && n < ARRAY_SIZE(gaps); i++)
			if (l->all[i].row->attempt == nth && l->all[i].call == l->all[i - 1].call &&
				!l->all[i - 1].row->retry_after)
				gaps[n++] = l->all[i].row->gap_ms;
		if (n < 3)
			continue;
		qsort(gaps, n, sizeof *gaps, by_value);
		middle = gaps[n / 2] ? gaps[n / 2] : 1;
		spread = (gaps[n - 1] - gaps[0]) / middle;
		finding_set(f,
			spread > 0.1	? MARK_PASS
			: spread > 0.03 ? MARK_WARN
					: MARK_FAIL,
			0, "before attempt %u, %zu calls waited between %.3f and %.3f s", nth, n,
			gaps[0] / 1000.0, gaps[n - 1] / 1000.0);
	}
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
		lasted = (double)(last->at - l->all[i].row->at) / 1e6;
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

void judge_amplification(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->calls;
	size_t calls = 0, failed = 0;
	double ratio;

	for (size_t i = 0; i < l->num; i++) {
		calls += l->all[i].row->attempt == 1;
		failed += (l->all[i].row->flags & ROW_RETRYABLE) != 0;
	}
	if (!failed || !calls)
		return;
	ratio = (double)l->num / (double)calls;
	finding_set(f,
		ratio <= 2   ? MARK_PASS
		: ratio <= 4 ? MARK_WARN
			     : MARK_FAIL,
		0, "%zu requests for %zu calls, %.0f %% of them failed", l->num, calls,
		100.0 * (double)failed / (double)l->num);
}
