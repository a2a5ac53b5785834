/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the library share. */
#pragma once

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lakebase.h"
#include "lakebase_ports.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Ceilings for what others choose. */
enum {
	LB_MAX_NAME = 2048,	       /* a resource name */
	LB_MAX_ANSWER = 64 << 20,      /* the body of an answer */
	LB_MAX_FILE = 1 << 20,	       /* a configuration file */
	LB_MAX_TOKEN = 64 << 10,       /* a token */
};

/* ---- error.c ---- */

/* Fills *e (attempts and http_status become 0) and returns `code`. */
PRINTF(3, 4) int lb_error_set(struct lakebase_error *e, int code, const char *fmt, ...);
int lb_error_oom(struct lakebase_error *e);
/* Makes *e the last error of the thread; returns its code. */
int lb_error_publish(const struct lakebase_error *e);
/* Shorthand for functions of the public interface that have no struct of their own. */
PRINTF(2, 3) int lb_fail(int code, const char *fmt, ...);
/* Replaces each occurrence of `secret` in `text` by "***" (shorter secrets than 4 are left). */
void lb_redact(char *text, const char *secret);

/* ---- text.c ---- */

/* A growing string with a ceiling. After a failed append `failed` stays set and text is kept. */
struct lb_buf {
	char *text;
	size_t size, room, ceiling;
	bool failed;
};

void lb_buf_add(struct lb_buf *b, const char *text, size_t size);
void lb_buf_puts(struct lb_buf *b, const char *text);
PRINTF(2, 3) void lb_buf_printf(struct lb_buf *b, const char *fmt, ...);
/* Percent-encodes all but unreserved characters and those of `keep`. */
void lb_buf_escape(struct lb_buf *b, const char *text, const char *keep);
/* The text, now the caller's; NULL when any append failed. The buffer is empty afterwards. */
char *lb_buf_take(struct lb_buf *b);
void lb_buf_done(struct lb_buf *b);

void lb_free_string(char **s);
bool lb_same(const char *a, const char *b); /* both NULL, or equal */
bool lb_contains(const char *text, const char *word); /* without regard to case */
bool lb_starts(const char *text, const char *prefix);
/* RFC 4648, with padding. */
void lb_buf_base64(struct lb_buf *b, const char *data, size_t size);

/* ---- ini.c ---- */

struct lb_ini {
	struct lb_ini_entry {
		char *section, *key, *value;
	} *entries;
	size_t n;
};

/* Reads INI text. LAKEBASE_ECONFIG with the line. Free: lb_ini_done(), also after a failure. */
MUST_CHECK int lb_ini_parse(
	struct lb_ini *ini, const char *text, size_t size, struct lakebase_error *e);
void lb_ini_done(struct lb_ini *ini);
/* The last value of the key, or NULL. */
const char *lb_ini_get(const struct lb_ini *ini, const char *section, const char *key);
bool lb_ini_has(const struct lb_ini *ini, const char *section);

/* ---- config.c ---- */

struct lb_config {
	char *host, *token, *client_id, *client_secret, *profile, *config_file, *ca_bundle, *auth_type;
};

/* Where variables come from: getenv() outside tests. */
typedef const char *(*lb_getenv_fn)(const char *name);

MUST_CHECK int lb_config_resolve(struct lb_config *c, const struct lakebase_options *o,
	lb_getenv_fn env, struct lakebase_error *e);
void lb_config_done(struct lb_config *c);

/* ---- client.c ---- */

struct lb_curl; /* transport_curl.c: one easy handle and what it needs */

struct lb_auth {
	char *header;	      /* "Bearer ..." */
	char *token_url;      /* known after discovery */
	int64_t renew_at;     /* 0: never */
	const void *fetching; /* the call that fetches a token now; the others wait for it */
};

struct lakebase {
	struct lb_config config;
	struct lb_auth auth;
	struct lakebase_retry retry;
	int64_t request_timeout, wait_timeout;
	char *user_agent;
	int (*on_decision)(void *, const struct lakebase_decision *);
	void (*on_exchange)(void *, const struct lakebase_exchange *);
	void *context;
	struct lakebase_ports ports;
	struct lb_curl *curl;
};

int64_t lb_now(const struct lakebase *lb);

/* ---- ports.c ---- */

/* Fills what `given` (may be NULL) leaves open, except perform. */
void lb_ports_fill(struct lakebase_ports *ports, const struct lakebase_ports *given);

/* ---- transport_curl.c ---- */

/* LAKEBASE_ENOMEM, or LAKEBASE_ECONFIG when libcurl cannot start. */
MUST_CHECK int lb_curl_new(struct lb_curl **out, const struct lakebase *lb, struct lakebase_error *e);
void lb_curl_free(struct lb_curl *c);
/* One blocking exchange. 0, or -1 when out of memory. */
MUST_CHECK int lb_curl_perform(struct lb_curl *c, const struct lakebase_http_request *request,
	struct lakebase_http_answer *answer);
/* For a multi handle: prepare, let it run, then judge. */
MUST_CHECK int lb_curl_prepare(struct lb_curl *c, const struct lakebase_http_request *request);
int lb_curl_finish(struct lb_curl *c, int result, struct lakebase_http_answer *answer);
void *lb_curl_easy(struct lb_curl *c);

/* ---- answer.c ---- */

/* What an answer, or the lack of one, means. */
enum lb_verdict {
	LB_OK,
	LB_NOT_SENT,
	LB_IMPOSSIBLE,
	LB_LOST,
	LB_GARBAGE, /* a success whose body is not a JSON object, or not there */
	LB_UNAUTHENTICATED,
	LB_DENIED,
	LB_NOT_FOUND,
	LB_EXISTS,
	LB_CONFLICT,
	LB_THROTTLED,
	LB_UNAVAILABLE,
	LB_GATEWAY, /* 502, 504 */
	LB_SERVER,
	LB_REFUSED,
	LB__VERDICTS
};

struct lb_reply {
	enum lb_verdict verdict;
	int status;
	json_t *body; /* an object, or NULL */
	bool empty;   /* a success without a body; `body` is then an empty object */
	struct lakebase_error error;
	int64_t retry_after; /* ms from now; -1: not said */
};

/* Judges an answer. -1 when out of memory. Free: lb_reply_done(). */
MUST_CHECK int lb_reply_read(struct lb_reply *r, const struct lakebase_http_answer *a, int64_t now);
void lb_reply_done(struct lb_reply *r);

/* ---- retry.c ---- */

enum lb_again {
	LB_NEVER,
	LB_WHEN_SAFE, /* when the request may be applied twice without harm */
	LB_ALWAYS,
};

/* What each verdict means for a call; the whole retry policy but for its numbers. */
struct lb_policy {
	int code;		/* of the error, when it comes to that */
	enum lb_again again;
	bool maybe_applied;	/* the service may have done it */
	bool creation_reread;	/* a creation reads the resource before it does anything else */
	bool wait_survives;	/* waiting for an operation goes on */
	const char *reason;
};

extern const struct lb_policy lb_policies[LB__VERDICTS];

/* Zeros become the defaults. LAKEBASE_EINVALID for negative numbers. */
MUST_CHECK int lb_retry_fill(struct lakebase_retry *r, struct lakebase_error *e);
/* The wait before the next try after `failures` failures in a row (from 1). `chance` is in [0, 1). */
int64_t lb_retry_delay(
	const struct lakebase_retry *r, int failures, int64_t retry_after, double chance);
/* The wait before the n-th poll (from 1) of something that is not done yet. */
int64_t lb_poll_delay(const struct lakebase_retry *r, int polls, int64_t retry_after, double chance);
/* Retry-After as milliseconds from now, or -1 for junk. `date` is the answer's Date header or "". */
int64_t lb_retry_after(const char *value, const char *date, int64_t now);

/* ---- compare.c ---- */

/*
 * Whether `found`, read from the service, is what `asked` would have made. When not, `why` names the
 * first difference: "spec.pg_version is 16, not 17".
 */
bool lb_compare(const json_t *asked, const json_t *found, char *why, size_t size);
/* Seconds of "604800s" and the like. */
bool lb_duration(const char *text, double *seconds);
/* Seconds since 1970 of an RFC 3339 time. */
bool lb_instant(const char *text, double *seconds);

/* ---- mask.c ---- */

/* Adds the path that stands for `leaf` in a mask, once. */
void lb_mask_add(struct lb_buf *mask, const char *leaf);

/* ---- name.c ---- */

struct lb_name {
	const struct lakebase_kind *kind; /* NULL: of no known kind */
	char parent[LB_MAX_NAME];	  /* "" at the top */
	char collection[64];
	char id[LB_MAX_NAME]; /* "" for a collection or a singleton */
};

/* Takes a name apart. LAKEBASE_EINVALID says what is wrong with it. */
MUST_CHECK int lb_name_split(struct lb_name *n, const char *name, struct lakebase_error *e);
/* Whether `name` may stand in a path: parts without blanks, none empty or dots only. */
MUST_CHECK int lb_name_check(const char *name, struct lakebase_error *e);

/* ---- doc.c ---- */

struct lakebase_doc {
	json_t *json;
};

/* Takes over the reference, also on failure (which is LAKEBASE_ENOMEM). `out` may be NULL. */
MUST_CHECK int lb_doc_wrap(struct lakebase_doc **out, json_t *json);
/* What stands at `path`, borrowed, or NULL. */
json_t *lb_json_at(const json_t *json, const char *path);
/* JSON text, or NULL when out of memory. Free with free(). */
char *lb_json_text(const json_t *json, bool indented);

/* ---- call.c ---- */

/* What a call wants next of whoever drives it. */
enum lb_step {
	LB_SEND, /* send call->request, then lb_call_answer() */
	LB_PAUSE, /* nothing before call->due */
	LB_DONE, /* call->code, call->error, call->result */
};

enum lb_phase {
	LB_PHASE_CALL,	    /* the request itself */
	LB_PHASE_RECONCILE, /* has the lost one been applied? */
	LB_PHASE_POLL,	    /* the operation */
	LB_PHASE_SETTLE,    /* the resource, until it is ready */
	LB_PHASE_DISCOVER,  /* where tokens come from */
	LB_PHASE_TOKEN,
	LB__PHASES
};

struct lakebase_call {
	struct lakebase *lb;
	/* what is asked for */
	enum lakebase_verb verb;
	char *method, *path, *body; /* path with its query */
	char *name;		    /* of the resource, when there is one */
	json_t *asked;		    /* of a creation or update */
	unsigned flags;
	bool safe;	/* may be sent again though it may have been applied */
	bool operation; /* the answer is an operation */
	int64_t wait_timeout;
	int (*on_progress)(void *, const struct lakebase_progress *);
	void *progress_context;
	/* how it stands */
	enum lb_phase phase, sending;
	int attempts;	     /* requests sent by now */
	int tries;	     /* of those, in the phase that counts (CALL, RECONCILE, auth) */
	int failures;	     /* in a row */
	int connect_failures;
	int polls, missing;  /* polls by now; answers in a row that did not know the operation */
	bool seen;	     /* the operation has been read once */
	bool maybe_applied;  /* an earlier try may have had its effect */
	bool resultless;     /* the operation vanished, or ended without saying how */
	bool retried, refreshed, cancelled, over;
	int64_t began, due, wait_began, wait_until;
	enum lb_verdict cause; /* why it is being reconciled */
	char *operation_name;
	struct lakebase_http_request request;
	char *url, *authorization, *form; /* what `request` points to */
	int64_t sent_at;
	/* how it ended */
	int code;
	struct lakebase_error error;
	json_t *result;
	/* for multi.c */
	void *driver; /* its struct member */
};

MUST_CHECK int lb_call_new(struct lakebase_call **out, struct lakebase *lb,
	const struct lakebase_call_spec *spec, struct lakebase_error *e);
void lb_call_free(struct lakebase_call *c);
enum lb_step lb_call_step(struct lakebase_call *c);
/* Takes the answer to what LB_SEND asked for, and frees its body. */
void lb_call_answer(struct lakebase_call *c, struct lakebase_http_answer *a);
/* Ends the call: something outside of it failed. */
void lb_call_abort(struct lakebase_call *c, int code, const char *why);

/* ---- shared between call.c, phases.c, wait.c and auth.c ---- */

int lb_call_end(struct lakebase_call *c, int code);
void lb_call_succeed(struct lakebase_call *c, json_t *result);
void lb_call_oom(struct lakebase_call *c);
/* Ends the call with the error of a reply. */
void lb_call_fail(struct lakebase_call *c, const struct lb_reply *r);
/* Reports a decision; true when the callback wants to stop, and the call is over. */
bool lb_call_report(struct lakebase_call *c, enum lakebase_decision_kind kind,
	const struct lb_reply *r, int64_t delay, const char *reason);
/* Tries the phase again after a wait, or gives up with the error of the reply. */
void lb_call_again(struct lakebase_call *c, const struct lb_reply *r);
void lb_call_enter(struct lakebase_call *c, enum lb_phase phase);
MUST_CHECK int lb_call_request(
	struct lakebase_call *c, const char *method, const char *path, const char *body);
/* The path of a resource name, percent-encoded, or NULL when out of memory. */
char *lb_path_of(const char *name);

void lb_judge_call(struct lakebase_call *c, struct lb_reply *r);
void lb_judge_reconcile(struct lakebase_call *c, struct lb_reply *r);
void lb_judge_poll(struct lakebase_call *c, struct lb_reply *r);
void lb_judge_settle(struct lakebase_call *c, struct lb_reply *r);
void lb_judge_auth(struct lakebase_call *c, struct lb_reply *r);
/* Begins to follow the operation in `body`; takes no reference. */
void lb_wait_begin(struct lakebase_call *c, json_t *operation);
/* Sees to a token before the next request; LB_AUTH_SEND has set up the request that fetches one. */
enum lb_auth_need { LB_AUTH_READY, LB_AUTH_SEND, LB_AUTH_WAIT, LB_AUTH_FAILED };
enum lb_auth_need lb_auth_prepare(struct lakebase_call *c);
/* Forgets the token `used`, so that the next request gets another. False when none can be had. */
bool lb_auth_expire(struct lakebase *lb, const char *used);
void lb_auth_release(struct lakebase *lb, const struct lakebase_call *c);
void lb_auth_done(struct lb_auth *a);
