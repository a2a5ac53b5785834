/* SPDX-License-Identifier: Apache-2.0 */
/* What the library does with every kind of answer: one row, one story. */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "support/run.h"

#define P "projects/shop"
#define B "projects/shop/branches/dev"
#define API "/api/2.0/postgres/"
#define OP P "/operations/1"
#define BOP B "/operations/1"
#define CONFLICT                                                                                   \
	FAULT("RESOURCE_CONFLICT",                                                                 \
		"project already has running conflicting operations, scheduling of new ones is "   \
		"prohibited")
#define EXISTS FAULT("ALREADY_EXISTS", "project with such id already exists in the workspace")
#define BRANCH_EXISTS FAULT("BAD_REQUEST", "branch already exists; branch_name:\\\"dev\\\"")
#define ABSENT FAULT("NOT_FOUND", "project id not found [TraceId: ab]")
#define SHOP                                                                                       \
	"{\"name\":\"projects/shop\",\"create_time\":\"2026-01-01T00:00:00Z\",\"status\":"         \
	"{\"display_name\":\"Shop\",\"pg_version\":17,\"history_retention_duration\":\"604800s\"}}"
#define OTHER "{\"name\":\"projects/shop\",\"status\":{\"display_name\":\"Mine\",\"pg_version\":16}}"
#define DEV "{\"name\":\"" B "\",\"status\":{\"current_state\":\"READY\"}}"
#define DEV_INIT                                                                                   \
	"{\"name\":\"" B "\",\"status\":{\"current_state\":\"INIT\",\"pending_state\":\"READY\"}}"
#define SPEC "{\"spec\":{\"display_name\":\"Shop\",\"pg_version\":17}}"
#define DEV_SPEC "{\"spec\":{\"no_expiry\":true}}"

#define CREATE "POST " API "projects?project_id=shop"
#define GET "GET " API P
#define POLL "GET " API OP

enum { MAX_STEPS = 14 };

struct story {
	const char *title;
	enum lakebase_verb verb;
	const char *name, *body, *mask;
	unsigned flags;
	struct step script[MAX_STEPS];
	int code;
	const char *result; /* path=value of the result, or part of the message */
};

#define CREATE_SHOP LAKEBASE_VERB_CREATE, P, SPEC, NULL
#define CREATE_DEV LAKEBASE_VERB_CREATE, B, DEV_SPEC, NULL
#define GET_SHOP LAKEBASE_VERB_GET, P, NULL, NULL
#define UPDATE_SHOP LAKEBASE_VERB_UPDATE, P, SPEC, "spec.display_name"
#define DELETE_SHOP LAKEBASE_VERB_DELETE, P, NULL, NULL
#define UNDELETE_SHOP LAKEBASE_VERB_UNDELETE, P, NULL, NULL
#define WAIT_OP LAKEBASE_VERB_OPERATION_WAIT, OP, NULL, NULL

static const struct story stories[] = {
	/* ---- the plain ways ---- */
	{ "a get", GET_SHOP, 0, { { GET, 200, SHOP } }, 0, "status.display_name=Shop" },
	{ "a create gives its operation", CREATE_SHOP, 0, { { CREATE, 200, OPERATION(OP) } }, 0,
		"name=" OP },
	{ "waiting polls at once and gives the resource", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 200, OPERATION(OP) }, { POLL, 200, OPERATION(OP) },
			{ POLL, 200, DONE(OP, SHOP) } },
		0, "status.display_name=Shop" },
	{ "an operation that is done at once is not polled", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 200, DONE(OP, SHOP) } }, 0, "name=" P },
	{ "an update names its mask", UPDATE_SHOP, LAKEBASE_WAIT,
		{ { "PATCH " API P "?update_mask=spec.display_name", 200, DONE(OP, SHOP) } }, 0,
		"name=" P },
	{ "a delete", DELETE_SHOP, LAKEBASE_WAIT | LAKEBASE_PURGE,
		{ { "DELETE " API P "?purge=true", 200, OPERATION(OP) }, { POLL, 200, DONE(OP, "{}") } },
		0, NULL },
	{ "replace_existing", CREATE_DEV, LAKEBASE_REPLACE_EXISTING,
		{ { "POST " API P "/branches?branch_id=dev&replace_existing=true", 200,
			OPERATION(BOP) } },
		0, "name=" BOP },
	{ "an empty answer is an empty object", LAKEBASE_VERB_REQUEST, "/x", NULL, NULL, 0,
		{ { "DELETE /x", 200, NULL } }, 0, NULL },

	/* ---- what is never sent again ---- */
	{ "400", CREATE_SHOP, 0, { { CREATE, 400, FAULT("INVALID_PARAMETER_VALUE", "bad") } },
		LAKEBASE_EREFUSED, "bad" },
	{ "401 with a token", GET_SHOP, 0, { { GET, 401, "{\"error_code\":401,\"message\":\"no\"}" } },
		LAKEBASE_EAUTH, "no" },
	{ "403 with a token", GET_SHOP, 0, { { GET, 403, "{\"error_code\":403,\"message\":\"no\"}" } },
		LAKEBASE_EDENIED, "no" },
	{ "404", GET_SHOP, 0, { { GET, 404, ABSENT } }, LAKEBASE_ENOTFOUND, "project id not found" },
	{ "409 that exists: it is read to say how it differs", CREATE_SHOP, 0,
		{ { CREATE, 409, EXISTS }, { GET, 200, OTHER } }, LAKEBASE_EEXISTS,
		"projects/shop exists, and was not made by this call: spec.display_name is \"Mine\"" },
	{ "409 that exists: an equal one, and since when", CREATE_SHOP, 0,
		{ { CREATE, 409, EXISTS }, { GET, 200, SHOP } }, LAKEBASE_EEXISTS,
		"exists since 2026-01-01T00:00:00Z, and was not made by this call: it looks like" },
	{ "409 that exists, and cannot be read", CREATE_SHOP, 0,
		{ { CREATE, 409, EXISTS }, { GET, 503, NULL } }, LAKEBASE_EEXISTS, "already exists" },
	{ "400 that says exists, and means another", CREATE_DEV, 0,
		{ { "POST", 400, BRANCH_EXISTS }, { "GET", 404, ABSENT } }, LAKEBASE_EEXISTS,
		"branch already exists" },
	{ "an answer that is too large", GET_SHOP, 0,
		{ { GET, 0, "the answer is larger", NULL, LAKEBASE_TOO_LARGE } }, LAKEBASE_EANSWER,
		"larger" },
	{ "a lost creation, and an equal one that is older than the call", CREATE_SHOP, 0,
		{ { CREATE, 0, "reset", NULL, LAKEBASE_LOST },
			{ GET, 200, SHOP, .date = "Thu, 01 Jan 2026 00:00:10 GMT" } },
		LAKEBASE_EEXISTS, "since 2026-01-01T00:00:00Z" },
	{ "a lost creation, made when the call had begun", CREATE_SHOP, 0,
		{ { CREATE, 0, "reset", NULL, LAKEBASE_LOST },
			{ GET, 200, SHOP, .date = "Thu, 01 Jan 2026 00:00:01 GMT" } },
		0, "response.name=" P },
	{ "409 with a final code", UPDATE_SHOP, 0, { { "PATCH", 409, FAULT("ABORTED", "etag") } },
		LAKEBASE_EREFUSED, "etag" },
	{ "500", GET_SHOP, 0, { { GET, 500, FAULT("INTERNAL_ERROR", "oops") } }, LAKEBASE_ESERVER, "oops" },
	{ "501", GET_SHOP, 0, { { GET, 501, FAULT("NOT_IMPLEMENTED", "no") } }, LAKEBASE_ESERVER, "no" },
	{ "a redirect", GET_SHOP, 0, { { GET, 302, "<html>" } }, LAKEBASE_EREFUSED, "proxy" },
	{ "a refused certificate", GET_SHOP, 0,
		{ { GET, 0, "certificate", NULL, LAKEBASE_IMPOSSIBLE } }, LAKEBASE_ECONNECT,
		"certificate" },

	/* ---- what is sent again ---- */
	{ "429, 503, 409, no connection", CREATE_SHOP, 0,
		{ { CREATE, 429, FAULT("RESOURCE_EXHAUSTED", "slow") }, { CREATE, 503, NULL },
			{ CREATE, 409, CONFLICT }, { CREATE, 0, "refused", NULL, LAKEBASE_NOT_SENT },
			{ CREATE, 200, OPERATION(OP) } },
		0, "name=" OP },
	{ "409 of a reconciliation with an unknown code", UPDATE_SHOP, 0,
		{ { "PATCH", 409, FAULT("WHATEVER", "Endpoint reconciliation still in progress") },
			{ "PATCH", 200, OPERATION(OP) } },
		0, "name=" OP },
	{ "423 below the gateway", DELETE_SHOP, 0,
		{ { "DELETE", 423, NULL }, { "DELETE", 200, OPERATION(OP) } }, 0, "name=" OP },
	{ "a lost get", GET_SHOP, 0, { { GET, 0, "reset" }, { GET, 200, SHOP } }, 0, "name=" P },
	{ "half an answer", GET_SHOP, 0, { { GET, 200, "{\"name\":" }, { GET, 200, SHOP } }, 0,
		"name=" P },
	{ "a gateway that gave up on something harmless", GET_SHOP, 0,
		{ { GET, 504, NULL }, { GET, 502, "<html>" }, { GET, 200, SHOP } }, 0, "name=" P },
	{ "a gateway that gave up on a post", LAKEBASE_VERB_REQUEST, "/x", "{}", NULL, 0,
		{ { "POST /x", 504, NULL } }, LAKEBASE_ESERVER, "HTTP 504" },
	{ "a lost creation that replaces is sent again", CREATE_DEV, LAKEBASE_REPLACE_EXISTING,
		{ { "POST", 0, "reset", NULL, LAKEBASE_LOST }, { "POST", 504, NULL },
			{ "POST", 200, OPERATION(BOP) } },
		0, "name=" BOP },
	{ "HTML in an answer", GET_SHOP, 0, { { GET, 200, "<html>hello</html>" }, { GET, 200, SHOP } },
		0, "name=" P },
	{ "a list where an object belongs", GET_SHOP, 0, { { GET, 200, "[]" }, { GET, 200, SHOP } }, 0,
		"name=" P },
	{ "a lost patch says the same twice", UPDATE_SHOP, 0,
		{ { "PATCH", 0, "reset", NULL, LAKEBASE_LOST }, { "PATCH", 200, OPERATION(OP) } }, 0,
		"name=" OP },
	{ "after a retry the resource itself is read", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 409, CONFLICT }, { CREATE, 200, DONE(OP, "{\"name\":\"old\"}") },
			{ GET, 200, SHOP } },
		0, "name=" P },
	{ "a post of unknown effect is not", LAKEBASE_VERB_REQUEST, "/x", "{}", NULL, 0,
		{ { "POST /x", 0, "reset", NULL, LAKEBASE_LOST } }, LAKEBASE_ELOST, "reset" },
	{ "unless it is said to be harmless", LAKEBASE_VERB_REQUEST, "/x", "{}", NULL,
		LAKEBASE_IDEMPOTENT,
		{ { "POST /x", 0, "reset", NULL, LAKEBASE_LOST }, { "POST /x", 200, "{\"a\":\"b\"}" } },
		0, "a=b" },
	{ "a credential may be made twice", LAKEBASE_VERB_CREDENTIAL, B "/endpoints/e",
		"{\"endpoint\":\"e\"}", NULL, 0,
		{ { "POST " API "credentials", 0, "reset", NULL, LAKEBASE_LOST },
			{ "POST " API "credentials", 200, "{\"token\":\"t\"}" } },
		0, "token=t" },

	/* ---- creations whose answer was lost ---- */
	{ "lost and applied: ours", CREATE_SHOP, 0,
		{ { CREATE, 0, "reset", NULL, LAKEBASE_LOST }, { GET, 200, SHOP } }, 0,
		"response.name=" P },
	{ "lost and applied: ours, and ready", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 0, "reset", NULL, LAKEBASE_LOST }, { GET, 200, SHOP } }, 0, "name=" P },
	{ "lost and not applied: sent again", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 0, "reset", NULL, LAKEBASE_LOST }, { GET, 404, ABSENT },
			{ CREATE, 200, DONE(OP, SHOP) }, { GET, 200, SHOP } },
		0, "name=" P },
	{ "lost, and somebody else's is there", CREATE_SHOP, 0,
		{ { CREATE, 0, "reset", NULL, LAKEBASE_LOST }, { GET, 200, OTHER } }, LAKEBASE_EEXISTS,
		"spec.display_name is \"Mine\", not \"Shop\"" },
	{ "lost, and a deleted one keeps the name", CREATE_SHOP, 0,
		{ { CREATE, 0, "reset", NULL, LAKEBASE_LOST },
			{ GET, 200, "{\"name\":\"" P "\",\"delete_time\":\"x\"}" } },
		LAKEBASE_EEXISTS, "deleted" },
	{ "truncated and applied: ours", CREATE_SHOP, 0,
		{ { CREATE, 200, "{\"name\":\"proj" }, { GET, 200, SHOP } }, 0, "response.name=" P },
	{ "HTML, and applied: ours", CREATE_SHOP, 0, { { CREATE, 200, "<html>" }, { GET, 200, SHOP } },
		0, "response.name=" P },
	{ "504 and applied: ours", CREATE_SHOP, 0, { { CREATE, 504, NULL }, { GET, 200, SHOP } }, 0,
		"response.name=" P },
	{ "504 and not applied: sent again", CREATE_SHOP, 0,
		{ { CREATE, 504, NULL }, { GET, 404, ABSENT }, { CREATE, 200, OPERATION(OP) } }, 0,
		"name=" OP },
	{ "500 and applied: ours", CREATE_DEV, 0,
		{ { "POST", 500, FAULT("INTERNAL_ERROR", "later") }, { "GET", 200, DEV } }, 0,
		"response.name=" B },
	{ "500 and not applied: the 500", CREATE_DEV, 0,
		{ { "POST", 500, FAULT("INTERNAL_ERROR", "later") }, { "GET", 404, ABSENT } },
		LAKEBASE_ESERVER, "later" },
	{ "503 that had applied is no false alarm", CREATE_SHOP, 0,
		{ { CREATE, 503, NULL }, { CREATE, 409, EXISTS }, { GET, 200, SHOP } }, 0,
		"response.name=" P },
	{ "nor in the words of a branch", CREATE_DEV, 0,
		{ { "POST", 503, NULL }, { "POST", 400, BRANCH_EXISTS }, { "GET", 200, DEV } }, 0,
		"response.name=" B },
	{ "an old view of what exists is looked at again", CREATE_SHOP, 0,
		{ { CREATE, 503, NULL }, { CREATE, 409, EXISTS }, { GET, 404, ABSENT },
			{ GET, 404, ABSENT }, { GET, 200, SHOP } },
		0, "response.name=" P },
	{ "taken, but invisible", CREATE_SHOP, 0,
		{ { CREATE, 503, NULL }, { CREATE, 409, EXISTS }, { GET, 404, ABSENT },
			{ GET, 404, ABSENT }, { GET, 404, ABSENT }, { GET, 404, ABSENT } },
		LAKEBASE_EEXISTS, "already exists" },
	{ "reading it back may fail for a while", CREATE_SHOP, 0,
		{ { CREATE, 0, "reset", NULL, LAKEBASE_LOST }, { GET, 500, NULL }, { GET, 503, NULL },
			{ GET, 0, "reset", NULL, LAKEBASE_LOST }, { GET, 200, SHOP } },
		0, "response.name=" P },
	{ "a lost creation waits for its resource", CREATE_DEV, LAKEBASE_WAIT,
		{ { "POST", 0, "reset", NULL, LAKEBASE_LOST }, { "GET", 200, DEV_INIT },
			{ "GET", 200, DEV_INIT }, { "GET", 200, DEV } },
		0, "status.current_state=READY" },
	{ "a lost delete that finds nothing has succeeded", DELETE_SHOP, 0,
		{ { "DELETE", 0, "reset", NULL, LAKEBASE_LOST }, { "DELETE", 404, ABSENT } }, 0, NULL },
	{ "a delete that finds nothing at first has not", DELETE_SHOP, 0, { { "DELETE", 404, ABSENT } },
		LAKEBASE_ENOTFOUND, "not found" },
	{ "unless it may be missing", DELETE_SHOP, LAKEBASE_ALLOW_MISSING,
		{ { "DELETE " API P, 404, ABSENT } }, 0, NULL },
	{ "a lost undelete is seen in the resource", UNDELETE_SHOP, LAKEBASE_WAIT,
		{ { "POST " API P "/undelete", 0, "reset", NULL, LAKEBASE_LOST }, { GET, 200, SHOP } },
		0, "name=" P },
	{ "an undelete that had not applied is sent again", UNDELETE_SHOP, LAKEBASE_WAIT,
		{ { "POST", 0, "reset", NULL, LAKEBASE_LOST },
			{ GET, 200, "{\"delete_time\":\"x\",\"name\":\"" P "\"}" },
			{ "POST", 200, DONE(OP, "{}") }, { GET, 200, SHOP } },
		0, "name=" P },

	/* ---- waiting ---- */
	{ "a wait survives the weather", WAIT_OP, 0,
		{ { POLL, 429, NULL }, { POLL, 500, NULL }, { POLL, 503, NULL }, { POLL, 504, NULL },
			{ POLL, 502, NULL }, { POLL, 0, "reset", NULL, LAKEBASE_LOST },
			{ POLL, 0, "refused", NULL, LAKEBASE_NOT_SENT }, { POLL, 200, "<html>" },
			{ POLL, 200, DONE(OP, SHOP) } },
		0, "name=" P },
	{ "an operation may show up late", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 200, OPERATION(OP) }, { POLL, 404, ABSENT }, { POLL, 404, ABSENT },
			{ POLL, 200, DONE(OP, SHOP) } },
		0, "name=" P },
	{ "an operation that vanished is judged by its resource", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 200, OPERATION(OP) }, { POLL, 200, OPERATION(OP) }, { POLL, 404, ABSENT },
			{ GET, 200, SHOP } },
		0, "name=" P },
	{ "vanished, and the resource is another", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 200, OPERATION(OP) }, { POLL, 200, OPERATION(OP) }, { POLL, 404, ABSENT },
			{ GET, 200, OTHER } },
		LAKEBASE_EOPERATION, "without a result" },
	{ "vanished on its own", WAIT_OP, 0, { { POLL, 200, OPERATION(OP) }, { POLL, 404, ABSENT } },
		LAKEBASE_ENOTFOUND, "vanished" },
	{ "done without a result", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 200, OPERATION(OP) }, { POLL, 200, "{\"name\":\"" OP "\",\"done\":true}" },
			{ GET, 200, SHOP } },
		0, "name=" P },
	{ "a delete without a result", DELETE_SHOP, LAKEBASE_WAIT,
		{ { "DELETE", 200, OPERATION(OP) }, { POLL, 200, "{\"name\":\"" OP "\",\"done\":true}" },
			{ GET, 404, ABSENT } },
		0, NULL },
	{ "done, but not ready", CREATE_DEV, LAKEBASE_WAIT,
		{ { "POST", 200, OPERATION(BOP) }, { "GET " API BOP, 200, DONE(BOP, DEV_INIT) },
			{ "GET " API B, 200, DEV_INIT }, { "GET " API B, 200, DEV } },
		0, "status.current_state=READY" },
	{ "an operation that fails", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 200, OPERATION(OP) },
			{ POLL, 200,
				"{\"name\":\"" OP "\",\"done\":true,\"error\":{\"error_code\":"
				"\"QUOTA_EXCEEDED\",\"message\":\"too many\"}}" } },
		LAKEBASE_EOPERATION, "too many" },
	{ "a refusal ends the waiting", WAIT_OP, 0,
		{ { POLL, 403, FAULT("PERMISSION_DENIED", "not yours") } }, LAKEBASE_EDENIED,
		"not yours" },
	{ "an operation without a name", CREATE_SHOP, LAKEBASE_WAIT, { { CREATE, 200, "{\"done\":false}" } },
		LAKEBASE_EANSWER, "without a usable name" },
	{ "an operation with a treacherous name", CREATE_SHOP, LAKEBASE_WAIT,
		{ { CREATE, 200, OPERATION("../operations/x") } }, LAKEBASE_EANSWER, "usable" },
};

static struct lakebase_call_spec spec_of(const struct story *s)
{
	struct lakebase_call_spec spec = LAKEBASE_CALL_SPEC_INIT;

	spec.verb = s->verb;
	spec.name = s->name;
	spec.body = s->body;
	spec.mask = s->mask;
	spec.method = s->verb != LAKEBASE_VERB_REQUEST ? NULL : s->body ? "POST" : "DELETE";
	spec.options.flags = s->flags;
	return spec;
}

static void check_result(const struct story *s, const struct lakebase_doc *doc)
{
	const char *equals = s->result ? strchr(s->result, '=') : NULL, *value;
	char path[64];

	ck_assert_ptr_nonnull(doc);
	if (!equals)
		return;
	snprintf(path, sizeof(path), "%.*s", (int)(equals - s->result), s->result);
	value = lakebase_doc_string(doc, path);
	ck_assert_msg(value && strcmp(value, equals + 1) == 0, "%s: %s is '%s'", s->title, path,
		value ? value : "(nothing)");
}

static void tell(const struct story *s)
{
	struct lakebase_call_spec spec = spec_of(s);
	struct lakebase_doc *doc = NULL;
	struct lakebase *lb;
	static struct fake f;
	size_t steps = 0;
	int rc;

	fake_start(&f, s->script);
	lb = fake_client(&f, NULL);
	rc = lakebase_perform(&doc, lb, &spec);
	ck_assert_msg(!*f.problem, "%s: %s", s->title, f.problem);
	while (s->script[steps].want)
		steps++;
	ck_assert_msg(f.num_requests == steps, "%s: %zu requests instead of %zu", s->title,
		f.num_requests, steps);
	ck_assert_msg(rc == s->code, "%s: %s (%s) instead of %s", s->title, lakebase_code_name(rc),
		rc ? lakebase_last_error()->message : "", lakebase_code_name(s->code));
	if (rc) {
		ck_assert_ptr_null(doc);
		ck_assert_msg(strstr(lakebase_last_error()->message, s->result), "%s: '%s'", s->title,
			lakebase_last_error()->message);
		ck_assert_int_eq(lakebase_last_error()->attempts, (int)steps);
	} else {
		check_result(s, doc);
	}
	ck_assert_msg(!strstr(f.log, "s3cret"), "%s: a secret in the log", s->title);
	lakebase_doc_free(doc);
	lakebase_free(lb);
	fake_stop(&f);
}

START_TEST(every_answer_has_its_consequence)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(*stories); i++)
		tell(&stories[i]);
}
END_TEST

/* The same stories, driven without blocking: one machine, two drivers. */
struct ending {
	int code, times;
	char message[768];
};

static void ended(
	void *context, int code, const struct lakebase_doc *result, const struct lakebase_error *error)
{
	struct ending *e = context;

	e->code = code;
	e->times++;
	ck_assert((code == 0) == (result != NULL) && (code != 0) == (error != NULL));
	if (error)
		snprintf(e->message, sizeof(e->message), "%s", error->message);
}

START_TEST(both_drivers_tell_the_same_stories)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(*stories); i++) {
		const struct story *s = &stories[i];
		struct lakebase_call_spec spec = spec_of(s);
		struct ending e = { 0 };
		struct lakebase_multi *m;
		struct lakebase *lb;
		static struct fake f;

		fake_start(&f, s->script);
		lb = fake_client(&f, NULL);
		ck_assert_int_eq(lakebase_multi_new(&m, lb, NULL), 0);
		ck_assert_int_eq(lakebase_multi_add(NULL, m, &spec, ended, &e), 0);
		ck_assert_int_eq(e.times, 0);
		ck_assert_int_eq(lakebase_multi_run(m, -1), 0);
		ck_assert_msg(e.times == 1 && e.code == s->code && !*f.problem, "%s: %s %s", s->title,
			lakebase_code_name(e.code), f.problem);
		ck_assert(!e.code || strstr(e.message, s->result));
		lakebase_multi_free(m);
		lakebase_free(lb);
		fake_stop(&f);
	}
}
END_TEST

int main(void)
{
	return RUN_TESTS("calls", every_answer_has_its_consequence, both_drivers_tell_the_same_stories);
}
