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
		"show no progress line") \
	X(YES, "yes", 'y', NULL, NULL, NULL, ANY, \
		"do not ask before deleting something") \
	X(RETRY_ATTEMPTS, "retry-attempts", 0, "N", NULL, NULL, COUNT, \
		"send at most N requests for a call (12)") \
	X(RETRY_MAX_DELAY, "retry-max-delay", 0, "TIME", NULL, NULL, TIME, \
		"longest pause between them (30s)") \
	X(RETRY_DEADLINE, "retry-deadline", 0, "TIME", NULL, NULL, TIME, \
		"do not retry after this time (5m)") \
	X(REQUEST_TIMEOUT, "request-timeout", 0, "TIME", NULL, NULL, TIME, \
		"time limit of one request (60s)") \
	X(WAIT, "wait", 'w', NULL, NULL, NULL, ANY, \
		"wait until the operation is done") \
	X(TIMEOUT, "timeout", 0, "TIME", NULL, NULL, TIME, \
		"stop waiting after this time (10m)") \
	X(SET, "set", 's', "FIELD=VALUE", NULL, NULL, ASSIGNMENT, \
		"set a field of the spec; VALUE is JSON or a string; repeatable") \
	X(BODY, "body", 'b', "JSON", NULL, NULL, ANY, \
		"the whole body as JSON, @FILE, or - for stdin") \
	X(MASK, "mask", 'm', "PATHS", NULL, NULL, ANY, \
		"update mask (by default, the fields of the body)") \
	X(REPLACE, "replace-existing", 0, NULL, NULL, NULL, ANY, \
		"replace the resource if it exists") \
	X(PURGE, "purge", 0, NULL, NULL, NULL, ANY, \
		"delete for good; it cannot be restored") \
	X(ALLOW_MISSING, "allow-missing", 0, NULL, NULL, NULL, ANY, \
		"succeed if it does not exist") \
	X(SHOW_DELETED, "show-deleted", 0, NULL, NULL, NULL, ANY, \
		"also list deleted ones") \
	X(PAGE_SIZE, "page-size", 0, "N", NULL, NULL, COUNT, \
		"resources per request") \
	X(WATCH, "watch", 0, NULL, NULL, NULL, ANY, \
		"keep running, and show what changes") \
	X(EVERY, "every", 0, "TIME", NULL, NULL, TIME, \
		"how often to look (2s)") \
	X(UNTIL, "for", 0, "CONDITION", NULL, NULL, ANY, \
		"FIELD=VALUE, such as state=ACTIVE, or deleted") \
	X(REASSIGN, "reassign-owned-to", 0, "ROLE", NULL, NULL, ANY, \
		"give what the role owns to this role") \
	X(TTL, "ttl", 0, "TIME", NULL, NULL, TIME, \
		"lifetime: 5m to 1h for a credential, or such as 7d for a branch or snapshot") \
	X(NO_EXPIRY, "no-expiry", 0, NULL, NULL, NULL, ANY, \
		"never expire") \
	X(REPLACE_ALL, "replace", 0, NULL, NULL, NULL, ANY, \
		"remove all other entries") \
	X(DRY_RUN, "dry-run", 'n', NULL, NULL, NULL, ANY, \
		"show what would be done") \
	X(PRUNE, "prune", 0, NULL, NULL, NULL, ANY, \
		"delete what the document leaves out; asks first") \
	X(DATABASE, "database", 'd', "NAME", NULL, NULL, ANY, \
		"Postgres database (databricks_postgres)") \
	X(USER, "user", 'U', "ROLE", NULL, NULL, ANY, \
		"Postgres role (by default, your own)") \
	X(DSN, "dsn", 0, NULL, NULL, NULL, ANY, \
		"print a postgresql:// address") \
	X(PRINT, "print", 0, NULL, NULL, NULL, ANY, \
		"print the psql command instead of running it") \
	X(POOLED, "pooled", 0, NULL, NULL, NULL, ANY, \
		"connect through the connection pool") \
	X(WORKSPACE, "workspace", 'W', "NAME", NULL, "workspace", WORKSPACE, \
		"workspace of the mock (default)") \
	X(ALL, "all", 0, NULL, NULL, "all", ANY, \
		"every workspace") \
	X(KEEP, "keep", 0, "PARTS", NULL, "keep", PARTS, \
		"what to keep: faults,clock,principals,journal") \
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
		"only requests that this rule met") \
	X(SINCE, "since", 0, "SEQ", NULL, "since", NUMBER, \
		"only requests after this number") \
	X(LIMIT, "limit", 0, "N", NULL, "limit", COUNT, \
		"at most this many") \
	X(PARTIAL, "partial", 0, NULL, NULL, "partial", ANY, \
		"go on although the journal has dropped rows") \
	X(FINAL, "final", 0, NULL, NULL, "final", ANY, \
		"judge now, and do not wait for later requests") \
	X(JUNIT, "junit", 0, "FILE", NULL, NULL, ANY, \
		"also write the verdicts as JUnit XML") \
	X(FOLLOW, "follow", 'f', NULL, NULL, NULL, ANY, \
		"keep running, and show new requests") \
	X(UNFIRED, "unfired", 0, NULL, NULL, "unfired", ANY, \
		"only rules that fired less than expected") \
	X(ID, "id", 0, "ID", NULL, NULL, ANY, \
		"name of the rule") \
	X(MODE, "mode", 0, "MODE", "real manual scaled", NULL, ANY, \
		"real, manual or scaled") \
	X(NOW, "now", 0, "TIME", NULL, NULL, INSTANT, \
		"time to set, in RFC 3339") \
	X(FACTOR, "factor", 0, "K", NULL, NULL, FACTOR, \
		"speed of a scaled clock") \
	X(TO, "to", 0, "TIME", NULL, NULL, INSTANT, \
		"move to this time") \
	X(UNTIL_IDLE, "until-idle", 0, NULL, NULL, NULL, ANY, \
		"move on until nothing is due") \
	X(FOR, "for", 0, "TIME", NULL, NULL, SPAN, \
		"how long, or \"3 calls\"") \
	X(PROJECT, "project", 0, "ID", NULL, NULL, ANY, \
		"only in this project") \
	X(FORK_OF, "fork-of", 0, "NAME", NULL, NULL, ANY, \
		"copy this workspace, or snapshot:NAME")

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
