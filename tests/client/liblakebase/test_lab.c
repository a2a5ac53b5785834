/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library against every scenario of the lab: what the program gets, and after how many requests.
 * Pauses are not slept but added to the clock, so that a storm takes no longer than its requests. The
 * verdicts are a table of the documentation, which this test keeps true:
 *
 *	test_client_lab SERVER docs/clients.md [--write]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lakebase.h"
#include "lakebase_ports.h"
#include "server.h"

#define P "projects/lab"
#define B P "/branches/dev"
#define E P "/branches/production/endpoints/primary"

enum program { PROJECT, BRANCH, ENDPOINT, SECOND_ENDPOINT, READS, PERMISSIONS, SYNCED_TABLE, OAUTH };

static const char *const programs[] = {
	[PROJECT] = "create a project and wait",
	[BRANCH] = "create a branch and wait",
	[ENDPOINT] = "update an endpoint and wait",
	[SECOND_ENDPOINT] = "create the endpoint that the branch has made",
	[READS] = "read a project, a branch, an endpoint",
	[PERMISSIONS] = "set permissions",
	[SYNCED_TABLE] = "create a synced table again",
	[OAUTH] = "three reads with an OAuth client",
};

static const struct row {
	const char *scenario;
	enum program program;
	int code;
	int requests; /* 0: as many as fit before the deadline */
	const char *verdict;
} rows[] = {
	{ "deleting-synced-table", SYNCED_TABLE, LAKEBASE_EEXISTS, 2,
		"`LAKEBASE_EEXISTS`: the name is taken by what this call did not make, "
		"and a look finds nothing" },
	{ "expired-token", OAUTH, 0, 4, "succeeds: the token is renewed once, on 403 too" },
	{ "hostile-retry-after", READS, 0, 7,
		"succeeds: a word, a date in the past and a negative number are ignored, a day is cut to "
		"30 s" },
	{ "html-502", PROJECT, 0, 8,
		"succeeds: reads back, finds nothing, sends again; polls and reads are repeated" },
	{ "implicit-primary", SECOND_ENDPOINT, LAKEBASE_EEXISTS, 2,
		"`LAKEBASE_EEXISTS`, since when it exists; `replace_existing` takes the one that is there" },
	{ "lost-create", PROJECT, 0, 2, "succeeds: reads the project back and knows it as its own" },
	{ "lost-create", BRANCH, 0, 2, "succeeds likewise" },
	{ "lost-create-fin", PROJECT, 0, 2, "succeeds: the end of a connection is a loss like a reset" },
	{ "lro-500-once", BRANCH, 0, 6, "succeeds: the wait goes on after the 500" },
	{ "lro-late-visible", BRANCH, 0, 4, "succeeds: the wait allows for an operation that is late" },
	{ "lro-stuck", BRANCH, LAKEBASE_ETIMEOUT, 0,
		"`LAKEBASE_ETIMEOUT` after 600 s, the default; the wait can be taken up again" },
	{ "maintenance-409", PROJECT, 0, 6, "succeeds at the fourth attempt, then reads the result" },
	{ "permissions-504", PERMISSIONS, 0, 2, "succeeds at the second attempt" },
	{ "reconciling", ENDPOINT, 0, 5, "succeeds at the third attempt, then reads the result" },
	{ "slow-body", READS, 0, 3, "succeeds: slow is not late, until the timeout of the request" },
	{ "stale-read", READS, 0, 3, "returns the old state, as any reader would" },
	{ "storm-503", READS, 0, 18, "succeeds at the sixth attempt of each, the waits doubling" },
	{ "throttle-retry-after", READS, 0, 9, "succeeds: waits as long as told, and a little more" },
	{ "truncated-body", PROJECT, 0, 2, "succeeds: a torn answer is a lost one, and is read back" },
};

/* ---- time that passes without waiting ---- */

static int64_t skipped;
static int requests;

static int64_t now(void *context)
{
	struct timespec t;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + skipped;
}

static int skip(void *context, int64_t ms)
{
	(void)context;
	skipped += ms;
	return 0;
}

static double half(void *context)
{
	(void)context;
	return 0.5;
}

static void count(void *context, const struct lakebase_exchange *x)
{
	(void)context;
	requests += strstr(x->url, "/oidc/") == NULL;
}

static void must(int rc, const char *what)
{
	if (rc) {
		fprintf(stderr, "%s: %s\n", what, lakebase_last_error()->message);
		exit(1);
	}
}

static struct lakebase *client(const char *url, bool oauth, const struct lakebase_ports *ports)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct lakebase *lb = NULL;

	o.host = url;
	o.ignore_environment = true;
	o.ports = ports;
	o.on_exchange = count;
	if (oauth) {
		o.client_id = "ci";
		o.client_secret = "ci-secret";
	} else {
		o.token = "mock-default";
	}
	must(lakebase_new(&lb, &o), "client");
	return lb;
}

/* ---- the programs ---- */

static int read_three(struct lakebase *lb)
{
	int rc = lakebase_get(NULL, lb, P);

	if (!rc)
		rc = lakebase_get(NULL, lb, P "/branches/production");
	return rc ? rc : lakebase_get(NULL, lb, E);
}

static int run(enum program program, struct lakebase *lb)
{
	switch (program) {
	case PROJECT:
		return lakebase_create(
			NULL, lb, P, "{\"spec\":{\"display_name\":\"Lab\"}}", LAKEBASE_AND_WAIT);
	case BRANCH:
		return lakebase_create(NULL, lb, B, "{\"spec\":{\"no_expiry\":true}}", LAKEBASE_AND_WAIT);
	case ENDPOINT:
		return lakebase_update(NULL, lb, E, "{\"spec\":{\"autoscaling_limit_max_cu\":2}}",
			"spec.autoscaling_limit_max_cu", LAKEBASE_AND_WAIT);
	case SECOND_ENDPOINT:
		return lakebase_create(NULL, lb, E,
			"{\"spec\":{\"endpoint_type\":\"ENDPOINT_TYPE_READ_WRITE\"}}", LAKEBASE_AND_WAIT);
	case READS:
	case OAUTH:
		return read_three(lb);
	case PERMISSIONS:
		return lakebase_permissions_set(NULL, lb, P,
			"{\"access_control_list\":[{\"user_name\":\"a@example.com\","
			"\"permission_level\":\"CAN_USE\"}]}");
	case SYNCED_TABLE:
		return lakebase_create(NULL, lb, "synced_tables/main.sales.orders",
			"{\"spec\":{\"source_table_full_name\":\"main.raw.orders\",\"branch\":\"" P
			"/branches/production\",\"postgres_database\":\"databricks_postgres\","
			"\"primary_key_columns\":[\"id\"],\"scheduling_policy\":\"SNAPSHOT\"}}",
			LAKEBASE_AND_WAIT);
	}
	return -1;
}

/* An OAuth client is a caller of its own: somebody lets it in. */
static void prepare(struct lakebase *admin, const struct row *row)
{
	char path[128];

	must(lakebase_request(NULL, admin, "POST", "/_mock/reset", NULL, NULL), "reset");
	if (row->program != PROJECT)
		must(run(PROJECT, admin), "project");
	if (row->program == OAUTH)
		must(lakebase_permissions_update(NULL, admin, P,
			     "{\"access_control_list\":[{\"service_principal_name\":\"ci\","
			     "\"permission_level\":\"CAN_MANAGE\"}]}"),
			"permission");
	snprintf(path, sizeof(path), "/_mock/scenarios/%s", row->scenario);
	must(lakebase_request(NULL, admin, "POST", path, NULL, NULL), row->scenario);
}

static int try(const char *url, const struct row *row, const struct lakebase_ports *ports)
{
	struct lakebase *admin = client(url, false, ports), *lb = client(url, row->program == OAUTH, ports);
	int rc, bad = 0;

	prepare(admin, row);
	requests = 0;
	rc = run(row->program, lb);
	if (rc != row->code || (row->requests && requests != row->requests)) {
		fprintf(stderr, "%s, %s: %s after %d requests, not %s after %d: %s\n", row->scenario,
			programs[row->program], lakebase_code_name(rc), requests,
			lakebase_code_name(row->code), row->requests,
			rc ? lakebase_last_error()->message : "");
		bad = 1;
	}
	lakebase_free(lb);
	lakebase_free(admin);
	return bad;
}

/* Of databases: this library does not connect to them. */
static bool about_logins(const struct lakebase_doc *doc, size_t i)
{
	const char *rpc;
	char path[64];

	snprintf(path, sizeof(path), "scenarios.%zu.faults.0.match.rpc", i);
	rpc = lakebase_doc_string(doc, path);
	return rpc && (!strcmp(rpc, "Connect") || !strcmp(rpc, "Session"));
}

/* Every scenario of the server has a row here. */
static int check_complete(const char *url, const struct lakebase_ports *ports)
{
	struct lakebase *lb = client(url, false, ports);
	struct lakebase_doc *doc = NULL;
	int bad = 0;

	must(lakebase_request(&doc, lb, "GET", "/_mock/scenarios", NULL, NULL), "scenarios");
	for (size_t i = 0; i < lakebase_doc_count(doc, "scenarios"); i++) {
		const char *name;
		char path[64];
		size_t k = 0;

		snprintf(path, sizeof(path), "scenarios.%zu.name", i);
		name = lakebase_doc_string(doc, path);
		while (k < sizeof(rows) / sizeof(*rows) && strcmp(rows[k].scenario, name) != 0)
			k++;
		if (k == sizeof(rows) / sizeof(*rows) && !about_logins(doc, i)) {
			fprintf(stderr, "no row for scenario %s\n", name);
			bad++;
		}
	}
	bad += lakebase_doc_count(doc, "scenarios") == 0;
	lakebase_doc_free(doc);
	lakebase_free(lb);
	return bad;
}

/* ---- the table ---- */

static char *render(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		exit(1);
	fprintf(f, "| scenario | the program | liblakebase | requests |\n|---|---|---|---|\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char many[16];

		snprintf(many, sizeof(many), "%d", rows[i].requests);
		fprintf(f, "| `%s` | %s | %s | %s |\n", rows[i].scenario, programs[rows[i].program],
			rows[i].verdict, rows[i].requests ? many : "to its deadline");
	}
	fclose(f);
	return text;
}

#define BEGIN "<!-- liblakebase: begin -->\n"
#define END "<!-- liblakebase: end -->\n"

/* The page with the table between its marks; the rest belongs to others. */
static char *replaced(const char *page, const char *table)
{
	const char *begin = strstr(page, BEGIN), *end = strstr(page, END);
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f || !begin || !end) {
		fprintf(stderr, "the page has lost its marks %s", BEGIN);
		exit(1);
	}
	fprintf(f, "%.*s%s%s%s", (int)(begin - page), page, BEGIN, table, end);
	fclose(f);
	return text;
}

static int check_table(const char *path, bool write_it)
{
	static char is[1 << 18];
	char *table = render(), *want;
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(is, 1, sizeof(is) - 1, f) : 0;
	int bad;

	is[n] = '\0';
	if (f)
		fclose(f);
	want = replaced(is, table);
	bad = strcmp(is, want) != 0;
	if (bad && write_it) {
		f = fopen(path, "w");
		bad = !f || fputs(want, f) < 0 || fclose(f);
	}
	if (bad)
		fprintf(stderr, "%s is out of date: run this test with --write\n", path);
	free(table);
	free(want);
	return bad;
}

int main(int argc, char **argv)
{
	static const struct lakebase_ports ports = { .now = now, .sleep = skip, .chance = half };
	const char *url;
	int bad = 0;

	if (argc < 3)
		return 2;
	url = server_start(argv[1]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		bad += try(url, &rows[i], &ports);
	bad += check_complete(url, &ports);
	bad += check_table(argv[2], argc > 3 && strcmp(argv[3], "--write") == 0);
	return bad ? 1 : 0;
}
