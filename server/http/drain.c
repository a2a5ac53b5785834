/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An end that loses nothing that was asked in time. Requests may lie in sockets that we have not
 * read, and in connections that we have not accepted, all the more when the process was stopped for
 * a while: so the loop goes on for one more turn before the listener is closed, and then for as long
 * as something still comes. Each answer says `Connection: close`.
 */
#include "http/conn.h"

#include <sys/ioctl.h>

enum {
	ONE_TURN_US = 1000,
	QUIET_US = 50000, /* nothing has come for so long: nothing will */
	DRAIN_US = 1000000,
};

static void after(struct event *ev, usec d)
{
	struct timeval tv = { d / USEC_SECOND, d % USEC_SECOND };

	evtimer_add(ev, &tv);
}

void drain_begin(evutil_socket_t fd, short what, void *http)
{
	struct http *h = http;

	(void)fd;
	if (h->draining) {
		if (what & EV_SIGNAL) /* asked twice: at once */
			event_base_loopbreak(h->base);
		return;
	}
	h->draining = true;
	exchange_expire_all(h);
	after(h->deaf, ONE_TURN_US);
	after(h->give_up, DRAIN_US);
}

/* What was waiting to be accepted has been. */
void drain_deaf(evutil_socket_t fd, short what, void *http)
{
	struct http *h = http;

	(void)fd;
	(void)what;
	evhttp_del_accept_socket(h->evhttp, h->bound);
	h->bound = NULL;
	h->listener = NULL;
	drain_note(h);
}

void drain_note(struct http *h)
{
	if (h->draining && !h->listener && !h->open)
		after(h->rest, h->num_conns ? QUIET_US : 0);
}

static bool something_came(const struct http *h)
{
	const struct conn *c;

	LIST_FOREACH(c, &h->conns, link) {
		int waiting = 0;

		if (c->state == CONN_IDLE && ioctl(bufferevent_getfd(c->bev), FIONREAD, &waiting) == 0 &&
			waiting > 0)
			return true;
	}
	return false;
}

void drain_rest(evutil_socket_t fd, short what, void *http)
{
	struct http *h = http;

	(void)fd;
	(void)what;
	if (h->open)
		return; /* the end of that exchange comes back here */
	if (something_came(h))
		after(h->rest, ONE_TURN_US);
	else
		event_base_loopbreak(h->base);
}

void drain_give_up(evutil_socket_t fd, short what, void *http)
{
	struct http *h = http;

	(void)fd;
	(void)what;
	event_base_loopbreak(h->base);
}
