/* SPDX-License-Identifier: Apache-2.0 */
#include "http/conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/system.h"
#include "base/text.h"
#include "http/answer/answer.h"

enum {
	BACKLOG = 1024,
	RESERVED_FILES = 64, /* of the descriptors: for the store and for ourselves */
	ACCEPT_PAUSE_US = 100000,
};

/* Events of a higher number wait until none of a lower one is left. */
enum {
	PRIORITY_FIRST,
	PRIORITY_NONE,
	PRIORITY_DEFAULT, /* libevent gives it to what says nothing: the middle one */
	PRIORITY_DATA,
	PRIORITY_IDLE,
	NUM_PRIORITIES,
};
_Static_assert(PRIORITY_DEFAULT == NUM_PRIORITIES / 2, "the middle one");

enum { DATA_CALLBACKS = 4 }; /* of PRIORITY_DATA, before requests are looked for again */

/* ---- accepting ---- */

static void accept_again(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;

	(void)fd;
	(void)what;
	h->paused = false;
	if (!h->draining && h->num_conns < h->max_conns)
		evconnlistener_enable(h->listener);
}

/* All that are open: evhttp has taken the argument of its listener for itself. */
static LIST_HEAD(, http) servers = LIST_HEAD_INITIALIZER(servers);

/* Out of descriptors: without a pause the loop would spin on the listener. */
static void accept_failed(struct evconnlistener *l, void *evhttp)
{
	struct timeval later = { 0, ACCEPT_PAUSE_US };
	struct http *h;

	(void)evhttp;
	LIST_FOREACH(h, &servers, link)
		if (h->listener == l)
			break;
	if (!h)
		return;
	http_warn("cannot accept connections: %s", strerror(errno));
	evconnlistener_disable(l);
	h->paused = true;
	evtimer_add(h->resume, &later);
}

static int max_connections(void)
{
	const rlim_t want = MAX_CONNECTIONS + 2 * RESERVED_FILES;
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) < 0)
		return MAX_CONNECTIONS;
	if (rl.rlim_cur < want) {
		rl.rlim_cur = rl.rlim_max < want ? rl.rlim_max : want;
		if (setrlimit(RLIMIT_NOFILE, &rl) < 0 && getrlimit(RLIMIT_NOFILE, &rl) < 0)
			return MAX_CONNECTIONS;
	}
	if (rl.rlim_cur >= want)
		return MAX_CONNECTIONS;
	return rl.rlim_cur > 2 * RESERVED_FILES ? (int)rl.rlim_cur - RESERVED_FILES
						: RESERVED_FILES;
}

/* ---- the address ---- */

/* Reads "ADDR:PORT" into a socket address, and the text of ADDR into h->host. */
static int read_listen(struct http *h, const char *listen, struct sockaddr_storage *ss, int *len,
	struct err *e)
{
	const char *colon = strrchr(listen, ':');
	size_t host_len = colon ? (size_t)(colon - listen) : 0;
	const char *address = h->host;
	int64_t port = 0;

	if (!colon || host_len + 2 >= sizeof h->host || !text_int(colon + 1, 0, 65535, &port))
		goto bad;
	memcpy(h->host, listen, host_len);
	if (h->host[0] != '[' && memchr(listen, ':', host_len)) /* as a URL writes it */
		snprintf(h->host, sizeof h->host, "[%.*s]", (int)host_len, listen);
	if (!host_len)
		address = "0.0.0.0";
	else if (!strcasecmp(address, "localhost"))
		address = "127.0.0.1";
	*len = sizeof *ss;
	if (evutil_parse_sockaddr_port(address, (struct sockaddr *)ss, len) == 0) {
		/* Both kinds have the port in the same place. */
		((struct sockaddr_in *)ss)->sin_port = htons((uint16_t)port);
		return 0;
	}
bad:
	return err_set(e, ERR_INVALID,
		"'%s' is not an address to listen on: it is ADDR:PORT with an IP address or "
		"localhost, as in 127.0.0.1:4610, [::1]:4610 or :4610",
		listen);
}

static int cannot_listen(const struct http_options *o, const struct sockaddr_storage *ss, struct err *e)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)ss;
	int why = errno;
	char who[96] = "";

	if (why == EADDRINUSE && ss->ss_family == AF_INET)
		system_who_listens(in->sin_addr.s_addr, ntohs(in->sin_port), who);
	return err_set(e, ERR_UNAVAILABLE, "cannot listen on %s: %s%s.%s", o->listen,
		strerror(why), who,
		why == EADDRINUSE ? " Stop what listens there, or choose another port with "
				    "--listen ADDR:PORT; port 0 picks a free one." :
		why == EACCES	  ? " Choose a port above 1023 with --listen ADDR:PORT." :
		why == EADDRNOTAVAIL ? " Choose an address of this machine, such as 127.0.0.1." :
				       "");
}

static void remember_url(struct http *h)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof ss;
	const char *host = h->host;

	getsockname(evconnlistener_get_fd(h->listener), (struct sockaddr *)&ss, &len);
	h->port = ntohs(((struct sockaddr_in *)&ss)->sin_port);
	/* Nobody can connect to the wildcard address. */
	if (!host[0] || streq(host, "0.0.0.0"))
		host = "127.0.0.1";
	else if (streq(host, "[::]"))
		host = "[::1]";
	snprintf(h->url, sizeof h->url, "%s://%s:%d", h->tls ? "https" : "http", host, h->port);
}

static int open_listener(struct http *h, const struct http_options *o, struct err *e)
{
	const unsigned flags =
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
	struct sockaddr_storage ss;
	int len;

	if (read_listen(h, o->listen, &ss, &len, e) < 0)
		return -1;
	h->listener = evconnlistener_new_bind(
		h->base, NULL, NULL, flags, BACKLOG, (struct sockaddr *)&ss, len);
	if (!h->listener)
		return cannot_listen(o, &ss, e);
	/* Accepted sockets inherit it on Linux. Without it answers over 16 KiB, and all under TLS,
	 * stall for 40 ms. */
	setsockopt(evconnlistener_get_fd(h->listener), IPPROTO_TCP, TCP_NODELAY, &(int){ 1 },
		sizeof(int));
	remember_url(h);
	return 0;
}

/* ---- tidying up ---- */

static void idle(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;

	(void)fd;
	(void)what;
	h->since_idle = 0;
	h->idle_armed = lab_idle(h->lab);
	if (h->idle_armed)
		event_active(h->idle, EV_TIMEOUT, 0);
}

/* ---- opening ---- */

static int open_events(struct http *h, struct err *e)
{
	const struct {
		struct event **ev;
		evutil_socket_t fd;
		short what;
		event_callback_fn fn;
	} wanted[] = {
		{ &h->adopt, -1, 0, conn_adopt_all },
		{ &h->mend, -1, 0, refuse_pages },
		{ &h->sweep, -1, 0, refuse_slow },
		{ &h->resume, -1, 0, accept_again },
		{ &h->wake, -1, 0, exchange_wake },
		{ &h->idle, -1, 0, idle },
		{ &h->deaf, -1, 0, drain_deaf },
		{ &h->rest, -1, 0, drain_rest },
		{ &h->give_up, -1, 0, drain_give_up },
		{ &h->stop, h->stop_ends[0], EV_READ, drain_begin },
		{ &h->sigterm, SIGTERM, EV_SIGNAL | EV_PERSIST, drain_begin },
		{ &h->sigint, SIGINT, EV_SIGNAL | EV_PERSIST, drain_begin },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		*wanted[i].ev = event_new(
			h->base, wanted[i].fd, wanted[i].what, wanted[i].fn, h);
		if (!*wanted[i].ev)
			return err_oom(e);
		if (wanted[i].what && event_add(*wanted[i].ev, NULL) < 0)
			return err_set(e, ERR_INTERNAL, "cannot watch signals");
	}
	event_priority_set(h->idle, PRIORITY_IDLE);
	/* answers that leave after the signal say so */
	event_priority_set(h->stop, PRIORITY_FIRST);
	event_priority_set(h->sigterm, PRIORITY_FIRST);
	event_priority_set(h->sigint, PRIORITY_FIRST);
	return 0;
}

/* Whoever has the other end says nothing; that nobody has it any more is what is waited for. */
static void input_read(evutil_socket_t fd, short what, void *http)
{
	char ignored[256];
	ssize_t n = read(fd, ignored, sizeof ignored);
	struct http *h = http;

	if (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)))
		return;
	event_del(h->input);
	drain_begin(fd, what, h);
}

static int watch_input(struct http *h, struct err *e)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) < 0 || (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode)))
		return err_set(e, ERR_INVALID,
			"--end-with-stdin: standard input is no pipe; start the server with one, or "
			"leave the flag out");
	h->input = event_new(h->base, STDIN_FILENO, EV_READ | EV_PERSIST, input_read, h);
	if (!h->input)
		return err_oom(e);
	event_priority_set(h->input, PRIORITY_FIRST);
	return event_add(h->input, NULL) < 0 ? err_set(e, ERR_INTERNAL, "cannot watch the input") : 0;
}

static struct event_base *new_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	if (!config)
		return NULL;
	/* evhttp turns reading off and on for each request; this saves the system calls. */
	event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
	/* The usual clock of libevent moves in steps of 4 ms, and delays would end early. */
	event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	event_config_set_max_dispatch_interval(config, NULL, DATA_CALLBACKS, PRIORITY_DATA);
	base = event_base_new_with_config(config);
	event_config_free(config);
	if (base)
		event_base_priority_init(base, NUM_PRIORITIES);
	return base;
}

static int open_evhttp(struct http *h, struct err *e)
{
	h->evhttp = evhttp_new(h->base);
	if (!h->evhttp)
		return err_oom(e);
	evconnlistener_set_error_cb(h->listener, accept_failed);
	evhttp_set_bevcb(h->evhttp, conn_new, h);
	evhttp_set_gencb(h->evhttp, exchange_begin, h);
	evhttp_set_allowed_methods(h->evhttp, 0xffff); /* what is not allowed is ours to say */
	evhttp_set_default_content_type(h->evhttp, NULL);
	evhttp_set_max_headers_size(h->evhttp, MAX_HEADER_BYTES);
	evhttp_set_max_body_size(h->evhttp, MAX_BODY_TRANSPORT);
	evhttp_set_timeout_tv(h->evhttp, &h->idle_timeout);
	h->bound = evhttp_bind_listener(h->evhttp, h->listener);
	return h->bound ? 0 : err_oom(e);
}

static void log_libevent(int severity, const char *msg)
{
	if (severity >= EVENT_LOG_WARN)
		http_warn("%s", msg);
}

int http_open(struct http **ret, const struct http_options *o, struct lab *lab, struct err *e)
{
	struct http *h = calloc(1, sizeof *h);
	usec idle_timeout = o->idle_timeout ? o->idle_timeout : IDLE_TIMEOUT_S * USEC_SECOND;

	if (!h)
		return err_oom(e);
	LIST_INSERT_HEAD(&servers, h, link);
	h->lab = lab;
	h->told = exchange_told;
	h->rested = drain_note;
	h->allow_hosts = o->allow_hosts;
	h->idle_timeout.tv_sec = idle_timeout / USEC_SECOND;
	h->idle_timeout.tv_usec = idle_timeout % USEC_SECOND;
	h->request_timeout = REQUEST_TIMEOUT_S * USEC_SECOND;
	if (h->request_timeout > idle_timeout)
		h->request_timeout = idle_timeout;
	h->max_conns = max_connections();
	h->stop_ends[0] = h->stop_ends[1] = -1;
	signal(SIGPIPE, SIG_IGN);
	event_set_log_callback(log_libevent);
	h->base = new_base();
	if (!h->base || system_wake_pipe(h->stop_ends)) {
		err_oom(e);
		goto out;
	}
	if (tls_open(&h->tls, o, e) < 0 || open_events(h, e) < 0 ||
		(o->end_with_stdin && watch_input(h, e) < 0) || open_listener(h, o, e) < 0 ||
		open_evhttp(h, e) < 0)
		goto out;
	*ret = h;
	return 0;
out:
	http_close(h);
	return -1;
}

const char *http_url(const struct http *h)
{
	return h->url;
}

int http_port(const struct http *h)
{
	return h->port;
}

long http_run(struct http *h)
{
	event_base_dispatch(h->base);
	while (!LIST_EMPTY(&h->newborn))
		conn_adopt_all(-1, 0, h);
	while (!LIST_EMPTY(&h->conns))
		conn_drop(LIST_FIRST(&h->conns));
	return h->served;
}

void http_stop(struct http *h)
{
	/* A write is all that a signal handler may do. */
	if (write(h->stop_ends[1], "", 1) < 0)
		return;
}

void http_close(struct http *h)
{
	struct event *events[] = { h->adopt, h->mend, h->sweep, h->resume, h->wake, h->idle,
		h->stop, h->deaf, h->rest, h->give_up, h->sigterm, h->sigint, h->input };

	LIST_REMOVE(h, link);
	h->draining = true;
	if (h->evhttp)
		evhttp_free(h->evhttp);
	if (h->listener && !h->bound)
		evconnlistener_free(h->listener);
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		if (events[i])
			event_free(events[i]);
	if (h->base) {
		event_base_loop(h->base, EVLOOP_NONBLOCK); /* frees what libevent put off */
		event_base_free(h->base);
	}
	SSL_CTX_free(h->tls);
	response_done(&h->resp);
	buf_done(&h->head);
	free(h->by_fd);
	for (int i = 0; i < 2; i++)
		if (h->stop_ends[i] >= 0)
			close(h->stop_ends[i]);
	free(h);
}

struct event_base *http_base(struct http *h)
{
	return h->base;
}

int http_data_priority(void)
{
	return PRIORITY_DATA;
}

void http_poke(struct http *h)
{
	event_active(h->wake, EV_TIMEOUT, 0);
}

const char *http_library_version(void)
{
	return event_get_version();
}
