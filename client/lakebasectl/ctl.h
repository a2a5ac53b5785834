/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lakebasectl: one table of commands (table.c) from which the parser, the help, the man page and the
 * completion are made; handlers that turn a parsed command into calls of liblakebase.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lakebase.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* The library returns these; the command adds nothing to them. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_API = 1,	    /* the service said no, or an expectation does not hold */
	EXIT_USAGE = 2,	    /* the command line or the configuration is wrong */
	EXIT_UNREACHABLE = 3,
	EXIT_INTERNAL = 70,
};

/* id, long name, letter, value (NULL: a switch), choices (NULL: free), query parameter, help */
#define OPTIONS(X)                                                                                 \
	X(HELP, "help", 'h', NULL, NULL, NULL, "show this help")                                   \
	X(VERSION, "version", 0, NULL, NULL, NULL, "show the version")                             \
	X(HOST, "host", 0, "URL", NULL, NULL, "the service (otherwise DATABRICKS_HOST, a profile, " \
		"or a mock on the default port)")                                                  \
	X(PROFILE, "profile", 'p', "NAME", NULL, NULL, "profile of ~/.databrickscfg")              \
	X(OUTPUT, "output", 'o', "FORMAT", "table json name", NULL,                                \
		"table (on a terminal), json (elsewhere), or only the names")                      \
	X(JSON, "json", 0, NULL, NULL, NULL, "short for --output json")                            \
	X(VERBOSE, "verbose", 'v', NULL, NULL, NULL,                                               \
		"show each request and each decision on stderr, without secrets")                  \
	X(QUIET, "quiet", 'q', NULL, NULL, NULL, "no progress line")                               \
	X(RETRY_ATTEMPTS, "retry-attempts", 0, "N", NULL, NULL, "requests per call (12)")          \
	X(RETRY_MAX_DELAY, "retry-max-delay", 0, "TIME", NULL, NULL, "longest pause (30s)")        \
	X(RETRY_DEADLINE, "retry-deadline", 0, "TIME", NULL, NULL, "no retry after that (5m)")     \
	X(REQUEST_TIMEOUT, "request-timeout", 0, "TIME", NULL, NULL, "of one request (60s)")       \
	X(WAIT, "wait", 'w', NULL, NULL, NULL, "wait until the operation is done")                 \
	X(TIMEOUT, "timeout", 0, "TIME", NULL, NULL, "stop waiting after that (10m)")              \
	X(SET, "set", 's', "FIELD=VALUE", NULL, NULL,                                              \
		"set a field of the spec; VALUE is JSON, or else a string; repeatable")            \
	X(BODY, "body", 'b', "JSON", NULL, NULL, "the whole body as JSON, @FILE, or - for stdin")  \
	X(MASK, "mask", 'm', "PATHS", NULL, NULL, "update mask (otherwise what the body sets)")    \
	X(REPLACE, "replace-existing", 0, NULL, NULL, NULL, "replace what is there")               \
	X(PURGE, "purge", 0, NULL, NULL, NULL, "for good, not restorable")                         \
	X(ALLOW_MISSING, "allow-missing", 0, NULL, NULL, NULL, "nothing there is fine")            \
	X(SHOW_DELETED, "show-deleted", 0, NULL, NULL, NULL, "list deleted ones, too")             \
	X(PAGE_SIZE, "page-size", 0, "N", NULL, NULL, "resources per request")                     \
	X(REASSIGN, "reassign-owned-to", 0, "ROLE", NULL, NULL, "who gets what the role owns")     \
	X(TTL, "ttl", 0, "TIME", NULL, NULL, "lifetime of the credential (5m to 1h)")              \
	X(REPLACE_ALL, "replace", 0, NULL, NULL, NULL, "drop the entries that are not given")      \
	X(DRY_RUN, "dry-run", 'n', NULL, NULL, NULL, "show what would be done")                    \
	X(DATABASE, "database", 'd', "NAME", NULL, NULL, "Postgres database (databricks_postgres)") \
	X(USER, "user", 'U', "ROLE", NULL, NULL, "Postgres role (otherwise who you are)")          \
	X(DSN, "dsn", 0, NULL, NULL, NULL, "print a postgresql:// address")                        \
	X(EXEC, "exec", 0, NULL, NULL, NULL, "run psql instead of printing its command")           \
	X(POOLED, "pooled", 0, NULL, NULL, NULL, "through the connection pool")                    \
	X(WORKSPACE, "workspace", 'W', "NAME", NULL, "workspace", "workspace of the mock (default)") \
	X(ALL, "all", 0, NULL, NULL, "all", "every workspace")                                     \
	X(KEEP, "keep", 0, "PARTS", NULL, "keep", "what stays: faults,clock,principals,journal")   \
	X(RPC, "rpc", 0, "NAME", NULL, "rpc", "only this rpc")                                     \
	X(METHOD, "method", 0, "METHOD", "GET POST PATCH PUT DELETE", "method", "only this method") \
	X(PATH, "path", 0, "GLOB", NULL, "path", "only these paths")                               \
	X(STATUS, "status", 0, "CODE", NULL, "status", "only this status: 409, 4xx")               \
	X(CALLER, "caller", 0, "NAME", NULL, "caller", "only this caller")                         \
	X(CALL, "call", 0, "N", NULL, "call", "only this logical call")                            \
	X(FAULT, "fault", 0, "ID", NULL, "fault", "only what this rule did")                       \
	X(SINCE, "since", 0, "SEQ", NULL, "since", "only requests after that number")              \
	X(LIMIT, "limit", 0, "N", NULL, "limit", "at most that many")                              \
	X(PARTIAL, "partial", 0, NULL, NULL, "partial", "although the journal dropped rows")       \
	X(FOLLOW, "follow", 'f', NULL, NULL, NULL, "go on with what comes")                        \
	X(UNFIRED, "unfired", 0, NULL, NULL, "unfired", "only rules that fired less than expected") \
	X(ID, "id", 0, "ID", NULL, NULL, "the rule's own name")                                    \
	X(MODE, "mode", 0, "MODE", "real manual scaled", NULL, "real, manual or scaled")           \
	X(NOW, "now", 0, "TIME", NULL, NULL, "RFC 3339")                                           \
	X(FACTOR, "factor", 0, "K", NULL, NULL, "speed of a scaled clock")                         \
	X(TO, "to", 0, "TIME", NULL, NULL, "to an instant")                                        \
	X(UNTIL_IDLE, "until-idle", 0, NULL, NULL, NULL, "until nothing is due any more")          \
	X(FOR, "for", 0, "TIME", NULL, NULL, "how long, or \"3 calls\"")                           \
	X(PROJECT, "project", 0, "ID", NULL, NULL, "only in this project")                         \
	X(FORK_OF, "fork-of", 0, "NAME", NULL, NULL, "a copy of this workspace, or of snapshot:NAME")

#define X(id, ...) OPT_##id,
enum option_id { OPTIONS(X) OPT__N };
#undef X

struct option_info {
	const char *name;
	char letter;
	const char *value, *choices, *query, *help;
};

extern const struct option_info option_table[OPT__N];

#define O(id) (UINT64_C(1) << OPT_##id)
_Static_assert(OPT__N <= 64, "options are bits of a uint64_t");

struct ctl;

/*
 * One command. A path that begins with KIND stands for one command for each kind of resource that
 * fits. `arguments`: words in capitals, optional ones in brackets; each names what completion offers.
 */
struct command {
	const char *path, *arguments, *summary, *details, *examples;
	uint64_t options; /* beside the global ones */
	int (*run)(struct ctl *c);
	/* for run_mock(): the request as data */
	const char *method, *route, *body, *list, *columns;
	const struct lakebase_kind *kind; /* filled in for KIND */
};

enum { MAX_ARGS = 4, MAX_SETS = 64 };

struct ctl {
	const struct command *command;
	const char *args[MAX_ARGS];
	size_t num_args;
	const char *option[OPT__N]; /* "" for a switch; NULL: not given */
	const char *sets[MAX_SETS];
	size_t num_sets;
	struct lakebase *lb;
	bool terminal, colour, progress_shown;
	bool fallback; /* nothing was configured: the mock on the default port is meant */
};

/* ---- table.c ---- */

extern const struct command command_table[]; /* ends with a NULL path */

/* How resources of a kind are shown and written about. */
struct look {
	const char *collection, *columns, *sample_id, *sample_spec;
};
const struct look *look_of(const struct lakebase_kind *kind);

/* ---- commands.c ---- */

/* The table with KIND written out. Lives as long as the process. */
const struct command *commands_all(size_t *n);
const struct command *command_find(const char *const *words, size_t n, size_t *used);
/* A sample name of the kind in its short form: "shop/dev". Static. */
const char *sample_name(const struct lakebase_kind *kind);
/* The one of `names` that is nearest to `word`, or NULL. */
const char *nearest(const char *word, const char *const *names, size_t n);
extern const uint64_t global_options;

/* ---- parse.c ---- */

/* Fills *c. 0, or EXIT_USAGE after a message. */
int parse(struct ctl *c, int argc, char **argv);
/* "300ms", "5s", "2m", "26h", "7d", or plain seconds. -1: not a time. */
int64_t parse_time(const char *text);
bool parse_integer(const char *text, int64_t least, int64_t most, int64_t *ret);

/* ---- help.c, man.c, complete.c ---- */

void help_all(FILE *out);
void help_group(FILE *out, const char *prefix);
void help_command(FILE *out, const struct command *command);
/* The examples of a command, one per line, with the kind's own names. free() it. */
char *examples_of(const struct command *command);
int run_man(struct ctl *c);
int run_completion(struct ctl *c);
int complete(int argc, char **argv);

/* ---- output.c ---- */

PRINTF(1, 2) void complain(const char *fmt, ...);
bool wants_json(const struct ctl *c);
bool wants_names(const struct ctl *c);
/* One resource or answer. */
int show(struct ctl *c, const struct lakebase_doc *doc);
int show_json(const json_t *json);
/* A list in columns "HEADER=path,...". */
int show_list(struct ctl *c, json_t *items, const char *columns);
/* Its heading once, then row by row; widths are those of earlier rows. */
struct columns;
struct columns *columns_new(const char *spec);
void columns_row(struct columns *t, const struct ctl *c, const json_t *item);
void columns_free(struct columns *t);
const char *paint(const struct ctl *c, const char *text);
void clear_progress(struct ctl *c);

/* ---- client.c ---- */

/* Makes c->lb. 0 or an exit code after a message. */
int connect_client(struct ctl *c);
/* Reports the last error of the library with advice; the exit code for it. */
int failed(struct ctl *c);
void call_options(struct ctl *c, struct lakebase_call_options *o);
/* A name as the user gave it, written out. NULL after a message. lakebase_string_free() it. */
char *full_name(struct ctl *c, const struct lakebase_kind *kind, const char *name);
const struct lakebase_kind *kind_named(const char *collection);
/* Reads JSON, @FILE, or - (stdin). NULL after a message. */
json_t *read_json(const char *what);
/* The json of a document, as a new reference. NULL when out of memory. */
json_t *json_of(const struct lakebase_doc *doc);
/* The value at a path with dots, borrowed. */
const json_t *at(const json_t *json, const char *path);

/* ---- handlers ---- */

int run_create(struct ctl *c);
int run_get(struct ctl *c);
int run_list(struct ctl *c);
int run_update(struct ctl *c);
int run_delete(struct ctl *c);
int run_undelete(struct ctl *c);
int run_credential(struct ctl *c);
int run_operation_get(struct ctl *c);
int run_operation_wait(struct ctl *c);
int run_permission_get(struct ctl *c);
int run_permission_update(struct ctl *c);
int run_apply(struct ctl *c);
int run_connect(struct ctl *c);
int run_request(struct ctl *c);
int run_mock(struct ctl *c);
int run_mock_wait(struct ctl *c);
int run_mock_env(struct ctl *c);
int run_state_export(struct ctl *c);
int run_state_import(struct ctl *c);
int run_fault_add(struct ctl *c);
int run_journal(struct ctl *c);
int run_explain(struct ctl *c);
int run_grade(struct ctl *c);
int run_clock_advance(struct ctl *c);
int run_lro_set(struct ctl *c);

/* The fault rule that a short form means, or NULL after a message. */
json_t *fault_parse(const char *text);
