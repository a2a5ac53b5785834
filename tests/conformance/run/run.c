/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "conformance/record/record.h"
#include "conformance/target/weather.h"
#include "support/parameter.h"

enum { MAX_SERVERS = 64, TRIES = 4, SLACK_SECONDS = 30 };

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
	unsigned bases; /* how many were tried */
	struct created base_made;
	struct test_case *now; /* being played */
	struct disguise disguise;
	char lacks[128]; /* why it was skipped */
};

/* ---- workspaces of a mock ---- */

/* A mock loses the whole workspace of the case, unless the mock is ours and ends anyway. */
static void drop_workspace(struct worker *w, struct play *p)
{
	struct created made = {0};
	char path[128];

	if (w->run->own)
		return;
	snprintf(path, sizeof(path), "/_mock/workspaces/%s", p->workspace);
	if (created_add(&made, path) == 0)
		run_remove(w->run, &made, "conformance");
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
	h->target.has = w->run->has;
	h->target.num_has = w->run->num_has;
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

static double case_seconds(const struct worker *w, const struct test_case *c)
{
	const struct run *r = w->run;
	double patience = patience_of(r->options, r->url, r->mock);

	/* each wait for itself, and some time for the requests between */
	return SLACK_SECONDS + patience * (1 + c->waits);
}

static const char *reason_to_skip(struct worker *w, const struct test_case *c)
{
	const struct target there = {.has = w->run->has, .num_has = w->run->num_has};
	const struct run *r = w->run;
	size_t n = (size_t)snprintf(w->lacks, sizeof(w->lacks), "needs ");

	if (atomic_load(&r->shared.stop))
		return "interrupted";
	if ((c->level == LEVEL_MOCK || c->mock_only) && !r->mock)
		return "only for mocks";
	if (!c->server)
		return "needs a server that is started for it";
	if (!r->options->full && case_needs_own(c))
		return "needs a project of its own (--profile full)";
	if (!r->mock && parameter_lacking(&there, &r->plan->suite, c->scenario, w->lacks + n,
				sizeof(w->lacks) - n))
		return w->lacks;
	return NULL;
}

/* The play that will hold the shared project has names of its own, others for each try. */
static void start_base(struct worker *w, struct http_target *h)
{
	if (w->base.target)
		play_done(&w->base);
	snprintf(w->base_prefix, sizeof(w->base_prefix), "%ss%xx%x-", w->run->prefix,
		(unsigned)w->number, w->bases++);
	if (play_init(&w->base, &h->target, &w->run->plan->suite, "base"))
		w->base.target = NULL;
	w->base.vars.prefix = w->base_prefix;
}

/* Makes the shared project on first need, and lends it to the case. */
static enum verdict share_project(
	struct worker *w, struct http_target *h, struct play *p, const struct test_case *c)
{
	enum verdict v = VERDICT_PASS;

	if (h->target.mock || w->run->options->token_each || case_needs_own(c) ||
		!c->scenario->num_needs)
		return VERDICT_PASS;
	for (int i = 0; !w->has_base && i < TRIES && !h->over; i++) {
		struct created *made = h->made;

		start_base(w, h);
		h->made = &w->base_made;
		v = play_setup(&w->base, SHARED_SETUP);
		h->made = made;
		w->has_base = v == VERDICT_PASS;
		if (v != VERDICT_PASS && !h->doubt)
			break;
		h->doubt = false;
	}
	if (v != VERDICT_PASS)
		buf_addf(&p->message, "the shared project: %s",
			w->base.message.data ? w->base.message.data : "");
	return v == VERDICT_PASS && play_lend(p, &w->base) ? VERDICT_ERROR : v;
}

static const char *token_for(const struct worker *w, const struct http_target *h)
{
	const struct options *o = w->run->options;

	return o->token_each ? h->own_token : o->token ? o->token : "conformance";
}

static char *keep(struct buf *b)
{
	return b->len ? strdup(b->data) : NULL;
}

/* What the weather may have caused is no verdict. */
static bool clouded(const struct http_target *h, enum verdict v)
{
	return h->doubt && (v == VERDICT_FAIL || v == VERDICT_ERROR);
}

static enum verdict conclude(
	struct test_case *c, struct http_target *h, struct play *p, enum verdict v)
{
	if (v == VERDICT_ERROR && h->over) {
		v = VERDICT_INCONCLUSIVE;
		buf_addf(&p->message, "%s\n", h->over);
	} else if (clouded(h, v)) {
		v = VERDICT_INCONCLUSIVE;
		buf_addf(&p->message, "a change may have been applied twice: %s\n", h->weather);
	}
	if (v == VERDICT_SKIP && !p->message.len)
		buf_addf(&p->message, "%s\n", p->skip ? p->skip : "not for this target");
	/* one that never answers fails as well as one that answers otherwise */
	if (c->known && (v == VERDICT_FAIL || v == VERDICT_ERROR ||
				(v == VERDICT_INCONCLUSIVE && h->over == h->weather)))
		v = VERDICT_XFAIL;
	else if (c->known && v == VERDICT_PASS)
		v = VERDICT_XPASS;
	return v;
}

/* The steps of the case and what they need. */
static enum verdict play_all(
	struct worker *w, struct http_target *h, const struct test_case *c, struct play *p)
{
	enum verdict v;
	struct err e;

	if (note_workspace(w, p, &e)) {
		buf_addf(&p->message, "%s\n", e.message);
		return VERDICT_ERROR;
	}
	v = share_project(w, h, p, c);
	if (v == VERDICT_PASS)
		v = play_needs(p, c->scenario);
	if (v != VERDICT_PASS)
		return v;
	p->scenario = c->scenario;
	return c->code ? c->code->run(p, h) : play_steps(p, c->scenario);
}

/* Plays it; false when the weather was against it, and it is worth another try. */
static bool play_one(
	struct worker *w, struct http_target *h, struct test_case *c, struct play *p, bool last)
{
	struct result *r = &c->result;
	struct created made = {0};
	bool again;
	enum verdict v;

	h->made = h->target.mock ? NULL : &made;
	h->over = NULL;
	h->doubt = false;
	v = play_all(w, h, c, p);
	again = !last && !h->over && clouded(h, v);
	if (!again) {
		r->verdict = conclude(c, h, p, v);
		r->message = keep(&p->message);
		r->notes = keep(&p->notes);
		r->line = p->failed_line;
	}
	r->calls += p->calls;
	h->made = NULL;
	/* the next case would meet it: it gets another project */
	if (!run_remove(w->run, &made, token_for(w, h)))
		w->has_base = false;
	if (h->target.mock)
		drop_workspace(w, p);
	return !again;
}

/* Each try has names of its own; those of the first end in a hexadecimal number. */
static bool play_try(struct worker *w, struct http_target *h, struct test_case *c, int try)
{
	const struct run *r = w->run;
	size_t index = (size_t)(c - r->plan->cases);
	char workspace[64], letter[2] = {try ? (char)('f' + try) : '\0', '\0'};
	struct play p;
	bool over;

	snprintf(workspace, sizeof(workspace), "%.*s_%zx%s", (int)strlen(r->prefix) - 1, r->prefix,
		index, letter);
	snprintf(w->prefix, sizeof(w->prefix), "%s%zx%s-", r->prefix, index, letter);
	snprintf(h->own_token, sizeof(h->own_token), "%s%s",
		r->options->token_each ? r->options->token_each : "", workspace);
	h->target.prefix = w->prefix;
	h->deadline = seconds_now() + case_seconds(w, c);
	w->disguise = (struct disguise){
		r->prefix, r->admin, workspace, h->url, !r->mock, r->has, r->num_has};
	json_decref(c->result.record);
	c->result.record = NULL;
	if (play_init(&p, &h->target, &r->plan->suite, workspace)) {
		c->result.verdict = VERDICT_ERROR;
		c->result.message = strdup("out of memory");
		return true;
	}
	over = play_one(w, h, c, &p, try == TRIES - 1);
	play_done(&p);
	return over;
}

static void play_case(struct worker *w, struct test_case *c)
{
	const char *skip = reason_to_skip(w, c);
	double start = seconds_now();
	struct http_target *h = NULL;
	struct err e = {0};

	c->result = (struct result){.over = true, .verdict = VERDICT_SKIP};
	if (skip) {
		c->result.message = strdup(skip);
	} else if (!(h = target_for(w, c->server, &e))) {
		c->result.verdict = VERDICT_ERROR;
		c->result.message = strdup(e.message);
	} else {
		w->now = c;
		for (int try = 0; !play_try(w, h, c, try); try++)
			;
	}
	c->result.seconds = seconds_now() - start;
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

	while ((n = atomic_fetch_add(&w->run->next, 1)) < w->run->plan->num)
		play_case(w, &w->run->plan->cases[w->run->order[n]]);
	if (w->base.target) {
		run_remove(w->run, &w->base_made,
			token_for(w, container_of(w->base.target, struct http_target, target)));
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

	if (!r->mock && !url_is_loopback(r->url) && n > 2)
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
	run_prove(r);
}

void run_stop(struct run *r)
{
	atomic_store(&r->shared.stop, true);
	if (write(r->wake_end, "", 1) < 0)
		return; /* the waits end a little later */
}
