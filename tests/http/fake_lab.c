/* SPDX-License-Identifier: Apache-2.0 */
#include "http/fake_lab.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "http/peer.h"

enum { MOST = 4096 };

struct lab {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool blocked;
	char paths[MOST][32];
	struct fake_report reports[MOST];
	int served, num_reports, asked_again, idle_calls, pokes;
};

static struct lab lab = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER };

struct lab *fake_lab(void)
{
	lab.served = lab.num_reports = lab.asked_again = lab.idle_calls = lab.pokes = 0;
	return &lab;
}

static int64_t number(const char *query, const char *name, int64_t otherwise)
{
	size_t len = strlen(name);

	for (const char *p = query; *p; p += strcspn(p, "&"), p += *p == '&')
		if (!strncmp(p, name, len) && p[len] == '=')
			return atoll(p + len + 1);
	return otherwise;
}

static enum wire_kind kind_of(const char *query)
{
	if (strstr(query, "kind=reset"))
		return WIRE_RESET;
	if (strstr(query, "kind=close"))
		return WIRE_CLOSE;
	if (strstr(query, "kind=hang"))
		return WIRE_HANG;
	return WIRE_SEND;
}

static void answer_as_asked(const char *q, struct response *resp)
{
#define TEN "0123456789"
	static const char digits[] = TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN;
	int64_t size = number(q, "size", 0);

	resp->status = (int)number(q, "status", 200);
	for (int64_t i = 0; i < size; i += 100)
		buf_add(&resp->body, digits, (size_t)(size - i < 100 ? size - i : 100));
	resp->wire = (struct wire){
		.kind = kind_of(q),
		.delay = number(q, "delay", 0),
		.hang = number(q, "hang", 0),
		.truncate = number(q, "truncate", -1) >= 0,
		.truncate_at = (size_t)number(q, "truncate", 0),
		.then_reset = number(q, "reset", 0),
		.dribble_bytes = (size_t)number(q, "dribble", 0),
		.dribble_every = number(q, "every", 0),
		.wrong_length = number(q, "wrong", 0),
	};
}

static void answer_echo(const struct request *req, struct response *resp)
{
	buf_addf(&resp->body,
		"{\"method\":\"%s\",\"path\":\"%s\",\"query\":\"%s\",\"len\":%zu,"
		"\"too_large\":%d,\"connection\":%llu,\"ordinal\":%llu,\"auth\":\"%s\"}",
		req->method, req->path, req->query, req->body_len, req->body_too_large,
		(unsigned long long)req->connection, (unsigned long long)req->ordinal,
		req->authorization ? req->authorization : "");
	if (req->body_len && !req->body)
		resp->status = 500;
	response_header(resp, "X-Mock-Seq", "7");
}

static enum lab_verdict poll_or_wait(struct lab *l, const struct request *req,
	struct response *resp)
{
	l->asked_again++;
	if (l->pokes >= number(req->query, "pokes", 1)) {
		buf_adds(&resp->body, "{\"woken\":true}");
		return LAB_ANSWER;
	}
	if (req->expired) {
		resp->status = 408;
		buf_adds(&resp->body, "{\"expired\":true}");
		return LAB_ANSWER;
	}
	resp->wait_until = req->arrived + number(req->query, "until", USEC_SECOND);
	return LAB_WAIT;
}

enum lab_verdict front_serve(struct lab *l, const struct request *req, struct response *resp)
{
	enum lab_verdict v = LAB_ANSWER;

	pthread_mutex_lock(&l->lock);
	if (streq(req->path, "/block")) {
		l->blocked = true;
		pthread_cond_broadcast(&l->changed);
		while (l->blocked)
			pthread_cond_wait(&l->changed, &l->lock);
	}
	snprintf(l->paths[l->served % MOST], sizeof l->paths[0], "%s", req->path);
	l->served++;
	resp->seq = (uint64_t)l->served;
	if (streq(req->path, "/wait")) {
		v = poll_or_wait(l, req, resp);
	} else if (streq(req->path, "/echo")) {
		answer_echo(req, resp);
	} else if (streq(req->path, "/ok") || streq(req->path, "/poke")) {
		l->pokes += streq(req->path, "/poke");
		buf_adds(&resp->body, "{\"ok\":true}");
	} else {
		answer_as_asked(req->query, resp);
	}
	pthread_mutex_unlock(&l->lock);
	return v;
}

bool lab_held(struct lab *l, struct response *resp)
{
	(void)l;
	(void)resp;
	return false;
}

void lab_delivered(struct lab *l, uint64_t seq, enum delivered how, int status, size_t bytes)
{
	pthread_mutex_lock(&l->lock);
	l->reports[l->num_reports++ % MOST] = (struct fake_report){ seq, how, status, bytes };
	pthread_mutex_unlock(&l->lock);
}

bool lab_has_waiters(const struct lab *l)
{
	(void)l;
	return false;
}

bool lab_idle(struct lab *l)
{
	pthread_mutex_lock(&l->lock);
	l->idle_calls++;
	pthread_mutex_unlock(&l->lock);
	return false;
}

static int read_locked(const int *what)
{
	int n;

	pthread_mutex_lock(&lab.lock);
	n = *what;
	pthread_mutex_unlock(&lab.lock);
	return n;
}

int fake_served(void)
{
	return read_locked(&lab.served);
}

int fake_asked_again(void)
{
	return read_locked(&lab.asked_again);
}

int fake_idle_calls(void)
{
	return read_locked(&lab.idle_calls);
}

int fake_num_reports(void)
{
	return read_locked(&lab.num_reports);
}

void fake_await_served(int n)
{
	for (int i = 0; i < SURELY && fake_served() < n; i++)
		usleep(1000);
	ck_assert_int_ge(fake_served(), n);
}

void fake_await_block(void)
{
	pthread_mutex_lock(&lab.lock);
	while (!lab.blocked)
		pthread_cond_wait(&lab.changed, &lab.lock);
	pthread_mutex_unlock(&lab.lock);
}

void fake_unblock(void)
{
	pthread_mutex_lock(&lab.lock);
	lab.blocked = false;
	pthread_cond_broadcast(&lab.changed);
	pthread_mutex_unlock(&lab.lock);
}

int fake_served_path(const char *path)
{
	int n = 0;

	pthread_mutex_lock(&lab.lock);
	for (int i = 0; i < lab.served && i < MOST; i++)
		n += !strcmp(lab.paths[i], path);
	pthread_mutex_unlock(&lab.lock);
	return n;
}

struct fake_report fake_report(int n)
{
	for (int i = 0; i < SURELY && fake_num_reports() <= n; i++)
		usleep(1000);
	ck_assert_int_gt(fake_num_reports(), n);
	return lab.reports[n % MOST];
}
