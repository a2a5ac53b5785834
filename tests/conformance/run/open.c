/* SPDX-License-Identifier: Apache-2.0 */
/* Before the first case: the target, the servers, the plan. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/system.h"
#include "base/text.h"
#include "conformance/run/run.h"
#include "conformance/target/weather.h"
#include "support/parameter.h"

static int check_real(const struct options *o, struct err *e)
{
	char host[256];

	if (url_is_loopback(o->target) || o->dry_run) /* a plan asks nobody */
		return 0;
	url_host(o->target, host, sizeof(host));
	if (!o->real)
		return err_set(e, ERR_INVALID,
			"%s is not on this machine: what is created there may cost money. Look at "
			"--dry-run, then "
			"add --yes-this-is-real --workspace-allow %s",
			o->target, host);
	for (size_t i = 0; i < o->allow.num; i++)
		if (streq(o->allow.w[i], host))
			return 0;
	return err_set(e, ERR_INVALID, "%s is not allowed: add --workspace-allow %s", host, host);
}

static void has(struct run *r, const char *name, const char *value)
{
	if (value && r->num_has < ARRAY_SIZE(r->has))
		r->has[r->num_has++] = (struct pair){name, value};
}

/* What is said on the command line. Callers are filled in once the target was asked who they are. */
static int note_parameters(struct run *r, const struct options *o, struct err *e)
{
	const char *table = o->source_table, *dot = table ? strrchr(table, '.') : NULL;

	if (table && (!dot || strchr(table, '.') == dot))
		return err_set(
			e, ERR_INVALID, "--source-table is CATALOG.SCHEMA.TABLE, not '%s'", table);
	for (size_t i = 0; i < o->tokens.num; i++)
		has(r,
			arena_printf(&r->arena, "user %.*s", (int)strcspn(o->tokens.w[i], "="),
				o->tokens.w[i]),
			"");
	has(r, "group", o->group);
	has(r, "source_key", o->source_key);
	has(r, "source_table", table);
	if (table)
		has(r, "source_schema", arena_strndup(&r->arena, table, (size_t)(dot - table)));
	return 0;
}

/* The other callers under the names that they have there. */
static int who_is_who(struct run *r, struct http_target *h, struct err *e)
{
	const char *user;
	char name[256];

	for (size_t i = 0; i < r->num_has; i++) {
		if (!text_starts(r->has[i].name, "user ", &user))
			continue;
		if (http_whoami(h, user, name, sizeof(name), e))
			return -1;
		r->has[i].value = arena_strdup(&r->arena, name);
	}
	return 0;
}

static int reach(struct run *r, const struct options *o, struct err *e)
{
	struct http_target h;
	int mock, rc;

	if (http_target_init(&h, &r->shared, o->target, true, e))
		return -1;
	h.cleaning = true; /* does not count */
	h.probing = true;
	mock = http_probe(&h, e);
	r->mock = mock == 1 && !o->plain;
	h.target.mock = r->mock;
	rc = mock < 0 ? -1 : 0;
	snprintf(h.own_token, sizeof(h.own_token), "%swho", o->token_each ? o->token_each : "");
	if (rc == 0 && !r->mock)
		rc = http_whoami(&h, NULL, r->admin, sizeof(r->admin), e) || who_is_who(r, &h, e)
			     ? -1
			     : 0;
	http_target_done(&h);
	return rc;
}

static int start_servers(struct run *r, struct err *e)
{
	const struct options *o = r->options;
	struct server *main_server;

	if (o->target ? server_known(&r->servers, o->target, &main_server, e)
		      : server_start(&r->servers, o, NULL, &main_server, e))
		return -1;
	snprintf(r->url, sizeof(r->url), "%s", main_server->url);
	for (size_t i = 0; i < r->plan->num; i++) {
		struct test_case *c = &r->plan->cases[i];
		const char *const *words = c->scenario->server;

		if (!words)
			c->server = main_server;
		else if (!o->target && server_start(&r->servers, o, words, &c->server, e))
			return -1;
	}
	return 0;
}

static int make_order(struct run *r, struct err *e)
{
	size_t num = r->plan->num;

	r->order = calloc(num + 1, sizeof(*r->order));
	if (!r->order)
		return err_oom(e);
	for (size_t i = 0; i < num; i++)
		r->order[i] = i;
	for (size_t i = num; r->options->shuffle && i > 1; i--) {
		size_t other = text_prf(r->seed, "order", i, 0) % i, was = r->order[i - 1];

		r->order[i - 1] = r->order[other];
		r->order[other] = was;
	}
	return 0;
}

static int open_journal(struct run *r, struct err *e)
{
	const struct options *o = r->options;
	const char *dir = o->out ? o->out : "lakebase-conformance.out";

	/* What is created in the mock that we start goes with it. */
	if (r->own || (r->mock && !o->out) || o->dry_run)
		return 0;
	if (journal_open(&r->journal, dir, r->url, r->prefix, e))
		return -1;
	r->shared.journal = &r->journal;
	return 0;
}

int run_open(struct run *r, const struct options *o, struct plan_cases *plan, int *exit_code,
	struct err *e)
{
	int ends[2];

	*r = (struct run){
		.options = o, .plan = plan, .own = !o->target, .mock = !o->plain, .seed = o->seed};
	r->shared.options = o;
	r->shared.started = seconds_now();
	r->shared.wake = r->wake_end = -1;
	if (!system_wake_pipe(ends)) { /* without, a wait ends a little later */
		r->shared.wake = ends[0];
		r->wake_end = ends[1];
	}
	pthread_mutex_init(&r->lock, NULL);
	*exit_code = EXIT_USAGE;
	if (!r->seed && getentropy(&r->seed, 4))
		return err_set(e, ERR_INTERNAL, "getentropy: %s", strerror(errno));
	snprintf(r->prefix, sizeof(r->prefix), "lbc-%08x-",
		(unsigned)text_prf(r->seed, "prefix", 0, 0));
	r->shared.stem = r->prefix;
	snprintf(r->admin, sizeof(r->admin), "admin@example.com");
	if ((o->target && check_real(o, e)) || note_parameters(r, o, e))
		return -1;
	*exit_code = EXIT_UNREACHABLE;
	if (o->target && !o->dry_run && reach(r, o, e))
		return -1;
	if (o->dry_run)
		return make_order(r, e);
	return start_servers(r, e) || make_order(r, e) || open_journal(r, e) ? -1 : 0;
}

/* Played on a target that is no mock: the same question as reason_to_skip() asks later. */
static bool is_planned(const struct run *r, const struct test_case *c)
{
	const struct target there = {.has = r->has, .num_has = r->num_has};
	char option[128];

	return c->level != LEVEL_MOCK && !c->mock_only && !c->scenario->server &&
	       (r->options->full || !case_needs_own(c)) &&
	       !parameter_lacking(&there, &r->plan->suite, c->scenario, option, sizeof(option));
}

static bool is_near_by(const struct options *o)
{
	return !o->target || url_is_loopback(o->target);
}

static int num_workers(const struct run *r)
{
	int n = r->options->parallel ? r->options->parallel : 1;

	return n > 2 && !is_near_by(r->options) ? 2 : n;
}

void run_plan(const struct run *r, FILE *f)
{
	bool near_by = is_near_by(r->options), shared = false;
	const struct scenario *base = suite_setup(&r->plan->suite, SHARED_SETUP);
	int cases = 0, workers = num_workers(r);
	struct cost sum = {.requests = 3 + (int)r->options->tokens.num};

	for (size_t i = 0; i < r->plan->num; i++) {
		const struct test_case *c = &r->plan->cases[i];
		struct cost cost;

		if (!is_planned(r, c))
			continue;
		cases++;
		cost = case_cost(r->plan, c, !r->options->token_each);
		cost_sum(&sum, &cost);
		shared |= !case_needs_own(c) && c->scenario->num_needs;
	}
	for (int i = 0; i < workers && shared && base && !r->options->token_each; i++)
		cost_add(&sum, &r->plan->suite, base, false);
	fprintf(f,
		"plan for a real workspace: %d cases, %d projects (at most %d at a time), %d "
		"branches,\n"
		"%d endpoints, %d other objects, about %d calls and %.0f minutes if a project "
		"takes a "
		"minute;\n"
		"each project and branch runs the smallest compute while it lives\n",
		cases, sum.projects, 2 * workers, sum.branches, sum.endpoints, sum.others,
		cost_calls(&sum, near_by), cost_seconds(&sum, near_by) / 60 / workers + 1);
}

static void close_end(int fd)
{
	if (fd >= 0)
		close(fd);
}

void run_close(struct run *r)
{
	servers_stop(r->servers);
	journal_close(&r->journal);
	created_done(&r->left);
	arena_done(&r->arena);
	close_end(r->shared.wake);
	close_end(r->wake_end);
	free(r->order);
	r->order = NULL;
}
