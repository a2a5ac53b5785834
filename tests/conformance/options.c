/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/options.h"

#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "lakebase.h"

#ifndef SCENARIO_DIR
#define SCENARIO_DIR "fixtures/scenarios"
#endif

enum kind { K_FLAG, K_TEXT, K_WORD, K_INT, K_NUMBER, K_FORMAT, K_PROFILE, K_BUDGET, K_HELP, K_VERSION };

static const struct option_row {
	const char *name, *arg, *doc;
	enum kind kind;
	size_t at;
} rows[] = {
#define AT(field) offsetof(struct options, field)
	{"target", "URL", "what to test; without it, the mock is started beside", K_TEXT,
		AT(target)},
	{"token", "T", "bearer token (default: $DATABRICKS_TOKEN); a mock needs none", K_TEXT,
		AT(token)},
	{"token-each", "PREFIX",
		"a token of its own for each case, on a fake that isolates by token", K_TEXT,
		AT(token_each)},
	{"token-of", "USER=T", "token of another caller, such as alice", K_WORD, AT(tokens)},
	{"source-table", "C.S.T", "a table of Unity Catalog that may be synced into its own schema",
		K_TEXT, AT(source_table)},
	{"source-key", "COLUMN", "its primary key (default: id)", K_TEXT, AT(source_key)},
	{"group", "NAME", "a group of the workspace that may be granted something", K_TEXT,
		AT(group)},
	{"run", "GLOB,...", "only these ids: * ? [a-z], !GLOB for not these; @FILE reads a file",
		K_WORD, AT(run)},
	{"skip", "GLOB,...", "not these ids", K_WORD, AT(skip)},
	{"known-failing", "FILE", "ids that are expected to fail, with reasons after #", K_WORD,
		AT(known_failing)},
	{"format", "text|tap|junit|json", "what is written to stdout", K_FORMAT, AT(format)},
	{"out", "DIR", "write results in all formats there", K_TEXT, AT(out)},
	{"list", NULL, "list the selected cases and stop", K_FLAG, AT(list)},
	{"parallel", "N", "how many cases to play at a time", K_INT, AT(parallel)},
	{"timeout", "S", "seconds to wait for one operation", K_NUMBER, AT(timeout)},
	{"profile", "cheap|full", "cheap leaves out what needs a project of its own", K_PROFILE,
		AT(full)},
	{"shuffle", NULL, "play the cases in a random order; --seed chooses it", K_FLAG,
		AT(shuffle)},
	{"seed", "N", "seed for names and order", K_INT, AT(seed)},
	{"dry-run", NULL, "print the plan with its cost and stop", K_FLAG, AT(dry_run)},
	{"yes-this-is-real", NULL, "I agree that a target on another machine may cost money",
		K_FLAG, AT(real)},
	{"workspace-allow", "HOST", "a host that may be tested", K_WORD, AT(allow)},
	{"budget", "CALLS:MINUTES", "stop after this many calls or minutes", K_BUDGET, AT(budget_calls)},
	{"record", "DIR", "write normalised replies there, for diff", K_TEXT, AT(record)},
	{"plain", NULL, "do not use what only a mock has", K_FLAG, AT(plain)},
	{"mock", "PATH", "the server to start", K_TEXT, AT(mock)},
	{"mock-arg", "ARG", "one more argument for that server", K_WORD, AT(mock_args)},
	{"scenarios", "DIR", "where the .http files are", K_TEXT, AT(scenarios)},
	{"cacert", "FILE", "certificates to trust", K_TEXT, AT(cacert)},
	{"patch", NULL, "diff: print a patch of the scenarios instead of a table", K_FLAG,
		AT(patch)},
	{"verbose", NULL, "also name the cases that pass", K_FLAG, AT(verbose)},
	{"help", NULL, "show this help", K_HELP, 0},
	{"version", NULL, "show the version", K_VERSION, 0},
#undef AT
};

void options_help(void)
{
	printf("lakebase-conformance [options]            play the cases\n"
	       "lakebase-conformance sweep DIR [options]  remove what a crashed run left behind\n"
	       "lakebase-conformance diff DIR_A DIR_B     compare two recordings\n\n");
	for (const struct option_row *r = rows; r < rows + ARRAY_SIZE(rows); r++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s%s%s", r->name, r->arg ? " " : "",
			r->arg ? r->arg : "");
		printf("  %-30s %s\n", left, r->doc);
	}
	printf("\nExit: 0 all as expected, 1 not, 2 usage or nothing selected, 3 target "
	       "unreachable.\n");
}

static int read_budget(struct options *o, const char *arg, struct err *e)
{
	char *end;

	o->budget_calls = strtol(arg, &end, 10);
	if (*end == ':')
		o->budget_minutes = strtod(end + 1, &end);
	if (*end || o->budget_calls < 0 || o->budget_minutes < 0)
		return err_set(e, ERR_INVALID, "--budget is CALLS or CALLS:MINUTES, not '%s'", arg);
	return 0;
}

/* The index of `arg` among the words of "a|b|c", or -1 with *e. */
static int choice(const struct option_row *r, const char *arg, struct err *e)
{
	const char *word = r->arg;

	for (int i = 0; *word; i++) {
		size_t n = strcspn(word, "|");

		if (strlen(arg) == n && strncmp(word, arg, n) == 0)
			return i;
		word += n + (word[n] == '|');
	}
	return err_set(e, ERR_INVALID, "--%s is %s, not '%s'", r->name, r->arg, arg);
}

static int set_words(struct words *w, const struct option_row *r, const char *arg, struct err *e)
{
	if (w->num == MAX_WORDS)
		return err_set(e, ERR_INVALID, "--%s too often", r->name);
	w->w[w->num++] = arg;
	return 0;
}

static int set(struct options *o, const struct option_row *r, const char *arg, struct err *e)
{
	void *at = (char *)o + r->at;
	int64_t n;
	int c;

	switch (r->kind) {
	case K_FLAG:
		*(bool *)at = true;
		return 0;
	case K_TEXT:
		*(const char **)at = arg;
		return 0;
	case K_WORD:
		return set_words(at, r, arg, e);
	case K_INT:
		if (!text_int(arg, 0, INT_MAX, &n) ||
			(streq(r->name, "parallel") && (n < 1 || n > MAX_PARALLEL)))
			return err_set(e, ERR_INVALID, "--%s cannot be '%s'", r->name, arg);
		if (streq(r->name, "parallel"))
			o->parallel = (int)n;
		else
			o->seed = (unsigned long)n;
		return 0;
	case K_NUMBER:
		if (!text_double(arg, at) || *(double *)at <= 0)
			return err_set(e, ERR_INVALID, "--%s cannot be '%s'", r->name, arg);
		return 0;
	case K_FORMAT:
	case K_PROFILE:
		c = choice(r, arg, e);
		if (r->kind == K_FORMAT)
			o->format = c < 0 ? FORMAT_TEXT : (enum format)c;
		else
			o->full = c == 1;
		return c < 0 ? -1 : 0;
	case K_BUDGET:
		return read_budget(o, arg, e);
	case K_HELP:
		options_help();
		exit(EXIT_AS_EXPECTED);
	case K_VERSION:
		puts("lakebase-conformance " LAKEBASE_VERSION);
		exit(EXIT_AS_EXPECTED);
	}
	return 0;
}

/* The folder of this program; NULL if the system does not say. */
static const char *own_folder(void)
{
	static char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return NULL;
	self[n] = '\0';
	return dirname(self);
}

/* A package has the mock beside this program; a build folder has it elsewhere. */
static const char *default_mock(const char *folder)
{
	static char path[PATH_MAX + 64];

	if (!folder)
		return "lakebase-mock";
	snprintf(path, sizeof(path), "%s/lakebase-mock", folder);
	if (access(path, X_OK))
		snprintf(path, sizeof(path), "%s/../../server/lakebase-mock", folder);
	return path;
}

/* A package has its own; a build plays those of its checkout. */
static const char *default_scenarios(const char *folder)
{
	static char path[PATH_MAX + 64];

	if (!folder)
		return SCENARIO_DIR;
	snprintf(path, sizeof(path), "%s/../share/lakebase-mock/scenarios", folder);
	return access(path, R_OK) ? SCENARIO_DIR : path;
}

static int read_command(struct options *o, int argc, char **argv, struct err *e)
{
	static const struct {
		const char *name;
		enum command command;
		int args;
		const char *takes;
	} commands[] = {
		{"run", CMD_RUN, 0, "no argument"},
		{"sweep", CMD_SWEEP, 1, "one folder, the --out of the run that left something behind"},
		{"diff", CMD_DIFF, 2, "two folders that --record wrote"},
	};

	if (optind == argc)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!streq(argv[optind], commands[i].name))
			continue;
		if (argc - optind - 1 != commands[i].args)
			return err_set(e, ERR_INVALID, "%s takes %s", commands[i].name,
				commands[i].takes);
		o->command = commands[i].command;
		for (int n = 0; n < commands[i].args; n++)
			o->args[n] = argv[optind + 1 + n];
		return 0;
	}
	return err_set(e, ERR_INVALID, "there is no command '%s'; see --help", argv[optind]);
}

int options_read(struct options *ret, int argc, char **argv, struct err *e)
{
	struct option longs[ARRAY_SIZE(rows) + 1] = {0};
	const char *names[ARRAY_SIZE(rows) + 1] = {0};
	const char *folder = own_folder();
	struct options o = {.token = getenv("DATABRICKS_TOKEN"),
		.scenarios = default_scenarios(folder),
		.full = true,
		.source_key = "id",
		.seed = 0,
		.mock = default_mock(folder)};
	int c;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		names[i] = rows[i].name;
		longs[i] = (struct option){rows[i].name,
			rows[i].arg ? required_argument : no_argument, NULL, 256 + (int)i};
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		const char *word = argv[optind - 1];

		if (c == '?' || c == ':') {
			const char *near = text_nearest(word + strspn(word, "-"), names);

			return err_set(e, ERR_INVALID,
				c == ':' ? "%s needs a value" : "unknown option %s; %s%s%s", word,
				near ? "did you mean --" : "see --help", near ? near : "",
				near ? "?" : "");
		}
		if (set(&o, &rows[c - 256], optarg, e))
			return -1;
	}
	*ret = o;
	return read_command(ret, argc, argv, e);
}

void url_host(const char *url, char *out, size_t size)
{
	const char *host = strstr(url, "://"), *at;
	size_t len;

	host = host ? host + 3 : url;
	len = strcspn(host, "/?#");
	while ((at = memchr(host, '@', len))) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	if (*host == '[')
		len = strcspn(++host, "]");
	else if (memchr(host, ':', len))
		len = strcspn(host, ":");
	snprintf(out, size, "%.*s", (int)len, host);
}

bool url_is_loopback(const char *url)
{
	char host[256];

	url_host(url, host, sizeof(host));
	/* a name like 127.evil.example starts alike: only digits and dots may follow */
	return strcasecmp(host, "localhost") == 0 || streq(host, "::1") ||
	       (text_starts(host, "127.", NULL) && strspn(host, "0123456789.") == strlen(host));
}
