/* SPDX-License-Identifier: Apache-2.0 */
/* The options: what is said about one is said here. */
#pragma once

#include "lakebasectl/base/base.h"

/*
 * id, long name, letter, value (NULL: a switch), choices (NULL: free), query parameter, what the value
 * must be, help
 */
#define OPTIONS(X) \
	X(HELP, "help", 'h', NULL, NULL, NULL, ANY, \
		"show this help") \
	X(VERSION, "version", 0, NULL, NULL, NULL, ANY, \
		"show the version") \
	X(HOST, "host", 0, "URL", NULL, NULL, ANY, \
		"the service (otherwise DATABRICKS_HOST, a profile, or a mock on the default port)") \
	X(PROFILE, "profile", 'p', "NAME", NULL, NULL, ANY, \
		"profile of ~/.databrickscfg") \
	X(OUTPUT, "output", 'o', "FORMAT", NULL, NULL, FORMAT, \
		"table (on a terminal), json (elsewhere), yaml, name, or fields: name,status.current_state") \
	X(JSON, "json", 0, NULL, NULL, NULL, ANY, \
		"short for --output json") \
	X(VERBOSE, "verbose", 'v', NULL, NULL, NULL, ANY, \
		"show each request and each decision on stderr, without secrets") \
	X(QUIET, "quiet", 'q', NULL, NULL, NULL, ANY, \
		"no progress line") \
	X(YES, "yes", 'y', NULL, NULL, NULL, ANY, \
		"do not ask before something is lost") \
	X(RETRY_ATTEMPTS, "retry-attempts", 0, "N", NULL, NULL, COUNT, \
		"requests per call (12)") \
	X(RETRY_MAX_DELAY, "retry-max-delay", 0, "TIME", NULL, NULL, TIME, \
		"longest pause (30s)") \
	X(RETRY_DEADLINE, "retry-deadline", 0, "TIME", NULL, NULL, TIME, \
		"no retry after that (5m)") \
	X(REQUEST_TIMEOUT, "request-timeout", 0, "TIME", NULL, NULL, TIME, \
		"of one request (60s)") \
	X(WAIT, "wait", 'w', NULL, NULL, NULL, ANY, \
		"wait until the operation is done") \
	X(TIMEOUT, "timeout", 0, "TIME", NULL, NULL, TIME, \
		"stop waiting after that (10m)") \
	X(SET, "set", 's', "FIELD=VALUE", NULL, NULL, ASSIGNMENT, \
		"set a field of the spec; VALUE is JSON, or else a string; repeatable") \
	X(BODY, "body", 'b', "JSON", NULL, NULL, ANY, \
		"the whole body as JSON, @FILE, or - for stdin") \
	X(MASK, "mask", 'm', "PATHS", NULL, NULL, ANY, \
		"update mask (otherwise what the body sets)") \
	X(REPLACE, "replace-existing", 0, NULL, NULL, NULL, ANY, \
		"replace what is there") \
	X(PURGE, "purge", 0, NULL, NULL, NULL, ANY, \
		"for good, not restorable") \
	X(ALLOW_MISSING, "allow-missing", 0, NULL, NULL, NULL, ANY, \
		"nothing there is fine") \
	X(SHOW_DELETED, "show-deleted", 0, NULL, NULL, NULL, ANY, \
		"list deleted ones, too") \
	X(PAGE_SIZE, "page-size", 0, "N", NULL, NULL, COUNT, \
		"resources per request") \
	X(WATCH, "watch", 0, NULL, NULL, NULL, ANY, \
		"go on, and show what changes") \
	X(EVERY, "every", 0, "TIME", NULL, NULL, TIME, \
		"how often to look (2s)") \
	X(UNTIL, "for", 0, "CONDITION", NULL, NULL, ANY, \
		"FIELD=VALUE, such as state=ACTIVE, or deleted") \
	X(REASSIGN, "reassign-owned-to", 0, "ROLE", NULL, NULL, ANY, \
		"who gets what the role owns") \
	X(TTL, "ttl", 0, "TIME", NULL, NULL, TIME, \
		"how long it lives: a credential 5m to 1h, a branch or snapshot such as 7d") \
	X(NO_EXPIRY, "no-expiry", 0, NULL, NULL, NULL, ANY, \
		"it does not expire") \
	X(REPLACE_ALL, "replace", 0, NULL, NULL, NULL, ANY, \
		"drop the entries that are not given") \
	X(DRY_RUN, "dry-run", 'n', NULL, NULL, NULL, ANY, \
		"show what would be done") \
	X(PRUNE, "prune", 0, NULL, NULL, NULL, ANY, \
		"delete what the document does not name; asks before") \
	X(DATABASE, "database", 'd', "NAME", NULL, NULL, ANY, \
		"Postgres database (databricks_postgres)") \
	X(USER, "user", 'U', "ROLE", NULL, NULL, ANY, \
		"Postgres role (otherwise who you are)") \
	X(DSN, "dsn", 0, NULL, NULL, NULL, ANY, \
		"print a postgresql:// address") \
	X(PRINT, "print", 0, NULL, NULL, NULL, ANY, \
		"print the psql command instead of running it") \
	X(POOLED, "pooled", 0, NULL, NULL, NULL, ANY, \
		"through the connection pool") \
	X(WORKSPACE, "workspace", 'W', "NAME", NULL, "workspace", WORKSPACE, \
		"workspace of the mock (default)") \
	X(ALL, "all", 0, NULL, NULL, "all", ANY, \
		"every workspace") \
	X(KEEP, "keep", 0, "PARTS", NULL, "keep", PARTS, \
		"what stays: faults,clock,principals,journal") \
	X(RPC, "rpc", 0, "NAME", NULL, "rpc", ANY, \
		"only this rpc") \
	X(METHOD, "method", 0, "METHOD", "GET POST PATCH PUT DELETE", "method", ANY, \
		"only this method") \
	X(PATH, "path", 0, "GLOB", NULL, "path", ANY, \
		"only these paths") \
	X(STATUS, "status", 0, "CODE", NULL, "status", STATUS, \
		"only this status: 409, 4xx") \
	X(CALLER, "caller", 0, "NAME", NULL, "caller", ANY, \
		"only this caller") \
	X(CALL, "call", 0, "N", NULL, "call", NUMBER, \
		"only this logical call") \
	X(FAULT, "fault", 0, "ID", NULL, "fault", ANY, \
		"only what this rule did") \
	X(SINCE, "since", 0, "SEQ", NULL, "since", NUMBER, \
		"only requests after that number") \
	X(LIMIT, "limit", 0, "N", NULL, "limit", COUNT, \
		"at most that many") \
	X(PARTIAL, "partial", 0, NULL, NULL, "partial", ANY, \
		"although the journal dropped rows") \
	X(FINAL, "final", 0, NULL, NULL, "final", ANY, \
		"judge now: what could still come counts as not come") \
	X(JUNIT, "junit", 0, "FILE", NULL, NULL, ANY, \
		"write the verdicts as JUnit XML, too") \
	X(FOLLOW, "follow", 'f', NULL, NULL, NULL, ANY, \
		"go on with what comes") \
	X(UNFIRED, "unfired", 0, NULL, NULL, "unfired", ANY, \
		"only rules that fired less than expected") \
	X(ID, "id", 0, "ID", NULL, NULL, ANY, \
		"the rule's own name") \
	X(MODE, "mode", 0, "MODE", "real manual scaled", NULL, ANY, \
		"real, manual or scaled") \
	X(NOW, "now", 0, "TIME", NULL, NULL, INSTANT, \
		"RFC 3339") \
	X(FACTOR, "factor", 0, "K", NULL, NULL, FACTOR, \
		"speed of a scaled clock") \
	X(TO, "to", 0, "TIME", NULL, NULL, INSTANT, \
		"to an instant") \
	X(UNTIL_IDLE, "until-idle", 0, NULL, NULL, NULL, ANY, \
		"until nothing is due any more") \
	X(FOR, "for", 0, "TIME", NULL, NULL, SPAN, \
		"how long, or \"3 calls\"") \
	X(PROJECT, "project", 0, "ID", NULL, NULL, ANY, \
		"only in this project") \
	X(FORK_OF, "fork-of", 0, "NAME", NULL, NULL, ANY, \
		"a copy of this workspace, or of snapshot:NAME")

#define X(id, ...) OPT_##id,
enum option_id { OPTIONS(X) OPT__N };
#undef X

struct option_info {
	const char *name;
	char letter;
	const char *value, *choices, *query;
	enum option_check {
		CHECK_ANY,
		CHECK_COUNT,  /* a whole number from 1 on */
		CHECK_NUMBER, /* a whole number */
		CHECK_FACTOR, /* a number above 0 */
		CHECK_TIME,   /* how long */
		CHECK_SPAN,   /* how long, or "3 calls" */
		CHECK_INSTANT,
		CHECK_STATUS,
		CHECK_WORKSPACE,
		CHECK_PARTS,  /* of what a reset keeps */
		CHECK_FORMAT,
		CHECK_ASSIGNMENT,
	} check;
	const char *help;
};

extern const struct option_info option_table[OPT__N];

/* A set of options, as a list that OPT__N ends. NULL: none. */
typedef const uint8_t *option_set;

#define OPTION_SET(...) (const uint8_t[]){ __VA_ARGS__, OPT__N }

bool option_in(option_set set, int id);
/* NULL, or what the value must be instead: "a time such as ...". */
const char *option_refuses(const struct option_info *o, const char *value);
/* Those that every command takes. */
extern const option_set global_options;
