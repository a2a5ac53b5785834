/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/grade/grade.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/journal/retry.h"

/* Longer than any back-off that SDKs make without being asked to. */
#define PATIENCE (15 * USEC_SECOND)

const struct criterion criteria[] = {
	{"R1", "retries 429 and 503", judge_retries},
	{"R2", "does not retry 400, 401, 403, 404 or an existing resource", judge_permanent},
	{"R3", "waits as long as Retry-After asks, in seconds", judge_retry_after},
	{"R3d", "waits until the date of Retry-After", judge_retry_date},
	{"R3c", "survives a Retry-After that is junk, negative or huge", judge_hostile},
	{"R4", "waits longer from attempt to attempt", judge_backoff},
	{"R5", "scatters its retries", judge_jitter},
	{"R6", "gives up at some time", judge_bounds},
	{"R7", "checks whether a create whose answer was lost has happened", judge_lost_create},
	{"R8", "goes on waiting for an operation when one poll fails", judge_lro_survives},
	{"R9", "stops waiting for an operation that never ends", judge_lro_deadline},
	{"R10", "polls neither too often nor too rarely", judge_poll_cadence},
	{"R11", "sends at most twice as many requests as calls", judge_amplification},
	{"R12", "retries with the same body", judge_same_body},
	{"R13", "reuses connections", judge_connections},
	{"R14", "reports a garbled answer as an error", judge_garbled},
	{"L1", "tries again after a login that failed for the moment", judge_login_retries},
	{"L2", "waits before it logs in again", judge_login_backoff},
	{"L3", "gets a new token after its login was not authorized", judge_login_token},
	{"L4", "connects again after its session was ended", judge_reconnects},
	{0},
};

const char *mark_name(enum mark m)
{
	static const char *const names[] = {"N-A", "PASS", "WARN", "FAIL", "INCONCLUSIVE"};

	return names[m];
}

/* FAIL > WARN > INCONCLUSIVE > PASS > N-A */
static int weight(enum mark m)
{
	static const int weights[] = {0, 1, 3, 4, 2};

	return weights[m];
}

void finding_set(struct finding *f, enum mark m, uint64_t seq, const char *fmt, ...)
{
	va_list ap;

	if (weight(m) <= weight(f->mark))
		return;
	f->mark = m;
	f->seq = seq;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof f->text, fmt, ap);
	va_end(ap);
}

const struct attempt_ref *attempt_next(const struct attempt_list *l, size_t i)
{
	return i + 1 < l->num && l->all[i + 1].call == l->all[i].call ? &l->all[i + 1] : NULL;
}

/* ---- Retry-After ---- */

/* "Fri, 31 Dec 1999 23:59:59 GMT" */
static bool http_date(const char *s, usec *ret)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4] = "", text[32];
	const char *at;

	if (strlen(s) != 29 || strcmp(s + 25, " GMT"))
		return false;
	memcpy(month, s + 8, 3);
	at = strstr(months, month);
	if (!at || (at - months) % 3)
		return false;
	snprintf(text, sizeof text, "%.4s-%02d-%.2sT%.8sZ", s + 12, (int)(at - months) / 3 + 1,
		s + 5, s + 17);
	return when_parse(text, ret);
}

enum wish retry_wish(const struct row *r, usec *wait)
{
	const char *s = atom_text(r->retry_after);
	int64_t seconds;
	usec date;

	*wait = 0;
	if (!s)
		return WISH_NONE;
	if (text_int(s, 0, 600, &seconds)) {
		*wait = seconds * USEC_SECOND;
		return WISH_SECONDS;
	}
	if (!http_date(s, &date) || date - r->wall > 600 * USEC_SECOND)
		return WISH_HOSTILE;
	*wait = date > r->wall ? date - r->wall : 0;
	return WISH_DATE;
}

bool settled(const struct grader *g, const struct row *r)
{
	usec wait;

	(void)retry_wish(r, &wait);
	return g->final || g->now - r->at > PATIENCE + wait;
}

usec wait_before(const struct attempt_ref *before, const struct attempt_ref *next)
{
	const struct row *r = before->row;
	usec left = r->at + r->took;

	if (row_pending(r) || row_given_up(r) || next->row->flags & ROW_AMBIGUOUS)
		return -1;
	return next->row->at > left ? next->row->at - left : 0;
}

/* ---- the whole ---- */

static int by_key(const void *x, const void *y)
{
	const struct attempt_ref *a = x, *b = y;

	if (a->row->key != b->row->key)
		return a->row->key < b->row->key ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static int by_seq(const void *x, const void *y)
{
	const struct attempt_ref *a = x, *b = y;

	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static int sorted_copy(const struct attempt_list *from, struct attempt_list *to, struct arena *a,
	int (*by)(const void *, const void *))
{
	to->num = from->num;
	to->all = arena_alloc(a, (from->num + 1) * sizeof *to->all);
	if (!to->all)
		return -1;
	memcpy(to->all, from->all, from->num * sizeof *to->all);
	qsort(to->all, to->num, sizeof *to->all, by);
	return 0;
}

/* Connections to databases are judged by rules of their own. */
static int part_logins(struct grader *g)
{
	size_t kept = 0;

	g->logins.num = 0;
	g->logins.all = arena_alloc(g->arena, (g->calls.num + 1) * sizeof *g->logins.all);
	if (!g->logins.all)
		return -1;
	for (size_t i = 0; i < g->calls.num; i++) {
		const struct attempt_ref x = g->calls.all[i];

		if (x.row->route && x.row->route->flags & ROUTE_DATABASE)
			g->logins.all[g->logins.num++] = x;
		else
			g->calls.all[kept++] = x;
	}
	g->calls.num = kept;
	return 0;
}

int grader_open(struct grader *g, const struct filter *f, struct err *e)
{
	const struct journal *j = &g->space->journal;

	if (filter_complete(f, j, e) || attempts_collect(j, f, g->arena, &g->calls, e))
		return -1;
	if (part_logins(g) || sorted_copy(&g->calls, &g->alike, g->arena, by_key) ||
		sorted_copy(&g->calls, &g->order, g->arena, by_seq))
		return err_oom(e);
	return 0;
}

void criterion_judge(const struct grader *g, const struct criterion *c, struct finding *f)
{
	*f = (struct finding){0};
	c->judge(g, f);
	if (g->final && f->mark == MARK_INCONCLUSIVE)
		f->mark = MARK_NA; /* nothing more will come that would tell */
	else if (f->mark == MARK_NA)
		snprintf(f->text, sizeof f->text, "nothing happened that would show it");
}

static size_t count_calls(const struct attempt_list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->num; i = attempts_end(l, i))
		n++;
	return n;
}

void grade_json(const struct grader *g, struct buf *b)
{
	int totals[MARK__N] = {0};

	buf_adds(b, "{\"schema\":1,\"workspace\":");
	buf_add_json_string(b, g->space->name);
	buf_addf(b, ",\"final\":%s,\"requests\":%zu,\"calls\":%zu,\"dropped\":%llu,\"rules\":[",
		g->final ? "true" : "false", g->calls.num,
		count_calls(&g->calls), (unsigned long long)g->space->journal.dropped);
	for (const struct criterion *c = criteria; c->id; c++) {
		struct finding f;

		criterion_judge(g, c, &f);
		totals[f.mark]++;
		buf_addf(b, "%s{\"rule\":\"%s\",\"title\":\"%s\",\"verdict\":\"%s\",\"seq\":",
			c == criteria ? "" : ",", c->id, c->title, mark_name(f.mark));
		if (f.seq)
			buf_addf(b, "%llu,\"evidence\":", (unsigned long long)f.seq);
		else
			buf_adds(b, "null,\"evidence\":");
		buf_add_json_string(b, f.text);
		buf_adds(b, "}");
	}
	buf_addf(b,
		"],\"summary\":{\"pass\":%d,\"warn\":%d,\"fail\":%d,\"na\":%d,\"inconclusive\":%d}"
		"}",
		totals[MARK_PASS], totals[MARK_WARN], totals[MARK_FAIL], totals[MARK_NA],
		totals[MARK_INCONCLUSIVE]);
}
