/* SPDX-License-Identifier: Apache-2.0 */
/* GET and DELETE /_mock/journal. */
#include <string.h>

#include "admin/journal/filter.h"
#include "base/text.h"

struct picked {
	struct filter filter;
	uint64_t first;	  /* first row of the answer */
	uint64_t matched; /* rows kept that match, whatever the limit */
};

/* Counts what matches and finds where a limit without `since` starts: the newest rows count. */
static void pick(const struct journal *j, struct picked *p)
{
	int64_t left = p->filter.limit;

	p->first = filter_first(&p->filter, j);
	for (uint64_t seq = p->first; seq < j->next; seq++)
		p->matched += filter_matches(&p->filter, journal_row(j, seq));
	if (p->filter.since >= 0 || left < 0 || (uint64_t)left >= p->matched)
		return;
	for (uint64_t seq = j->next; seq-- > p->first;) {
		if (left && filter_matches(&p->filter, journal_row(j, seq)))
			left--;
		if (!left) {
			p->first = p->filter.limit ? seq : j->next;
			return;
		}
	}
}

static void write_rows(
	const struct journal *j, const struct picked *p, const char *between, struct buf *out)
{
	int64_t left = p->filter.limit;
	bool any = false;

	for (uint64_t seq = p->first; seq < j->next && left; seq++) {
		const struct row *r = journal_row(j, seq);

		if (!filter_matches(&p->filter, r))
			continue;
		if (any)
			buf_adds(out, between);
		row_json(r, seq, out);
		any = true;
		left -= left > 0;
	}
	if (any && *between == '\n')
		buf_adds(out, between);
}

static void write_document(struct admin *a, const struct journal *j, const struct picked *p)
{
	struct buf *out = &a->resp->body;

	buf_adds(out, "{\"schema\":1,\"workspace\":");
	buf_add_json_string(out, a->space->name);
	buf_addf(out,
		",\"total\":%llu,\"dropped\":%llu,\"first\":%llu,\"next\":%llu,\"requests\":[",
		(unsigned long long)p->matched, (unsigned long long)j->dropped,
		(unsigned long long)j->first, (unsigned long long)j->next);
	write_rows(j, p, ",", out);
	buf_adds(out, "]}");
}

static int write_journal(struct admin *a, const struct picked *p, struct err *e)
{
	static const char *const formats[] = {"json", "ndjson", "har", NULL};
	const char *format = admin_query(a, "format");
	const struct journal *j = &a->space->journal;

	if (!format || streq(format, "json")) {
		write_document(a, j, p);
	} else if (streq(format, "ndjson")) {
		a->resp->content_type = "application/x-ndjson";
		write_rows(j, p, "\n", &a->resp->body);
	} else if (streq(format, "har")) {
		journal_har(j, &p->filter, p->first, a->lab->version, &a->resp->body);
	} else {
		return refuse_name(e, "format", format, formats);
	}
	return 0;
}

/* ?wait=count:N&timeout=5s */
static int read_wait(const struct admin *a, int64_t *count, usec *timeout, struct err *e)
{
	const char *wait = admin_query(a, "wait"), *text = admin_query(a, "timeout"), *number;

	*count = 0;
	*timeout = 30 * USEC_SECOND;
	if (wait &&
		(!text_starts(wait, "count:", &number) || !text_int(number, 1, INT64_MAX, count)))
		return refuse_value(e, "wait", "count:N", wait);
	if (text && !wait)
		return err_set(
			e, ERR_INVALID, "'timeout' needs 'wait', like wait=count:3&timeout=5s");
	if (text && (!span_parse(text, timeout) || *timeout > 600 * USEC_SECOND))
		return refuse_value(e, "timeout", "a duration up to 10m, like 5s", text);
	return 0;
}

/* Whether a poll has to wait on. Rows counted when it was asked before are not looked at again. */
static bool must_wait(const struct admin *a, const struct filter *f, uint64_t count)
{
	const struct journal *j = &a->space->journal;
	struct wait_count *w = a->space->waits, *end = w + WAIT_COUNTS;
	uint64_t from = filter_first(f, j);

	while (w < end && (w->connection != a->req->connection || w->ordinal != a->req->ordinal))
		w++;
	if (w == end) {
		w = &a->space->waits[a->space->next_wait++ % WAIT_COUNTS];
		*w = (struct wait_count){a->req->connection, a->req->ordinal, from, 0};
	}
	for (uint64_t seq = w->upto > from ? w->upto : from; seq < j->next; seq++)
		w->matched += filter_matches(f, journal_row(j, seq));
	w->upto = j->next;
	if (w->matched < count)
		return true;
	*w = (struct wait_count){0};
	return false;
}

int admin_journal_get(struct admin *a, struct err *e)
{
	const struct journal *j = &a->space->journal;
	struct picked p = {0};
	int64_t count;
	usec timeout, until;

	if (filter_read(a, &p.filter, e) || read_wait(a, &count, &timeout, e))
		return -1;
	until = a->req->arrived + timeout;
	if (count && filter_complete(&p.filter, j, e))
		return -1;
	if (count && !a->req->expired && must_wait(a, &p.filter, (uint64_t)count)) {
		a->verdict = LAB_WAIT;
		a->resp->wait_until = until;
		if (until > a->lab->waiting_until)
			a->lab->waiting_until = until;
		return 0;
	}
	pick(j, &p);
	/* the newest rows that a limit asks for may all be there although older ones are not */
	if ((p.filter.since >= 0 || p.filter.limit < 0 || (uint64_t)p.filter.limit > p.matched) &&
		filter_complete(&p.filter, j, e))
		return -1;
	if (p.matched < (uint64_t)count)
		a->resp->status = err_status(ERR_TIMEOUT);
	return write_journal(a, &p, e);
}

int admin_journal_drop(struct admin *a, struct err *e)
{
	json_t *doc = json_pack("{s:s, s:I}", "workspace", a->space->name, "removed",
		(json_int_t)journal_len(&a->space->journal));

	for (uint64_t seq = a->space->journal.first; seq < a->space->journal.next; seq++)
		calls_forget(&a->space->calls, journal_row(&a->space->journal, seq)->key, seq);
	journal_clear(&a->space->journal, false);
	memset(a->space->waits, 0, sizeof a->space->waits);
	return admin_reply(a, doc, e);
}
