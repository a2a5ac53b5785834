/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /_mock/feed: what changed in a workspace since the reader last asked, as a long poll. The
 * stamp of an answer names everything that it told; the next poll brings it along and is answered
 * when the stamp would be another.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "admin/journal/filter.h"
#include "admin/state/state.h"
#include "base/text.h"
#include "lab/refuse.h"

enum {
	MOST_TIMEOUT_S = 60,
	DEFAULT_ROWS = 2000,
	DEFAULT_RESOURCES = 20000,
	MOST_NAMES = 1000, /* changed one by one; more of them are told as a whole */
};

struct stamp {
	int64_t watch, state, space, event, row, rest;
};

#define STAMP_FORMAT                                                                               \
	"%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64

struct feed {
	struct admin *a;
	struct watch *watch; /* NULL: there is no such workspace */
	struct stamp was, is;
	bool whole; /* the reader starts from nothing */
	int64_t rows, resources;
	int64_t told, left_out;
};

static uint64_t mix(uint64_t h, uint64_t x)
{
	return (h ^ x) * UINT64_C(1099511628211);
}

/* All that is neither an object nor a row. */
static int64_t rest_of(const struct admin *a)
{
	const struct clock *c = &a->ws->clock;
	uint64_t h = HASH_START;

	if (a->space != &a->lab->nowhere) { /* whose clock is made anew for each request */
		h = mix(h, (uint64_t)c->mode);
		h = mix(h, (uint64_t)c->now);
		h = mix(h, (uint64_t)(c->factor * 1e6));
	}
	h = mix(h, (uint64_t)a->ws->next_due);
	h = mix(h, a->space->faults.version);
	h = mix(h, a->space->journal.first);
	h = mix(h, a->space->warnings.num + a->space->warnings.dropped);
	return (int64_t)(mix(h, (uint64_t)app_num_workspaces(a->app)) >> 1);
}

static struct stamp stamp_now(const struct feed *f)
{
	const struct admin *a = f->a;
	struct stamp s = {.rest = rest_of(a)};

	if (!f->watch)
		return s;
	s.watch = (int64_t)f->watch->id;
	s.state = a->ws->state;
	s.space = a->space->id;
	s.event = (int64_t)f->watch->next;
	s.row = (int64_t)a->space->journal.next;
	return s;
}

static bool same(const struct stamp *x, const struct stamp *y)
{
	return x->watch == y->watch && x->state == y->state && x->space == y->space &&
	       x->event == y->event && x->row == y->row && x->rest == y->rest;
}

/* Six numbers with dots between them. */
static bool read_stamp(const char *text, struct stamp *ret)
{
	int64_t *const parts[] = {
		&ret->watch, &ret->state, &ret->space, &ret->event, &ret->row, &ret->rest};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		size_t len = strcspn(text, ".");
		char number[24];

		if (len >= sizeof number || (text[len] == '.') != (i + 1 < ARRAY_SIZE(parts)))
			return false;
		memcpy(number, text, len);
		number[len] = '\0';
		if (!text_int(number, 0, INT64_MAX, parts[i]))
			return false;
		text += len + 1;
	}
	return true;
}

static int read_query(struct feed *f, usec *timeout, bool *known, struct err *e)
{
	const char *stamp = admin_query(f->a, "since"), *text = admin_query(f->a, "timeout");

	*timeout = 0;
	*known = stamp;
	f->rows = DEFAULT_ROWS;
	f->resources = DEFAULT_RESOURCES;
	if (stamp && !read_stamp(stamp, &f->was))
		return refuse_value(e, "since", "the stamp of an earlier answer", stamp);
	if (text && (!span_parse(text, timeout) || *timeout > MOST_TIMEOUT_S * USEC_SECOND))
		return refuse_value(e, "timeout", "a duration up to 60s, like 25s", text);
	if (admin_query_int(f->a, "rows", 0, INT64_MAX, &f->rows, e))
		return -1;
	return admin_query_int(f->a, "resources", 0, INT64_MAX, &f->resources, e);
}

/* When the next thing falls due, if that is before the poll ends: the reader wants to see it. */
static usec wake_at(const struct admin *a, usec deadline)
{
	const struct clock *c = &a->ws->clock;
	usec now = app_now(a->app, a->ws), monotonic = monotonic_now();
	double left;

	if (a->ws->next_due == USEC_NEVER || c->mode == CLOCK_MANUAL)
		return deadline;
	left = (double)(a->ws->next_due - now);
	if (c->mode == CLOCK_SCALED)
		left /= c->factor;
	if (left > (double)(deadline - monotonic))
		return deadline;
	return monotonic + (left > 0 ? (usec)left : 0) + USEC_SECOND / 1000;
}

/* ---- objects ---- */

/* What a reader of the state would call a resource, and operations that are not done. */
static bool is_shown(const struct object *o)
{
	if (streq(o->kind, "permission") || streq(o->kind, "principal"))
		return false;
	return !streq(o->kind, "operation") || o->scope;
}

static void add_object(struct feed *f, const struct object *o)
{
	buf_adds(&f->a->resp->body, f->told++ ? "," : "");
	state_add_object(&f->a->resp->body, o, false);
}

static int add_any(void *arg, const struct object *o)
{
	struct feed *f = arg;

	if (!is_shown(o))
		return 0;
	if (f->told == f->resources)
		f->left_out++;
	else
		add_object(f, o);
	return 0;
}

static int by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

struct names {
	const char **all;
	size_t num;
};

/* The names of the events from `from` on, each once; `below` of two kinds. */
static int collect(const struct feed *f, bool below, struct names *ret, struct err *e)
{
	uint64_t from = (uint64_t)f->was.event, num = f->watch->next - from;
	size_t n = 0;

	ret->num = 0;
	ret->all = arena_alloc(f->a->arena, (num + 1) * sizeof *ret->all);
	if (!ret->all)
		return err_oom(e);
	for (uint64_t i = from; i < f->watch->next; i++) {
		const struct watch_event *ev = watch_event(f->watch, i);

		if (ev && ev->name && ev->below == below)
			ret->all[ret->num++] = ev->name;
	}
	qsort(ret->all, ret->num, sizeof *ret->all, by_text);
	for (size_t i = 0; i < ret->num; i++)
		if (!n || !streq(ret->all[n - 1], ret->all[i]))
			ret->all[n++] = ret->all[i];
	ret->num = n;
	return 0;
}

/* True when all that happened is still known, and can be told one by one. */
static bool can_follow(const struct feed *f)
{
	const struct stamp *was = &f->was, *is = &f->is;

	if (!f->watch || was->watch != is->watch || was->state != is->state ||
		was->space != is->space || was->event > is->event || was->row > is->row ||
		is->event - was->event > MOST_NAMES)
		return false;
	for (int64_t i = was->event; i < is->event; i++) {
		const struct watch_event *ev = watch_event(f->watch, (uint64_t)i);

		if (!ev || (!ev->name && !ev->row))
			return false;
	}
	return true;
}

static void add_names(struct buf *b, const char *key, const char *const *all, size_t num)
{
	buf_addf(b, "],\"%s\":[", key);
	for (size_t i = 0; i < num; i++) {
		buf_adds(b, i ? "," : "");
		buf_add_json_string(b, all[i]);
	}
}

/* The objects of those names as they are; the names of those that are not there any more. */
static int add_changed(struct feed *f, struct err *e)
{
	struct store *s = f->a->app->world.store;
	struct names names, below;
	size_t gone = 0;

	if (collect(f, false, &names, e) || collect(f, true, &below, e))
		return -1;
	for (size_t i = 0; i < names.num; i++) {
		struct object o;
		int found = store_get_reserved(s, f->a->ws->state, names.all[i], f->a->arena, &o, e);

		if (!found)
			found = store_get_deleted(
				s, f->a->ws->state, names.all[i], f->a->arena, &o, e);
		if (found < 0)
			return -1;
		if (found && is_shown(&o))
			add_object(f, &o);
		else
			names.all[gone++] = names.all[i];
	}
	add_names(&f->a->resp->body, "gone", names.all, gone);
	add_names(&f->a->resp->body, "gone_below", below.all, below.num);
	buf_adds(&f->a->resp->body, "]");
	return 0;
}

static int add_resources(struct feed *f, struct err *e)
{
	struct buf *b = &f->a->resp->body;

	buf_adds(b, ",\"resources\":[");
	if (!f->whole)
		return add_changed(f, e);
	if (f->watch && store_each_below(f->a->app->world.store, f->a->ws->state, NULL, add_any, f, e))
		return -1;
	buf_addf(b, "],\"gone\":[],\"gone_below\":[],\"left_out\":%lld", (long long)f->left_out);
	return 0;
}

/* ---- rows ---- */

static void add_row(const struct feed *f, uint64_t seq, bool *any)
{
	const struct row *r = journal_row(&f->a->space->journal, seq);

	if (!r)
		return;
	buf_adds(&f->a->resp->body, *any ? "," : "");
	row_json(r, seq, &f->a->resp->body);
	*any = true;
}

/* Rows that were told before and have been corrected since, then the new ones; the newest of them
 * when there are too many. */
static void add_journal(const struct feed *f)
{
	const struct journal *j = &f->a->space->journal;
	struct buf *b = &f->a->resp->body;
	uint64_t from = f->whole ? j->first : (uint64_t)f->was.row;
	bool any = false;

	buf_addf(b,
		",\"journal\":{\"first\":%" PRIu64 ",\"next\":%" PRIu64 ",\"dropped\":%" PRIu64
		",\"requests\":[",
		j->first, j->next, j->dropped);
	for (int64_t i = f->was.event; !f->whole && i < f->is.event; i++) {
		const struct watch_event *ev = watch_event(f->watch, (uint64_t)i);

		if (ev->row && ev->row < from)
			add_row(f, ev->row, &any);
	}
	if (j->next - from > (uint64_t)f->rows)
		from = j->next - (uint64_t)f->rows;
	for (; from < j->next; from++)
		add_row(f, from, &any);
	buf_adds(b, "]}");
}

/* ---- the answer ---- */

static void add_head(const struct feed *f)
{
	const struct admin *a = f->a;
	const struct clock *c = &a->ws->clock;
	struct buf *b = &a->resp->body;
	char now[WHEN_SIZE], next[WHEN_SIZE];

	buf_adds(b, "{\"schema\":1,\"workspace\":");
	buf_add_json_string(b, a->ws->name);
	buf_addf(b, ",\"exists\":%s,\"stamp\":\"" STAMP_FORMAT "\",\"whole\":%s",
		f->watch ? "true" : "false", f->is.watch, f->is.state, f->is.space, f->is.event,
		f->is.row, f->is.rest, f->whole ? "true" : "false");
	buf_addf(b, ",\"clock\":{\"mode\":\"%s\",\"factor\":%g,\"now\":\"%s\",\"next\":",
		clock_mode_name(c->mode), c->mode == CLOCK_SCALED ? c->factor : 1,
		when_format(app_now(a->app, a->ws), now));
	buf_addf(b, a->ws->next_due == USEC_NEVER ? "null}" : "\"%s\"}",
		when_format(a->ws->next_due == USEC_NEVER ? 0 : a->ws->next_due, next));
	buf_addf(b, ",\"postgres\":%s", a->app->world.data_plane ? "true" : "false");
	buf_addf(b, ",\"rules\":{\"num\":%zu,\"version\":%" PRIu64 "},\"workspaces\":%d,\"warnings\":%zu",
		a->space->faults.num, a->space->faults.version, app_num_workspaces(a->app),
		a->space->warnings.num);
}

int admin_feed(struct admin *a, struct err *e)
{
	struct feed f = {.a = a};
	usec timeout, until;
	bool known;

	if (read_query(&f, &timeout, &known, e))
		return -1;
	if (a->space != &a->lab->nowhere) {
		f.watch = watch_of(a->lab, a->space, a->ws->state);
		if (!f.watch)
			return err_oom(e);
	}
	f.is = stamp_now(&f);
	until = a->req->arrived + timeout;
	if (known && same(&f.was, &f.is) && !a->req->expired && monotonic_now() < until) {
		a->verdict = LAB_WAIT;
		a->resp->wait_until = wake_at(a, until);
		if (until > a->lab->waiting_until)
			a->lab->waiting_until = until;
		return 0;
	}
	f.whole = !known || !can_follow(&f);
	if (f.watch)
		f.watch->handed = f.is.row;
	add_head(&f);
	add_journal(&f);
	if (add_resources(&f, e))
		return -1;
	buf_adds(&a->resp->body, "}\n");
	return 0;
}
