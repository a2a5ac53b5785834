/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/failing/disturb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/db.h"

/* All that the file holds, except numbers that nobody sees. */
static const char everything[] =
	"SELECT w.name, w.expires, w.plans, s.seq, s.clock_mode, s.clock_factor,"
	" iif(s.clock_mode = 2, s.clock_wall, 0), s.clock_now, o.name, o.deleted, o.kind,"
	" o.parent, o.seq, o.bytes, o.due, o.event, o.scope, o.alias, o.aux, o.doc"
	" FROM workspace w JOIN state s ON s.id = w.state"
	" LEFT JOIN object o ON o.state = s.id"
	" UNION ALL SELECT n.ws, n.name, n.time, n.resources, n.bytes, s.seq, s.clock_now, o.name,"
	" o.deleted, o.doc, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM snapshot n JOIN state s ON s.id = n.state"
	" LEFT JOIN object o ON o.state = s.id ORDER BY 1, 2, 9, 10";

static void add_file(struct buf *b)
{
	sqlite3_stmt *q = NULL;

	ck_assert_int_eq(sqlite3_prepare_v2(r->app->world.store->db, everything, -1, &q, NULL), SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(q); i++) {
			const char *text = (const char *)sqlite3_column_text(q, i);

			buf_adds(b, text ? text : "-");
			buf_adds(b, "|");
		}
		buf_adds(b, "\n");
	}
	sqlite3_finalize(q);
}

/* What the server believes of a workspace. */
static int add_cached(void *arg, const char *name)
{
	struct buf *b = arg;
	char plan[PLAN_TEXT_SIZE];
	struct err e;
	const struct workspace *ws = app_workspace(r->app, name, false, &e);
	int64_t state = 0;

	ck_assert_ptr_nonnull(ws);
	ck_assert_int_eq(store_workspace_get(r->app->world.store, name, &state, &e), 1);
	ck_assert_msg(ws->state == state, "the server looks at another state than that of the file");
	buf_addf(b, "%s|%lld|%d|%g|%lld|%lld|%lld|%s|", name, (long long)ws->seq, (int)ws->clock.mode,
		ws->clock.factor, (long long)app_now(r->app, ws), (long long)ws->next_due,
		(long long)ws->expires, plan_format(&ws->plan, plan));
	for (int i = 0; i < ws->num_plans; i++)
		buf_addf(b, "%s|%s|%s|", ws->plans[i].rpc, ws->plans[i].project,
			plan_format(&ws->plans[i].plan, plan));
	buf_adds(b, "\n");
	return 0;
}

char *whole(void)
{
	struct buf b = {0};
	struct err e;

	add_file(&b);
	ck_assert(!store_workspace_each(r->app->world.store, add_cached, &b, &e));
	ck_assert(!b.failed);
	return b.data;
}

/* What a request does when nothing fails. */
struct usual {
	const struct asked *asked;
	char what[512];
	char *before, *after; /* the whole */
	char *state;	      /* before, as a document */
	char *body;
	int status;
};

static void pass(const struct usual *u, int times)
{
	rig_wall += times * u->asked->pass * USEC_SECOND;
}

/* Each request has another trace. */
static void forget_trace(char *text)
{
	char *at = strstr(text, "[TraceId: ");

	if (at)
		memset(at, '.', strcspn(at, "]"));
}

static int ask(const struct usual *u)
{
	int status;

	pass(u, 1);
	status = u->asked->as ? rig_ask_as(r, u->asked->as, u->what, u->asked->body)
			      : rig_ask(r, u->what, u->asked->body);
	pass(u, -1);
	forget_trace(r->resp.body.data);
	return status;
}

static void differ(const char *a, const char *b, const struct usual *u, const struct disturbance *d,
	long n, const char *what)
{
	size_t at = 0;

	while (a[at] && a[at] == b[at])
		at++;
	at = at > 200 ? at - 200 : 0;
	ck_abort_msg("%s, %s %ld: another %s\n%.500s\n------ is now\n%.500s", u->what, d->what, n,
		what, a + at, b + at);
}

static void same(const char *a, const char *b, const struct usual *u, const struct disturbance *d,
	long n, const char *what)
{
	if (!streq(a, b))
		differ(a, b, u, d, n, what);
}

static void restore(const struct usual *u, const struct disturbance *d, long n)
{
	char *now;

	ck_assert_msg(rig_ask(r, "PUT /_mock/state", u->state) == 200, "%s, %s %ld: the state before: %.900s",
		u->what, d->what, n, r->resp.body.data);
	if (u->asked->undo)
		ck_assert_int_lt(rig_ask(r, u->asked->undo, u->asked->undo_body), 300);
	now = whole();
	same(u->before, now, u, d, n, "state after it was undone");
	free(now);
}

/* What was shown last, for what the requests cannot know. */
struct shown {
	char operation[256], uid[64];
};

static struct usual look(const struct asked *asked, const struct shown *shown, const struct disturbance *d)
{
	size_t n = strcspn(asked->what, "*~");
	char mark = asked->what[n];
	struct usual u = {.asked = asked};

	snprintf(u.what, sizeof u.what, "%.*s%s%s", (int)n, asked->what,
		mark == '*' ? shown->operation : mark ? shown->uid : "",
		mark ? asked->what + n + 1 : "");
	u.state = rig_state(r);
	u.before = whole();
	u.status = ask(&u);
	ck_assert_msg(asked->status ? u.status == asked->status : u.status == 200 || u.status == 201,
		"%s: %d %.900s", u.what, u.status, r->resp.body.data);
	u.body = strdup(r->resp.body.data);
	u.after = whole();
	if (!streq(u.before, u.after))
		restore(&u, d, 0);
	return u;
}

static bool mock(const struct usual *u)
{
	return strstr(u->what, " /_mock");
}

/* It only looks, but what fell due meanwhile may have happened for all that. */
static bool happens(const struct usual *u)
{
	return u->asked->pass && text_starts(u->what, "GET ", NULL);
}

/* The journal does not say that a request has changed something when it has not. */
static void not_applied(const struct usual *u, const struct disturbance *d, long n)
{
	rig_want(r, "GET /_mock/journal?limit=1", NULL, 200);
	ck_assert_msg(json_is_false(rig_at(r, "requests.0.applied")), "%s, %s %ld: %.900s", u->what, d->what,
		n, r->resp.body.data);
}

/* Says of a request, disturbed or not, whether it was all right. 1: it told of the failure. */
static int check(const struct usual *u, const struct disturbance *d, long n, int status)
{
	const char *text = r->resp.body.data;
	bool told = !streq(u->body, text) && d->told(status, text);
	bool old = !told && u->asked->old && status == u->status && strstr(text, u->asked->old);
	char *now;

	if (!told && !old) {
		ck_assert_msg(status == u->status, "%s, %s %ld: %d %.900s", u->what, d->what, n, status,
			text);
		same(u->body, text, u, d, n, "answer");
	}
	if (told && n % d->look_every && !(d->deed_stays && mock(u)))
		return true;
	now = whole();
	if (!told && !old)
		same(u->after, now, u, d, n, "outcome");
	else if (!(d->deed_stays && mock(u)) && !((old || happens(u)) && streq(u->after, now)))
		same(u->before, now, u, d, n, "state");
	if (!streq(u->before, now))
		restore(u, d, n);
	else if (told && !mock(u))
		not_applied(u, d, n);
	free(now);
	return told;
}

static int disturb_one(const struct disturbance *d, const struct usual *u)
{
	int told = 0, status;
	long n = 1 + (u->asked->body ? d->own : 0);

	for (;; n++) {
		d->arm(n);
		status = ask(u);
		if (d->used() < n)
			break;
		d->arm(0);
		told += check(u, d, n, status);
	}
	d->arm(0);
	ck_assert_int_eq(status, u->status);
	same(u->body, r->resp.body.data, u, d, n, "answer at last");
	return told;
}

/* The journal tells which requests have changed something; to count a refusal is no change. */
static void check_journal(const struct usual *u)
{
	if (mock(u) || text_starts(u->what, "GET ", NULL) || u->status == 409)
		return;
	rig_want(r, "GET /_mock/journal?limit=1", NULL, 200);
	ck_assert_msg(json_is_true(rig_at(r, "requests.0.applied")) == !streq(u->before, u->after),
		"%s: %.900s", u->what, r->resp.body.data);
}

static void see(struct shown *s)
{
	const char *uid = json_string_value(json_object_get(r->doc, "uid"));

	if (json_object_get(r->doc, "done"))
		snprintf(s->operation, sizeof s->operation, "%s", rig_str(r, "name"));
	if (uid)
		snprintf(s->uid, sizeof s->uid, "%s", uid);
}

int disturb(const struct disturbance *d, const struct asked *requests)
{
	struct shown shown = {0};
	int told = 0;

	for (; requests->what; requests++) {
		struct usual u = look(requests, &shown, d);
		char *now;

		told += disturb_one(d, &u);
		see(&shown);
		now = whole();
		same(u.after, now, &u, d, 0, "outcome at last");
		check_journal(&u);
		pass(&u, 1);
		free(now);
		free(u.before);
		free(u.after);
		free(u.state);
		free(u.body);
	}
	return told;
}
