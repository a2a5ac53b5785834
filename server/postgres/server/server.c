/* SPDX-License-Identifier: Apache-2.0 */
/* One database server: start, readiness, stop. */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "postgres/inside.h"
#include "postgres/machine/child.h"
#include "postgres/machine/files.h"
#include "postgres/server/server.h"

enum { POLL_US = 4000, START_LIMIT_S = 60, LAST_PORT = 65535, LAST_WORDS = 2048 };

/* What every server of ours has. A process that is killed loses nothing that was committed: it has
 * been written, if not synced. Segments that are done stay as they are, so that they can be kept
 * by a second name. */
static const char common_settings[] =
	"listen_addresses = ''\n"
	"unix_socket_permissions = 0700\n"
	"fsync = off\n"
	"full_page_writes = off\n"
	"wal_level = logical\n"
	"wal_recycle = off\n"
	"wal_init_zero = off\n"
	"min_wal_size = 2MB\n"
	"shared_buffers = 4MB\n"
	"dynamic_shared_memory_type = mmap\n"
	"huge_pages = off\n"
	"jit = off\n"
	"autovacuum = off\n"
	"max_worker_processes = 2\n"
	"max_logical_replication_workers = 0\n"
	"logging_collector = off\n"
	"log_timezone = 'UTC'\n"
	"timezone = 'UTC'\n"
	"datestyle = 'iso, mdy'\n"
	"default_text_search_config = 'pg_catalog.english'\n";

static void poll_ready(evutil_socket_t fd, short what, void *arg);

int server_init(struct server *s, struct pg *pg, const struct version *v, const char *data,
	void (*changed)(void *arg, const char *why), void *arg, struct err *e)
{
	*s = (struct server){.pg = pg, .version = v, .changed = changed, .arg = arg};
	snprintf(s->data, sizeof s->data, "%s", data);
	snprintf(s->log, sizeof s->log, "%.*s.log", PATH_MAX - 8, data);
	s->port = pg->last_port = pg->last_port < LAST_PORT ? pg->last_port + 1 : 1;
	s->poll = evtimer_new(pg->base, poll_ready, s);
	return s->poll ? 0 : err_oom(e);
}

/* ---- settings ---- */

/* Peer, with a map that lets our own user be anybody; PostgreSQL 15 cannot say "anybody", and the
 * socket's folder is closed to all but us. */
static int write_access(struct server *s, struct err *e)
{
	char path[PATH_MAX + 32], text[256];
	bool peer = s->version->major >= 16;

	snprintf(path, sizeof path, "%s/pg_hba.conf", s->data);
	snprintf(text, sizeof text, "local all,replication all %s\n",
		peer ? "peer map=front" : "trust");
	if (files_write(path, text, e))
		return -1;
	snprintf(path, sizeof path, "%s/pg_ident.conf", s->data);
	snprintf(text, sizeof text, "front root all\nfront \"%s\" all\n",
		s->pg->user);
	return files_write(path, peer ? text : "", e);
}

int server_configure(struct server *s, const char *settings, struct err *e)
{
	char path[PATH_MAX + 32];
	struct buf text = {0};
	int rc;

	buf_adds(&text, common_settings);
	buf_addf(&text, "unix_socket_directories = '%s'\nport = %d\n", s->pg->run, s->port);
	buf_adds(&text, settings);
	snprintf(path, sizeof path, "%s/postgresql.conf", s->data);
	rc = text.failed ? err_oom(e) : files_write(path, text.data, e);
	buf_done(&text);
	return rc || write_access(s, e) ? -1 : 0;
}

void server_reload(struct server *s)
{
	if (s->state == SERVER_UP)
		child_kill(s->child, SIGHUP);
}

/* ---- the end of it ---- */

/* Of its last lines the one that says why, or the last. */
static void keep_fatal(char *text)
{
	char *line = strstr(text, "FATAL:  "), *next;

	while (line && (next = strstr(line + 1, "FATAL:  ")))
		line = next;
	if (!line)
		for (line = text; (next = strchr(line, '\n')) && next[1]; line = next + 1)
			;
	memmove(text, line, strlen(line) + 1);
	text[strcspn(text, "\n")] = '\0';
}

/* Why it ended, in its own words. */
static void last_words(const struct server *s, char out[static LAST_WORDS])
{
	int fd = open(s->log, O_RDONLY | O_CLOEXEC);
	off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	off_t from = end > LAST_WORDS - 1 ? end - LAST_WORDS + 1 : 0;
	ssize_t n = fd < 0 ? 0 : pread(fd, out, LAST_WORDS - 1, from);

	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	keep_fatal(out);
}

static void gone(void *arg, int status, const char *said)
{
	struct server *s = arg;
	bool told = s->state == SERVER_STOPPING;
	char words[LAST_WORDS], why[256];

	(void)said;
	s->child = NULL;
	s->state = SERVER_DOWN;
	event_del(s->poll);
	if (told) {
		s->changed(s->arg, NULL);
		return;
	}
	last_words(s, words);
	snprintf(why, sizeof why, "the database server %s %d: %.200s",
		WIFSIGNALED(status) ? "was ended by signal" : "ended with code",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), words);
	s->changed(s->arg, why);
}

void server_stop(struct server *s, bool at_once)
{
	if (s->state == SERVER_DOWN)
		return;
	s->state = SERVER_STOPPING;
	event_del(s->poll);
	child_kill(s->child, at_once ? SIGQUIT : SIGINT);
}

void server_done(struct server *s)
{
	if (s->child) {
		child_forget(s->child);
		child_kill(s->child, SIGQUIT);
		s->child = NULL;
	}
	s->state = SERVER_DOWN;
	if (s->poll)
		event_free(s->poll);
	s->poll = NULL;
}

/* ---- the start ---- */

static void look_again(struct server *s)
{
	static const struct timeval pause = {0, POLL_US};

	evtimer_add(s->poll, &pause);
}

/* The postmaster writes its number into the first line of its file, and how it is into the last:
 * what an earlier one has left does not count. */
static bool is_ready(const struct server *s)
{
	char path[PATH_MAX + 32], text[1024], number[16];
	const char *last, *rest;
	size_t n;

	snprintf(path, sizeof path, "%s/postmaster.pid", s->data);
	n = files_read(path, text, sizeof text);
	if (!n)
		return false;
	snprintf(number, sizeof number, "%d\n", (int)child_pid(s->child));
	if (!text_starts(text, number, NULL))
		return false;
	if (text[n - 1] == '\n')
		text[n - 1] = '\0';
	last = strrchr(text, '\n');
	return last && text_starts(last + 1, "ready", &rest);
}

static void poll_ready(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	if (is_ready(s)) {
		s->state = SERVER_UP;
		s->changed(s->arg, NULL);
	} else if (monotonic_now() - s->started > START_LIMIT_S * USEC_SECOND) {
		child_kill(s->child, SIGQUIT); /* gone() says the rest */
	} else {
		look_again(s);
	}
}

int server_start(struct server *s, const char *settings, struct err *e)
{
	const char *const argv[] = {s->version->postgres[0] ? s->version->postgres : "", "-D",
		s->data, NULL};
	const struct child_options o = {
		.argv = argv, .log = s->log, .done = gone, .arg = s};

	unlink(s->log);
	if (server_configure(s, settings, e) || child_start(&s->child, s->pg, &o, e))
		return -1;
	s->state = SERVER_STARTING;
	s->started = monotonic_now();
	look_again(s);
	return 0;
}
