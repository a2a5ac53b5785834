/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection: its first bytes before TLS, the handshake, its stages, and its orderly end. What
 * the bytes mean is for login.c and relay.c.
 */
#include "postgres/front/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	MAX_COMING = 4000,	/* connections that have not logged in; over it the oldest goes */
	INPUT_MOST = 256 << 10, /* bytes read ahead of a client */
	LINGER_US = 2000000,	/* a client has this long to read the last words */
};

static void handshake_over(struct session *s);

/* ---- time ---- */

static void timer_fired(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;
	void (*fn)(struct session *) = s->on_timer;

	(void)fd, (void)what;
	s->on_timer = NULL;
	if (fn)
		fn(s);
}

void session_after(struct session *s, usec d, void (*fn)(struct session *s))
{
	struct timeval tv = { d / USEC_SECOND, d % USEC_SECOND };

	s->on_timer = fn;
	if (fn)
		evtimer_add(s->timer, &tv);
	else
		evtimer_del(s->timer);
}

static void drop_now(struct session *s)
{
	session_drop(s, false);
}

static void too_slow(struct session *s)
{
	if (s->client && s->stage >= STAGE_STARTUP)
		refuse(s, REFUSE_SLOW, NULL);
	else
		session_drop(s, false);
}

/* ---- birth and death ---- */

static bool make(struct session *s)
{
	s->timer = evtimer_new(s->front->o.base, timer_fired, s);
	return s->timer;
}

static void remember_address(struct session *s)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof ss;

	getsockname(s->fd, (struct sockaddr *)&ss, &len);
	if (ss.ss_family == AF_INET6)
		inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&ss)->sin6_addr, s->address,
			sizeof s->address);
	else
		inet_ntop(AF_INET, &((struct sockaddr_in *)&ss)->sin_addr, s->address,
			sizeof s->address);
}

static void first_bytes(evutil_socket_t fd, short what, void *arg);

void session_new(struct front *f, evutil_socket_t fd, struct host *host)
{
	struct session *s = calloc(1, sizeof *s);

	if (!s) {
		evutil_closesocket(fd);
		return;
	}
	s->front = f;
	s->fd = fd;
	s->host = host;
	s->number = ++f->last_number;
	if (host) {
		host->sessions++;
		listen_touch(f, host);
	}
	TAILQ_INSERT_TAIL(&f->coming, s, link);
	f->num_coming++;
	remember_address(s);
	s->first = event_new(f->o.base, fd, EV_READ | EV_PERSIST, first_bytes, s);
	if (!make(s) || !s->first || event_add(s->first, NULL)) {
		session_drop(s, false);
		return;
	}
	session_after(s, setting_span(&f->app->world.settings, SETTING_PG_HANDSHAKE), too_slow);
	if (f->num_coming > MAX_COMING)
		session_drop(TAILQ_FIRST(&f->coming), true);
}

static void forget_key(struct session *s)
{
	struct session **p = &s->front->by_key[s->key.pid % KEY_SLOTS];

	while (*p && *p != s)
		p = &(*p)->next_key;
	if (*p)
		*p = s->next_key;
}

static void unlink_session(struct session *s)
{
	struct front *f = s->front;

	if (s->established) {
		TAILQ_REMOVE(&f->open, s, link);
	} else {
		TAILQ_REMOVE(&f->coming, s, link);
		f->num_coming--;
	}
	if (s->host)
		s->host->sessions--;
	if (s->keyed)
		forget_key(s);
}

static void hard_end(evutil_socket_t fd)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	struct linger hard = { .l_onoff = 1 };

	/* a RST at once, whatever else is done to the socket before it is closed */
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	connect(fd, &unspec, sizeof unspec);
}

void session_drop(struct session *s, bool reset)
{
	/* the client left, or was thrown out, before there was an answer */
	front_answered(s, &(struct connect_end){ .applied = s->established });
	relay_leave(s);
	unlink_session(s);
	if (reset)
		hard_end(s->fd);
	if (s->first)
		event_free(s->first);
	if (s->client)
		bufferevent_free(s->client); /* closes */
	else
		evutil_closesocket(s->fd);
	event_free(s->timer);
	buf_done(&s->greeting);
	arena_done(&s->arena);
	free(s);
}

/* ---- keys ---- */

static bool same_key(struct cancel_key a, struct cancel_key b)
{
	return a.pid == b.pid && a.secret == b.secret;
}

struct session *session_by_key(const struct front *f, struct cancel_key key)
{
	struct session *s = f->by_key[key.pid % KEY_SLOTS];

	while (s && !same_key(s->key, key))
		s = s->next_key;
	return s;
}

void session_set_key(struct session *s)
{
	struct session **slot;

	do {
		RAND_bytes((unsigned char *)&s->key, sizeof s->key); /* allowed: nobody may guess it */
		s->key.pid &= INT32_MAX; /* drivers read it as a signed number */
	} while (session_by_key(s->front, s->key));
	slot = &s->front->by_key[s->key.pid % KEY_SLOTS];
	s->next_key = *slot;
	*slot = s;
	s->keyed = true;
}

struct workspace *session_workspace(const struct session *s)
{
	struct err ignored;

	return app_workspace(s->front->app, s->workspace, false, &ignored);
}

/* ---- what comes from the client ---- */

static void ask_startup(struct session *s);

static void came(struct bufferevent *bev, void *arg)
{
	struct session *s = arg;
	struct evbuffer *in = bufferevent_get_input(bev);

	switch (s->stage) {
	case STAGE_STARTUP:
		ask_startup(s);
		break;
	case STAGE_PASSWORD:
	case STAGE_SASL:
	case STAGE_PROOF:
		login_came(s);
		break;
	case STAGE_OPEN:
		pump_client_came(s);
		break;
	case STAGE_LAST:
		evbuffer_drain(in, evbuffer_get_length(in));
		break;
	default: /* whoever is next will read it */
		break;
	}
}

static void linger(struct session *s)
{
	struct evbuffer *in = bufferevent_get_input(s->client);

	if (s->ssl && SSL_is_init_finished(s->ssl)) {
		SSL_shutdown(s->ssl); /* libpq reports an end without it */
		ERR_clear_error();
	}
	shutdown(s->fd, SHUT_WR);
	evbuffer_drain(in, evbuffer_get_length(in));
	bufferevent_enable(s->client, EV_READ);
	session_after(s, LINGER_US, drop_now);
}

static void drained(struct bufferevent *bev, void *arg)
{
	struct session *s = arg;

	if (s->stage == STAGE_OPEN)
		pump_client_drained(s);
	else if (s->finishing && !evbuffer_get_length(bufferevent_get_output(bev))) {
		s->finishing = false;
		linger(s);
	}
}

static void happened(struct bufferevent *bev, short what, void *arg)
{
	struct session *s = arg;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED)
		handshake_over(s);
	else if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		(s->stage == STAGE_OPEN ? relay_client_left : drop_now)(s);
	ERR_clear_error();
}

static bool watch_client(struct session *s)
{
	if (!s->client)
		return false;
	bufferevent_setcb(s->client, came, drained, happened, s);
	bufferevent_setwatermark(s->client, EV_READ, 0, INPUT_MOST);
	bufferevent_enable(s->client, EV_READ | EV_WRITE);
	return true;
}

/* ---- before TLS ---- */

static void begin_plain(struct session *s)
{
	event_free(STEAL(s->first));
	s->client = bufferevent_socket_new(s->front->o.base, s->fd, BEV_OPT_CLOSE_ON_FREE);
	if (!watch_client(s))
		session_drop(s, false);
}

static void begin_tls(struct session *s)
{
	event_free(STEAL(s->first));
	s->stage = STAGE_TLS;
	s->ssl = certs_ssl(s->front->certs, s->address);
	if (s->ssl)
		s->client = bufferevent_openssl_socket_new(s->front->o.base, s->fd, s->ssl,
			BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	if (s->ssl && !s->client)
		SSL_free(STEAL(s->ssl));
	if (watch_client(s))
		bufferevent_openssl_set_allow_dirty_shutdown(s->client, 1);
	else
		session_drop(s, false);
}

static void handshake_over(struct session *s)
{
	if (s->stage == STAGE_TLS)
		s->stage = STAGE_STARTUP;
}

/* One letter that answers a request for encryption. -1: dropped. */
static int answer(struct session *s, char letter)
{
	s->num_head = 0;
	if (send(s->fd, &letter, 1, MSG_NOSIGNAL) == 1)
		return 0;
	session_drop(s, false);
	return -1;
}

/* The version that it asked for, as a number, stands in the words. */
static void refuse_plain(struct session *s, enum refusal id)
{
	const char *number = arena_printf(&s->arena, "%u", wire_u32(s->head + 4));

	begin_plain(s);
	refuse(s, id, number);
}

static void first_wanted(struct session *s, enum wanted wanted)
{
	switch (wanted) {
	case WANT_TLS:
		/* The service waits for more of what it takes for a length. */
		if (setting_bool(&s->front->app->world.settings, SETTING_PG_STRICT))
			event_del(s->first);
		else
			begin_tls(s);
		break;
	case WANT_SSL:
		if (!answer(s, 'S'))
			begin_tls(s);
		break;
	case WANT_GSS:
		if (s->gss_refused)
			session_drop(s, false);
		else if (!answer(s, 'N'))
			s->gss_refused = true;
		break;
	case WANT_CANCEL:
		begin_plain(s);
		relay_cancel(s, wire_key(s->head + WIRE_FIRST));
		break;
	case WANT_SESSION:
		refuse_plain(s, REFUSE_NO_TLS);
		break;
	case WANT_NONSENSE:
		refuse_plain(s, REFUSE_LENGTH);
		break;
	case WANT_MORE:
		break;
	}
}

/*
 * No byte more than belongs to a request is read: what a client, or somebody between it and us,
 * sends in clear behind an SSLRequest must not be taken for part of the session.
 */
static void first_bytes(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;
	size_t len, most = s->num_head < WIRE_FIRST ? WIRE_FIRST : WIRE_CANCEL;
	enum wanted wanted;
	ssize_t n;

	(void)what;
	if (!s->num_head) { /* a ClientHello stays where it is */
		n = recv(fd, s->head, 1, MSG_PEEK);
		if (n == 1 && wire_wanted(s->head, 1, &len) == WANT_TLS) {
			first_wanted(s, WANT_TLS);
			return;
		}
	}
	n = recv(fd, s->head + s->num_head, most - s->num_head, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		session_drop(s, false);
		return;
	}
	s->num_head += (unsigned)n;
	wanted = wire_wanted(s->head, s->num_head < WIRE_FIRST ? s->num_head : WIRE_FIRST, &len);
	if (wanted != WANT_CANCEL || s->num_head == WIRE_CANCEL)
		first_wanted(s, wanted);
}

/* ---- the startup packet, inside TLS ---- */

static void read_startup(struct session *s, size_t len)
{
	struct evbuffer *in = bufferevent_get_input(s->client);

	if (wire_startup(&s->startup, evbuffer_pullup(in, (ssize_t)len), len, &s->arena)) {
		refuse(s, REFUSE_LENGTH, NULL);
		return;
	}
	evbuffer_drain(in, len);
	login_begin(s);
}

static void ask_startup(struct session *s)
{
	struct evbuffer *in = bufferevent_get_input(s->client);
	size_t have = evbuffer_get_length(in), len;
	unsigned char *head = evbuffer_pullup(in, have < WIRE_FIRST ? (ssize_t)have : WIRE_FIRST);

	switch (wire_wanted(head, have < WIRE_FIRST ? have : WIRE_FIRST, &len)) {
	case WANT_MORE:
		break;
	case WANT_SESSION:
		if (have >= len)
			read_startup(s, len);
		break;
	case WANT_CANCEL:
		if (have >= len)
			relay_cancel(s, wire_key(evbuffer_pullup(in, WIRE_CANCEL) + WIRE_FIRST));
		break;
	case WANT_GSS: /* somebody asks again, inside of TLS */
	case WANT_SSL:
	case WANT_TLS:
	case WANT_NONSENSE:
		refuse(s, REFUSE_LENGTH, NULL);
		break;
	}
}

/* ---- stages and ends ---- */

void session_send(struct session *s, struct buf *b)
{
	if (b->failed || bufferevent_write(s->client, b->data, b->len))
		front_log(s->front, "out of memory");
	buf_clear(b);
}

void session_stage(struct session *s, enum stage stage)
{
	if (stage == STAGE_OPEN) {
		TAILQ_REMOVE(&s->front->coming, s, link);
		s->front->num_coming--;
		TAILQ_INSERT_TAIL(&s->front->open, s, link);
		s->established = true;
		session_after(s, 0, NULL);
	}
	s->stage = stage;
	if (evbuffer_get_length(bufferevent_get_input(s->client)))
		bufferevent_trigger(s->client, EV_READ, BEV_TRIG_DEFER_CALLBACKS);
}

void session_finish(struct session *s)
{
	relay_leave(s);
	s->stage = STAGE_LAST;
	s->finishing = true;
	bufferevent_setwatermark(s->client, EV_WRITE, 0, 0);
	bufferevent_enable(s->client, EV_WRITE);
	session_after(s, LINGER_US, drop_now);
	if (!evbuffer_get_length(bufferevent_get_output(s->client)))
		bufferevent_trigger(
			s->client, EV_WRITE, BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

void session_say(struct session *s, const char *severity, const char *sqlstate, const char *message,
	const char *detail)
{
	struct buf b = { 0 };

	if (s->stage == STAGE_LAST)
		return;
	wire_add_error(&b, severity, sqlstate, message, detail);
	session_send(s, &b);
	buf_done(&b);
	front_answered(s, &(struct connect_end){ .sqlstate = sqlstate,
				  .applied = s->established, .answered = true });
	session_finish(s);
}
