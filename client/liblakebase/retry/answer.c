/* SPDX-License-Identifier: Apache-2.0 */
/* From an HTTP answer, in whatever state it arrives, to a verdict and a readable error. */
#include "liblakebase/error.h"
#include "liblakebase/retry/answer.h"
#include "liblakebase/retry/retry.h"
#include "liblakebase/text.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

/* error_codes that say "the name is taken"; the service also says so in 400s (answer_exists). */
static bool code_exists(const char *code)
{
	return strcmp(code, "ALREADY_EXISTS") == 0 || strcmp(code, "RESOURCE_ALREADY_EXISTS") == 0
		|| strcmp(code, "CATALOG_ALREADY_EXISTS") == 0;
}

/*
 * A 409 is the passing conflict of the guide unless its code says something final. The code of the
 * live service is not documented, so that unknown codes are looked at by their words.
 */
static bool is_conflict(const char *code, const char *message)
{
	static const char *const passing[] = { "", "409", "RESOURCE_CONFLICT", "CONFLICT" };

	if (lb_contains(message, "conflicting operations") || lb_contains(message, "reconciliation"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(passing); i++)
		if (strcmp(code, passing[i]) == 0)
			return !lb_contains(message, "already exists");
	return false;
}

static enum lb_verdict judge_409(const struct lakebase_error *e)
{
	if (code_exists(e->error_code))
		return LB_EXISTS;
	if (is_conflict(e->error_code, e->message))
		return LB_CONFLICT;
	return lb_contains(e->message, "already exists") ? LB_EXISTS : LB_REFUSED;
}

static enum lb_verdict judge_status(int status, const struct lakebase_error *e)
{
	switch (status) {
	case 400:
		/* branches, databases and roles: 400 BAD_REQUEST `branch already exists; ...` */
		return code_exists(e->error_code) || lb_contains(e->message, "already exists")
			? LB_EXISTS
			: LB_REFUSED;
	case 401:
		return LB_UNAUTHENTICATED;
	case 403:
		return LB_DENIED;
	case 404:
		return LB_NOT_FOUND;
	case 409:
		return judge_409(e);
	case 423: /* what the engine below says where a gateway does not translate it */
		return LB_CONFLICT;
	case 429:
		return LB_THROTTLED;
	case 502:
	case 504:
		return LB_GATEWAY;
	case 503:
		return LB_UNAVAILABLE;
	default:
		return status >= 500 ? LB_SERVER : LB_REFUSED;
	}
}

/* The error envelope, its older relatives, and the form of OAuth. */
static void read_error(struct lakebase_error *e, int status, const json_t *body, const char *text)
{
	const json_t *code = json_object_get(body, "error_code");
	const char *message = json_string_value(json_object_get(body, "message"));
	const char *oauth = json_string_value(json_object_get(body, "error"));
	const char *more = json_string_value(json_object_get(body, "error_description"));

	if (oauth)
		lb_error_set(e, 0, "%s%s%s", oauth, more ? ": " : "", more ? more : "");
	else if (message)
		lb_error_set(e, 0, "%s", message);
	else if (*text && *text != '<' && *text != '{')
		lb_error_set(e, 0, "HTTP %d: %.200s", status, text);
	else
		lb_error_set(e, 0, "HTTP %d without an explanation", status);
	if (json_is_string(code))
		lb_error_name(e, json_string_value(code));
	else if (json_is_integer(code))
		snprintf(e->error_code, sizeof(e->error_code), "%lld",
			(long long)json_integer_value(code));
}

static int read_success(struct lb_reply *r, const struct lakebase_http_answer *a, json_error_t *why)
{
	r->verdict = LB_OK;
	if (a->status == 204 || (!a->body_size && a->status < 300)) {
		json_decref(r->body); /* a 204 with a body: some servers do */
		r->body = json_object();
		r->empty = true;
		return r->body ? 0 : -1;
	}
	if (a->status >= 200 && a->status < 300 && r->body)
		return 0;
	if (json_error_code(why) == json_error_out_of_memory && !r->body)
		return -1;
	if (a->status >= 300 || a->status < 200) {
		r->verdict = LB_REFUSED;
		lb_error_set(&r->error, 0,
			"HTTP %d is not an answer of this API: does a proxy or login page stand between?",
			a->status);
		return 0;
	}
	r->verdict = LB_GARBAGE;
	lb_error_set(&r->error, 0, "the answer is not a JSON object (%zu bytes, HTTP %d)",
		a->body_size, a->status);
	return 0;
}

/* Text must be UTF-8 to be handed on: anything else is no answer that can be read. */
static int read_text(struct lb_reply *r, const struct lakebase_http_answer *a)
{
	r->body = json_stringn(a->body_size ? a->body : "", a->body_size);
	if (r->body)
		return 0;
	r->verdict = LB_GARBAGE;
	lb_error_set(&r->error, 0, "the answer is not text (%zu bytes, HTTP %d)", a->body_size, a->status);
	return 0;
}

static int64_t service_time(const struct lakebase_http_answer *a)
{
	time_t t = *a->date && !a->own_clock ? curl_getdate(a->date, NULL) : -1;

	return t < 0 ? 0 : (int64_t)t * 1000;
}

int lb_reply_read(
	struct lb_reply *r, const struct lakebase_http_answer *a, int64_t now, bool text)
{
	static const enum lb_verdict unanswered[] = {
		[LAKEBASE_ANSWERED] = LB_GARBAGE,
		[LAKEBASE_NOT_SENT] = LB_NOT_SENT,
		[LAKEBASE_LOST] = LB_LOST,
		[LAKEBASE_TOO_LARGE] = LB_TOO_LARGE,
		[LAKEBASE_IMPOSSIBLE] = LB_IMPOSSIBLE,
	};
	json_error_t why = { 0 };
	int rc = 0;

	*r = (struct lb_reply){ .status = a->status, .retry_after = -1 };
	if (a->delivery != LAKEBASE_ANSWERED) {
		r->status = 0;
		r->verdict = unanswered[a->delivery];
		lb_error_set(&r->error, 0, "%s", a->failure);
	} else if (text && a->status >= 200 && a->status < 300) {
		rc = read_text(r, a);
	} else {
		r->service_time = service_time(a);
		if (a->body_size)
			r->body = json_loadb(a->body, a->body_size, JSON_REJECT_DUPLICATES, &why);
		if (r->body && !json_is_object(r->body)) {
			json_decref(r->body);
			r->body = NULL;
		}
		r->retry_after = lb_retry_after(a->retry_after, a->date, now);
		if (a->status < 400) {
			rc = read_success(r, a, &why);
		} else {
			read_error(&r->error, a->status, r->body, a->body ? a->body : "");
			r->verdict = judge_status(a->status, &r->error);
		}
	}
	r->error.code = lb_policies[r->verdict].code;
	r->error.http_status = r->status;
	return rc;
}

void lb_reply_done(struct lb_reply *r)
{
	json_decref(r->body);
	r->body = NULL;
}
