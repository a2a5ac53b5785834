/* SPDX-License-Identifier: Apache-2.0 */
/*
 * liblakebase: the Databricks Lakebase (Autoscaling Postgres) control plane from C.
 *
 *	struct lakebase *lb = NULL;
 *	struct lakebase_doc *branch = NULL;
 *
 *	if (lakebase_new(&lb, NULL) ||
 *	    lakebase_create(&branch, lb, "projects/shop/branches/dev",
 *			    "{\"spec\":{\"no_expiry\":true}}", LAKEBASE_AND_WAIT))
 *		fprintf(stderr, "%s\n", lakebase_last_error()->message);
 *	else
 *		puts(lakebase_doc_string(branch, "status.current_state"));
 *	lakebase_doc_free(branch);
 *	lakebase_free(lb);
 *
 * Rules that hold everywhere:
 *
 * Results	Functions that can fail return 0, or a negative LAKEBASE_E* code and leave the story in
 *		lakebase_last_error(). Out-parameters come first; they are set to NULL on failure, and
 *		may be NULL themselves when the result is not wanted.
 * Ownership	What comes back through a pointer to a pointer belongs to the caller, who frees it with
 *		the function named beside it. What a function returns as `const` is borrowed and lives
 *		as long as the object it came from. Arguments are copied; NULL may be freed.
 * Threads	A client, and all that was made from it, is used by one thread at a time. Different
 *		clients are independent. The last error belongs to the calling thread.
 * Names	A resource is named by its full path: "projects/p/branches/b/endpoints/e",
 *		"catalogs/c", "synced_tables/catalog.schema.table".
 * Documents	Bodies go in as JSON text; answers come back as a `struct lakebase_doc`.
 * Times	Milliseconds, unless said otherwise.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define LAKEBASE_API __attribute__((visibility("default")))
#else
#define LAKEBASE_API
#endif

#define LAKEBASE_VERSION "0.1.0"

/* The version of the library that runs, for comparison with LAKEBASE_VERSION. Borrowed. */
LAKEBASE_API const char *lakebase_version(void);

/* ---- Errors ---------------------------------------------------------------------------------- */

enum lakebase_code {
	LAKEBASE_OK = 0,
	LAKEBASE_EINVALID = -1,	     /* an argument makes no sense; nothing was sent */
	LAKEBASE_ENOMEM = -2,	     /* out of memory */
	LAKEBASE_ECONFIG = -3,	     /* no host, no credentials, or an unreadable configuration */
	LAKEBASE_EAUTH = -4,	     /* 401: the credentials were refused */
	LAKEBASE_EDENIED = -5,	     /* 403: the caller may not do that, or its token has ended */
	LAKEBASE_ENOTFOUND = -6,     /* 404 */
	LAKEBASE_EEXISTS = -7,	     /* the name is taken by a resource that this call did not make */
	LAKEBASE_ECONFLICT = -8,     /* 409: another operation runs, and outlived the retries */
	LAKEBASE_ETHROTTLED = -9,    /* 429, and it outlived the retries */
	LAKEBASE_EUNAVAILABLE = -10, /* 503, and it outlived the retries */
	LAKEBASE_EREFUSED = -11,     /* 400 and other 4xx: the service does not accept the request */
	LAKEBASE_ESERVER = -12,	     /* 500 and other 5xx */
	LAKEBASE_ECONNECT = -13,     /* the service was not reached; nothing was changed */
	LAKEBASE_ELOST = -14,	     /* sent, but the answer was lost: it may have been applied */
	LAKEBASE_EANSWER = -15,	     /* not an answer of this API; it may have been applied */
	LAKEBASE_EOPERATION = -16,   /* the long-running operation ended in an error */
	LAKEBASE_ETIMEOUT = -17,     /* the deadline of a wait passed; the operation may still end well */
	LAKEBASE_ECANCELLED = -18,   /* a callback or lakebase_call_cancel() asked to stop */
};

struct lakebase_error {
	int code;		/* enum lakebase_code */
	int http_status;	/* of the last answer; 0: there was none */
	int attempts;		/* requests sent for this call, the last one included */
	char error_code[64];	/* the service's own, such as "ALREADY_EXISTS"; "" when there is none */
	char message[768];	/* one line for people, without any secret */
};

/* The error of the last failing call of this thread. Never NULL. Borrowed until the next failure. */
LAKEBASE_API const struct lakebase_error *lakebase_last_error(void);

/* The name of a code: "LAKEBASE_ENOTFOUND". Borrowed. */
LAKEBASE_API const char *lakebase_code_name(int code);

/* ---- Documents ------------------------------------------------------------------------------- */

/*
 * A JSON document. A `path` is a chain of keys and array indices with dots between them, such as
 * "status.hosts.host" or "branches.0.name"; NULL or "" is the whole document.
 */
struct lakebase_doc;

/* Reads JSON text (`size` bytes). LAKEBASE_EINVALID with line and column. Free: lakebase_doc_free(). */
LAKEBASE_API int lakebase_doc_parse(struct lakebase_doc **out, const char *text, size_t size);
LAKEBASE_API void lakebase_doc_free(struct lakebase_doc *doc);

/* The string at `path`, or NULL when there is none. Borrowed. */
LAKEBASE_API const char *lakebase_doc_string(const struct lakebase_doc *doc, const char *path);

/* The value at `path`, or `otherwise` when it is absent or of another type. */
LAKEBASE_API int64_t lakebase_doc_integer(
	const struct lakebase_doc *doc, const char *path, int64_t otherwise);
LAKEBASE_API double lakebase_doc_number(
	const struct lakebase_doc *doc, const char *path, double otherwise);
LAKEBASE_API bool lakebase_doc_bool(const struct lakebase_doc *doc, const char *path, bool otherwise);

/* Whether anything, be it null, stands at `path`. */
LAKEBASE_API bool lakebase_doc_has(const struct lakebase_doc *doc, const char *path);

/* How many members the array or object at `path` has; 0 for anything else. */
LAKEBASE_API size_t lakebase_doc_count(const struct lakebase_doc *doc, const char *path);

/* The n-th key of the object at `path`, or NULL. Borrowed. */
LAKEBASE_API const char *lakebase_doc_key(const struct lakebase_doc *doc, const char *path, size_t n);

/* A document of its own for what stands at `path`. LAKEBASE_ENOTFOUND. Free: lakebase_doc_free(). */
LAKEBASE_API int lakebase_doc_get(
	struct lakebase_doc **out, const struct lakebase_doc *doc, const char *path);

/* The document as compact or indented JSON. LAKEBASE_ENOMEM. Free: lakebase_string_free(). */
LAKEBASE_API int lakebase_doc_print(char **out, const struct lakebase_doc *doc, bool indented);
LAKEBASE_API void lakebase_string_free(char *text);

/* ---- Connecting ------------------------------------------------------------------------------ */

/* What the library decided between two requests; see lakebase_options.on_decision. */
enum lakebase_decision_kind {
	LAKEBASE_RETRY,	    /* the same request again, after delay_ms */
	LAKEBASE_GIVE_UP,   /* attempts or time are used up; the call fails with `code` */
	LAKEBASE_RECONCILE, /* it may have been applied: the resource is read and compared */
	LAKEBASE_OURS,	    /* the comparison says that it was applied */
	LAKEBASE_FOREIGN,   /* the comparison says that somebody else's is there */
	LAKEBASE_REFRESH,   /* the access token is fetched anew */
	LAKEBASE_POLL,	    /* the operation is not done; it is read again after delay_ms */
	LAKEBASE_SETTLE,    /* done, but the resource is not ready yet; it is read after delay_ms */
};

struct lakebase_decision {
	enum lakebase_decision_kind kind;
	const char *method, *path; /* the request that was answered, or was not */
	int attempt;		   /* its number within the call, from 1 */
	int code;		   /* enum lakebase_code: why; 0 when nothing went wrong */
	int http_status;	   /* 0: no answer */
	int64_t delay_ms;	   /* how long the library will wait now */
	int64_t elapsed_ms;	   /* since the call began */
	const char *reason;	   /* one line for people */
};

/* One request and its answer, for logs; see lakebase_options.on_exchange. Never holds a secret. */
struct lakebase_exchange {
	const char *method, *url;
	int http_status; /* 0: no answer */
	int64_t took_ms;
	size_t sent_bytes, received_bytes;
	const char *failure; /* NULL when there was an answer */
};

/* When a failed request is sent again. Zeros mean the default named beside each field. */
struct lakebase_retry {
	int attempts;		/* requests per call: 12; 1 never retries */
	int connect_attempts;	/* of those, how many may fail to connect: 5 */
	int64_t base_delay_ms;	/* the first wait is between 0 and this: 100 */
	int64_t max_delay_ms;	/* it doubles up to this, and Retry-After is capped to it: 30,000 */
	int64_t deadline_ms;	/* no retry begins later than this after the call began: 300,000 */
};

struct lakebase_ports; /* clock, sleep, chance and transport: lakebase_ports.h */

/*
 * Each field left NULL or 0 is filled from the environment (DATABRICKS_HOST, DATABRICKS_TOKEN,
 * DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET, DATABRICKS_CONFIG_PROFILE, DATABRICKS_CONFIG_FILE,
 * DATABRICKS_AUTH_TYPE, SSL_CERT_FILE), then from a profile of ~/.databrickscfg. As in the Databricks
 * SDKs, the profile DEFAULT is read only when neither host nor credentials were given elsewhere, and a
 * named profile fills what is still missing.
 */
struct lakebase_options {
	unsigned version; /* LAKEBASE_OPTIONS_VERSION; set by LAKEBASE_OPTIONS_INIT */
	const char *host; /* "https://my-workspace.cloud.databricks.com" */
	const char *token;
	const char *client_id, *client_secret; /* OAuth of a service principal, instead of a token */
	const char *profile, *config_file;
	const char *ca_bundle;	/* PEM file; otherwise curl's own */
	const char *user_agent; /* put before the library's own, such as "my-app/1.2" */
	int64_t request_timeout_ms; /* of one request: 60,000 */
	int64_t wait_timeout_ms;    /* of waiting for an operation: 600,000 */
	struct lakebase_retry retry;
	/* Called for each decision; a result other than 0 cancels the call. */
	int (*on_decision)(void *context, const struct lakebase_decision *decision);
	/* Called after each request. */
	void (*on_exchange)(void *context, const struct lakebase_exchange *exchange);
	void *context; /* handed to both */
	const struct lakebase_ports *ports; /* for tests; must outlive the client */
	bool ignore_environment; /* neither variables nor files are read */
};

#define LAKEBASE_OPTIONS_VERSION 1
#define LAKEBASE_OPTIONS_INIT                                                                      \
	{                                                                                          \
		LAKEBASE_OPTIONS_VERSION, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0,    \
			{ 0, 0, 0, 0, 0 }, NULL, NULL, NULL, NULL, false                           \
	}

struct lakebase;

/*
 * Makes a client; nothing is sent yet. `options` may be NULL. LAKEBASE_ECONFIG says what is missing
 * (error_code "NO_HOST", "NO_CREDENTIALS") or unreadable, LAKEBASE_EINVALID which option is wrong.
 * Free: lakebase_free().
 */
LAKEBASE_API int lakebase_new(struct lakebase **out, const struct lakebase_options *options);

/* What was made from it (lakebase_multi, lakebase_pages) is freed before. */
LAKEBASE_API void lakebase_free(struct lakebase *lb);

/* "https://host": the address in use. Borrowed. */
LAKEBASE_API const char *lakebase_host(const struct lakebase *lb);

/* ---- Calls ----------------------------------------------------------------------------------- */

enum lakebase_flag {
	LAKEBASE_WAIT = 1 << 0,		    /* follow the operation; the result is the resource */
	LAKEBASE_REPLACE_EXISTING = 1 << 1, /* create: branches, endpoints, roles, databases */
	LAKEBASE_PURGE = 1 << 2,	    /* delete for good: projects, branches */
	LAKEBASE_ALLOW_MISSING = 1 << 3,    /* delete: what is not there counts as deleted */
	LAKEBASE_SHOW_DELETED = 1 << 4,	    /* list: projects, branches */
	LAKEBASE_IDEMPOTENT = 1 << 5,	    /* request: does no harm when it is applied twice */
	LAKEBASE_NO_AUTH = 1 << 6,	    /* request: carries no token */
	LAKEBASE_TEXT = 1 << 7,		    /* request: the answer is text; the result is a string */
};

/* How an operation stands; see lakebase_call_options.on_progress. */
struct lakebase_progress {
	const char *operation; /* its name; NULL while a resource settles */
	const char *resource;
	int polls;
	int64_t waited_ms;
	const struct lakebase_doc *document; /* what the last poll said; NULL after a failed one */
};

struct lakebase_call_options {
	unsigned version; /* LAKEBASE_CALL_OPTIONS_VERSION */
	unsigned flags;	  /* enum lakebase_flag */
	int page_size;	  /* list; 0: the service decides */
	const char *query; /* further parameters, percent-encoded: "reassign_owned_to=..." */
	int64_t wait_timeout_ms; /* 0: that of the client */
	/* With LAKEBASE_WAIT: called after each poll; a result other than 0 cancels the waiting. */
	int (*on_progress)(void *context, const struct lakebase_progress *progress);
	void *context;
};

#define LAKEBASE_CALL_OPTIONS_VERSION 1
#define LAKEBASE_CALL_OPTIONS_INIT                                                                 \
	{                                                                                          \
		LAKEBASE_CALL_OPTIONS_VERSION, 0, 0, NULL, 0, NULL, NULL                           \
	}

/* Ready-made options for the commonest wish: LAKEBASE_WAIT and nothing else. */
LAKEBASE_API extern const struct lakebase_call_options lakebase_and_wait;
#define LAKEBASE_AND_WAIT (&lakebase_and_wait)

/*
 * The calls below retry, reconcile and, with LAKEBASE_WAIT, wait, as their options say; `options`
 * may be NULL. All of them may fail with any code of enum lakebase_code. Without LAKEBASE_WAIT, those
 * that change something give the operation ("name", "done", "response" or "error").
 */

/*
 * Creates the resource `name`. A creation whose answer was lost is never reported as "already exists":
 * the resource is read and compared with `body`. When it is ours, the call succeeds (without
 * LAKEBASE_WAIT the result is then an operation without a name, done, with the resource as response).
 * LAKEBASE_EEXISTS: the name belongs to another resource, and the message says since when, and how it
 * differs; one that does not differ, but was there before the call began, is somebody else's, too.
 */
LAKEBASE_API int lakebase_create(struct lakebase_doc **out, struct lakebase *lb, const char *name,
	const char *body, const struct lakebase_call_options *options);

/* The resource `name` as it is now. */
LAKEBASE_API int lakebase_get(struct lakebase_doc **out, struct lakebase *lb, const char *name);

/* Changes the fields that `mask` names ("spec.display_name,spec.custom_tags") to those of `body`. */
LAKEBASE_API int lakebase_update(struct lakebase_doc **out, struct lakebase *lb, const char *name,
	const char *body, const char *mask, const struct lakebase_call_options *options);

/* A delete whose answer was lost, and that then finds nothing, has succeeded. */
LAKEBASE_API int lakebase_delete(struct lakebase_doc **out, struct lakebase *lb, const char *name,
	const struct lakebase_call_options *options);

/* Brings back a project or branch that was deleted and not purged. */
LAKEBASE_API int lakebase_undelete(struct lakebase_doc **out, struct lakebase *lb, const char *name,
	const struct lakebase_call_options *options);

/* A fresh Postgres password ("token", "expire_time") for an endpoint. `ttl_s` 0: the longest. */
LAKEBASE_API int lakebase_credential(
	struct lakebase_doc **out, struct lakebase *lb, const char *endpoint, int ttl_s);

/* Permissions of a project ("projects/p"): read, add to (PATCH), or replace (PUT). */
LAKEBASE_API int lakebase_permissions_get(
	struct lakebase_doc **out, struct lakebase *lb, const char *project);
LAKEBASE_API int lakebase_permissions_update(
	struct lakebase_doc **out, struct lakebase *lb, const char *project, const char *body);
LAKEBASE_API int lakebase_permissions_set(
	struct lakebase_doc **out, struct lakebase *lb, const char *project, const char *body);

/* How the operation `name` stands now. */
LAKEBASE_API int lakebase_operation_get(
	struct lakebase_doc **out, struct lakebase *lb, const char *name);

/*
 * Waits for the operation `name` and gives its response. Survives 429, 500, 502, 503, 504, lost
 * connections, and an operation that shows up late. LAKEBASE_EOPERATION when it ended in an error;
 * LAKEBASE_ETIMEOUT when it outlived the deadline: it may be waited for again.
 */
LAKEBASE_API int lakebase_operation_wait(struct lakebase_doc **out, struct lakebase *lb,
	const char *name, const struct lakebase_call_options *options);

/*
 * Any other request: `path` from the root of the host ("/api/2.0/preview/scim/v2/Me"), percent-encoded,
 * with its query. `body` may be NULL. A POST is not sent again once it may have been applied, unless
 * LAKEBASE_IDEMPOTENT says that this does no harm. An answer without a body gives an empty object. With
 * LAKEBASE_TEXT a successful answer need not be JSON: the result is one string, at the path "".
 */
LAKEBASE_API int lakebase_request(struct lakebase_doc **out, struct lakebase *lb, const char *method,
	const char *path, const char *body, const struct lakebase_call_options *options);

/* ---- Lists ----------------------------------------------------------------------------------- */

struct lakebase_pages;

/*
 * Walks the collection `name`: "projects", "projects/p/branches". Each page is fetched when it is
 * needed. Free: lakebase_pages_free().
 *
 *	while (!(rc = lakebase_pages_next(&item, pages)) && item) {
 *		...
 *		lakebase_doc_free(item);
 *	}
 */
LAKEBASE_API int lakebase_list(struct lakebase_pages **out, struct lakebase *lb, const char *name,
	const struct lakebase_call_options *options);

/* The next resource, or NULL after the last one. Free: lakebase_doc_free(). */
LAKEBASE_API int lakebase_pages_next(struct lakebase_doc **out, struct lakebase_pages *pages);
LAKEBASE_API void lakebase_pages_free(struct lakebase_pages *pages);

/* ---- Update masks ---------------------------------------------------------------------------- */

/*
 * The mask that covers what `body` sets: its leaves below "spec", with a oneof under the name of its
 * group ("spec.expiration" for ttl, "spec.suspension" for no_suspension), and lists and maps as wholes.
 * LAKEBASE_EINVALID when body is not an object or sets nothing. Free: lakebase_string_free().
 */
LAKEBASE_API int lakebase_mask(char **out, const char *body);

/*
 * The mask of those fields of `body` that the resource `found` does not have as asked; "" when it
 * matches. What the service does not show cannot differ. LAKEBASE_EEXISTS when `found` is deleted
 * and only keeps its name. Free: lakebase_string_free().
 */
LAKEBASE_API int lakebase_diff(char **mask, const char *body, const struct lakebase_doc *found);

/* ---- Names ----------------------------------------------------------------------------------- */

/* One kind of resource; the constant table of all of them ends with a NULL collection. */
struct lakebase_kind {
	const char *collection; /* "branches": its part of a name, and the key of a list */
	const char *singular;	/* "branch" */
	const char *parent;	/* the collection above it, or NULL */
	const char *id_parameter; /* "branch_id" */
	unsigned flags;		/* the enum lakebase_flag values that it understands */
	bool listed, updated, undeleted; /* what the service offers beside create, get and delete */
};

/* The table of all kinds. Static. */
LAKEBASE_API const struct lakebase_kind *lakebase_kinds(void);

/* The kind of the resource or collection `name`, or NULL. Borrowed. */
LAKEBASE_API const struct lakebase_kind *lakebase_kind_of(const char *name);

/*
 * Writes out a short name: for branches "p/b" is "projects/p/branches/b"; full names stay as they are.
 * LAKEBASE_EINVALID when the parts do not fit `kind`. Free: lakebase_string_free().
 */
LAKEBASE_API int lakebase_name_expand(char **out, const struct lakebase_kind *kind, const char *name);

/* ---- Without blocking ------------------------------------------------------------------------ */

enum lakebase_verb {
	LAKEBASE_VERB_GET,
	LAKEBASE_VERB_CREATE,
	LAKEBASE_VERB_UPDATE,
	LAKEBASE_VERB_DELETE,
	LAKEBASE_VERB_UNDELETE,
	LAKEBASE_VERB_LIST, /* one page; the query may hold a page_token */
	LAKEBASE_VERB_OPERATION_WAIT,
	LAKEBASE_VERB_CREDENTIAL, /* name: the endpoint */
	LAKEBASE_VERB_PERMISSIONS_GET,
	LAKEBASE_VERB_PERMISSIONS_UPDATE,
	LAKEBASE_VERB_PERMISSIONS_SET,
	LAKEBASE_VERB_REQUEST, /* method, and name is the path */
};

/* A call as data: what the functions above take as arguments. */
struct lakebase_call_spec {
	unsigned version; /* LAKEBASE_CALL_SPEC_VERSION */
	enum lakebase_verb verb;
	const char *name, *body, *mask, *method;
	struct lakebase_call_options options;
};

#define LAKEBASE_CALL_SPEC_VERSION 1
#define LAKEBASE_CALL_SPEC_INIT                                                                    \
	{                                                                                          \
		LAKEBASE_CALL_SPEC_VERSION, LAKEBASE_VERB_GET, NULL, NULL, NULL, NULL,             \
			LAKEBASE_CALL_OPTIONS_INIT                                                 \
	}

/* Blocks until the call is over: what all functions of the section "Calls" do. */
LAKEBASE_API int lakebase_perform(
	struct lakebase_doc **out, struct lakebase *lb, const struct lakebase_call_spec *spec);

/* A set of calls under way at once, over one pool of connections, driven by the caller's loop. */
struct lakebase_multi;
struct lakebase_call;

enum lakebase_event { LAKEBASE_READABLE = 1, LAKEBASE_WRITABLE = 2 };

struct lakebase_loop {
	/* Watch `fd` for `events` (enum lakebase_event) from now on; 0: no longer. */
	void (*watch)(void *context, int fd, int events);
	/* Call lakebase_multi_action(m, -1, 0) after `timeout_ms`, instead of at the time last asked
	 * for; -1: not at all. */
	void (*timer)(void *context, int64_t timeout_ms);
	void *context;
};

/*
 * `loop` may be NULL: then lakebase_multi_run() does the waiting. Free: lakebase_multi_free(), not
 * from within one of its callbacks.
 */
LAKEBASE_API int lakebase_multi_new(
	struct lakebase_multi **out, struct lakebase *lb, const struct lakebase_loop *loop);

/* Calls under way end without their callback. */
LAKEBASE_API void lakebase_multi_free(struct lakebase_multi *multi);

/*
 * Begins a call, with the same retries as the blocking form. `done` is called once, from
 * lakebase_multi_action() or lakebase_multi_run(), never from within this function: `code` is 0 or
 * an error with its story in `error`; `result` is freed by the library afterwards. It may begin further
 * calls. *out (may be NULL) is good for lakebase_call_cancel() until then.
 */
LAKEBASE_API int lakebase_multi_add(struct lakebase_call **out, struct lakebase_multi *multi,
	const struct lakebase_call_spec *spec,
	void (*done)(void *context, int code, const struct lakebase_doc *result,
		const struct lakebase_error *error),
	void *context);

/* The call ends with LAKEBASE_ECANCELLED at the next action. What was sent may have been applied. */
LAKEBASE_API void lakebase_call_cancel(struct lakebase_call *call);

/* To be called when `fd` is ready (`events`), and with -1, 0 when the timer is due. */
LAKEBASE_API int lakebase_multi_action(struct lakebase_multi *multi, int fd, int events);

/* Calls that are not over yet. */
LAKEBASE_API size_t lakebase_multi_running(const struct lakebase_multi *multi);

/* Without a loop: works until all calls are over, or for `timeout_ms` (-1: as long as it takes). */
LAKEBASE_API int lakebase_multi_run(struct lakebase_multi *multi, int64_t timeout_ms);

#ifdef __cplusplus
}
#endif
