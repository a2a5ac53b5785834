/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes, times, descriptors, memory, and the end. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/macros.h"
#include "base/memory/buf.h"
#include "http/fake_lab.h"
#include "http/peer.h"
#include "support/run.h"

static struct server s;
static struct peer p;

/* ---- sizes ---- */

static int post(size_t len, bool chunked, char **body)
{
	char head[200], *data = calloc(1, len + 1);
	int status;

	memset(data, 'x', len);
	snprintf(head, sizeof head,
		chunked ? "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
			  "\r\n%zx\r\n"
			: "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n",
		len);
	peer_open(&p, &s);
	peer_puts(&p, head);
	peer_send(&p, data, len);
	if (chunked)
		peer_puts(&p, "\r\n0\r\n\r\n");
	free(data);
	status = peer_answer(&p, body);
	return status;
}

START_TEST(bodies_have_two_limits)
{
	static const struct {
		size_t len;
		int status;
		const char *part;
	} cases[] = {
		{ MAX_BODY_BYTES, 200, "\"len\":1048576,\"too_large\":0" },
		{ MAX_BODY_BYTES + 1, 200, "\"len\":0,\"too_large\":1" },
		{ MAX_BODY_TRANSPORT, 200, "\"len\":0,\"too_large\":1" },
		{ MAX_BODY_TRANSPORT + 1, 413, "MAX_READ_SIZE_EXCEEDED" },
	};
	char *body;

	server_start(&s, _i & 1, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ck_assert_int_eq(post(cases[i].len, _i & 2, &body), cases[i].status);
		ck_assert_msg(strstr(body, cases[i].part) != NULL, "%s", body);
		free(body);
		if (cases[i].status == 200)
			ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
		peer_close(&p);
	}
	server_stop(&s);
}
END_TEST

START_TEST(headers_have_a_limit)
{
	struct buf request = { 0 };
	char *body;

	server_start(&s, _i, NULL);
	for (int over = 0; over < 2; over++) {
		buf_clear(&request);
		buf_adds(&request, "GET /ok HTTP/1.1\r\nHost: localhost\r\nX-Long: ");
		while (request.len < MAX_HEADER_BYTES - 10 + 20u * (unsigned)over)
			buf_adds(&request, "x");
		buf_adds(&request, "\r\n\r\n");
		peer_open(&p, &s);
		peer_puts(&p, request.data);
		ck_assert_int_eq(peer_answer(&p, &body), over ? 400 : 200);
		ck_assert(!over || strstr(body, "16384 bytes"));
		free(body);
		peer_close(&p);
	}
	buf_done(&request);
	server_stop(&s);
}
END_TEST

START_TEST(an_unread_answer_does_not_let_the_client_fill_memory)
{
	char chunk[65536] = { 0 };
	size_t taken = 0;

	server_start(&s, false, NULL);
	peer_open(&p, &s);
	peer_get(&p, "/x?size=20000000");
	fcntl(p.fd, F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 40; i++) {
		ssize_t n = send(p.fd, chunk, sizeof chunk, MSG_NOSIGNAL);

		if (n < 0) {
			usleep(10000);
			continue;
		}
		taken += (size_t)n;
		i = 0;
		ck_assert_uint_lt(taken, 64 << 20);
	}
	peer_close(&p);
	server_stop(&s);
}
END_TEST

/* ---- times ---- */

static const struct http_options hasty = { .idle_timeout = 400000 };

START_TEST(idle_connections_are_closed)
{
	usec from;

	server_start(&s, _i & 1, &hasty);
	peer_open(&p, &s);
	from = monotonic_now(); /* not after the answer, which may be read late */
	if (_i & 2) /* has no time limit while it waits */
		ck_assert_int_eq(peer_ask(&p, "/wait?until=1000", NULL), 408);
	else
		ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	ck_assert_int_eq(peer_read(&p, 1, SURELY), PEER_EOF);
	ck_assert_uint_eq(p.len, 0);
	ck_assert_int_ge(monotonic_now() - from, 350000);
	peer_close(&p);
	server_stop(&s);
}
END_TEST

START_TEST(a_request_that_trickles_in_is_cut_off)
{
	const char *request = "GET /ok HTTP/1.1\r\nHost: localhost\r\nX-Slow: 12345678901234567890";
	char *body = NULL;
	int sent = 0;

	server_start(&s, _i, &hasty);
	peer_open(&p, &s);
	while (request[sent] && peer_read(&p, 1, 50) == PEER_OPEN && !p.len)
		peer_send(&p, request + sent++, 1);
	ck_assert_int_lt(sent, 30); /* each byte came in time, the whole did not */
	ck_assert_int_eq(peer_answer(&p, &body), 408);
	ck_assert_ptr_nonnull(strstr(body, "error_code"));
	free(body);
	ck_assert_int_eq(peer_read(&p, 1, SURELY), PEER_EOF);
	peer_close(&p);
	server_stop(&s);
	ck_assert_int_eq(fake_served(), 0);
}
END_TEST

START_TEST(time_limits_spare_answers_that_are_slow_on_purpose)
{
	server_start(&s, _i, &hasty);
	peer_open(&p, &s);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(peer_ask(&p, "/x?size=1&delay=900000", NULL), 200);
		ck_assert_int_eq(peer_ask(&p, "/wait?until=900000", NULL), 408);
	}
	peer_get(&p, "/x?kind=hang");
	ck_assert_int_eq(peer_read(&p, 1, 1000), PEER_OPEN);
	peer_close(&p);
	server_stop(&s);
}
END_TEST

/* ---- descriptors ---- */

enum { FEW = 200, CLIENTS = 180, ROOM = FEW - 64 };

static double cpu_seconds(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) +
		1e-6 * (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec);
}

/*
 * In a process of its own, so that its descriptors are its own: more clients than there is room.
 * Those beyond it are told so, at once; health is answered, however many are silent there.
 */
static int flood(const struct server *to)
{
	static struct peer peers[CLIENTS];
	struct peer probe;
	int answered = 0;

	for (int i = 0; i < ROOM; i++) {
		peer_open(&peers[i], to);
		answered += peer_ask(&peers[i], "/ok", NULL) == 200;
	}
	for (int i = ROOM; i < CLIENTS; i++)
		peer_open(&peers[i], to); /* and say nothing */
	if (answered != ROOM)
		return 1;
	for (int i = 0; i < 3; i++) {
		peer_open(&probe, to);
		if (peer_ask(&probe, i ? "/_mock/health" : "/_mock/ready", NULL) != 200)
			return 2;
		peer_close(&probe);
		peer_open(&probe, to);
		if (peer_ask(&probe, "/ok", NULL) != 503 || peer_read(&probe, 1, SURELY) != PEER_EOF)
			return 3;
		peer_close(&probe);
	}
	for (int i = 0; i < CLIENTS; i++)
		peer_close(&peers[i]);
	for (int i = 0; i < SURELY; i++) { /* there is room as soon as the server has seen them go */
		peer_open(&probe, to);
		if (peer_ask(&probe, "/ok", NULL) == 200)
			return 0;
		peer_close(&probe);
		usleep(1000);
	}
	return 4;
}

static int run_flood(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(flood(&s));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void limit_files(void)
{
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ FEW, FEW }), 0);
}

START_TEST(connections_beyond_the_limit_are_told_so_and_health_is_answered)
{
	double before = cpu_seconds();

	limit_files();
	server_start(&s, false, NULL);
	ck_assert_int_eq(run_flood(), 0);
	ck_assert(cpu_seconds() - before < 0.25);
	server_stop(&s);
}
END_TEST

START_TEST(without_descriptors_the_server_waits_and_recovers)
{
	int taken[FEW], num = 0, open_before;
	double before;

	limit_files();
	server_start(&s, false, NULL);
	open_before = open_descriptors();
	peer_open(&p, &s);
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	peer_close(&p);
	await_descriptors(open_before);
	p.fd = socket(AF_INET, SOCK_STREAM, 0);
	while (num < FEW && (taken[num] = open("/dev/null", O_RDONLY)) >= 0)
		num++;
	before = cpu_seconds();
	ck_assert_int_eq(connect(p.fd,
				 (struct sockaddr *)&(struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_port = htons((uint16_t)http_port(s.http)),
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
				 sizeof(struct sockaddr_in)),
		0);
	p.in = calloc(1, 1);
	peer_get(&p, "/ok");
	ck_assert_int_eq(peer_read(&p, 1, 600), PEER_OPEN);
	ck_assert_uint_eq(p.len, 0);
	ck_assert(cpu_seconds() - before < 0.1);
	while (num)
		close(taken[--num]);
	ck_assert_int_eq(peer_answer(&p, NULL), 200);
	peer_close(&p);
	server_stop(&s);
}
END_TEST

START_TEST(a_thousand_hangs_cost_others_nothing)
{
	enum { HANGS = 1000, ASKS = 500 };
	struct peer *hangs = calloc(HANGS, sizeof *hangs);
	double took[2]; /* of processor time: the machine may have other things to do */

	server_start(&s, false, NULL);
	for (int round = 0; round < 2; round++) {
		double from = cpu_seconds();

		peer_open(&p, &s);
		for (int i = 0; i < ASKS; i++)
			ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
		took[round] = cpu_seconds() - from;
		peer_close(&p);
		for (int i = 0; i < HANGS && !round; i++) {
			peer_open(&hangs[i], &s);
			peer_get(&hangs[i], "/x?kind=hang");
		}
	}
	ck_assert_msg(took[1] < 3 * took[0] + 0.1, "%.3f s with hangs, %.3f s without", took[1],
		took[0]);
	for (int i = 0; i < HANGS; i++)
		peer_close(&hangs[i]);
	free(hangs);
	server_stop(&s);
}
END_TEST

/* ---- the end ---- */

START_TEST(a_signal_ends_it_at_once_when_nothing_is_in_flight)
{
	struct peer hang, wait;
	usec from;
	char *body;

	server_start(&s, _i & 1, NULL);
	peer_open(&p, &s);
	peer_open(&hang, &s);
	peer_open(&wait, &s);
	ck_assert_int_eq(peer_ask(&p, "/ok", NULL), 200);
	peer_get(&hang, "/x?kind=hang");
	peer_get(&wait, "/wait?until=60000000");
	fake_await_served(3);
	from = monotonic_now();
	kill(getpid(), _i & 2 ? SIGINT : SIGTERM);
	ck_assert_int_eq(peer_answer(&wait, &body), 408); /* told, not cut */
	free(body);
	ck_assert_int_eq(peer_read(&p, 1, SURELY), PEER_EOF);
	ck_assert_int_eq(peer_read(&hang, 1, SURELY), PEER_EOF);
	server_join(&s);
	ck_assert_int_lt(monotonic_now() - from, 900000); /* it would wait a second for answers */
	ck_assert_int_eq(s.served, 3);
	peer_close(&p);
	peer_close(&hang);
	peer_close(&wait);
}
END_TEST

START_TEST(answers_in_flight_are_finished)
{
	struct peer late;
	usec from;

	server_start(&s, _i, NULL);
	peer_open(&p, &s);
	peer_open(&late, &s);
	peer_get(&p, "/x?size=1000&delay=400000");
	peer_get(&late, "/x?size=1000&delay=20000000");
	fake_await_served(2);
	from = monotonic_now();
	http_stop(s.http);
	peer_read(&p, 1, SURELY);
	ck_assert_ptr_nonnull(strstr(p.in, "Connection: close"));
	ck_assert_int_eq(peer_answer(&p, NULL), 200);
	ck_assert_int_eq(peer_read(&late, 1, SURELY), PEER_EOF); /* not within a second */
	server_join(&s);
	ck_assert_int_ge(monotonic_now() - from, 900000);
	ck_assert_int_lt(monotonic_now() - from, 10000000); /* nor as late as its answer */
	ck_assert_int_eq(fake_num_reports(), 2);
	peer_close(&p);
	peer_close(&late);
}
END_TEST

START_TEST(a_draining_server_takes_no_connection)
{
	bool taken;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd;

	server_start(&s, false, NULL);
	to.sin_port = htons((uint16_t)http_port(s.http));
	peer_open(&p, &s);
	peer_get(&p, "/x?size=1&delay=900000");
	fake_await_served(1);
	http_stop(s.http);
	do { /* until the server has come to it */
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		taken = !connect(fd, (struct sockaddr *)&to, sizeof to);
		close(fd);
	} while (taken);
	ck_assert_int_eq(peer_read(&p, 1, 0), PEER_OPEN); /* and it drains still */
	ck_assert_int_eq(peer_answer(&p, NULL), 200);
	server_join(&s);
	peer_close(&p);
}
END_TEST

int main(void)
{
	return RUN_TIMES("http-limits", { bodies_have_two_limits, 4 },
		{ headers_have_a_limit, 2 },
		{ an_unread_answer_does_not_let_the_client_fill_memory },
		{ idle_connections_are_closed, 4 },
		{ a_request_that_trickles_in_is_cut_off, 2 },
		{ time_limits_spare_answers_that_are_slow_on_purpose, 2 },
		{ connections_beyond_the_limit_are_told_so_and_health_is_answered },
		{ without_descriptors_the_server_waits_and_recovers },
		{ a_thousand_hangs_cost_others_nothing },
		{ a_signal_ends_it_at_once_when_nothing_is_in_flight, 4 },
		{ answers_in_flight_are_finished, 2 },
		{ a_draining_server_takes_no_connection });
}
