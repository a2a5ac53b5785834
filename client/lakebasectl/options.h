/* SPDX-License-Identifier: Apache-2.0 */
/* The options: what is said about one is said here. */
#pragma once

#include "lakebasectl/base.h"

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

/* A set of options, as a list that OPT__N ends. NULL: none. */
typedef const uint8_t *option_set;

#define OPTION_SET(...) (const uint8_t[]){ __VA_ARGS__, OPT__N }

bool option_in(option_set set, int id);
/* Those that every command takes. */
extern const option_set global_options;
