/* SPDX-License-Identifier: Apache-2.0 */
/* The end of the server, clients that speak the other protocol, and the one large request. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/macros.h"
#include "fake_lab.h"
#include "peer.h"
#include "support/run.h"

static struct server s;

/* ---- what was asked in time ---- */

enum { KEPT = 60, NEW = 30 };

/* The server is held up while requests arrive, as one that was stopped for a while is. */
static void what_was_asked_is_answered(bool tls)
{
	struct peer block, kept[KEPT], fresh[NEW];
	int told = 0;

	server_start(&s, tls, NULL);
	for (int i = 0; i < KEPT; i++) {
		peer_open(&kept[i], &s);
		ck_assert_int_eq(peer_ask(&kept[i], "/ok", NULL), 200);
	}
	peer_open(&block, &s);
	peer_get(&block, "/block");
	fake_await_block();
	for (int i = 0; i < KEPT; i++)
		peer_get(&kept[i], "/ok");
	for (int i = 0; i < NEW && !tls; i++) { /* a handshake would need an answer now */
		peer_open(&fresh[i], &s);
		peer_get(&fresh[i], "/ok");
	}
	kill(getpid(), SIGTERM);
	fake_unblock();
	ck_assert_int_eq(peer_answer(&block, NULL), 200);
	for (int i = 0; i < KEPT + (tls ? 0 : NEW); i++) {
		struct peer *p = i < KEPT ? &kept[i] : &fresh[i - KEPT];

		peer_read(p, 20000, SURELY);
		told += strstr(p->in, "Connection: close") != NULL;
		ck_assert_msg(peer_answer(p, NULL) == 200, "client %d got no answer", i);
		ck_assert_int_eq(p->ended, PEER_EOF);
		peer_close(p);
	}
	ck_assert_int_gt(told, 0); /* those that were read after the signal */
	server_join(&s);
	peer_close(&block);
}

START_TEST(requests_in_sockets_are_answered)
{
	what_was_asked_is_answered(false);
}
END_TEST

START_TEST(requests_in_sockets_are_answered_under_tls)
{
	what_was_asked_is_answered(true);
}
END_TEST

/* ---- the other protocol ---- */

/* Standard error from here on. */
static FILE *listen_to_log(void)
{
	int fds[2];

	fflush(stderr);
	ck_assert_int_eq(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	return fdopen(fds[0], "r");
}

START_TEST(tls_on_the_plain_port_leaves_a_line)
{
	static const char hello[] = "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03";
	FILE *log;
	struct peer p;
	char line[512];

	server_start(&s, false, NULL);
	log = listen_to_log();
	peer_open(&p, &s);
	peer_send(&p, hello, sizeof hello - 1);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, log));
	ck_assert_msg(strstr(line, "spoke TLS") && strstr(line, "--tls-self-signed"), "%s", line);
	peer_close(&p);
	server_stop(&s);
	fclose(log);
}
END_TEST

START_TEST(http_on_the_tls_port_leaves_a_line_and_is_told)
{
	FILE *log;
	struct server plain;
	struct peer p;
	char line[512], *body = NULL;

	server_start(&s, true, NULL);
	log = listen_to_log();
	plain = s;
	plain.tls = false;
	peer_open(&p, &plain);
	peer_puts(&p, "GET /ok HTTP/1.1\r\nHost: localhost\r\n\r\n");
	ck_assert_int_eq(peer_answer(&p, &body), 400);
	ck_assert_msg(strstr(body, "https://") != NULL, "%s", body);
	free(body);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, log));
	ck_assert_msg(strstr(line, "plain HTTP") != NULL, "%s", line);
	peer_close(&p);
	server_stop(&s);
	fclose(log);
}
END_TEST

/* ---- the one large request ---- */

static int send_body(const char *target, size_t len, struct peer *p)
{
	static char block[64 << 10];
	char head[256];

	peer_open(p, &s);
	snprintf(head, sizeof head, "PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n",
		target, len);
	peer_puts(p, head);
	for (size_t sent = 0; sent < len; sent += sizeof block)
		peer_send(p, block, len - sent < sizeof block ? len - sent : sizeof block);
	return peer_answer(p, NULL);
}

START_TEST(a_state_may_be_larger_than_other_requests)
{
	const size_t large = MAX_BODY_TRANSPORT + (4 << 20);
	struct peer p;

	server_start(&s, _i, NULL);
	ck_assert_int_eq(send_body("/_mock/state?size=1", large, &p), 200);
	peer_close(&p);
	server_stop(&s);
	ck_assert_int_eq(fake_served_path("/_mock/state"), 1);
}
END_TEST

START_TEST(two_may_be_large_at_a_time)
{
	static const char head[] = "PUT /_mock/state HTTP/1.1\r\nHost: localhost\r\n"
				   "Content-Length: 20000000\r\n\r\n";
	struct peer p[3], after;
	int alone;

	server_start(&s, false, NULL);
	alone = open_descriptors();
	for (int i = 0; i < 3; i++) {
		peer_open(&p[i], &s);
		peer_puts(&p[i], head);
		peer_open(&after, &s); /* who is answered came later: the head before it was read */
		ck_assert_int_eq(peer_ask(&after, "/ok", NULL), 200);
		peer_close(&after);
	}
	ck_assert_int_eq(peer_answer(&p[2], NULL), 413);
	ck_assert_int_eq(peer_read(&p[0], 1, 100), PEER_OPEN);
	peer_close(&p[0]);
	peer_close(&p[2]);
	await_descriptors(alone + 2); /* both ends of p[1] */
	peer_open(&p[2], &s);
	peer_puts(&p[2], head);
	ck_assert_int_eq(peer_read(&p[2], 1, 100), PEER_OPEN);
	ck_assert_uint_eq(p[2].len, 0);
	peer_close(&p[1]);
	peer_close(&p[2]);
	server_stop(&s);
}
END_TEST

int main(void)
{
	return RUN_TESTS("http-ends", requests_in_sockets_are_answered,
		requests_in_sockets_are_answered_under_tls, tls_on_the_plain_port_leaves_a_line,
		http_on_the_tls_port_leaves_a_line_and_is_told,
		a_state_may_be_larger_than_other_requests, two_may_be_large_at_a_time);
}
