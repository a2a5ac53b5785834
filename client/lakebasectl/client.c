/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/client.h"
#include "lakebasectl/say.h"
#include "lakebasectl/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_MOCK "http://127.0.0.1:4610"

/* ---- what -v and a terminal show ---- */

static int on_decision(void *context, const struct lakebase_decision *d)
{
	static const char *const names[] = {
		[LAKEBASE_RETRY] = "again", [LAKEBASE_GIVE_UP] = "giving up",
		[LAKEBASE_RECONCILE] = "was it applied?", [LAKEBASE_OURS] = "it was",
		[LAKEBASE_FOREIGN] = "that is another one", [LAKEBASE_REFRESH] = "new token",
		[LAKEBASE_POLL] = "not done", [LAKEBASE_SETTLE] = "not ready",
	};
	struct ctl *c = context;

	if (c->option[OPT_VERBOSE]) {
		fprintf(stderr, "* %s", names[d->kind]);
		if (d->code || d->kind == LAKEBASE_FOREIGN)
			fprintf(stderr, " (%s)", d->reason);
		if (d->delay_ms)
			fprintf(stderr, ", in %lld ms", (long long)d->delay_ms);
		fputc('\n', stderr);
	} else if (d->kind == LAKEBASE_RETRY && d->delay_ms >= 500 && isatty(2)
		&& !c->option[OPT_QUIET]) {
		fprintf(stderr, "\r\033[K%s; trying again in %.1f s", d->reason,
			(double)d->delay_ms / 1000);
		c->out.progress_shown = true;
	}
	return 0;
}

static void on_exchange(void *context, const struct lakebase_exchange *x)
{
	(void)context;
	fprintf(stderr, "> %s %s", x->method, x->url);
	if (x->sent_bytes)
		fprintf(stderr, " (%zu bytes)", x->sent_bytes);
	if (x->failure)
		fprintf(stderr, "\n< no answer after %lld ms: %s\n", (long long)x->took_ms, x->failure);
	else
		fprintf(stderr, "\n< %d after %lld ms, %zu bytes\n", x->http_status,
			(long long)x->took_ms, x->received_bytes);
}

static int on_progress(void *context, const struct lakebase_progress *p)
{
	struct ctl *c = context;
	const char *state = p->document
		? lakebase_doc_string(p->document, "status.current_state")
		: "no answer";

	if (c->option[OPT_QUIET] || c->option[OPT_VERBOSE] || !isatty(2))
		return 0;
	fprintf(stderr, "\r\033[K%s: %s, %.1f s", p->resource, state ? state : "under way",
		(double)p->waited_ms / 1000);
	c->out.progress_shown = true;
	return 0;
}

/* ---- connecting ---- */

static bool is_loopback(const char *host)
{
	return host && (strstr(host, "://127.") || strstr(host, "://localhost") || strstr(host, "://[::1]"));
}

static void fill(struct ctl *c, struct lakebase_options *o)
{
	const char *const *option = c->option;
	int64_t v;

	o->host = option[OPT_HOST];
	o->profile = option[OPT_PROFILE];
	o->user_agent = "lakebasectl/" LAKEBASE_VERSION;
	o->on_decision = on_decision;
	o->on_exchange = option[OPT_VERBOSE] ? on_exchange : NULL;
	o->context = c;
	if (option[OPT_RETRY_ATTEMPTS] && parse_integer(option[OPT_RETRY_ATTEMPTS], 1, 1000, &v))
		o->retry.attempts = (int)v;
	if (option[OPT_RETRY_MAX_DELAY])
		o->retry.max_delay_ms = parse_time(option[OPT_RETRY_MAX_DELAY]);
	if (option[OPT_RETRY_DEADLINE])
		o->retry.deadline_ms = parse_time(option[OPT_RETRY_DEADLINE]);
	if (option[OPT_REQUEST_TIMEOUT])
		o->request_timeout_ms = parse_time(option[OPT_REQUEST_TIMEOUT]);
}

int connect_client(struct ctl *c)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	const struct lakebase_error *e;

	if (c->lb)
		return 0;
	fill(c, &o);
	/* on this machine a server is there, or is not: waiting for it is `mock wait` */
	if (is_loopback(o.host) || is_loopback(getenv("DATABRICKS_HOST")))
		o.retry.connect_attempts = 1;
	if (lakebase_new(&c->lb, &o) == 0)
		return 0;
	e = lakebase_last_error();
	if (strcmp(e->error_code, "NO_HOST") == 0 && !o.profile) {
		c->fallback = true;
		o.host = DEFAULT_MOCK;
		o.retry.connect_attempts = 1;
		if (lakebase_new(&c->lb, &o) == 0)
			return 0;
	}
	/* a mock takes any token */
	if (strcmp(lakebase_last_error()->error_code, "NO_CREDENTIALS") == 0
		&& (is_loopback(o.host) || (!o.host && is_loopback(getenv("DATABRICKS_HOST"))))) {
		o.token = "mock-default";
		if (lakebase_new(&c->lb, &o) == 0)
			return 0;
	}
	return failed(c);
}

/* ---- failing ---- */

static const struct {
	int code, exit;
	const char *advice;
} endings[] = {
	{ LAKEBASE_EINVALID, EXIT_USAGE, NULL },
	{ LAKEBASE_ECONFIG, EXIT_USAGE, NULL },
	{ LAKEBASE_ENOMEM, EXIT_INTERNAL, NULL },
	{ LAKEBASE_EAUTH, EXIT_API, "Check DATABRICKS_TOKEN, or the client id and secret." },
	{ LAKEBASE_EDENIED, EXIT_API,
		"Either the token has ended, or the permission is missing: lakebasectl permission get "
		"PROJECT shows who has which." },
	{ LAKEBASE_ENOTFOUND, EXIT_API, "The list command of its kind shows what there is." },
	{ LAKEBASE_EEXISTS, EXIT_API, "Choose another name, update it, or delete it first." },
	{ LAKEBASE_ECONFLICT, EXIT_API, "Another operation runs: try later, or with --retry-attempts 30." },
	{ LAKEBASE_ETHROTTLED, EXIT_API, "Try later, or with --retry-attempts 30." },
	{ LAKEBASE_EUNAVAILABLE, EXIT_API, "Try later, or with --retry-attempts 30." },
	{ LAKEBASE_ECONNECT, EXIT_UNREACHABLE, "Is the host right? lakebase-mock starts a mock." },
	{ LAKEBASE_ELOST, EXIT_UNREACHABLE, "It may have been applied: look before you try again." },
	{ LAKEBASE_EANSWER, EXIT_API, "-v shows the request; is this a Lakebase service?" },
	{ LAKEBASE_ETIMEOUT, EXIT_API,
		"lakebasectl operation wait OPERATION goes on; --timeout allows more." },
};

int failed(struct ctl *c)
{
	const struct lakebase_error *e = lakebase_last_error();
	const char *advice = NULL;
	int rc = EXIT_API;

	clear_progress(&c->out);
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (endings[i].code == e->code) {
			rc = endings[i].exit;
			advice = endings[i].advice;
		}
	if (c->fallback && e->code == LAKEBASE_ECONNECT) {
		complain("no host is configured, and no mock answers on " DEFAULT_MOCK);
		fprintf(stderr, "Set DATABRICKS_HOST and DATABRICKS_TOKEN, or start lakebase-mock.\n");
		return rc;
	}
	if (*e->error_code && e->http_status)
		complain("%s (%d %s)", e->message, e->http_status, e->error_code);
	else
		complain("%s", e->message);
	/* the mock says itself what the nearest route is */
	if (advice && strcmp(e->error_code, "ENDPOINT_NOT_FOUND") != 0)
		fprintf(stderr, "%s\n", advice);
	return rc;
}

/* ---- calls ---- */

void call_options(struct ctl *c, struct lakebase_call_options *o)
{
	static const struct {
		int option;
		unsigned flag;
	} flags[] = {
		{ OPT_WAIT, LAKEBASE_WAIT },
		{ OPT_REPLACE, LAKEBASE_REPLACE_EXISTING },
		{ OPT_PURGE, LAKEBASE_PURGE },
		{ OPT_ALLOW_MISSING, LAKEBASE_ALLOW_MISSING },
		{ OPT_SHOW_DELETED, LAKEBASE_SHOW_DELETED },
	};
	int64_t v;

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (c->option[flags[i].option])
			o->flags |= flags[i].flag;
	if (c->option[OPT_TIMEOUT])
		o->wait_timeout_ms = parse_time(c->option[OPT_TIMEOUT]);
	if (c->option[OPT_PAGE_SIZE] && parse_integer(c->option[OPT_PAGE_SIZE], 1, 100000, &v))
		o->page_size = (int)v;
	o->on_progress = on_progress;
	o->context = c;
}

char *full_name(struct ctl *c, const struct lakebase_kind *kind, const char *name)
{
	char *full = NULL;

	if (lakebase_name_expand(&full, kind, name))
		failed(c);
	return full;
}
