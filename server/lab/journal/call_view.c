/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/call_view.h"

#include <stdlib.h>
#include <string.h>

#include "lab/journal/retry.h"

static int by_call(const void *x, const void *y)
{
	const struct attempt_ref *a = x, *b = y;

	if (a->call != b->call)
		return a->call < b->call ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static bool within(const struct filter *f, const struct journal *j, uint64_t seq)
{
	return seq < j->next && (!f->until || seq < f->until);
}

/* One bit per call that has a matching attempt. */
static unsigned char *mark(const struct journal *j, const struct filter *f, struct arena *a)
{
	unsigned char *bits;
	uint32_t last = 0;

	for (uint64_t seq = j->first; seq < j->next; seq++)
		if (journal_row(j, seq)->call > last)
			last = journal_row(j, seq)->call;
	bits = arena_alloc(a, last / 8 + 1);
	for (uint64_t seq = filter_first(f, j); bits && within(f, j, seq); seq++) {
		const struct row *r = journal_row(j, seq);

		if (filter_matches(f, r))
			bits[r->call / 8] |= (unsigned char)(1 << r->call % 8);
	}
	return bits;
}

int attempts_collect(const struct journal *j, const struct filter *f, struct arena *a,
	struct attempt_list *ret, struct err *e)
{
	const unsigned char *bits = mark(j, f, a);

	ret->num = 0;
	ret->all = arena_alloc(a, (journal_len(j) + 1) * sizeof *ret->all);
	if (!bits || !ret->all)
		return err_oom(e);
	for (uint64_t seq = f->from > j->first ? f->from : j->first; within(f, j, seq); seq++) {
		const struct row *r = journal_row(j, seq);

		if (bits[r->call / 8] & 1 << r->call % 8)
			ret->all[ret->num++] = (struct attempt_ref){r->call, seq, r};
	}
	qsort(ret->all, ret->num, sizeof *ret->all, by_call);
	return 0;
}

size_t attempts_end(const struct attempt_list *l, size_t from)
{
	size_t i = from;

	while (i < l->num && l->all[i].call == l->all[from].call)
		i++;
	return i;
}

const char *call_outcome(const struct row *last)
{
	if (row_pending(last) || (row_retryable(last) && !row_exists(last)))
		return "open";
	return last->status < 400 ? "ok" : "error";
}

/* ---- GET /_mock/calls ---- */

static void add_attempt(const struct attempt_ref *x, struct buf *b)
{
	const struct row *r = x->row;

	buf_addf(b, "{\"seq\":%llu,\"gap_ms\":", (unsigned long long)x->seq);
	if (r->gap_ms == GAP_NONE)
		buf_adds(b, "null");
	else
		buf_addf(b, "%u", r->gap_ms);
	if (r->status)
		buf_addf(b, ",\"status\":%u", r->status);
	else
		buf_adds(b, ",\"status\":null");
	if (r->sent)
		buf_addf(b, ",\"sent_status\":%u,\"fault\":", r->sent);
	else
		buf_adds(b, ",\"sent_status\":null,\"fault\":");
	if (r->fault)
		buf_add_json_string(b, r->fault->text);
	else
		buf_adds(b, "null");
	if (r->route && r->route->flags & ROUTE_DATABASE) {
		buf_adds(b, ",\"error_code\":");
		if (r->error)
			buf_add_json_string(b, r->error->text);
		else
			buf_adds(b, "null");
	}
	buf_addf(b, ",\"applied\":%s,\"delivered\":\"%s\"}",
		r->flags & ROW_APPLIED ? "true" : "false",
		delivered_name((enum delivered)r->delivered));
}

static void add_call(const struct attempt_list *l, size_t from, size_t end, struct buf *b)
{
	const struct row *first = l->all[from].row;
	bool ambiguous = false;
	int applied = 0;

	buf_addf(b, "{\"call\":%u", first->call);
	buf_add_json_member(b, "rpc", first->route ? first->route->rpc : NULL);
	buf_add_json_member(b, "method", atom_text(first->method));
	buf_add_json_member(b, "path", atom_text(first->path));
	buf_add_json_member(b, "query", first->query ? first->query->text : "");
	buf_add_json_member(b, "caller", atom_text(first->caller));
	buf_adds(b, ",\"attempts\":[");
	for (size_t i = from; i < end; i++) {
		if (i > from)
			buf_adds(b, ",");
		add_attempt(&l->all[i], b);
		applied += (l->all[i].row->flags & ROW_APPLIED) != 0;
		ambiguous |= l->all[i].row->flags & ROW_AMBIGUOUS;
	}
	buf_addf(b, "],\"outcome\":\"%s\",\"applied\":%d,\"ambiguous\":%s}",
		call_outcome(l->all[end - 1].row), applied, ambiguous ? "true" : "false");
}

/* With a limit, the newest calls. */
static size_t start_of(const struct attempt_list *l, int64_t limit)
{
	size_t i = l->num;

	if (limit < 0)
		return 0;
	while (i > 0 && limit > 0) {
		i--;
		if (i == 0 || l->all[i - 1].call != l->all[i].call)
			limit--;
	}
	return i;
}

void calls_json(const struct attempt_list *l, int64_t limit, struct buf *b)
{
	buf_adds(b, "[");
	for (size_t i = start_of(l, limit), end, first = i; i < l->num; i = end) {
		end = attempts_end(l, i);
		if (i > first)
			buf_adds(b, ",");
		add_call(l, i, end, b);
	}
	buf_adds(b, "]");
}
