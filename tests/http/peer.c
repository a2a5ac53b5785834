/* SPDX-License-Identifier: Apache-2.0 */
#include "http/peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/fake_lab.h"

/* ---- the server ---- */

static void *run(void *arg)
{
	struct server *s = arg;

	s->served = http_run(s->http);
	return NULL;
}

void server_start(struct server *s, bool tls, const struct http_options *o)
{
	struct http_options mine = o ? *o : (struct http_options){ 0 };
	struct err e = { 0 };
	int fd;

	memset(s, 0, sizeof *s);
	mine.listen = "127.0.0.1:0";
	s->tls = tls;
	if (tls) {
		strncpy(s->cert, "/tmp/lakebase-http-test-XXXXXX", sizeof s->cert - 1);
		fd = mkstemp(s->cert);
		ck_assert_int_ge(fd, 0);
		close(fd);
		mine.tls_self_signed = s->cert;
	}
	ck_assert_msg(http_open(&s->http, &mine, fake_lab(), &e) == 0, "%s", e.message);
	ck_assert_int_eq(pthread_create(&s->thread, NULL, run, s), 0);
}

void server_join(struct server *s)
{
	pthread_join(s->thread, NULL);
	http_close(s->http);
	if (s->tls)
		unlink(s->cert);
}

void server_stop(struct server *s)
{
	http_stop(s->http);
	server_join(s);
}

int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = -3; /* "." and "..", and that of the folder */

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

void await_descriptors(int most)
{
	for (int i = 0; i < SURELY && open_descriptors() > most; i++)
		usleep(1000);
	ck_assert_int_le(open_descriptors(), most);
}

/* ---- the client ---- */

void peer_open(struct peer *p, const struct server *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(http_port(s->http)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	signal(SIGPIPE, SIG_IGN);
	*p = (struct peer){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	ck_assert_int_ge(p->fd, 0);
	ck_assert_int_eq(connect(p->fd, (struct sockaddr *)&to, sizeof to), 0);
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	p->in = calloc(1, 1);
	if (!s->tls)
		return;
	p->ctx = SSL_CTX_new(TLS_client_method());
	ck_assert_int_eq(SSL_CTX_load_verify_locations(p->ctx, s->cert, NULL), 1);
	SSL_CTX_set_verify(p->ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_clear_mode(p->ctx, SSL_MODE_AUTO_RETRY); /* a ticket is no reason to wait */
	p->ssl = SSL_new(p->ctx);
	X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(p->ssl), "127.0.0.1");
	SSL_set_fd(p->ssl, p->fd);
	ck_assert_int_eq(SSL_connect(p->ssl), 1);
}

void peer_close(struct peer *p)
{
	SSL_free(p->ssl);
	SSL_CTX_free(p->ctx);
	if (p->fd >= 0)
		close(p->fd);
	free(p->in);
	*p = (struct peer){ .fd = -1 };
}

void peer_abort(struct peer *p)
{
	struct linger hard = { .l_onoff = 1 };

	setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	peer_close(p);
}

void peer_send(struct peer *p, const void *data, size_t len)
{
	const char *at = data;

	while (len) {
		ssize_t n = p->ssl ? SSL_write(p->ssl, at, (int)len)
				   : send(p->fd, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* refused; what came back tells why */
		at += n;
		len -= (size_t)n;
	}
}

void peer_puts(struct peer *p, const char *text)
{
	peer_send(p, text, strlen(text));
}

void peer_get(struct peer *p, const char *target)
{
	char request[1024];

	snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", target);
	peer_puts(p, request);
}

static enum ended how_it_ended(struct peer *p, ssize_t n)
{
	int why = p->ssl ? SSL_get_error(p->ssl, (int)n) : 0;

	if (!p->ssl)
		return n == 0 ? PEER_EOF : PEER_RESET;
	if (why == SSL_ERROR_ZERO_RETURN)
		return PEER_EOF;
	if (why == SSL_ERROR_SSL &&
		ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return PEER_CUT;
	return PEER_RESET;
}

enum ended peer_read(struct peer *p, size_t want, int ms)
{
	while (p->ended == PEER_OPEN && p->len < want) {
		struct pollfd pfd = { p->fd, POLLIN, 0 };
		char chunk[65536];
		ssize_t n;

		if (!(p->ssl && SSL_pending(p->ssl)) && poll(&pfd, 1, ms) == 0)
			break;
		ERR_clear_error();
		n = p->ssl ? SSL_read(p->ssl, chunk, sizeof chunk)
			   : recv(p->fd, chunk, sizeof chunk, 0);
		if (n > 0) {
			p->in = realloc(p->in, p->len + (size_t)n + 1);
			memcpy(p->in + p->len, chunk, (size_t)n);
			p->len += (size_t)n;
			p->in[p->len] = '\0';
		} else if (!p->ssl || SSL_get_error(p->ssl, (int)n) != SSL_ERROR_WANT_READ) {
			p->ended = how_it_ended(p, n);
		}
	}
	return p->ended;
}

int peer_answer(struct peer *p, char **body)
{
	char *end, *length;
	size_t head, total;
	int status;

	while (!(end = strstr(p->in, "\r\n\r\n"))) {
		size_t before = p->len;

		peer_read(p, before + 1, SURELY);
		if (p->len == before)
			return 0;
	}
	head = (size_t)(end + 4 - p->in);
	length = strcasestr(p->in, "\r\nContent-Length: ");
	total = head + (length && length < end ? strtoul(length + 18, NULL, 10) : 0);
	peer_read(p, total, SURELY);
	ck_assert_uint_ge(p->len, total);
	ck_assert(!strncmp(p->in, "HTTP/1.", 7));
	status = atoi(p->in + 9);
	if (body)
		*body = strndup(p->in + head, total - head);
	memmove(p->in, p->in + total, p->len - total + 1);
	p->len -= total;
	return status;
}

int peer_ask(struct peer *p, const char *target, char **body)
{
	peer_get(p, target);
	return peer_answer(p, body);
}
