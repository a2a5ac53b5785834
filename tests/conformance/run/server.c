/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/server.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system.h"
#include "base/text.h"

enum { READY_MS = 60000 };

static void key_of(const char *const *words, char *key, size_t size)
{
	size_t at = 0;

	key[0] = '\0';
	for (; words && *words && at < size; words++)
		at += (size_t)snprintf(key + at, size - at, "%s ", *words);
}

/* In the child. */
static void become(const struct options *o, const char *const *words, int out, pid_t parent)
{
	const char *argv[2 * MAX_WORDS + 8] = {
		o->mock, "serve", "--listen", "127.0.0.1:0", "--log", "off"};
	size_t n = 6;

	for (size_t i = 0; i < o->mock_args.num; i++)
		argv[n++] = o->mock_args.w[i];
	for (; words && *words && n < ARRAY_SIZE(argv) - 1; words++)
		argv[n++] = *words;
	system_end_with_parent(SIGKILL);
	if (getppid() != parent)
		_exit(127);
	signal(SIGINT, SIG_IGN); /* Ctrl-C is for us: it has to serve the cleaning */
	dup2(out, STDOUT_FILENO);
	execv(o->mock, (char *const *)argv);
	fprintf(stderr, "%s: %s\n", o->mock, strerror(errno));
	_exit(127);
}

/* The url of the line of JSON that the server prints when it is ready. */
static int read_ready(int fd, char *url, size_t size, struct err *e)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char line[1024];
	size_t len = 0;
	ssize_t n = 1;
	json_t *v;

	while (len < sizeof(line) - 1 && !memchr(line, '\n', len) && n > 0) {
		if (poll(&p, 1, READY_MS) <= 0)
			break;
		n = read(fd, line + len, sizeof(line) - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	v = json_loadb(line, len, JSON_DISABLE_EOF_CHECK, NULL);
	snprintf(url, size, "%s", json_string_value(json_object_get(v, "url")) ?: "");
	json_decref(v);
	return *url ? 0 : err_set(e, ERR_UNAVAILABLE, "the mock did not become ready");
}

static struct server *add(struct server **list, const char *key)
{
	struct server *s = calloc(1, sizeof(*s));

	if (s) {
		snprintf(s->key, sizeof(s->key), "%s", key);
		s->next = *list;
		*list = s;
	}
	return s;
}

int server_start(struct server **list, const struct options *o, const char *const *words,
	struct server **ret, struct err *e)
{
	pid_t parent = getpid();
	char key[512];
	struct server *s;
	int fd[2], rc;

	key_of(words, key, sizeof(key));
	for (s = *list; s; s = s->next) {
		if (streq(s->key, key)) {
			*ret = s;
			return 0;
		}
	}
	s = add(list, key);
	if (!s || system_pipe(fd))
		return err_oom(e);
	s->pid = fork();
	if (s->pid == 0)
		become(o, words, fd[1], parent);
	close(fd[1]);
	rc = s->pid < 0 ? err_set(e, ERR_INTERNAL, "fork: %s", strerror(errno))
			: read_ready(fd[0], s->url, sizeof(s->url), e);
	close(fd[0]);
	*ret = s;
	return rc;
}

int server_known(struct server **list, const char *url, struct server **ret, struct err *e)
{
	*ret = add(list, "");
	if (!*ret)
		return err_oom(e);
	snprintf((*ret)->url, sizeof((*ret)->url), "%s", url);
	return 0;
}

void servers_stop(struct server *list)
{
	struct server *next;

	for (struct server *s = list; s; s = s->next)
		if (s->pid > 0)
			kill(s->pid, SIGTERM);
	for (; list; list = next) {
		next = list->next;
		if (list->pid > 0)
			waitpid(list->pid, NULL, 0);
		free(list);
	}
}
