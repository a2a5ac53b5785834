/* SPDX-License-Identifier: Apache-2.0 */
/* Before the first case: the target, the servers, the plan. */
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/text.h"
#include "conformance/run.h"
#include "conformance/weather.h"

/* How long the service takes, as applications that use it say; for the plan only. */
enum { PROJECT_SECONDS = 90, BRANCH_SECONDS = 30, OTHER_SECONDS = 10 };

static int check_real(const struct options *o, struct err *e)
{
	char host[256];

	if (url_is_loopback(o->target))
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

/* The other callers under the names that they have there. */
static int who_is_who(struct run *r, struct http_target *h, const struct options *o, struct err *e)
{
	const char *table = o->source_table, *dot = table ? strrchr(table, '.') : NULL;
	char name[256];

	has(r, "group", o->group);
	has(r, "source_key", o->source_key);
	if (table && (!dot || !strchr(table, '.') || strchr(table, '.') == dot))
		return err_set(
			e, ERR_INVALID, "--source-table is CATALOG.SCHEMA.TABLE, not '%s'", table);
	has(r, "source_table", table);
	if (table)
		has(r, "source_schema", arena_strndup(&r->arena, table, (size_t)(dot - table)));
	for (size_t i = 0; i < o->tokens.num; i++) {
		const char *word = o->tokens.w[i];
		const char *as = arena_strndup(&r->arena, word, strcspn(word, "="));

		if (http_whoami(h, as, name, sizeof(name), e))
			return -1;
		has(r, arena_printf(&r->arena, "user %s", as), arena_strdup(&r->arena, name));
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
		rc = http_whoami(&h, NULL, r->admin, sizeof(r->admin), e) || who_is_who(r, &h, o, e)
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
	*r = (struct run){
		.options = o, .plan = plan, .own = !o->target, .mock = !o->plain, .seed = o->seed};
	r->shared.options = o;
	r->shared.started = seconds_now();
	r->shared.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&r->lock, NULL);
	*exit_code = EXIT_USAGE;
	if (!r->seed && getrandom(&r->seed, 4, 0) != 4)
		return err_set(e, ERR_INTERNAL, "getrandom: %m");
	snprintf(r->prefix, sizeof(r->prefix), "lbc-%08x-",
		(unsigned)text_prf(r->seed, "prefix", 0, 0));
	r->shared.stem = r->prefix;
	snprintf(r->admin, sizeof(r->admin), "admin@example.com");
	if (o->target && check_real(o, e))
		return -1;
	*exit_code = EXIT_UNREACHABLE;
	if (o->target && !o->dry_run && reach(r, o, e))
		return -1;
	if (o->dry_run)
		return make_order(r, e);
	return start_servers(r, e) || make_order(r, e) || open_journal(r, e) ? -1 : 0;
}

void run_plan(const struct run *r, FILE *f)
{
	struct cost sum = {0};
	double seconds;
	size_t shared = 0;

	for (size_t i = 0; i < r->plan->num; i++) {
		const struct test_case *c = &r->plan->cases[i];

		if (c->level == LEVEL_MOCK)
			continue;
		if (!case_needs_own(c) && c->scenario->num_needs)
			shared++;
		sum.projects += c->cost.projects - (!case_needs_own(c) && c->scenario->num_needs);
		sum.branches += c->cost.branches;
		sum.endpoints += c->cost.endpoints;
		sum.others += c->cost.others;
		sum.calls += c->cost.calls;
	}
	sum.projects += shared ? 1 : 0;
	seconds = PROJECT_SECONDS * sum.projects + BRANCH_SECONDS * (sum.branches + sum.endpoints) +
		  OTHER_SECONDS * sum.others;
	fprintf(f,
		"plan for a real workspace: %d projects (at most two at a time), %d branches, %d "
		"endpoints, %d other\n"
		"objects, about %d calls and %.0f minutes; each project and branch runs the "
		"smallest compute while "
		"it lives\n",
		sum.projects, sum.branches, sum.endpoints, sum.others, sum.calls, seconds / 60 + 1);
}

void run_close(struct run *r)
{
	servers_stop(r->servers);
	journal_close(&r->journal);
	created_done(&r->left);
	arena_done(&r->arena);
	if (r->shared.wake >= 0)
		close(r->shared.wake);
	free(r->order);
	r->order = NULL;
}
