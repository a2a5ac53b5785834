/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t now(void *context)
{
	return ((struct fake *)context)->now;
}

static int pause_for(void *context, int64_t ms)
{
	struct fake *f = context;

	f->now += ms;
	if (f->num_pauses < FAKE_PAUSES)
		f->pauses[f->num_pauses++] = ms;
	return 0;
}

static double chance(void *context)
{
	return ((struct fake *)context)->chance;
}

static void record(struct fake *f, const struct lakebase_http_request *r)
{
	const char *path = strchr(strstr(r->url, "://") + 3, '/');
	char line[4096];

	if (f->num_requests == FAKE_REQUESTS) {
		snprintf(f->problem, sizeof(f->problem), "too many requests");
		return;
	}
	snprintf(line, sizeof(line), "%s %s", r->method, path ? path : "");
	f->sent_at[f->num_requests] = f->now;
	snprintf(f->authorization[f->num_requests], sizeof(f->authorization[0]), "%s",
		r->authorization ? r->authorization : "");
	free(f->requests[f->num_requests]);
	f->requests[f->num_requests++] = strdup(line);
}

static int perform(void *context, const struct lakebase_http_request *r, struct lakebase_http_answer *a)
{
	struct fake *f = context;
	const struct step *s = &f->script[f->at];

	record(f, r);
	f->now += 1; /* a request takes a moment */
	if (!s->want && f->repeat_last && f->at)
		s = &f->script[f->at - 1];
	else if (s->want)
		f->at++;
	if (!s->want || strncmp(f->requests[f->num_requests - 1], s->want, strlen(s->want)) != 0) {
		snprintf(f->problem, sizeof(f->problem), "request %zu is '%s', not '%s'",
			f->num_requests, f->requests[f->num_requests - 1],
			s->want ? s->want : "(none)");
		a->delivery = LAKEBASE_IMPOSSIBLE;
		return 0;
	}
	if (!s->status) {
		a->delivery = s->delivery ? s->delivery : LAKEBASE_LOST;
		snprintf(a->failure, sizeof(a->failure), "%s", s->body ? s->body : "lost");
		return 0;
	}
	a->delivery = LAKEBASE_ANSWERED;
	a->status = s->status;
	snprintf(a->date, sizeof(a->date), "%s", s->date ? s->date : "");
	snprintf(a->retry_after, sizeof(a->retry_after), "%s", s->retry_after ? s->retry_after : "");
	a->body = strdup(s->body ? s->body : "");
	a->body_size = a->body ? strlen(a->body) : 0;
	return a->body ? 0 : -1;
}

static int on_decision(void *context, const struct lakebase_decision *d)
{
	struct fake *f = context;
	size_t n = strlen(f->log);

	f->decisions[d->kind]++;
	snprintf(f->log + n, sizeof(f->log) - n, "%s %s %s\n", d->method, d->path, d->reason);
	return 0;
}

static void on_exchange(void *context, const struct lakebase_exchange *x)
{
	struct fake *f = context;
	size_t n = strlen(f->log);

	snprintf(f->log + n, sizeof(f->log) - n, "%s %s %d %s\n", x->method, x->url, x->http_status,
		x->failure ? x->failure : "");
}

void fake_start(struct fake *f, const struct step *script)
{
	*f = (struct fake){
		.script = script,
		.now = 1700000000000,
		.chance = 0.5,
	};
	f->ports = (struct lakebase_ports){
		.context = f,
		.now = now,
		.sleep = pause_for,
		.chance = chance,
		.perform = perform,
	};
}

void fake_stop(struct fake *f)
{
	for (size_t i = 0; i < f->num_requests; i++)
		free(f->requests[i]);
	f->num_requests = 0;
}

struct lakebase *fake_client(struct fake *f, struct lakebase_options *o)
{
	struct lakebase_options mine = LAKEBASE_OPTIONS_INIT;
	struct lakebase *lb = NULL;

	o = o ? o : &mine;
	o->host = o->host ? o->host : "https://fake.example.com";
	if (!o->token && !o->client_id)
		o->token = "s3cret-token";
	o->ignore_environment = true;
	o->on_decision = on_decision;
	o->on_exchange = on_exchange;
	o->context = f;
	o->ports = &f->ports;
	lakebase_new(&lb, o);
	return lb;
}
