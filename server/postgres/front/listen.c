/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets: one for each address that a client was told, or one for all in name mode. */
#include "postgres/front/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/system.h"

enum {
	BACKLOG = 1024,
	WANTED_FILES = 65536,
	PAUSE_US = 100000,
	MAX_STEPS = 64, /* addresses tried when others listen on them */
};

/* ---- sockets ---- */

static void accepted(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from, int len,
	void *arg)
{
	struct host *host = arg;

	(void)l, (void)from, (void)len;
	session_new(host->front, fd, host);
}

static void accepted_general(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from,
	int len, void *arg)
{
	(void)l, (void)from, (void)len;
	session_new(arg, fd, NULL);
}

static void enable_all(struct front *f, bool on)
{
	struct host *host;

	f->paused = !on;
	if (f->general)
		(on ? evconnlistener_enable : evconnlistener_disable)(f->general);
	TAILQ_FOREACH (host, &f->listening, age)
		(on ? evconnlistener_enable : evconnlistener_disable)(host->listener);
}

static void accept_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	enable_all(arg, true);
}

/* Out of descriptors: without a pause the loop would spin. */
static void failed(struct front *f)
{
	struct timeval later = { 0, PAUSE_US };

	front_log(f, "cannot accept connections: %s", strerror(errno));
	enable_all(f, false);
	evtimer_add(f->resume, &later);
}

static void accept_failed(struct evconnlistener *l, void *arg)
{
	struct host *host = arg;

	(void)l;
	failed(host->front);
}

static void general_failed(struct evconnlistener *l, void *arg)
{
	(void)l;
	failed(arg);
}

static struct evconnlistener *bind_to(struct front *f, const struct sockaddr *at, int len,
	evconnlistener_cb fn, evconnlistener_errorcb fail, void *arg)
{
	const unsigned flags =
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
	struct evconnlistener *l =
		evconnlistener_new_bind(f->o.base, fn, arg, flags, BACKLOG, at, len);

	if (!l)
		return NULL;
	/* accepted sockets inherit it */
	setsockopt(evconnlistener_get_fd(l), IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	evconnlistener_set_error_cb(l, fail);
	return l;
}

static struct evconnlistener *bind_host(struct front *f, struct host *host)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)f->port),
		.sin_addr.s_addr = htonl(host->address) };

	return bind_to(f, (struct sockaddr *)&in, sizeof in, accepted, accept_failed, host);
}

/* ---- hosts ---- */

static void give_up_oldest(struct front *f)
{
	struct host *host;

	TAILQ_FOREACH (host, &f->listening, age)
		if (!host->sessions)
			break;
	if (!host)
		return;
	evconnlistener_free(host->listener);
	host->listener = NULL;
	TAILQ_REMOVE(&f->listening, host, age);
	f->num_listening--;
}

void listen_touch(struct front *f, struct host *host)
{
	if (!host->listener)
		return;
	TAILQ_REMOVE(&f->listening, host, age);
	TAILQ_INSERT_TAIL(&f->listening, host, age);
}

static void cannot_listen(struct front *f, const struct host *host)
{
	int why = errno;
	char who[96] = "";

	if (why == EADDRINUSE)
		system_who_listens(htonl(host->address), f->port, who);
	front_log(f, "cannot listen on %s:%d for endpoint %s: %s%s", host->text, f->port, host->uid,
		strerror(why), who);
}

void listen_on(struct front *f, struct host *host)
{
	bool fresh = !host->kept;

	if (host->listener || !host->address) {
		listen_touch(f, host);
		return;
	}
	if (f->num_listening >= f->max_listening)
		give_up_oldest(f);
	host->front = f;
	host->listener = bind_host(f, host);
	for (int i = 0; fresh && !host->listener && errno == EADDRINUSE && i < MAX_STEPS; i++) {
		hosts_step(&f->hosts, host);
		host->listener = bind_host(f, host);
	}
	if (fresh)
		hosts_keep(&f->hosts, host);
	if (!host->listener) {
		cannot_listen(f, host);
		return;
	}
	TAILQ_INSERT_TAIL(&f->listening, host, age);
	f->num_listening++;
	if (f->paused)
		evconnlistener_disable(host->listener);
}

/* ---- opening ---- */

static int taken(struct front *f, uint32_t address, const char *where, struct err *e)
{
	int why = errno;
	char who[96] = "";

	if (why == EADDRINUSE)
		system_who_listens(htonl(address), f->o.port, who);
	return err_set(e, ERR_UNAVAILABLE, "cannot listen on %s:%d for PostgreSQL: %s%s.%s", where,
		f->o.port, strerror(why), who,
		why == EADDRINUSE ? " Stop what listens there, or choose another port with "
				    "--postgres-port." :
		why == EACCES	  ? " Choose a port above 1023 with --postgres-port." :
				    "");
}

/* The address that the API listens on, with our port. */
static int general_address(
	struct front *f, struct sockaddr_storage *ss, int *len, char host[static 256], struct err *e)
{
	const char *colon = strrchr(f->o.listen, ':');
	size_t n = colon ? (size_t)(colon - f->o.listen) : 0;

	snprintf(host, 256, "%.*s", (int)n, f->o.listen);
	*len = sizeof *ss;
	if (evutil_parse_sockaddr_port(!n ? "0.0.0.0" : streq(host, "localhost") ? "127.0.0.1" : host,
		    (struct sockaddr *)ss, len) < 0)
		return err_set(e, ERR_INVALID, "'%s' is not an address to listen on", host);
	/* both kinds have the port in the same place */
	((struct sockaddr_in *)ss)->sin_port = htons((uint16_t)f->o.port);
	return 0;
}

static uint32_t ipv4_of(const struct sockaddr_storage *ss)
{
	return ss->ss_family == AF_INET ? ntohl(((const struct sockaddr_in *)ss)->sin_addr.s_addr) : 0;
}

static int open_general(struct front *f, struct err *e)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t size = sizeof ss;
	char host[256];
	int len;

	if (general_address(f, &ss, &len, host, e))
		return -1;
	f->general = bind_to(f, (struct sockaddr *)&ss, len, accepted_general, general_failed, f);
	if (!f->general)
		return taken(f, ipv4_of(&ss), *host ? host : "0.0.0.0", e);
	getsockname(evconnlistener_get_fd(f->general), (struct sockaddr *)&ss, &size);
	f->port = ntohs(((struct sockaddr_in *)&ss)->sin_port);
	return 0;
}

/* Endpoints get their sockets later; whether the port can be had at all is known now. */
static int try_port(struct front *f, struct err *e)
{
	struct host probe = { .address = HOSTS_PROBE };
	struct evconnlistener *l;

	if (!f->o.port)
		return err_set(e, ERR_INVALID,
			"--postgres-port 0 needs --postgres-hosts name:NAME: with an address for "
			"each endpoint all have the same port");
	f->port = f->o.port;
	l = bind_host(f, &probe);
	if (!l)
		return taken(f, probe.address, HOSTS_PROBE_TEXT, e);
	evconnlistener_free(l);
	return 0;
}

static void raise_files(void)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) || rl.rlim_cur >= WANTED_FILES)
		return;
	rl.rlim_cur = rl.rlim_max < WANTED_FILES ? rl.rlim_max : WANTED_FILES;
	if (setrlimit(RLIMIT_NOFILE, &rl)) /* then there are fewer */
		return;
}

int listen_open(struct front *f, struct err *e)
{
	raise_files();
	f->resume = evtimer_new(f->o.base, accept_again, f);
	if (!f->resume)
		return err_oom(e);
	return f->o.name ? open_general(f, e) : try_port(f, e);
}

void listen_close(struct front *f)
{
	struct host *host;

	TAILQ_FOREACH (host, &f->listening, age) {
		evconnlistener_free(host->listener);
		host->listener = NULL;
	}
	if (f->general)
		evconnlistener_free(f->general);
	if (f->resume)
		event_free(f->resume);
}
