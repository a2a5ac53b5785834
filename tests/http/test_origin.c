/* SPDX-License-Identifier: Apache-2.0 */
/* Web pages and names that are not ours, and targets that look like others. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "fake_lab.h"
#include "peer.h"
#include "support/run.h"

static struct server s;
static struct peer p;

/* The status of a request whose '@P' is the server's port. */
static int ask(const char *head)
{
	char text[1024], *body = NULL;
	size_t n = 0;
	int status;

	for (; *head; head++) {
		if (head[0] == '@' && head[1] == 'P') {
			n += (size_t)snprintf(text + n, sizeof text - n, "%d", http_port(s.http));
			head++;
		} else {
			text[n++] = *head;
		}
	}
	text[n] = '\0';
	peer_open(&p, &s);
	peer_puts(&p, text);
	status = peer_answer(&p, &body);
	free(body);
	peer_close(&p);
	return status;
}

struct expectation {
	const char *text;
	int status;
};

static void check(
	const char *before, const char *after, const struct expectation *all, size_t num)
{
	char head[512];

	for (size_t i = 0; i < num; i++) {
		int served = fake_served();

		snprintf(head, sizeof head, "%s%s%s", before, all[i].text, after);
		ck_assert_msg(ask(head) == all[i].status, "%s: not %d", head, all[i].status);
		ck_assert_msg((fake_served() > served) == (all[i].status == 200), "%s: served", head);
	}
}

#define OWN "POST /ok HTTP/1.1\r\nHost: 127.0.0.1:@P\r\nContent-Length: 0\r\nOrigin: "

START_TEST(only_its_own_pages_may_send_requests)
{
	static const struct expectation cases[] = {
		{ "http://127.0.0.1:@P", 200 },
		{ "http://127.0.0.1", 403 },
		{ "http://127.0.0.1:1", 403 },
		{ "https://127.0.0.1:@P", 403 },
		{ "http://203.0.113.5", 403 },
		{ "http://203.0.113.5:@P", 403 },
		{ "http://[::1]:@P", 403 },
		{ "http://[::ffff:127.0.0.1]:@P", 403 },
		{ "http://localhost:@P", 403 },
		{ "http://127.0.0.1:@P@evil.example", 403 },
		{ "http://evil.example@127.0.0.1:@P", 403 },
		{ "http://127.0.0.1.evil.example:@P", 403 },
		{ "http://127.0.0.1:@P/", 403 },
		{ "http://127.0.0.1:@P.evil.example", 403 },
		{ "http://127.1:@P", 403 },
		{ "HTTP://127.0.0.1:@P", 403 },
		{ "null", 403 },
		{ "file://", 403 },
		{ "http://", 403 },
		{ "http://127.0.0.1:@P\r\nOrigin: http://127.0.0.1:@P", 400 },
	};

	server_start(&s, false, NULL);
	check(OWN, "\r\n\r\n", cases, ARRAY_SIZE(cases));
	ck_assert_int_eq(ask("GET /ok HTTP/1.1\r\nHost: LocalHost:@P\r\n"
			     "Origin: http://localhost:@P\r\n\r\n"),
		200);
	ck_assert_int_eq(ask("GET /ok HTTP/1.1\r\nHost: [::1]:@P\r\nOrigin: http://[::1]:@P\r\n\r\n"),
		200);
	ck_assert_int_eq(ask("GET /ok HTTP/1.1\r\nHost: localhost\r\n"
			     "Origin: http://localhost:80\r\n\r\n"),
		200);
	server_stop(&s);
}
END_TEST

START_TEST(pages_can_be_allowed_by_name)
{
	static const char *const allowed[] = { "pages.example", NULL };
	static const struct http_options o = { .allow_hosts = allowed };
	static const struct expectation cases[] = {
		{ "https://pages.example", 200 },
		{ "http://Pages.example:3000", 200 },
		{ "http://pages.example.evil", 403 },
		{ "http://pages.example@evil", 403 },
		{ "http://203.0.113.5", 403 },
	};

	server_start(&s, false, &o);
	check(OWN, "\r\n\r\n", cases, ARRAY_SIZE(cases));
	server_stop(&s);
}
END_TEST

START_TEST(a_host_is_a_name_and_a_port)
{
	static const struct expectation cases[] = {
		{ "127.0.0.1", 200 },
		{ "203.0.113.5:80", 200 },
		{ "[::1]:@P", 200 },
		{ "localhost.", 421 },
		{ "127.0.0.1@evil", 421 },
		{ "127.0.0.1:80@evil", 421 },
		{ "127.0.0.1/evil", 421 },
		{ "127.0.0.1:99999", 421 },
		{ "[::1", 421 },
		{ "[evil]", 421 },
		{ "evil.example", 421 },
		{ "127.0.0.1, evil", 421 },
	};

	server_start(&s, false, NULL);
	check("GET /ok HTTP/1.1\r\nHost: ", "\r\n\r\n", cases, ARRAY_SIZE(cases));
	server_stop(&s);
}
END_TEST

START_TEST(a_target_is_a_path_or_an_url_of_this_server)
{
	static const struct expectation cases[] = {
		{ "/ok", 200 },
		{ "http://127.0.0.1:@P/ok", 200 },
		{ "HTTP://localhost/ok?x", 200 },
		{ "http://evil.example/ok", 421 },
		{ "http://127.0.0.1@evil.example/ok", 421 },
		{ "http://evil.example@127.0.0.1/ok", 421 },
		{ "http:///ok", 421 },
		{ "ftp://127.0.0.1/ok", 400 },
		{ "x?a=://h/ok", 400 },
		{ "x://h/ok", 400 },
		{ "://h/ok", 400 },
		{ "ok", 400 },
		{ "?/ok", 400 },
	};

	server_start(&s, false, NULL);
	check("GET ", " HTTP/1.1\r\nHost: 127.0.0.1:@P\r\n\r\n", cases, ARRAY_SIZE(cases));
	/* the page of the origin is compared with the authority that counts */
	ck_assert_int_eq(ask("POST http://localhost:@P/ok HTTP/1.1\r\nHost: 127.0.0.1:@P\r\n"
			     "Content-Length: 0\r\nOrigin: http://localhost:@P\r\n\r\n"),
		200);
	server_stop(&s);
}
END_TEST

int main(void)
{
	return RUN_TESTS("http-origin", only_its_own_pages_may_send_requests,
		pages_can_be_allowed_by_name, a_host_is_a_name_and_a_port,
		a_target_is_a_path_or_an_url_of_this_server);
}
