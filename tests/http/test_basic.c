/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers as they should be, over TCP (loop 0) and TLS (loop 1). */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/macros.h"
#include "http/fake_lab.h"
#include "http/peer.h"
#include "support/run.h"

static struct server s;
static struct peer p;

static void begin(bool tls)
{
	server_start(&s, tls, NULL);
	peer_open(&p, &s);
}

static void end(void)
{
	peer_close(&p);
	server_stop(&s);
}

static void expect_answer(int status, const char *part)
{
	char *body = NULL;

	ck_assert_int_eq(peer_answer(&p, &body), status);
	ck_assert_msg(strstr(body, part) != NULL, "'%s' is not in '%s'", part, body);
	free(body);
}

START_TEST(a_request_arrives_as_it_was_sent)
{
	begin(_i);
	peer_puts(&p,
		"POST /echo?a=b%20c&d HTTP/1.1\r\nhost: localhost:80\r\n"
		"AUTHORIZATION: Bearer x\r\ncontent-length: 5\r\n\r\nhello");
	expect_answer(200,
		"{\"method\":\"POST\",\"path\":\"/echo\",\"query\":\"a=b%20c&d\",\"len\":5,"
		"\"too_large\":0,\"connection\":1,\"ordinal\":1,\"auth\":\"Bearer x\"}");
	peer_get(&p, "/echo");
	expect_answer(200, "\"connection\":1,\"ordinal\":2");
	peer_close(&p);
	peer_open(&p, &s);
	peer_get(&p, "//evil/../echo%2f");
	expect_answer(200, "");
	ck_assert_int_eq(fake_served_path("//evil/../echo%2f"), 1);
	peer_get(&p, "/echo?x?y");
	expect_answer(200, "\"query\":\"x?y\",\"len\":0,\"too_large\":0,\"connection\":2,");
	end();
}
END_TEST

START_TEST(an_answer_has_the_headers_it_needs_once)
{
	static const char *const once[] = { "\r\nDate: ", "\r\nContent-Type: application/json\r\n",
		"\r\nContent-Length: ", "\r\nX-Mock-Seq: 7\r\n" };

	begin(_i);
	peer_get(&p, "/echo");
	peer_read(&p, 200, SURELY);
	ck_assert(!strncmp(p.in, "HTTP/1.1 200 OK\r\n", 17));
	for (size_t i = 0; i < ARRAY_SIZE(once); i++) {
		char *at = strstr(p.in, once[i]);

		ck_assert_msg(at != NULL, "%s missing in %s", once[i], p.in);
		ck_assert_ptr_null(strstr(at + 1, once[i]));
	}
	ck_assert_ptr_null(strstr(p.in, "Connection:"));
	end();
}
END_TEST

START_TEST(every_status_has_a_name)
{
	static const char *const rows[] = { "302 Found", "423 Locked", "499 Client Error",
		"599 Server Error", "206 Partial Content", "308 Permanent Redirect" };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char path[40], line[60];

		begin(_i);
		snprintf(path, sizeof path, "/x?size=1&status=%.3s", rows[i]);
		snprintf(line, sizeof line, "HTTP/1.1 %s\r\n", rows[i]);
		peer_get(&p, path);
		peer_read(&p, strlen(line), SURELY);
		ck_assert_msg(!strncmp(p.in, line, strlen(line)), "%s", p.in);
		end();
	}
}
END_TEST

START_TEST(head_has_the_length_of_the_body_and_no_body)
{
	char *blank;

	begin(_i);
	peer_puts(&p, "HEAD /x?size=5 HTTP/1.1\r\nHost: localhost\r\n\r\n");
	peer_read(&p, 60, SURELY);
	peer_read(&p, SIZE_MAX, 50);
	ck_assert_ptr_nonnull(strstr(p.in, "\r\nContent-Length: 5\r\n"));
	blank = strstr(p.in, "\r\n\r\n");
	ck_assert_ptr_nonnull(blank);
	ck_assert_str_eq(blank + 4, "");
	ck_assert_uint_eq(fake_report(0).bytes, 0);
	ck_assert_int_eq(fake_report(0).how, DELIVERED_FULL);
	p.len = 0;
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	end();
}
END_TEST

START_TEST(no_content_has_neither_body_nor_length)
{
	begin(_i);
	peer_get(&p, "/x?status=204&size=5");
	peer_read(&p, 40, SURELY);
	peer_read(&p, SIZE_MAX, 50);
	ck_assert_ptr_null(strstr(p.in, "Content-"));
	ck_assert_str_eq(strstr(p.in, "\r\n\r\n"), "\r\n\r\n");
	end();
}
END_TEST

START_TEST(a_client_may_wait_for_100_continue)
{
	begin(_i);
	peer_puts(&p,
		"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
		"Expect: 100-continue\r\n\r\n");
	peer_read(&p, 25, SURELY);
	ck_assert_str_eq(p.in, "HTTP/1.1 100 Continue\r\n\r\n");
	p.len = 0;
	p.in[0] = '\0';
	peer_puts(&p, "hello");
	expect_answer(200, "\"len\":5");
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	end();
}
END_TEST

START_TEST(a_request_may_come_byte_by_byte)
{
	const char *request = "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
			      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

	begin(_i);
	for (const char *c = request; *c; c++) {
		peer_send(&p, c, 1);
		if (c - request < 12)
			usleep(1000);
	}
	expect_answer(200, "\"len\":5");
	end();
}
END_TEST

START_TEST(a_half_closed_client_gets_its_answer)
{
	static const char *const targets[] = { "/ok", "/x?size=300000", "/x?size=9&delay=20000",
		"/x?size=90&dribble=9&every=1000" };

	server_start(&s, false, NULL);
	for (int round = 0; round < 20; round++)
		for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
			peer_open(&p, &s);
			peer_get(&p, targets[i]);
			shutdown(p.fd, SHUT_WR);
			ck_assert_msg(peer_answer(&p, NULL) == 200, "%s", targets[i]);
			ck_assert_int_eq(peer_read(&p, 1, SURELY), PEER_EOF);
			peer_close(&p);
		}
	server_stop(&s);
}
END_TEST

START_TEST(answers_over_16_kib_do_not_stall)
{
	usec from, took, least = INT64_MAX;

	begin(_i);
	for (int i = 0; i < 50; i++) {
		from = monotonic_now();
		ck_assert_int_eq(peer_ask(&p, "/x?size=20480", NULL), 200);
		took = monotonic_now() - from;
		if (i >= 30 && took < least) /* the kernel is quick to acknowledge at first */
			least = took;
	}
	ck_assert_int_lt(least, 20000); /* delayed ACKs cost each 40 ms; a busy machine not each */
	end();
}
END_TEST

START_TEST(large_answers_arrive_whole)
{
	char *body;

	begin(_i);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(peer_ask(&p, "/x?size=3000007", &body), 200);
		ck_assert_uint_eq(strlen(body), 3000007);
		ck_assert_uint_eq(fake_report(i).bytes, 3000007);
		free(body);
	}
	end();
}
END_TEST

START_TEST(idle_time_is_used)
{
	begin(_i);
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	for (int i = 0; i < SURELY && !fake_idle_calls(); i++)
		usleep(1000);
	ck_assert_int_gt(fake_idle_calls(), 0);
	end();
}
END_TEST

/* ---- long polls ---- */

START_TEST(a_long_poll_ends_when_something_happened)
{
	struct peer other;
	char *body;

	begin(_i);
	peer_open(&other, &s);
	peer_get(&p, "/wait?until=60000000&pokes=3");
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(peer_read(&p, 1, 20), PEER_OPEN);
		ck_assert_uint_eq(p.len, 0);
		ck_assert_int_eq(peer_ask(&other, "/poke", NULL), 200);
	}
	ck_assert_int_eq(peer_answer(&p, &body), 200);
	ck_assert_str_eq(body, "{\"woken\":true}");
	free(body);
	ck_assert_int_eq(fake_asked_again(), 4); /* once at first, once after each poke */
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	peer_close(&other);
	end();
}
END_TEST

START_TEST(a_long_poll_ends_in_time)
{
	usec from;
	char *body;

	begin(_i);
	for (int i = 0; i < 2; i++) {
		from = monotonic_now();
		ck_assert_int_eq(peer_ask(&p, "/wait?until=100000", &body), 408);
		ck_assert_str_eq(body, "{\"expired\":true}");
		free(body);
		ck_assert_int_ge(monotonic_now() - from, 99000);
	}
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	end();
}
END_TEST

START_TEST(a_long_poll_whose_client_left_is_not_asked_again)
{
	struct peer other;
	int asked, before;

	begin(_i);
	peer_open(&other, &s);
	peer_get(&p, "/wait?until=60000000&pokes=99");
	fake_await_served(1);
	before = open_descriptors();
	peer_close(&p);
	await_descriptors(before - 2);
	asked = fake_asked_again();
	ck_assert_int_eq(peer_ask(&other, "/poke", NULL), 200);
	ck_assert_int_eq(peer_ask(&other, "/ok", NULL), 200); /* a turn later */
	ck_assert_int_eq(fake_asked_again(), asked);
	p = other;
	end();
}
END_TEST

/* ---- opening ---- */

START_TEST(a_bad_address_says_what_a_good_one_is)
{
	static const char *const bad[] = { "", "4610", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
		"127.0.0.1:65536", "127.0.0.1:-1", "example.com:1", "[::1:4610", "1.2.3:80" };
	struct http *h;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct http_options o = { .listen = bad[i] };
		struct err e = { 0 };

		ck_assert_int_eq(http_open(&h, &o, fake_lab(), &e), -1);
		ck_assert_int_eq(e.code, ERR_INVALID);
		ck_assert_ptr_nonnull(strstr(e.message, "ADDR:PORT"));
	}
}
END_TEST

START_TEST(urls_can_be_connected_to)
{
	static const struct {
		const char *listen, *host;
	} cases[] = { { "127.0.0.1:0", "127.0.0.1" }, { ":0", "127.0.0.1" },
		{ "localhost:0", "localhost" }, { "0.0.0.0:0", "127.0.0.1" } };
	char url[64];
	struct http *h;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_options o = { .listen = cases[i].listen };
		struct err e = { 0 };

		ck_assert_msg(http_open(&h, &o, fake_lab(), &e) == 0, "%s", e.message);
		snprintf(url, sizeof url, "http://%s:%d", cases[i].host, http_port(h));
		ck_assert_str_eq(http_url(h), url);
		http_close(h);
	}
}
END_TEST

START_TEST(a_port_in_use_is_an_error_that_helps)
{
	struct http_options o = { 0 };
	struct err e = { 0 };
	char address[64];
	struct http *h;

	server_start(&s, false, NULL);
	snprintf(address, sizeof address, "127.0.0.1:%d", http_port(s.http));
	o.listen = address;
	ck_assert_int_eq(http_open(&h, &o, fake_lab(), &e), -1);
	ck_assert_int_eq(e.code, ERR_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(e.message, address));
	ck_assert_ptr_nonnull(strstr(e.message, "port 0 picks a free one"));
	server_stop(&s);
}
END_TEST

START_TEST(bad_certificates_are_errors_that_name_them)
{
	static const struct http_options bad[] = {
		{ .listen = "127.0.0.1:0", .tls_cert = "/nonexistent.pem", .tls_key = "/x" },
		{ .listen = "127.0.0.1:0", .tls_cert = "/nonexistent.pem" },
		{ .listen = "127.0.0.1:0", .tls_self_signed = "/nonexistent/nonexistent.pem" },
		{ .listen = "127.0.0.1:0", .tls_self_signed = "/tmp/x", .tls_cert = "y" },
	};
	struct http *h;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err e = { 0 };

		ck_assert_int_eq(http_open(&h, &bad[i], fake_lab(), &e), -1);
		ck_assert_int_eq(e.code, ERR_INVALID);
		ck_assert_msg(strstr(e.message, "nonexistent") || strstr(e.message, "--tls-"),
			"%s", e.message);
	}
}
END_TEST

START_TEST(hosts_can_be_allowed)
{
	static const char *const allowed[] = { "mock", "*.ci.example", NULL };
	static const struct http_options o = { .allow_hosts = allowed };
	static const struct {
		const char *host;
		int status;
	} cases[] = { { "mock:4610", 200 }, { "MOCK", 200 }, { "a.ci.example", 200 },
		{ "ci.example", 421 }, { "mock.evil", 421 } };
	char request[256], *body;

	server_start(&s, false, &o);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		peer_open(&p, &s);
		snprintf(request, sizeof request, "GET /ok HTTP/1.1\r\nHost: %s\r\n\r\n",
			cases[i].host);
		peer_puts(&p, request);
		ck_assert_int_eq(peer_answer(&p, &body), cases[i].status);
		if (cases[i].status == 421)
			ck_assert_ptr_nonnull(strstr(body, "--allow-host"));
		free(body);
		peer_close(&p);
	}
	server_stop(&s);
}
END_TEST

/* Those that are run twice are so without TLS and with it. */
int main(void)
{
	return RUN_TIMES("http-basic", { a_request_arrives_as_it_was_sent, 2 },
		{ an_answer_has_the_headers_it_needs_once, 2 },
		{ every_status_has_a_name, 2 },
		{ head_has_the_length_of_the_body_and_no_body, 2 },
		{ no_content_has_neither_body_nor_length, 2 },
		{ a_client_may_wait_for_100_continue, 2 },
		{ a_request_may_come_byte_by_byte, 2 },
		{ answers_over_16_kib_do_not_stall, 2 },
		{ large_answers_arrive_whole, 2 },
		{ idle_time_is_used, 2 },
		{ a_long_poll_ends_when_something_happened, 2 },
		{ a_long_poll_ends_in_time, 2 },
		{ a_long_poll_whose_client_left_is_not_asked_again, 2 },
		{ a_half_closed_client_gets_its_answer },
		{ a_bad_address_says_what_a_good_one_is },
		{ urls_can_be_connected_to },
		{ a_port_in_use_is_an_error_that_helps },
		{ bad_certificates_are_errors_that_name_them },
		{ hosts_can_be_allowed });
}
