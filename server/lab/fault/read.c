/* SPDX-License-Identifier: Apache-2.0 */
/* What the actions of fault rules say, beyond what their tables check. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "lab/fault/actions.h"

#define MAX_HOLD (INT64_C(3600) * USEC_SECOND)

/* A duration, not longer than an hour: the client is waiting for it. */
static int read_span(const json_t *v, const char *key, usec *ret, struct err *e)
{
	const char *text = json_string_value(v);

	if (text && span_parse(text, ret) && *ret <= MAX_HOLD)
		return 0;
	return err_set(e, ERR_INVALID,
		"'action.%s' must be a duration up to 1h, like 300ms or 5s, got '%s'", key,
		text ? text : "something else");
}

static int optional_span(
	const json_t *doc, const char *key, usec otherwise, usec *ret, struct err *e)
{
	const json_t *v = json_object_get(doc, key);

	*ret = otherwise;
	return v ? read_span(v, key, ret, e) : 0;
}

int read_error(struct action *a, const json_t *doc, struct err *e)
{
	(void)e;
	a->status = (int)doc_int(doc, "status", 500);
	a->code = doc_str(doc, "error_code");
	a->message = doc_str(doc, "message");
	a->details = json_object_get(doc, "details");
	return 0;
}

int read_sql_error(struct action *a, const json_t *doc, struct err *e)
{
	a->sqlstate = doc_str(doc, "sqlstate");
	a->severity = doc_str(doc, "severity");
	a->message = doc_str(doc, "message");
	for (const char *p = a->sqlstate; p && *p; p++)
		if (!(*p >= '0' && *p <= '9') && !(*p >= 'A' && *p <= 'Z'))
			return err_set(e, ERR_INVALID,
				"'action.sqlstate' must be five digits or capital letters, like "
				"57P01, got '%s'",
				a->sqlstate);
	return 0;
}

int read_after(struct action *a, const json_t *doc, struct err *e)
{
	const json_t *v = json_object_get(doc, "after");

	a->now = !v;
	if (!json_is_integer(v))
		return v ? read_span(v, "after", &a->after, e) : 0;
	if (json_integer_value(v) < 0)
		return err_set(e, ERR_INVALID, "'action.after' cannot be negative");
	a->has_bytes = true;
	a->bytes = (size_t)json_integer_value(v);
	return 0;
}

static bool header_value_ok(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' && *s != '\t')
			return false;
	return true;
}

/* Seconds or any text: junk is the point, but it must be one header. */
int read_retry_after(struct action *a, const json_t *doc, struct err *e)
{
	const json_t *v = json_object_get(doc, "retry_after");
	const char *text = json_string_value(v);

	if (!v)
		return 0;
	if (json_is_integer(v)) {
		snprintf(a->retry_after, sizeof a->retry_after, "%lld",
			(long long)json_integer_value(v));
		return 0;
	}
	if (!text || !*text || strlen(text) >= sizeof a->retry_after || !header_value_ok(text))
		return err_set(e, ERR_INVALID,
			"'action.retry_after' must be a whole number of seconds, or a "
			"text of 1 to %zu characters without control characters",
			sizeof a->retry_after - 1);
	snprintf(a->retry_after, sizeof a->retry_after, "%s", text);
	return 0;
}

int read_hang(struct action *a, const json_t *doc, struct err *e)
{
	return optional_span(doc, "for", 0, &a->hang, e);
}

int read_bytes(struct action *a, const json_t *doc, struct err *e)
{
	(void)e;
	a->has_bytes = json_object_get(doc, "bytes");
	a->bytes = (size_t)doc_int(doc, "bytes", 0);
	return 0;
}

int read_dribble(struct action *a, const json_t *doc, struct err *e)
{
	a->bytes = (size_t)doc_int(doc, "bytes", 1);
	return optional_span(doc, "every", 100000, &a->every, e);
}

static int read_uniform(struct delay *d, const json_t *v, struct err *e)
{
	d->kind = DELAY_UNIFORM;
	if (read_span(json_array_get(v, 0), "uniform[0]", &d->a, e) ||
		read_span(json_array_get(v, 1), "uniform[1]", &d->b, e))
		return -1;
	if (d->a <= d->b)
		return 0;
	return err_set(e, ERR_INVALID, "'action.uniform' must have the shorter duration first");
}

static int read_delay_object(struct delay *d, const json_t *doc, struct err *e)
{
	const json_t *fixed = json_object_get(doc, "fixed"),
		     *uniform = json_object_get(doc, "uniform");
	const json_t *lognormal = json_object_get(doc, "lognormal");

	if (fixed) {
		d->kind = DELAY_FIXED;
		return read_span(fixed, "fixed", &d->a, e);
	}
	if (uniform)
		return read_uniform(d, uniform, e);
	if (!lognormal)
		return err_set(
			e, ERR_INVALID, "A delay needs one of 'fixed', 'uniform' and 'lognormal'");
	d->kind = DELAY_LOGNORMAL;
	d->sigma = doc_num(lognormal, "sigma", 0);
	return read_span(json_object_get(lognormal, "median"), "lognormal.median", &d->a, e);
}

int read_delay(struct action *a, const json_t *doc, struct err *e)
{
	return read_delay_object(&a->delay, doc, e);
}

int read_extra_delay(struct action *a, const json_t *doc, struct err *e)
{
	json_t *v = json_object_get(doc, "delay");

	if (!v)
		return 0;
	if (json_is_string(v)) {
		a->delay.kind = DELAY_FIXED;
		return read_span(v, "delay", &a->delay.a, e);
	}
	if (!json_is_object(v))
		return err_set(e, ERR_INVALID,
			"'action.delay' must be a duration like 50ms, or an object with "
			"one of 'fixed', 'uniform' and 'lognormal'");
	if (fields_accept(&fault_delay_message, v, ACCEPT_STRICT, NULL, e) ||
		fields_require(&fault_delay_message, v, "action.delay", e))
		return -1;
	return read_delay_object(&a->delay, v, e);
}

int read_garbage(struct action *a, const json_t *doc, struct err *e)
{
	const char *kind = doc_str(doc, "kind");

	(void)e;
	a->garbage = streq(kind, "html")	? GARBAGE_HTML
		     : streq(kind, "half_json") ? GARBAGE_HALF_JSON
						: GARBAGE_WRONG_LENGTH;
	return 0;
}

int read_plan(struct action *a, const json_t *doc, struct err *e)
{
	return plan_parse(doc_str(doc, "plan"), &a->plan, e);
}

static bool header_name_ok(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (*s <= ' ' || *s >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", *s))
			return false;
	return true;
}

int read_headers(struct action *a, const json_t *doc, struct err *e)
{
	static const char *const framing[] = {
		"Content-Length", "Transfer-Encoding", "Connection", NULL};
	json_t *headers = json_object_get(doc, "headers"), *v;
	const char *name;

	a->headers = headers;
	if (json_object_size(headers) > MAX_RESPONSE_HEADERS / 2)
		return err_set(e, ERR_INVALID, "'action.headers' has more than %d entries",
			MAX_RESPONSE_HEADERS / 2);
	json_object_foreach (headers, name, v) {
		if (!header_name_ok(name) || !header_value_ok(json_string_value(v)))
			return err_set(e, ERR_INVALID,
				"'action.headers.%s' cannot be sent as a header", name);
		for (const char *const *f = framing; *f; f++)
			if (!strcasecmp(*f, name))
				return err_set(e, ERR_INVALID,
					"'action.headers.%s' belongs to the transport; use the "
					"actions truncate or garbage to break the framing",
					name);
	}
	return 0;
}
