/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying between client and server. A side that does not take what it is sent stops the other side
 * from being read. Of what the server says only the bounds of messages are followed, so that a
 * session can be ended between two of them.
 *
 * libevent reads 4 KiB at a time, makes each piece a TLS record of its own, asks the loop before it
 * writes, and the socket twice for each record. So both sides are read here, in pieces as large as a
 * record, and what the other socket takes at once is written at once; libevent has the rest.
 */
#include "postgres/front/session.h"

#include <errno.h>
#include <event2/bufferevent_struct.h>
#include <openssl/err.h>
#include <sys/socket.h>

enum {
	QUEUE_MOST = 256 << 10, /* bytes that wait for one side before the other is not read */
	QUEUE_LOW = 64 << 10,	/* ... and at which it is read again */
	PIECE = 16 << 10,	/* what a TLS record holds */
	PIECES = 4,		/* at a time: others have their turn, too */
	ARRIVE_US = 5000,	/* what was sent has left the machine before a reset does */
};

static size_t queued(struct bufferevent *bev)
{
	return evbuffer_get_length(bufferevent_get_output(bev));
}

static void read_server(struct session *s, bool on)
{
	if (on)
		event_add(s->server_read, NULL);
	else
		event_del(s->server_read);
}

/* What is read ahead no socket tells of. */
static void read_client(struct session *s, bool on)
{
	if (!s->client_read)
		return;
	if (!on) {
		event_del(s->client_read);
		return;
	}
	event_add(s->client_read, NULL);
	if (SSL_has_pending(s->ssl))
		event_active(s->client_read, EV_READ, 0);
}

/* ---- to the client ---- */

/*
 * What OpenSSL has begun and not finished, it wants to be given again: the same bytes at the start
 * of as many or more, which is what libevent will do.
 */
static void to_client(struct session *s, const char *bytes, size_t n)
{
	size_t done = 0;

	while (done < n && !queued(s->client)) {
		size_t piece = n - done < PIECE ? n - done : PIECE;
		int sent = SSL_write(s->ssl, bytes + done, (int)piece);

		if (sent <= 0)
			break;
		done += (size_t)sent;
	}
	ERR_clear_error();
	if (done < n)
		bufferevent_write(s->client, bytes + done, n - done);
	if (queued(s->client) > QUEUE_MOST && !s->server_held) {
		s->server_held = true;
		read_server(s, false);
	}
}

/* Bytes of the server. False: that was all that the client gets. */
static bool copy(struct session *s, const char *bytes, size_t n)
{
	size_t whole;
	bool last;

	if (s->client_gone)
		return true;
	whole = wire_follow(&s->bounds, bytes, n);
	n = rules_allow(s, n, &last);
	if (s->cut.due && (whole || wire_at_bound(&s->bounds))) {
		to_client(s, bytes, whole < n ? whole : n);
		relay_cut_now(s);
		return false;
	}
	to_client(s, bytes, n);
	if (!last)
		return true;
	s->rule_due = true;
	read_server(s, false);
	pump_client_drained(s);
	return false;
}

void pump_client_drained(struct session *s)
{
	if (s->rule_due && !queued(s->client)) {
		s->rule_due = false;
		session_after(s, ARRIVE_US, rules_act);
		return;
	}
	if (!s->server_held || s->rule_due || s->hung)
		return;
	s->server_held = false;
	read_server(s, true);
}

static void server_readable(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;
	char *piece = s->front->piece;

	(void)what;
	for (int i = 0; i < PIECES && !s->server_held; i++) {
		ssize_t n = recv(fd, piece, PIECE, 0);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			read_server(s, false);
			relay_server_left(s);
			return;
		}
		if (!copy(s, piece, (size_t)n) || n < PIECE)
			return;
	}
}

void pump_rest(struct session *s)
{
	char *piece = s->front->piece;
	ssize_t n;

	while ((n = recv(bufferevent_getfd(s->server), piece, PIECE, 0)) > 0)
		if (!copy(s, piece, (size_t)n))
			return;
	relay_server_left(s);
}

/* ---- to the server ---- */

static void to_server(struct session *s, const void *bytes, size_t n)
{
	ssize_t sent = 0;

	if (!queued(s->server))
		sent = send(bufferevent_getfd(s->server), bytes, n, MSG_NOSIGNAL);
	if (sent < 0)
		sent = 0;
	if ((size_t)sent < n)
		bufferevent_write(s->server, (const char *)bytes + sent, n - (size_t)sent);
	if (queued(s->server) > QUEUE_MOST && !s->client_held) {
		s->client_held = true;
		read_client(s, false);
	}
}

/* What was read before the session was open. */
void pump_client_came(struct session *s)
{
	struct evbuffer *in = bufferevent_get_input(s->client);
	size_t n = evbuffer_get_length(in);

	if (s->hung || !n)
		return;
	to_server(s, evbuffer_pullup(in, -1), n);
	evbuffer_drain(in, n);
}

static bool has_left(struct session *s, int got)
{
	int why = SSL_get_error(s->ssl, got);

	ERR_clear_error();
	return why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
}

static void client_readable(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;
	char *piece = s->front->piece;

	(void)fd, (void)what;
	for (int i = 0; i < PIECES && !s->client_held; i++) {
		int n = SSL_read(s->ssl, piece, PIECE);

		if (n <= 0) {
			if (has_left(s, n))
				relay_client_left(s);
			return;
		}
		to_server(s, piece, (size_t)n);
		if (!SSL_has_pending(s->ssl))
			return;
	}
	if (!s->client_held)
		event_active(s->client_read, EV_READ, 0);
}

void pump_client_left(struct session *s)
{
	read_client(s, false);
}

void pump_server_drained(struct session *s)
{
	if (s->stage != STAGE_OPEN)
		return;
	/* What a client sent last counts, as with a server of its own; then that sees the end. */
	if (s->client_gone && !queued(s->server))
		shutdown(bufferevent_getfd(s->server), SHUT_WR);
	if (!s->client_held || s->client_gone)
		return;
	s->client_held = false;
	read_client(s, true);
}

/* ---- beginning and end ---- */

/*
 * From now on requests of the API go first (libevent has no such function for TLS), and buffers stay
 * from one record to the next: giving them back each time costs more than they are worth.
 */
bool pump_open(struct session *s)
{
	const struct front *f = s->front;

	s->server_read = event_new(f->o.base, bufferevent_getfd(s->server), EV_READ | EV_PERSIST,
		server_readable, s);
	s->client_read = event_new(f->o.base, s->fd, EV_READ | EV_PERSIST, client_readable, s);
	if (!s->server_read || !s->client_read)
		return false;
	event_priority_set(s->server_read, f->o.priority);
	event_priority_set(s->client_read, f->o.priority);
	event_priority_set(&s->client->ev_read, f->o.priority);
	event_priority_set(&s->client->ev_write, f->o.priority);
	bufferevent_priority_set(s->server, f->o.priority);
	SSL_clear_mode(s->ssl, SSL_MODE_RELEASE_BUFFERS);
	SSL_set_read_ahead(s->ssl, 1); /* head and body of a record at once */
	bufferevent_disable(s->server, EV_READ);
	bufferevent_disable(s->client, EV_READ);
	bufferevent_setwatermark(s->client, EV_WRITE, QUEUE_LOW, 0);
	bufferevent_setwatermark(s->server, EV_WRITE, QUEUE_LOW, 0);
	return true;
}

void pump_start(struct session *s)
{
	struct evbuffer *in = bufferevent_get_input(s->server);
	size_t n = evbuffer_get_length(in);

	pump_client_came(s);
	if (!s->client_held)
		read_client(s, true);
	read_server(s, true);
	if (n && copy(s, (const char *)evbuffer_pullup(in, -1), n))
		evbuffer_drain(in, n);
}

void pump_hang(struct session *s)
{
	s->hung = true;
	read_server(s, false);
	read_client(s, false);
}

void pump_close(struct session *s)
{
	if (s->server_read)
		event_free(STEAL(s->server_read));
	if (s->client_read)
		event_free(STEAL(s->client_read));
}
