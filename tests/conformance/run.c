/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "conformance/record.h"

enum { MAX_SERVERS = 64 };

/* On a target where creating is dear, one project serves all cases of a worker that can share. */
#define SHARED_SETUP "project"

struct worker {
	struct run *run;
	int number;
	pthread_t thread;
	struct http_target targets[MAX_SERVERS];
	struct server *servers[MAX_SERVERS];
	size_t num;
	char prefix[48];  /* of the case that is played */
	struct play base; /* holds the shared project */
	char base_prefix[48];
	bool has_base;
	struct created base_made;
	struct test_case *now; /* being played */
	struct disguise disguise;
};

/* ---- removing ---- */

static void remove_made(
	struct worker *w, struct http_target *h, struct play *p, struct created *made)
{
	struct err e;

	h->cleaning = true;
	for (size_t i = made->num; i-- > 0;) {
		if (created_alone(made, made->names[i]))
			play_delete(p, made->names[i]);
		if (w->run->shared.journal &&
			journal_removed(w->run->shared.journal, made->names[i], &e))
			fprintf(stderr, "%s\n", e.message);
	}
	h->cleaning = false;
	created_done(made);
}

/* A mock loses the whole workspace of the case, unless the mock is ours and ends anyway. */
static void drop_workspace(struct worker *w, struct http_target *h, struct play *p)
{
	char path[128];
	struct err e;

	if (w->run->own)
		return;
	snprintf(path, sizeof(path), "/_mock/workspaces/%s", p->workspace);
	h->cleaning = true;
	if (play_send(p, "DELETE", path, NULL, &e) == 0 && w->run->shared.journal &&
		journal_removed(w->run->shared.journal, path, &e))
		fprintf(stderr, "%s\n", e.message);
	h->cleaning = false;
}

static int note_workspace(struct worker *w, struct play *p, struct err *e)
{
	char path[128];

	if (!w->run->mock || w->run->own || !w->run->shared.journal)
		return 0;
	snprintf(path, sizeof(path), "/_mock/workspaces/%s", p->workspace);
	return journal_created(w->run->shared.journal, path, e);
}

/* ---- playing ---- */

static void seen(struct target *t, const struct scenario *s, const struct step *step,
	const struct outgoing *out, const struct incoming *in);

static struct http_target *target_for(struct worker *w, struct server *s, struct err *e)
{
	struct http_target *h;

	for (size_t i = 0; i < w->num; i++)
		if (w->servers[i] == s)
			return &w->targets[i];
	if (w->num == MAX_SERVERS) {
		err_set(e, ERR_INTERNAL, "too many different servers");
		return NULL;
	}
	h = &w->targets[w->num];
	if (http_target_init(h, &w->run->shared, s->url, w->run->mock, e))
		return NULL;
	h->target.admin = w->run->admin;
	h->target.may_lack = !w->run->own;
	h->target.seen = w->run->options->record ? seen : NULL;
	h->worker = w;
	h->lent = &w->base_made;
	w->servers[w->num++] = s;
	return h;
}

static void seen(struct target *t, const struct scenario *s, const struct step *step,
	const struct outgoing *out, const struct incoming *in)
{
	struct worker *w = container_of(t, struct http_target, target)->worker;
	struct result *r = &w->now->result;

	if (s != w->now->scenario)
		return;
	if (!r->record)
		r->record = json_array();
	json_array_append_new(
		r->record, record_exchange((size_t)(step - s->steps), out, in, &w->disguise));
}

static const char *reason_to_skip(const struct worker *w, const struct test_case *c)
{
	const struct run *r = w->run;

	if (atomic_load(&r->shared.stop))
		return "interrupted";
	if ((c->level == LEVEL_MOCK || c->mock_only) && !r->mock)
		return "only for mocks";
	if (!c->server)
		return "needs a server that is started for it";
	if (!r->options->full && case_needs_own(c))
		return "needs a project of its own (--profile full)";
	return NULL;
}

/* Makes the shared project on first need, and lends it to the case. */
static enum verdict share_project(
	struct worker *w, struct http_target *h, struct play *p, const struct test_case *c)
{
	enum verdict v = VERDICT_PASS;

	if (h->target.mock || w->run->options->token_each || case_needs_own(c) ||
		!c->scenario->num_needs)
		return VERDICT_PASS;
	if (!w->has_base) {
		struct created *made = h->made;

		h->made = &w->base_made;
		v = play_setup(&w->base, SHARED_SETUP);
		h->made = made;
		w->has_base = v == VERDICT_PASS;
		if (v != VERDICT_PASS)
			buf_addf(&p->message, "the shared project: %s",
				w->base.message.data ? w->base.message.data : "");
		w->base.num_done = w->has_base ? w->base.num_done : 0;
	}
	return v == VERDICT_PASS && play_lend(p, &w->base) ? VERDICT_ERROR : v;
}

static char *keep(struct buf *b)
{
	return b->len ? strdup(b->data) : NULL;
}

static enum verdict conclude(
	struct test_case *c, struct http_target *h, struct play *p, enum verdict v)
{
	if (v == VERDICT_ERROR && h->over) {
		v = VERDICT_INCONCLUSIVE;
		buf_addf(&p->message, "%s\n", h->over);
	}
	if (v == VERDICT_SKIP && !p->message.len)
		buf_addf(&p->message, "%s\n", p->skip ? p->skip : "not for this target");
	if (c->known && (v == VERDICT_FAIL || v == VERDICT_ERROR))
		v = VERDICT_XFAIL;
	else if (c->known && v == VERDICT_PASS)
		v = VERDICT_XPASS;
	return v;
}

static void play_one(struct worker *w, struct http_target *h, struct test_case *c, struct play *p)
{
	struct result *r = &c->result;
	struct created made = {0};
	double start = seconds_now();
	enum verdict v;
	struct err e;

	h->made = h->target.mock ? NULL : &made;
	h->over = NULL;
	v = note_workspace(w, p, &e) ? VERDICT_ERROR : share_project(w, h, p, c);
	if (v == VERDICT_PASS)
		v = play_needs(p, c->scenario);
	if (v == VERDICT_PASS) {
		p->scenario = c->scenario;
		v = c->code ? c->code->run(p, h) : play_steps(p, c->scenario);
	}
	r->verdict = conclude(c, h, p, v);
	r->message = keep(&p->message);
	r->notes = keep(&p->notes);
	r->repro = keep(&p->repro);
	r->line = p->failed_line;
	r->calls = p->calls;
	h->made = NULL;
	remove_made(w, h, p, &made);
	if (h->target.mock)
		drop_workspace(w, h, p);
	r->seconds = seconds_now() - start;
}

/* The play that will hold the shared project has names of its own. */
static void start_base(struct worker *w, struct http_target *h)
{
	if (w->base.target || w->run->mock)
		return;
	snprintf(w->base_prefix, sizeof(w->base_prefix), "%ss%zx-", w->run->prefix,
		(size_t)(h - w->targets) + (size_t)w->number * 16);
	if (play_init(&w->base, &h->target, &w->run->plan->suite, "base"))
		w->base.target = NULL;
	w->base.vars.prefix = w->base_prefix;
}

static void play_case(struct worker *w, struct test_case *c, size_t index)
{
	const char *skip = reason_to_skip(w, c);
	struct http_target *h = NULL;
	char workspace[64];
	struct play p;
	struct err e = {0};

	c->result = (struct result){.over = true, .verdict = VERDICT_SKIP};
	snprintf(workspace, sizeof(workspace), "lbc-%lx-%zu", w->run->seed, index);
	snprintf(w->prefix, sizeof(w->prefix), "%s%zx-", w->run->prefix, index);
	if (skip) {
		c->result.message = strdup(skip);
	} else if (!(h = target_for(w, c->server, &e)) || !(h->target.prefix = w->prefix) ||
		   play_init(&p, &h->target, &w->run->plan->suite, workspace)) {
		c->result.verdict = VERDICT_ERROR;
		c->result.message = strdup(h ? "out of memory" : e.message);
	} else {
		w->now = c;
		snprintf(h->own_token, sizeof(h->own_token), "%s%s",
			w->run->options->token_each ? w->run->options->token_each : "", workspace);
		w->disguise = (struct disguise){w->run->prefix, w->run->admin, workspace, h->url};
		start_base(w, h);
		play_one(w, h, c, &p);
		play_done(&p);
	}
	if (!w->run->progress)
		return;
	pthread_mutex_lock(&w->run->lock);
	report_case(w->run->progress, c, w->run->options->verbose);
	pthread_mutex_unlock(&w->run->lock);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	size_t n;

	while ((n = atomic_fetch_add(&w->run->next, 1)) < w->run->plan->num) {
		size_t index = w->run->order[n];

		play_case(w, &w->run->plan->cases[index], index);
	}
	if (w->base.target) {
		remove_made(w, container_of(w->base.target, struct http_target, target), &w->base,
			&w->base_made);
		play_done(&w->base);
	}
	for (size_t i = 0; i < w->num; i++)
		http_target_done(&w->targets[i]);
	return NULL;
}

void run_cases(struct run *r)
{
	int n = r->options->parallel ? r->options->parallel : r->mock ? 8 : 1;
	struct worker *workers;

	if (!r->mock && n > 2)
		n = 2; /* each may hold a project */
	workers = calloc((size_t)n, sizeof(*workers));
	if (!workers)
		return;
	for (int i = 0; i < n; i++) {
		workers[i].run = r;
		workers[i].number = i;
		if (i == n - 1 || pthread_create(&workers[i].thread, NULL, work, &workers[i])) {
			work(&workers[i]); /* the last one is us */
			n = i;
		}
	}
	for (int i = 0; i < n; i++)
		pthread_join(workers[i].thread, NULL);
	free(workers);
}

void run_stop(struct run *r)
{
	atomic_store(&r->shared.stop, true);
}
