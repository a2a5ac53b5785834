/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl on bad days: what each failure of a connection counts as, blocking and not. */
#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "lakebase.h"
#include "support/run.h"
#include "wire.h"

#define ABSENT "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"
#define CREATED OK(14, "{\"done\":false}")
#define THERE OK(31, "{\"status\":{\"pg_version\":17}}   ")
#define BODY "{\"spec\":{\"pg_version\":17}}"

static int decisions[8];

static int on_decision(void *context, const struct lakebase_decision *d)
{
	(void)context;
	decisions[d->kind]++;
	return 0;
}

/* A request to a server that is silent is given up after `timeout` ms. */
static struct lakebase *client_of(const struct wire *w, int64_t timeout)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct lakebase *lb = NULL;

	memset(decisions, 0, sizeof(decisions));
	o.host = wire_url(w);
	o.token = "t0ken";
	o.ignore_environment = true;
	o.on_decision = on_decision;
	o.retry.base_delay_ms = 1;
	o.request_timeout_ms = timeout;
	ck_assert_int_eq(lakebase_new(&lb, &o), 0);
	return lb;
}

static struct lakebase *client(const struct wire *w)
{
	return client_of(w, 60000);
}

/* A script that ends a request in silence wants it given up soon, but for a busy machine not too soon. */
static struct lakebase *client_for(const struct wire *w, const struct wire_step *script)
{
	for (; script->bytes; script++)
		if (script->end == WIRE_HANG)
			return client_of(w, 1000);
	return client(w);
}

/* What each row's script does to a creation; all of them must end well, the last one by reading back. */
static const struct {
	const char *title;
	struct wire_step script[5];
	int requests, reconciled;
} rows[] = {
	{ "plain", { { CREATED, WIRE_KEEP } }, 1, 0 },
	{ "reset", { { "", WIRE_RESET }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "closed", { { "", WIRE_CLOSE }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "silent", { { "", WIRE_HANG }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "half a head", { { "HTTP/1.1 200 OK\r\nConte", WIRE_CLOSE }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "half a body", { { OK(100, "{\"done\":"), WIRE_CLOSE }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "half a body, then a reset", { { OK(100, "{\"done\":"), WIRE_RESET }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "half a body, then silence", { { OK(100, "{\"done\":"), WIRE_HANG }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "a body that is cut short", { { OK(8, "{\"done\":false}"), WIRE_CLOSE }, { THERE, WIRE_KEEP } }, 2,
		1 },
	{ "a head and nothing else", { { OK(0, ""), WIRE_KEEP }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "no HTTP at all", { { "hello\r\n\r\n", WIRE_CLOSE }, { THERE, WIRE_KEEP } }, 2, 1 },
	{ "lost, absent, sent again", { { "", WIRE_RESET }, { ABSENT, WIRE_KEEP }, { CREATED, WIRE_KEEP } }, 3,
		1 },
};

static void check_end(size_t i, int rc, int requests)
{
	ck_assert_msg(rc == 0, "%s: %s", rows[i].title, lakebase_last_error()->message);
	ck_assert_msg(requests == rows[i].requests, "%s: %d requests", rows[i].title, requests);
	ck_assert_msg(decisions[LAKEBASE_RECONCILE] == rows[i].reconciled, "%s", rows[i].title);
}

START_TEST(a_creation_survives_every_loss)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wire *w = wire_start(rows[i].script);
		struct lakebase *lb = client_for(w, rows[i].script);
		int rc, connections;

		rc = lakebase_create(NULL, lb, "projects/p", BODY, NULL);
		lakebase_free(lb);
		check_end(i, rc, wire_stop(w, &connections));
	}
}
END_TEST

/* libcurl resends by itself when a reused connection is dead, POST included. Not here. */
START_TEST(a_dead_reused_connection_is_no_licence_to_send_twice)
{
	static const struct wire_step script[] = { { OK(2, "{}"), WIRE_KEEP }, { "", WIRE_RESET },
		{ THERE, WIRE_KEEP }, { NULL, WIRE_KEEP } };
	struct wire *w = wire_start(script);
	struct lakebase *lb = client(w);
	int connections;

	ck_assert_int_eq(lakebase_get(NULL, lb, "projects/x"), 0);
	ck_assert_int_eq(lakebase_create(NULL, lb, "projects/p", BODY, NULL), 0);
	ck_assert_int_eq(decisions[LAKEBASE_RECONCILE], 1);
	ck_assert_int_eq(decisions[LAKEBASE_OURS], 1);
	lakebase_free(lb);
	ck_assert_int_eq(wire_stop(w, &connections), 3);
	/* the one that libcurl would have sent again on carried nothing */
	ck_assert_int_eq(connections, 3);
}
END_TEST

START_TEST(one_connection_serves_many_calls)
{
	struct wire_step script[21] = { { NULL, WIRE_KEEP } };
	struct lakebase *lb;
	struct wire *w;
	int connections;

	for (int i = 0; i < 20; i++)
		script[i] = (struct wire_step){ OK(2, "{}"), WIRE_KEEP };
	w = wire_start(script);
	lb = client(w);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(lakebase_get(NULL, lb, "projects/p"), 0);
	lakebase_free(lb);
	ck_assert_int_eq(wire_stop(w, &connections), 20);
	ck_assert_int_eq(connections, 1);
}
END_TEST

START_TEST(an_answer_of_the_wrong_size_or_kind_is_said_as_such)
{
	static const struct {
		struct wire_step script[2];
		int code;
		const char *message;
	} strange[] = {
		{ { { OK(70000000, "{"), WIRE_CLOSE } }, LAKEBASE_EANSWER, "larger than 64 MiB" },
		{ { { "\x15\x03\x03", WIRE_CLOSE } }, LAKEBASE_ECONNECT, "begins with https://" },
	};
	int requests, connections;
	struct lakebase *lb;
	struct wire *w;

	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		w = wire_start(strange[i].script);
		lb = client(w);
		ck_assert_int_eq(lakebase_get(NULL, lb, "projects/p"), strange[i].code);
		ck_assert_msg(strstr(lakebase_last_error()->message, strange[i].message), "%s",
			lakebase_last_error()->message);
		lakebase_free(lb);
		requests = wire_stop(w, &connections);
		ck_assert_int_eq(requests, 1);
	}
}
END_TEST

START_TEST(nobody_there_is_said_as_such)
{
	static const struct wire_step script[] = { { NULL, WIRE_KEEP } };
	struct wire *w = wire_start(script);
	struct lakebase *lb = client(w);
	int connections;

	wire_stop(w, &connections);
	ck_assert_int_eq(lakebase_create(NULL, lb, "projects/p", BODY, NULL), LAKEBASE_ECONNECT);
	ck_assert_int_eq(decisions[LAKEBASE_RECONCILE], 0);
	ck_assert_int_eq(decisions[LAKEBASE_RETRY], 4);
	lakebase_free(lb);
}
END_TEST

/* ---- without blocking: a loop of poll(2) ---- */

struct loop {
	struct pollfd fds[16];
	int n;
	int64_t timeout;
	int done, code;
};

static void watch(void *context, int fd, int events)
{
	struct loop *l = context;
	int i = 0;

	while (i < l->n && l->fds[i].fd != fd)
		i++;
	if (!events && i < l->n)
		l->fds[i] = l->fds[--l->n];
	if (!events)
		return;
	ck_assert_int_lt(i, 16);
	l->fds[i].fd = fd;
	l->fds[i].events = (short)((events & LAKEBASE_READABLE ? POLLIN : 0)
		| (events & LAKEBASE_WRITABLE ? POLLOUT : 0));
	l->n += i == l->n;
}

static void timer(void *context, int64_t ms)
{
	((struct loop *)context)->timeout = ms;
}

static void done(void *context, int code, const struct lakebase_doc *result, const struct lakebase_error *e)
{
	struct loop *l = context;

	(void)result;
	(void)e;
	l->done++;
	l->code = code;
}

static void turn(struct loop *l, struct lakebase_multi *m)
{
	int ready = poll(l->fds, (nfds_t)l->n, (int)l->timeout), events;

	if (!ready)
		lakebase_multi_action(m, -1, 0);
	for (int i = 0; i < l->n && ready > 0; i++) {
		if (!l->fds[i].revents)
			continue;
		events = (l->fds[i].revents & (POLLIN | POLLHUP | POLLERR) ? LAKEBASE_READABLE : 0)
			| (l->fds[i].revents & POLLOUT ? LAKEBASE_WRITABLE : 0);
		lakebase_multi_action(m, l->fds[i].fd, events);
		break; /* the list may have changed */
	}
}

START_TEST(a_loop_of_ones_own_survives_as_much)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wire *w = wire_start(rows[i].script);
		struct lakebase_call_spec spec = LAKEBASE_CALL_SPEC_INIT;
		struct loop l = { .timeout = -1 };
		struct lakebase_loop hooks = { watch, timer, &l };
		struct lakebase *lb = client_for(w, rows[i].script);
		struct lakebase_multi *m;
		int connections;

		spec.verb = LAKEBASE_VERB_CREATE;
		spec.name = "projects/p";
		spec.body = BODY;
		ck_assert_int_eq(lakebase_multi_new(&m, lb, &hooks), 0);
		ck_assert_int_eq(lakebase_multi_add(NULL, m, &spec, done, &l), 0);
		while (lakebase_multi_running(m))
			turn(&l, m);
		ck_assert_int_eq(l.done, 1);
		lakebase_multi_free(m);
		lakebase_free(lb);
		check_end(i, l.code, wire_stop(w, &connections));
	}
}
END_TEST

START_TEST(calls_can_be_cancelled_on_their_way)
{
	static const struct wire_step script[] = { { "", WIRE_HANG }, { NULL, WIRE_KEEP } };
	struct wire *w = wire_start(script);
	struct lakebase_call_spec spec = LAKEBASE_CALL_SPEC_INIT;
	struct loop l = { .timeout = -1 };
	struct lakebase_loop hooks = { watch, timer, &l };
	struct lakebase *lb = client_for(w, script);
	struct lakebase_multi *m;
	struct lakebase_call *call;
	int connections;

	spec.name = "projects/p";
	ck_assert_int_eq(lakebase_multi_new(&m, lb, &hooks), 0);
	ck_assert_int_eq(lakebase_multi_add(&call, m, &spec, done, &l), 0);
	for (int i = 0; i < 5 && l.timeout >= 0; i++)
		turn(&l, m);
	ck_assert_int_eq(l.done, 0);
	lakebase_call_cancel(call);
	turn(&l, m);
	ck_assert_int_eq(l.done, 1);
	ck_assert_int_eq(l.code, LAKEBASE_ECANCELLED);
	/* and one that nobody waits for any more */
	ck_assert_int_eq(lakebase_multi_add(&call, m, &spec, done, &l), 0);
	turn(&l, m);
	lakebase_multi_free(m);
	ck_assert_int_eq(l.done, 1);
	lakebase_free(lb);
	wire_stop(w, &connections);
}
END_TEST

START_TEST(many_at_once_without_a_loop)
{
	struct wire_step script[41] = { { NULL, WIRE_KEEP } };
	struct lakebase_call_spec spec = LAKEBASE_CALL_SPEC_INIT;
	struct loop l = { .timeout = -1 };
	struct lakebase_multi *m;
	struct lakebase *lb;
	struct wire *w;
	int connections;

	/* the script serves one connection after another, so each answer ends its own */
	for (int i = 0; i < 40; i++)
		script[i] = (struct wire_step){ i % 4 ? OK(2, "{}") : "", WIRE_CLOSE };
	w = wire_start(script);
	lb = client(w);
	spec.name = "projects/p";
	ck_assert_int_eq(lakebase_multi_new(&m, lb, NULL), 0);
	for (int i = 0; i < 30; i++)
		ck_assert_int_eq(lakebase_multi_add(NULL, m, &spec, done, &l), 0);
	ck_assert_int_eq(lakebase_multi_run(m, 60000), 0);
	ck_assert_int_eq(l.done, 30);
	ck_assert_int_eq(l.code, 0);
	lakebase_multi_free(m);
	lakebase_free(lb);
	ck_assert_int_eq(wire_stop(w, &connections), 40);
}
END_TEST

int main(void)
{
	return RUN_TESTS("wire", a_creation_survives_every_loss,
		a_dead_reused_connection_is_no_licence_to_send_twice, one_connection_serves_many_calls,
		an_answer_of_the_wrong_size_or_kind_is_said_as_such,
		nobody_there_is_said_as_such, a_loop_of_ones_own_survives_as_much,
		calls_can_be_cancelled_on_their_way, many_at_once_without_a_loop);
}
