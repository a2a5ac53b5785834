/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes on a connection to the real transport, with a lab of straw behind it. The connection must
 * end soon, all that comes back must be answers, and after one that says Connection: close there
 * must be nothing.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "http/http.h"

enum { PATIENCE_MS = 60000 };

static struct http *http;

/* ---- the lab ---- */

enum lab_verdict front_serve(struct lab *lab, const struct request *req, struct response *resp)
{
	(void)lab;
	buf_adds(&resp->body, "{\"path\":");
	buf_add_json_string(&resp->body, req->path);
	buf_addf(&resp->body, ",\"len\":%zu}", req->body_len + strlen(req->query));
	for (size_t i = 0; i < req->body_len; i++)
		resp->seq += (unsigned char)req->body[i];
	return LAB_ANSWER;
}

bool lab_held(struct lab *lab, struct response *resp)
{
	(void)lab, (void)resp;
	return false;
}

void lab_delivered(struct lab *lab, uint64_t seq, enum delivered how, int status, size_t bytes)
{
	(void)lab;
	(void)seq;
	(void)how;
	(void)status;
	(void)bytes;
}

bool lab_idle(struct lab *lab)
{
	(void)lab;
	return false;
}

/* ---- the server ---- */

static void *serve(void *arg)
{
	(void)arg;
	http_run(http);
	return NULL;
}

static pthread_t thread;

static void stop(void)
{
	http_stop(http);
	pthread_join(thread, NULL);
	http_close(http);
}

static void start(void)
{
	struct http_options o = { .listen = "127.0.0.1:0" };
	struct err e;

	if (http_open(&http, &o, NULL, &e) < 0 || pthread_create(&thread, NULL, serve, NULL))
		abort();
	atexit(stop);
}

/* ---- the client ---- */

static int connect_to_it(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)http_port(http)) };

	for (int tries = 0; tries < 300; tries++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
			return fd;
		close(fd);
		usleep(10000); /* the ports of earlier connections are not free yet */
	}
	abort();
}

/* Reads to the end of the connection. */
static size_t read_all(int fd, char *in, size_t room)
{
	struct pollfd p = { fd, POLLIN, 0 };
	size_t len = 0;

	for (;;) {
		int ready = poll(&p, 1, PATIENCE_MS);
		ssize_t n;

		if (ready < 0 && errno == EINTR) /* by the clock of the fuzzer */
			continue;
		PROMISE(ready == 1); /* the connection ends soon */
		PROMISE(len < room);
		n = recv(fd, in + len, room - len, 0);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	in[len] = '\0';
	return len;
}

/* evhttp writes this one by itself, with the version of the request. */
static bool is_continue(const char *in)
{
	const char *rest = strchr(in, ' ');

	return !strncmp(in, "HTTP/", 5) && rest && !strncmp(rest, " 100 Continue\r\n", 15);
}

/* Goes from answer to answer. HEAD makes answers without the body that they tell of. */
static void check(const char *in, size_t len)
{
	while (len) {
		const char *end = strstr(in, "\r\n\r\n"), *told, *closes;
		size_t head, body;

		PROMISE(end && (!strncmp(in, "HTTP/1.1 ", 9) || is_continue(in)));
		head = (size_t)(end + 4 - in);
		told = strcasestr(in, "\r\nContent-Length: ");
		body = told && told < end ? strtoul(told + 18, NULL, 10) : 0;
		if (len - head < body || !strncmp(in + head, "HTTP/1.1 ", 9))
			body = 0;
		closes = strstr(in, "\r\nConnection: close\r\n");
		PROMISE(!closes || closes > end || len == head + body);
		in += head + body;
		len -= head + body;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char in[1 << 22];
	int fd;

	if (!http)
		start();
	fd = connect_to_it();
	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		data += n;
		len -= (size_t)n;
	}
	shutdown(fd, SHUT_WR);
	check(in, read_all(fd, in, sizeof in - 1));
	close(fd);
	return 0;
}
