/* SPDX-License-Identifier: Apache-2.0 */
/* Each way an answer can go wrong, seen from the client and as told to the lab. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "http/fake_lab.h"
#include "http/peer.h"
#include "support/run.h"

/* What a client sees, and what the lab is told. */
static const struct effect {
	const char *query;
	int status;      /* 0: nothing comes */
	size_t body;     /* bytes of it that come */
	size_t declared;
	enum ended plain, tls;
	enum delivered how;
} effects[] = {
	{ "kind=reset", 0, 0, 0, PEER_RESET, PEER_RESET, DELIVERED_NONE },
	{ "kind=reset&delay=20000", 0, 0, 0, PEER_RESET, PEER_RESET, DELIVERED_NONE },
	{ "kind=close", 0, 0, 0, PEER_EOF, PEER_EOF, DELIVERED_NONE },
	{ "kind=close&delay=20000", 0, 0, 0, PEER_EOF, PEER_EOF, DELIVERED_NONE },
	{ "kind=hang&hang=50000", 0, 0, 0, PEER_EOF, PEER_EOF, DELIVERED_NONE },
	{ "kind=hang&hang=50000&size=100&truncate=50", 200, 50, 100, PEER_EOF, PEER_EOF,
		DELIVERED_PARTIAL },
	{ "size=100&truncate=0", 200, 0, 100, PEER_EOF, PEER_CUT, DELIVERED_PARTIAL },
	{ "size=100&truncate=37", 200, 37, 100, PEER_EOF, PEER_CUT, DELIVERED_PARTIAL },
	{ "size=100&truncate=37&reset=1", 200, 37, 100, PEER_RESET, PEER_RESET, DELIVERED_PARTIAL },
	{ "size=100&truncate=0&reset=1", 200, 0, 100, PEER_RESET, PEER_RESET, DELIVERED_PARTIAL },
	{ "size=100&truncate=37&delay=20000", 200, 37, 100, PEER_EOF, PEER_CUT, DELIVERED_PARTIAL },
	{ "size=100&truncate=500", 200, 100, 100, PEER_EOF, PEER_CUT, DELIVERED_FULL },
	{ "size=100&wrong=1", 200, 100, 101, PEER_EOF, PEER_CUT, DELIVERED_PARTIAL },
	{ "size=100&truncate=20&dribble=7&every=1000", 200, 20, 100, PEER_EOF, PEER_CUT,
		DELIVERED_PARTIAL },
	{ "size=300000&truncate=299999", 200, 299999, 300000, PEER_EOF, PEER_CUT,
		DELIVERED_PARTIAL },
	{ "size=300000&truncate=299999&reset=1", 200, 299999, 300000, PEER_RESET, PEER_RESET,
		DELIVERED_PARTIAL },
	{ "status=503&size=9&truncate=3", 503, 3, 9, PEER_EOF, PEER_CUT, DELIVERED_PARTIAL },
};

static void check_bytes(struct peer *p, const struct effect *x)
{
	char length[64], *end = strstr(p->in, "\r\n\r\n");
	size_t head;

	if (!x->status) {
		ck_assert_uint_eq(p->len, 0);
		return;
	}
	ck_assert_ptr_nonnull(end);
	head = (size_t)(end + 4 - p->in);
	ck_assert_int_eq(atoi(p->in + 9), x->status);
	snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", x->declared);
	ck_assert_msg(strstr(p->in, length) != NULL, "%s", p->in);
	ck_assert_ptr_null(strstr(p->in, "Connection: close"));
	ck_assert_uint_eq(p->len - head, x->body);
	for (size_t i = 0; i < x->body; i++)
		if (p->in[head + i] != "0123456789"[i % 10])
			ck_abort_msg("byte %zu of the body is wrong", i);
}

static void suffer(const struct effect *x, bool tls)
{
	char target[200];
	struct fake_report r;
	struct server s;
	struct peer p;

	server_start(&s, tls, NULL);
	peer_open(&p, &s);
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200); /* the effect may come on any request */
	snprintf(target, sizeof target, "/x?%s", x->query);
	peer_get(&p, target);
	peer_read(&p, SIZE_MAX, SURELY);
	ck_assert_msg(p.ended == (tls ? x->tls : x->plain), "%s: ended %d", x->query, p.ended);
	check_bytes(&p, x);
	r = fake_report(1);
	ck_assert_uint_eq(r.seq, 2);
	ck_assert_msg(r.how == x->how, "%s: reported %d", x->query, r.how);
	ck_assert_int_eq(r.status, x->status);
	ck_assert_uint_eq(r.bytes, x->body);
	peer_close(&p);
	server_stop(&s);
	ck_assert_int_eq(fake_num_reports(), 2);
}

START_TEST(effects_plain)
{
	suffer(&effects[_i], false);
}
END_TEST

START_TEST(effects_tls)
{
	suffer(&effects[_i], true);
}
END_TEST

/* ---- answers that arrive after all ---- */

static const char *const late[] = { "size=100&delay=30000", "size=100&dribble=33&every=10000",
	"size=100&dribble=1&every=100", "size=0&delay=30000", "size=100&dribble=1000",
	"size=70000&delay=10000&dribble=30000&every=10000", "status=204&dribble=5" };

static void arrives_late(const char *query, bool tls)
{
	size_t size = query[0] == 's' && query[1] == 'i' ? strtoul(query + 5, NULL, 10) : 0;
	char target[200], *body;
	struct fake_report r;
	struct server s;
	struct peer p;

	server_start(&s, tls, NULL);
	peer_open(&p, &s);
	snprintf(target, sizeof target, "/x?%s", query);
	for (int i = 0; i < 3; i++) { /* the connection is kept */
		ck_assert_int_ne(peer_ask(&p, target, &body), 0);
		ck_assert_uint_eq(strlen(body), size);
		free(body);
		r = fake_report(i);
		ck_assert_int_eq(r.how, DELIVERED_FULL);
		ck_assert_uint_eq(r.bytes, size);
	}
	peer_close(&p);
	server_stop(&s);
}

START_TEST(late_answers_plain)
{
	arrives_late(late[_i], false);
}
END_TEST

START_TEST(late_answers_tls)
{
	arrives_late(late[_i], true);
}
END_TEST

START_TEST(a_dribble_has_exact_pieces_and_pauses)
{
	struct server s;
	struct peer p;
	usec from;
	char *end;

	server_start(&s, false, NULL);
	peer_open(&p, &s);
	from = monotonic_now();
	peer_get(&p, "/x?size=20&dribble=5&every=300000");
	peer_read(&p, 1, SURELY);
	peer_read(&p, SIZE_MAX, 20); /* the head and the first piece, then a pause */
	end = strstr(p.in, "\r\n\r\n");
	ck_assert_ptr_nonnull(end);
	ck_assert_str_eq(end + 4, "01234");
	peer_read(&p, p.len + 5, SURELY);
	ck_assert_str_eq(strstr(p.in, "\r\n\r\n") + 4, "0123456789");
	peer_read(&p, p.len + 10, SURELY);
	/* libevent counts a timer from the start of its turn, so it may fire a little early */
	ck_assert_int_ge(monotonic_now() - from, 3 * 300000 - 5000);
	peer_close(&p);
	server_stop(&s);
}
END_TEST

START_TEST(a_delay_delays_that_answer_and_no_other)
{
	struct server s;
	struct peer slow, fast;
	usec from;

	server_start(&s, false, NULL);
	peer_open(&slow, &s);
	peer_open(&fast, &s);
	from = monotonic_now();
	peer_get(&slow, "/x?size=1&delay=1000000");
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(peer_ask(&fast, "/ok", NULL), 200);
	ck_assert_int_eq(peer_read(&slow, 1, 0), PEER_OPEN);
	ck_assert_uint_eq(slow.len, 0);
	ck_assert_int_eq(peer_answer(&slow, NULL), 200);
	ck_assert_int_ge(monotonic_now() - from, 990000);
	peer_close(&slow);
	peer_close(&fast);
	server_stop(&s);
}
END_TEST

START_TEST(effects_hold_when_the_client_asks_to_close)
{
	struct server s;
	struct peer p;

	server_start(&s, false, NULL);
	peer_open(&p, &s);
	peer_puts(&p, "GET /x?kind=reset HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	ck_assert_int_eq(peer_read(&p, 1, SURELY), PEER_RESET);
	peer_close(&p);
	peer_open(&p, &s);
	peer_puts(&p,
		"GET /x?size=9&delay=9000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	ck_assert_int_eq(peer_answer(&p, NULL), 200);
	ck_assert_int_eq(peer_read(&p, 1, SURELY), PEER_EOF);
	peer_close(&p);
	server_stop(&s);
}
END_TEST

/* ---- clients that vanish ---- */

START_TEST(clients_may_vanish_at_any_moment)
{
	static const char *const targets[] = { "/x?kind=hang", "/x?size=9&delay=30000",
		"/wait?until=100000", "/x?size=5000000", "/x?size=999&dribble=1&every=1000",
		"/x?kind=hang&hang=20000", "/x?kind=reset&delay=5000", "/x?size=999999&truncate=9",
		"/ok" };
	bool tls = _i & 1, rst = _i & 2;
	struct server s;
	struct peer p;

	server_start(&s, tls, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		for (int pause = 0; pause < 20000; pause += 4000) {
			peer_open(&p, &s);
			peer_get(&p, targets[i]);
			usleep((useconds_t)pause); /* allowed: any moment will do */
			(rst ? peer_abort : peer_close)(&p);
		}
	peer_open(&p, &s);
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	peer_close(&p);
	server_stop(&s);
	/* Each answer is reported exactly once, whatever became of it. */
	ck_assert_int_ge(fake_num_reports(), 8 * 5);
	for (int i = 0; i < fake_num_reports(); i++)
		for (int j = 0; j < i; j++)
			ck_assert_uint_ne(fake_report(i).seq, fake_report(j).seq);
}
END_TEST

START_TEST(a_client_that_left_before_a_late_answer_got_nothing)
{
	struct fake_report r;
	struct server s;
	struct peer p;

	server_start(&s, false, NULL);
	peer_open(&p, &s);
	peer_get(&p, "/x?size=100&delay=1000000");
	fake_await_served(1);
	peer_close(&p);
	r = fake_report(0);
	ck_assert_int_eq(r.how, DELIVERED_NONE);
	ck_assert_int_eq(r.status, 0);
	server_stop(&s);
}
END_TEST

START_TEST(a_hang_is_freed_when_the_client_leaves)
{
	struct server s;
	struct peer p;
	int before;

	server_start(&s, _i, NULL);
	before = open_descriptors();
	peer_open(&p, &s);
	peer_get(&p, "/x?kind=hang");
	ck_assert_int_eq(peer_read(&p, 1, 100), PEER_OPEN);
	peer_puts(&p, "more that nobody reads");
	ck_assert_int_eq(peer_read(&p, 1, 50), PEER_OPEN);
	peer_close(&p);
	await_descriptors(before);
	server_stop(&s);
}
END_TEST

int main(void)
{
	return RUN_TIMES("http-wire", { effects_plain, ARRAY_SIZE(effects) },
		{ effects_tls, ARRAY_SIZE(effects) },
		{ late_answers_plain, ARRAY_SIZE(late) },
		{ late_answers_tls, ARRAY_SIZE(late) },
		{ a_dribble_has_exact_pieces_and_pauses },
		{ a_delay_delays_that_answer_and_no_other },
		{ effects_hold_when_the_client_asks_to_close },
		{ clients_may_vanish_at_any_moment, 4 },
		{ a_client_that_left_before_a_late_answer_got_nothing },
		{ a_hang_is_freed_when_the_client_leaves, 2 });
}
