/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver that does not block: the same calls as perform.c drives one at a time, many at once over
 * curl_multi. Everything happens inside lakebase_multi_action() or lakebase_multi_run().
 */
#include "liblakebase/call/call.h"
#include "liblakebase/call/machine.h"
#include "liblakebase/call/outcome.h"
#include "liblakebase/client.h"
#include "liblakebase/document/doc.h"
#include "liblakebase/error.h"
#include "liblakebase/transport/curl.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

struct member {
	struct lakebase_multi *multi;
	struct lakebase_call *call;
	struct lb_curl *curl; /* while a request is under way */
	void (*done)(void *, int, const struct lakebase_doc *, const struct lakebase_error *);
	void *context;
	struct member *prev, *next;
};

enum { MAX_SPARE = 16 };

struct lakebase_multi {
	struct lakebase *lb;
	CURLM *curlm;
	struct lakebase_loop loop;
	struct member *first, *last;
	size_t running, sending;
	struct lb_curl *spare[MAX_SPARE];
	size_t num_spare;
	int64_t curl_due, call_due; /* when curl and the calls want to be looked at; -1: not */
	bool stirred;		    /* a call may go on now */
};

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* ---- curl's wishes, passed on ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *mine)
{
	struct lakebase_multi *m = context;
	int events = 0;

	(void)easy;
	(void)mine;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= LAKEBASE_READABLE;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= LAKEBASE_WRITABLE;
	m->loop.watch(m->loop.context, (int)fd, events);
	return 0;
}

static int on_timer(CURLM *curlm, long ms, void *context)
{
	struct lakebase_multi *m = context;

	(void)curlm;
	m->curl_due = ms < 0 ? -1 : lb_now(m->lb) + ms;
	return 0;
}

static void arm(struct lakebase_multi *m)
{
	int64_t now = lb_now(m->lb);
	int64_t due = m->stirred ? now : sooner(m->curl_due, m->call_due);

	if (m->loop.timer)
		m->loop.timer(m->loop.context, due < 0 ? -1 : due <= now ? 0 : due - now);
}

int lakebase_multi_new(
	struct lakebase_multi **out, struct lakebase *lb, const struct lakebase_loop *loop)
{
	struct lakebase_multi *m;

	*out = NULL;
	if (loop && (!loop->watch || !loop->timer))
		return lb_fail(LAKEBASE_EINVALID, "a loop needs both watch and timer");
	m = calloc(1, sizeof(*m));
	if (!m)
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	m->lb = lb;
	m->curl_due = m->call_due = -1;
	m->curlm = curl_multi_init();
	if (!m->curlm) {
		free(m);
		return lb_fail(LAKEBASE_ENOMEM, "libcurl cannot start");
	}
	if (loop) {
		m->loop = *loop;
		curl_multi_setopt(m->curlm, CURLMOPT_SOCKETFUNCTION, on_socket);
		curl_multi_setopt(m->curlm, CURLMOPT_SOCKETDATA, m);
		curl_multi_setopt(m->curlm, CURLMOPT_TIMERFUNCTION, on_timer);
		curl_multi_setopt(m->curlm, CURLMOPT_TIMERDATA, m);
	}
	*out = m;
	return 0;
}

/* ---- members ---- */

static void append(struct lakebase_multi *m, struct member *b)
{
	b->prev = m->last;
	if (m->last)
		m->last->next = b;
	else
		m->first = b;
	m->last = b;
	m->running++;
}

static void detach(struct lakebase_multi *m, struct member *b)
{
	if (b->prev)
		b->prev->next = b->next;
	else
		m->first = b->next;
	if (b->next)
		b->next->prev = b->prev;
	else
		m->last = b->prev;
	m->running--;
}

/* Takes the handle of a member back, be the transfer over or not. */
static void retire(struct lakebase_multi *m, struct member *b)
{
	if (!b->curl)
		return;
	curl_multi_remove_handle(m->curlm, lb_curl_easy(b->curl));
	m->sending--;
	if (m->num_spare < MAX_SPARE)
		m->spare[m->num_spare++] = b->curl;
	else
		lb_curl_free(b->curl);
	b->curl = NULL;
}

static void discard(struct lakebase_multi *m, struct member *b)
{
	retire(m, b);
	detach(m, b);
	lb_call_free(b->call);
	free(b);
}

static void deliver(struct lakebase_multi *m, struct member *b)
{
	struct lakebase_call *c = b->call;
	struct lakebase_doc result = { c->result };

	retire(m, b);
	detach(m, b);
	if (c->code)
		lb_error_publish(&c->error);
	b->done(b->context, c->code, c->code ? NULL : &result, c->code ? &c->error : NULL);
	lb_call_free(c);
	free(b);
}

void lakebase_multi_free(struct lakebase_multi *m)
{
	if (!m)
		return;
	while (m->first)
		discard(m, m->first);
	while (m->num_spare)
		lb_curl_free(m->spare[--m->num_spare]);
	curl_multi_cleanup(m->curlm);
	free(m);
}

int lakebase_multi_add(struct lakebase_call **out, struct lakebase_multi *m,
	const struct lakebase_call_spec *spec,
	void (*done)(void *, int, const struct lakebase_doc *, const struct lakebase_error *),
	void *context)
{
	struct member *b = calloc(1, sizeof(*b));
	struct lakebase_error e;

	if (out)
		*out = NULL;
	if (!b)
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	if (lb_call_new(&b->call, m->lb, spec, &e)) {
		free(b);
		return lb_error_publish(&e);
	}
	b->call->driver = b;
	b->multi = m;
	b->done = done;
	b->context = context;
	append(m, b);
	m->stirred = true;
	arm(m);
	if (out)
		*out = b->call;
	return 0;
}

void lakebase_call_cancel(struct lakebase_call *call)
{
	struct member *b = call->driver;

	call->cancelled = true;
	b->multi->stirred = true;
	arm(b->multi);
}

size_t lakebase_multi_running(const struct lakebase_multi *m)
{
	return m->running;
}

/* ---- going on ---- */

static int start(struct lakebase_multi *m, struct member *b)
{
	struct lakebase_error e;

	if (m->num_spare)
		b->curl = m->spare[--m->num_spare];
	else if (lb_curl_new(&b->curl, m->lb, &e))
		return -1;
	m->sending++;
	if (lb_curl_prepare(b->curl, &b->call->request)
		|| curl_multi_add_handle(m->curlm, lb_curl_easy(b->curl)))
		return -1;
	return 0;
}

/* A transport of the caller's own answers at once. */
static int answer_now(struct lakebase_multi *m, struct member *b)
{
	struct lakebase_http_answer a = { .delivery = LAKEBASE_LOST };

	if (m->lb->ports.perform(m->lb->ports.context, &b->call->request, &a)) {
		free(a.body);
		return -1;
	}
	lb_call_answer(b->call, &a);
	return 0;
}

/* Moves one call as far as it goes now. True when it is over (and `b` gone). */
static bool move(struct lakebase_multi *m, struct member *b)
{
	struct lakebase_call *c = b->call;

	if (b->curl && !c->cancelled)
		return false;
	retire(m, b);
	for (;;) {
		switch (lb_call_step(c)) {
		case LB_DONE:
			deliver(m, b);
			return true;
		case LB_PAUSE:
			m->call_due = sooner(m->call_due, c->due);
			return false;
		case LB_SEND:
			if (m->lb->ports.perform ? answer_now(m, b) : start(m, b))
				lb_call_oom(c);
			else if (b->curl)
				return false;
			break;
		}
	}
}

static void move_all(struct lakebase_multi *m)
{
	struct member *next;

	while (m->stirred || (m->call_due >= 0 && lb_now(m->lb) >= m->call_due)) {
		m->stirred = false;
		m->call_due = -1;
		for (struct member *b = m->first; b; b = next) {
			next = b->next;
			/* its callback may have added members: those are met in the next round */
			move(m, b);
		}
	}
}

static void collect(struct lakebase_multi *m)
{
	struct lakebase_http_answer a;
	struct member *b;
	CURLMsg *message;
	int left, rc;

	while ((message = curl_multi_info_read(m->curlm, &left))) {
		char *mine = NULL;
		CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &mine);
		for (b = m->first; b && (void *)b->curl != (void *)mine; b = b->next)
			;
		if (!b)
			continue;
		rc = lb_curl_finish(b->curl, (int)result, &a);
		retire(m, b);
		if (rc)
			lb_call_oom(b->call);
		else
			lb_call_answer(b->call, &a);
		m->stirred = true;
	}
}

int lakebase_multi_action(struct lakebase_multi *m, int fd, int events)
{
	int mask = 0, running;

	if (events & LAKEBASE_READABLE)
		mask |= CURL_CSELECT_IN;
	if (events & LAKEBASE_WRITABLE)
		mask |= CURL_CSELECT_OUT;
	if (fd >= 0) {
		curl_multi_socket_action(m->curlm, (curl_socket_t)fd, mask, &running);
	} else if (m->curl_due >= 0 && lb_now(m->lb) >= m->curl_due) {
		m->curl_due = -1;
		curl_multi_socket_action(m->curlm, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	collect(m);
	move_all(m);
	arm(m);
	return 0;
}

int lakebase_multi_run(struct lakebase_multi *m, int64_t timeout_ms)
{
	int64_t end = timeout_ms < 0 ? -1 : lb_now(m->lb) + timeout_ms, now, wait;
	int running;

	if (m->loop.timer)
		return lb_fail(LAKEBASE_EINVALID, "this one is driven by its loop: lakebase_multi_action()");
	for (;;) {
		if (m->sending)
			curl_multi_perform(m->curlm, &running);
		collect(m);
		move_all(m);
		now = lb_now(m->lb);
		if (!m->running || (end >= 0 && now >= end))
			return 0;
		wait = sooner(m->call_due, end);
		wait = wait < 0 || wait - now > 60000 ? 60000 : wait <= now ? 0 : wait - now;
		if (m->sending)
			curl_multi_poll(m->curlm, NULL, 0, (int)wait, NULL);
		else if (wait && m->lb->ports.sleep(m->lb->ports.context, wait))
			return lb_fail(LAKEBASE_ECANCELLED, "cancelled during a pause");
	}
}
