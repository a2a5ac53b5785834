/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the transport. A connection is a `struct conn`, made when evhttp asks for a bufferevent
 * and freed when evhttp closes it; it carries at most one exchange (a request and its answer).
 *
 *   warn.c      lines of the log
 *   tls.c       certificates
 *   request/    what comes in
 *   conn.c      birth and death of connections, what evhttp does behind our back
 *   answer/     what goes out
 *   exchange.c  request -> front_serve() -> answer, long polls
 *   drain.c     the end
 *   http.c      puts them together
 *
 * Each calls those above it only: a connection owns an exchange, which is the front's business, and
 * an exchange owns an answer, which travels on the wire. What comes back, comes by `told` (the answer
 * has left, or no more of it will) and `rested` (a connection has nothing to do any more).
 */
#pragma once

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <openssl/ssl.h>
#include <sys/queue.h>

#include "base/limits.h"
#include "base/macros.h"
#include "http/http.h"

enum conn_state {
	CONN_IDLE,    /* between requests */
	CONN_READING, /* the first byte of a request has come */
	CONN_SERVING, /* the request is complete, its answer is not */
	CONN_CLOSING, /* the last answer is queued; nothing more is read */
};

/* How a connection ends. */
enum ending {
	END_KEEP,  /* not at all */
	END_FIN,   /* FIN, after close_notify under TLS */
	END_CUT,   /* FIN, without close_notify */
	END_RESET, /* RST */
};

/* How far the bytes of a request were followed; see input.c. */
enum scan_place {
	SCAN_HEAD,
	SCAN_SIZE,      /* the first line of a chunk */
	SCAN_EXTENSION, /* the part of it that is left out */
	SCAN_DATA,
	SCAN_TRAILER,
	SCAN_REST, /* nothing more to look for */
};

struct scan {
	enum scan_place where;
	bool begun;   /* more than empty lines has come */
	bool chunked; /* the head says so */
	unsigned char start[16]; /* the first bytes */
	size_t start_len, blanks, extension;
	char line[64]; /* the beginning of the line that is being read */
	size_t line_len;
	uint64_t left; /* bytes of the chunk that are still to come */
	int digits;
};

struct conn {
	struct http *http;
	struct bufferevent *bev;
	struct evhttp_connection *evcon;
	LIST_ENTRY(conn) link;
	LIST_ENTRY(conn) mark; /* on newborn, mending, waiting or held: never on two of them */
	bool marked;
	LIST_ENTRY(conn) spares; /* with `spare`, on http.spare */
	bool spare;              /* beyond the limit: only health is served */
	bool large;              /* its request may be as large as a state */
	bool filtering;          /* its input is being changed by us */
	struct scan scan;

	enum conn_state state;
	uint64_t number, ordinal;
	usec since;  /* when the state became CONN_READING */
	size_t nuls; /* NUL bytes that came with the present request */
	bool http10;
	bool raw_end; /* end TLS without close_notify */

	/* The present exchange. */
	struct evhttp_request *req;
	struct request request;
	struct response *kept; /* of answers that do not leave at once */
	struct event *timer;
	void (*on_timer)(struct conn *c);
	void (*on_drained)(struct conn *c);
	bool watched; /* wire_seize() has taken its time limits away */
	bool delayed;     /* the client may have left before the answer did */
	uint64_t seq;     /* to be reported; 0: nothing to report */
	int status;       /* as queued */
	size_t head_len;  /* bytes queued before the body */
	size_t queued;    /* body bytes queued so far */
	size_t limit;     /* body bytes to queue in all */
	size_t whole_len; /* body bytes that make a whole answer */
	bool unsound;     /* not a whole answer, however many bytes leave */
	enum ending ending;
	int tries;
};

LIST_HEAD(conn_list, conn);

/* What becomes of an answer. */
enum told {
	TOLD_SENT, /* it has left whole, and the connection goes on */
	TOLD_OVER, /* no more of it will leave */
};

struct http {
	LIST_ENTRY(http) link;
	void (*told)(struct conn *c, enum told what);
	void (*rested)(struct http *h);
	struct event_base *base;
	struct evhttp *evhttp;
	struct evhttp_bound_socket *bound; /* NULL once draining */
	struct evconnlistener *listener;
	struct lab *lab;
	SSL_CTX *tls;
	char url[300], host[256];
	int port;
	const char *const *allow_hosts;

	struct conn_list conns, newborn, mending, waiting, held, spare;
	struct conn **by_fd;
	size_t num_by_fd;
	int num_conns, max_conns;
	int large; /* requests that may be as large as a state, now */
	int open; /* connections that are neither idle nor closing */
	uint64_t last_number;
	long served;
	int since_idle;
	struct timeval idle_timeout;
	usec request_timeout;

	struct response resp; /* of answers that leave at once */
	struct buf head;
	char date[64];
	time_t date_second;

	struct event *adopt, *mend, *sweep, *resume, *wake, *idle, *stop, *deaf, *rest, *give_up, *sigterm,
		*sigint, *input;
	bool idle_armed, draining, paused;
	int stop_ends[2]; /* of a pipe: what is written there ends the loop */
};

/* ---- warn.c ---- */

/* Writes one line to stderr, at most ten a second. */
PRINTF(1, 2) void http_warn(const char *fmt, ...);

/* ---- conn.c ---- */

/* For evhttp_set_bevcb(). */
struct bufferevent *conn_new(struct event_base *base, void *http);

/* The connection of a request. */
struct conn *conn_of(struct http *h, struct evhttp_request *req);

/* The exchange is over: the connection is idle again. */
void conn_idle(struct conn *c);

/* The last answer is queued or none will come: nothing more is read. */
void conn_close(struct conn *c);

/* Takes the connection out of whatever list marks it. */
void conn_unmark(struct conn *c);
void conn_mark(struct conn *c, struct conn_list *list);

/* Calls fn(c) once after `d`; a new one replaces the old. d < 0: never. */
void conn_after(struct conn *c, usec d, void (*fn)(struct conn *c));

/* For events: `http` is the argument. */
void conn_adopt_all(evutil_socket_t fd, short what, void *http);

/* Ends the exchange before its time: frees connection and request. `c` is gone afterwards. */
void conn_drop(struct conn *c);

/* ---- exchange.c ---- */

/* For evhttp_set_gencb(). */
void exchange_begin(struct evhttp_request *req, void *http);

/* For http.told: reports what became of the answer, and goes on to the next request. */
void exchange_told(struct conn *c, enum told what);

/* For events: asks every long poll again. */
void exchange_wake(evutil_socket_t fd, short what, void *http);

/* Ends every long poll now, as if its time was over. */
void exchange_expire_all(struct http *h);

/* ---- drain.c ---- */

/* For events: `http` is the argument. */
void drain_begin(evutil_socket_t fd, short what, void *http);
void drain_deaf(evutil_socket_t fd, short what, void *http);
void drain_rest(evutil_socket_t fd, short what, void *http);
void drain_give_up(evutil_socket_t fd, short what, void *http);

/* No exchange may be open any more: perhaps that was the last. */
void drain_note(struct http *h);

/* ---- tls.c ---- */

/* *ret is NULL when the options ask for no TLS. ERR_INVALID names the file, or the options that do not
 * go together. */
MUST_CHECK int tls_open(SSL_CTX **ret, const struct http_options *o, struct err *e);

/* Says once in the log what to change when a client spoke plain HTTP, and tells the client. */
void tls_explain(struct conn *c);
