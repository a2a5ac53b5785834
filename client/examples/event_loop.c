/* SPDX-License-Identifier: Apache-2.0 */
/* Five branches at once, in a loop of poll(2): nothing blocks but the loop itself. */
#include <lakebase.h>
#include <poll.h>
#include <stdio.h>

struct loop {
	struct pollfd fds[32];
	int n;
	int64_t timeout;
	int failures;
};

static void watch(void *context, int fd, int events)
{
	struct loop *l = context;
	int i = 0;

	while (i < l->n && l->fds[i].fd != fd)
		i++;
	if (!events) {
		if (i < l->n)
			l->fds[i] = l->fds[--l->n];
		return;
	}
	l->fds[i].fd = fd;
	l->fds[i].events = (short)((events & LAKEBASE_READABLE ? POLLIN : 0)
		| (events & LAKEBASE_WRITABLE ? POLLOUT : 0));
	if (i == l->n)
		l->n++;
}

static void timer(void *context, int64_t timeout_ms)
{
	struct loop *l = context;

	l->timeout = timeout_ms;
}

static void done(void *context, int code, const struct lakebase_doc *result,
	const struct lakebase_error *error)
{
	struct loop *l = context;

	if (code)
		fprintf(stderr, "%s\n", error->message);
	else
		printf("%s\n", lakebase_doc_string(result, "name"));
	l->failures += code != 0;
}

static void turn(struct loop *l, struct lakebase_multi *m)
{
	int ready = poll(l->fds, (nfds_t)l->n, (int)l->timeout), fd, events;

	if (ready == 0)
		lakebase_multi_action(m, -1, 0);
	for (int i = 0; ready > 0 && i < l->n; i++) {
		if (!l->fds[i].revents)
			continue;
		fd = l->fds[i].fd;
		events = (l->fds[i].revents & (POLLIN | POLLHUP | POLLERR) ? LAKEBASE_READABLE : 0)
			| (l->fds[i].revents & POLLOUT ? LAKEBASE_WRITABLE : 0);
		/* this may change the list: the next turn sees the rest */
		lakebase_multi_action(m, fd, events);
		break;
	}
}

int main(void)
{
	struct loop l = { .timeout = -1 };
	struct lakebase_loop hooks = { watch, timer, &l };
	struct lakebase_multi *m = NULL;
	struct lakebase *lb = NULL;
	int rc = lakebase_new(&lb, NULL);

	if (!rc)
		rc = lakebase_create(NULL, lb, "projects/loop", "{\"spec\":{}}", LAKEBASE_AND_WAIT);
	if (!rc)
		rc = lakebase_multi_new(&m, lb, &hooks);
	for (int i = 0; !rc && i < 5; i++) {
		struct lakebase_call_spec spec = LAKEBASE_CALL_SPEC_INIT;
		char name[64];

		snprintf(name, sizeof(name), "projects/loop/branches/b%d", i);
		spec.verb = LAKEBASE_VERB_CREATE;
		spec.name = name;
		spec.body = "{\"spec\":{\"no_expiry\":true}}";
		spec.options.flags = LAKEBASE_WAIT;
		rc = lakebase_multi_add(NULL, m, &spec, done, &l);
	}
	while (!rc && lakebase_multi_running(m))
		turn(&l, m);
	if (rc)
		fprintf(stderr, "%s\n", lakebase_last_error()->message);
	lakebase_multi_free(m);
	lakebase_free(lb);
	return rc || l.failures ? 1 : 0;
}
