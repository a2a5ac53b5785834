/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct wire {
	const struct wire_step *script;
	pthread_t thread;
	int listener, quit[2];
	int requests, connections;
	char url[40];
};

/* Waits for something to read. False when the test is over. */
static bool readable(struct wire *w, int fd)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN }, { .fd = w->quit[0], .events = POLLIN } };

	return poll(p, 2, 120000) > 0 && !p[1].revents;
}

/* Reads one request with its body. False at the end of the connection. */
static bool read_request(struct wire *w, int fd)
{
	char data[65536];
	size_t n = 0, need = 0;
	ssize_t got;

	while (n < sizeof(data) - 1 && readable(w, fd)) {
		char *end, *length;

		got = recv(fd, data + n, sizeof(data) - 1 - n, 0);
		if (got <= 0)
			return false;
		n += (size_t)got;
		data[n] = '\0';
		end = strstr(data, "\r\n\r\n");
		if (!end)
			continue;
		length = strcasestr(data, "content-length:");
		need = length ? strtoul(length + 15, NULL, 10) : 0;
		if (n >= (size_t)(end + 4 - data) + need)
			return true;
	}
	return false;
}

static void send_all(int fd, const char *bytes)
{
	size_t n = strlen(bytes);

	while (n) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		n -= (size_t)sent;
	}
}

static void finish(struct wire *w, int fd, enum wire_end end)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	char byte;

	if (end == WIRE_RESET)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	if (end == WIRE_HANG)
		while (readable(w, fd) && recv(fd, &byte, 1, 0) > 0)
			;
	close(fd);
}

static void *serve(void *arg)
{
	struct wire *w = arg;
	int fd = -1;

	while (w->script->bytes) {
		if (fd < 0) {
			if (!readable(w, w->listener))
				break;
			fd = accept(w->listener, NULL, NULL);
			w->connections++;
		}
		if (!read_request(w, fd)) {
			close(fd);
			fd = -1;
			if (!readable(w, w->listener))
				break;
			continue;
		}
		w->requests++;
		send_all(fd, w->script->bytes);
		if (w->script->end != WIRE_KEEP) {
			finish(w, fd, w->script->end);
			fd = -1;
		}
		w->script++;
	}
	if (fd >= 0)
		close(fd);
	return NULL;
}

struct wire *wire_start(const struct wire_step *script)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(a);
	struct wire *w = calloc(1, sizeof(*w));

	if (!w)
		abort();
	w->script = script;
	w->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (w->listener < 0 || bind(w->listener, (struct sockaddr *)&a, size) || listen(w->listener, 16)
		|| getsockname(w->listener, (struct sockaddr *)&a, &size) || pipe(w->quit))
		abort();
	snprintf(w->url, sizeof(w->url), "http://127.0.0.1:%d", ntohs(a.sin_port));
	if (pthread_create(&w->thread, NULL, serve, w))
		abort();
	return w;
}

const char *wire_url(const struct wire *w)
{
	return w->url;
}

int wire_stop(struct wire *w, int *connections)
{
	int requests;

	if (write(w->quit[1], "", 1) != 1)
		abort();
	pthread_join(w->thread, NULL);
	requests = w->requests;
	*connections = w->connections;
	close(w->listener);
	close(w->quit[0]);
	close(w->quit[1]);
	free(w);
	return requests;
}
