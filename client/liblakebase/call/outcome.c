/* SPDX-License-Identifier: Apache-2.0 */
#include "liblakebase/call/outcome.h"
#include "liblakebase/error.h"
#include "liblakebase/retry/retry.h"
#include "liblakebase/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the end ---- */

int lb_call_end(struct lakebase_call *c, int code)
{
	c->over = true;
	c->code = code;
	c->error.code = code;
	c->error.attempts = c->attempts;
	lb_auth_release(&c->lb->auth, c);
	if (code) {
		json_decref(c->result);
		c->result = NULL;
		lb_redact(c->error.message, c->lb->config.token);
		lb_redact(c->error.message, c->lb->config.client_secret);
		if (c->lb->auth.header)
			lb_redact(c->error.message, c->lb->auth.header + strlen("Bearer "));
	}
	return code;
}

void lb_call_succeed(struct lakebase_call *c, json_t *result)
{
	if (!result) {
		lb_call_oom(c);
		return;
	}
	c->result = result;
	lb_call_end(c, LAKEBASE_OK);
}

void lb_call_oom(struct lakebase_call *c)
{
	lb_error_oom(&c->error);
	lb_call_end(c, LAKEBASE_ENOMEM);
}

void lb_call_fail(struct lakebase_call *c, const struct lb_reply *r)
{
	c->error = r->error;
	lb_call_end(c, r->error.code);
}

void lb_call_abort(struct lakebase_call *c, int code, const char *why)
{
	lb_error_set(&c->error, code, "%s", why);
	lb_call_end(c, code);
}

/* ---- decisions ---- */

bool lb_call_report(struct lakebase_call *c, enum lakebase_decision_kind kind, const struct lb_reply *r,
	int64_t delay, const char *reason)
{
	struct lakebase_decision d = {
		.kind = kind,
		.method = c->request.method,
		.path = c->request.url ? strstr(c->request.url, "://") : NULL,
		.attempt = c->attempts,
		.code = r && r->verdict != LB_OK ? r->error.code : 0,
		.http_status = r ? r->status : 0,
		.delay_ms = delay,
		.elapsed_ms = lb_now(c->lb) - c->began,
		.reason = reason ? reason : r ? lb_policies[r->verdict].reason : "",
	};

	if (!c->lb->on_decision)
		return false;
	d.path = d.path ? strchr(d.path + 3, '/') : "";
	if (c->lb->on_decision(c->lb->context, &d) == 0)
		return false;
	lb_call_abort(c, LAKEBASE_ECANCELLED, "cancelled by the decision callback");
	return true;
}

static const char *spent(const struct lakebase_call *c, const struct lb_reply *r, int64_t delay)
{
	const struct lakebase_retry *retry = &c->lb->retry;
	int used = c->phase == LB_PHASE_CALL && c->sending == LB_PHASE_CALL ? c->tries : c->failures;

	if (r->verdict == LB_NOT_SENT && c->connect_failures >= retry->connect_attempts)
		return "connection attempts are used up";
	if (used >= retry->attempts)
		return "attempts are used up";
	if (lb_now(c->lb) + delay - c->began > retry->deadline_ms)
		return "the deadline is near";
	return NULL;
}

void lb_call_again(struct lakebase_call *c, const struct lb_reply *r)
{
	const char *why_not;
	int64_t delay;
	size_t n;

	c->failures++;
	c->connect_failures = r->verdict == LB_NOT_SENT ? c->connect_failures + 1 : 0;
	delay = lb_retry_delay(&c->lb->retry, c->failures, r->retry_after,
		c->lb->ports.chance(c->lb->ports.context));
	why_not = spent(c, r, delay);
	if (why_not) {
		if (lb_call_report(c, LAKEBASE_GIVE_UP, r, 0, why_not))
			return;
		c->error = r->error;
		n = strlen(c->error.message);
		if (c->attempts > 1)
			snprintf(c->error.message + n, sizeof(c->error.message) - n,
				" (gave up after %d requests in %.1f s)", c->attempts,
				(double)(lb_now(c->lb) - c->began) / 1000);
		lb_call_end(c, r->error.code);
		return;
	}
	c->retried = true;
	c->due = lb_now(c->lb) + delay;
	lb_call_report(c, LAKEBASE_RETRY, r, delay, NULL);
}

void lb_call_enter(struct lakebase_call *c, enum lb_phase phase)
{
	c->phase = phase;
	c->due = lb_now(c->lb);
}

/* ---- what is sent ---- */

static int64_t timeout_of(const struct lakebase_call *c)
{
	const struct lakebase *lb = c->lb;
	bool waiting = c->phase == LB_PHASE_POLL || c->phase == LB_PHASE_SETTLE;
	int64_t left = (waiting ? c->wait_until : c->began + lb->retry.deadline_ms) - lb_now(lb);

	/* the last request before a deadline still gets a moment */
	if (left < 1000)
		left = 1000;
	return left < lb->request_timeout ? left : lb->request_timeout;
}

int lb_call_request(struct lakebase_call *c, const char *method, const char *path, const char *body)
{
	struct lb_buf url = { 0 };
	bool absolute = lb_starts(path, "http://") || lb_starts(path, "https://");

	lb_buf_printf(&url, "%s%s", absolute ? "" : c->lb->config.host, path);
	free(c->url);
	c->url = lb_buf_take(&url);
	c->request = (struct lakebase_http_request){
		.method = method,
		.url = c->url,
		.authorization = c->authorization,
		.content_type = body ? "application/json" : NULL,
		.accept = "application/json",
		.body = body,
		.body_size = body ? strlen(body) : 0,
		.timeout_ms = timeout_of(c),
	};
	return c->url ? 0 : -1;
}
