/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/request/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_MOCK "http://127.0.0.1:4610"

/* ---- what -v and a terminal show ---- */

/* One line on stderr that the next one replaces. */
static void progress(struct ctl *c, const char *text, double seconds)
{
	char line[160];

	if (c->option[OPT_QUIET] || c->option[OPT_VERBOSE] || !isatty(2))
		return;
	snprintf(line, sizeof(line), "%.120s %.1f s", text, seconds);
	tame(line);
	fprintf(stderr, "\r\033[K%s", line);
	c->out.progress_shown = true;
}

/*
 * Whether the host, given as http://, speaks TLS. Asked when a connection ended without a single answer:
 * that is what most TLS servers do with plain HTTP.
 */
static bool speaks_tls(const char *host)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct lakebase_call_options call = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase *lb = NULL;
	char url[512];
	bool answered;

	snprintf(url, sizeof(url), "https://%s", host + strlen("http://"));
	o.host = url;
	o.token = "none";
	o.ignore_environment = true;
	o.request_timeout_ms = 2000;
	o.retry.attempts = 1;
	call.flags = LAKEBASE_NO_AUTH;
	if (lakebase_new(&lb, &o))
		return false;
	answered = lakebase_request(NULL, lb, "GET", "/", NULL, &call) == 0
		|| lakebase_last_error()->http_status
		/* a certificate that is refused is one, too */
		|| strstr(lakebase_last_error()->message, "certificate");
	lakebase_free(lb);
	return answered;
}

static int on_decision(void *context, const struct lakebase_decision *d)
{
	static const char *const names[] = {
		[LAKEBASE_RETRY] = "again", [LAKEBASE_GIVE_UP] = "giving up",
		[LAKEBASE_RECONCILE] = "what is there?", [LAKEBASE_OURS] = "it is ours",
		[LAKEBASE_FOREIGN] = "that is another one", [LAKEBASE_REFRESH] = "new token",
		[LAKEBASE_POLL] = "not done", [LAKEBASE_SETTLE] = "not ready",
	};
	struct ctl *c = context;
	char delay[48] = "";

	if (d->code == LAKEBASE_ELOST && !c->answered && !c->probed && c->lb
		&& strncmp(lakebase_host(c->lb), "http://", 7) == 0) {
		c->probed = true;
		c->met_tls = speaks_tls(lakebase_host(c->lb));
		if (c->met_tls)
			return 1;
	}
	if (d->delay_ms)
		snprintf(delay, sizeof(delay), ", in %lld ms", (long long)d->delay_ms);
	if (c->option[OPT_VERBOSE] && (d->code || d->kind == LAKEBASE_FOREIGN))
		note("* %s (%s)%s", names[d->kind], d->reason, delay);
	else if (c->option[OPT_VERBOSE])
		note("* %s%s", names[d->kind], delay);
	else if (d->kind == LAKEBASE_RETRY && d->delay_ms >= 500) {
		char text[120];

		snprintf(text, sizeof(text), "%.90s; trying again in", d->reason);
		progress(c, text, (double)d->delay_ms / 1000);
	}
	return 0;
}

static void on_exchange(void *context, const struct lakebase_exchange *x)
{
	struct ctl *c = context;
	char size[40] = "";

	c->answered = c->answered || !x->failure;
	if (!c->option[OPT_VERBOSE])
		return;
	if (x->sent_bytes)
		snprintf(size, sizeof(size), " (%zu bytes)", x->sent_bytes);
	note("> %s %s%s", x->method, x->url, size);
	if (x->failure)
		note("< no answer after %lld ms: %s", (long long)x->took_ms, x->failure);
	else
		note("< %d after %lld ms, %zu bytes", x->http_status, (long long)x->took_ms,
			x->received_bytes);
}

static int on_progress(void *context, const struct lakebase_progress *p)
{
	const char *state = p->document
		? lakebase_doc_string(p->document, "status.current_state")
		: "no answer";
	char text[160];

	snprintf(text, sizeof(text), "%.80s: %.30s,", p->resource, state ? state : "under way");
	progress(context, text, (double)p->waited_ms / 1000);
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
	o->on_exchange = on_exchange;
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
		snprintf(c->no_host, sizeof(c->no_host), "%.590s", e->message);
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
	{ LAKEBASE_ENOTFOUND, EXIT_API, NULL }, /* see missing() */
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

/* Where to look for what was not found, if there is such a command. */
static void missing(const struct ctl *c)
{
	const struct lakebase_kind *kind = lakebase_kind_of(c->subject);
	char parent[600];

	if (!kind || !kind->listed)
		return;
	short_name(parent, sizeof(parent), c->subject);
	if (strrchr(parent, '/'))
		*strrchr(parent, '/') = '\0';
	else
		parent[0] = '\0';
	note("lakebasectl %s list%s%s shows what there is.", kind->singular, *parent ? " " : "", parent);
}

static void advise(const struct ctl *c, const struct lakebase_error *e, const char *advice)
{
	/* the mock says itself what the nearest route is */
	if (strcmp(e->error_code, "ENDPOINT_NOT_FOUND") == 0)
		return;
	if (e->code == LAKEBASE_ENOTFOUND)
		missing(c);
	else if (e->code == LAKEBASE_EREFUSED && c->command && command_takes(c->command, OPT_PRUNE)
		&& strcasestr(e->message, "expiration must be"))
		note("Its spec in the document says \"ttl\":\"7d\", or \"no_expiry\":true.");
	else if (e->code == LAKEBASE_EREFUSED && c->command && command_takes(c->command, OPT_NO_EXPIRY)
		&& strcasestr(e->message, "expiration must be"))
		note("Give --ttl TIME, such as --ttl 7d, or --no-expiry.");
	else if (e->code == LAKEBASE_ECONNECT && strstr(e->message, "http"))
		return; /* the message says what to change */
	else if (advice)
		note("%s", advice);
}

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
	if (c->met_tls) {
		complain("%s speaks TLS: the host begins with https://, not http://", lakebase_host(c->lb));
		return EXIT_UNREACHABLE;
	}
	if (c->fallback && e->code == LAKEBASE_ECONNECT) {
		complain("%s; and no mock answers on " DEFAULT_MOCK, c->no_host);
		note("Set DATABRICKS_HOST and DATABRICKS_TOKEN, or start lakebase-mock.");
		return rc;
	}
	/* a create that finds another's resource ends with a good answer, that of the look at it */
	if (*e->error_code && e->http_status >= 400)
		complain("%s (%d %s)", e->message, e->http_status, e->error_code);
	else if (*e->error_code && e->http_status)
		complain("%s (%s)", e->message, e->error_code);
	else
		complain("%s", e->message);
	advise(c, e, advice);
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
	else
		snprintf(c->subject, sizeof(c->subject), "%s", full);
	return full;
}

int list_all(struct ctl *c, const char *collection, json_t *items)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *item = NULL;
	int rc;

	call_options(c, &o);
	rc = lakebase_list(&pages, c->lb, collection, &o);
	while (!rc && (rc = lakebase_pages_next(&item, pages)) == 0 && item) {
		if (json_array_append_new(items, json_of(item)))
			rc = LAKEBASE_ENOMEM;
		lakebase_doc_free(item);
	}
	lakebase_pages_free(pages);
	return rc ? failed(c) : EXIT_OK;
}

bool may_be_mock(const struct ctl *c)
{
	static const char *const domains[] = { ".databricks.com", ".azuredatabricks.net",
		".databricks.azure.cn", ".databricks.us" };

	for (size_t i = 0; i < ARRAY_SIZE(domains); i++)
		if (strstr(lakebase_host(c->lb), domains[i]))
			return false;
	return true;
}
