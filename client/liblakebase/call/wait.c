/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for an operation, and then for the resource to be ready. Only the operation can say that it
 * failed; whatever else goes wrong on the way to it is weather, until the deadline.
 */
#include "liblakebase/call/wait.h"
#include "liblakebase/document/compare.h"
#include "liblakebase/document/doc.h"
#include "liblakebase/error.h"
#include "liblakebase/document/name.h"
#include "liblakebase/call/outcome.h"
#include "liblakebase/retry/retry.h"
#include "liblakebase/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often something that must be there may be missing: reads lag behind writes. */
enum { TOLERATED_404 = 10 };

static const char *subject(const struct lakebase_call *c)
{
	return c->phase == LB_PHASE_POLL ? c->operation_name : c->name;
}

/* Comes back after `delay`, but looks once more at the deadline before giving up. */
static void later(struct lakebase_call *c, const struct lb_reply *r, int64_t delay)
{
	struct lakebase_doc doc = { r->verdict == LB_OK ? r->body : NULL };
	int64_t now = lb_now(c->lb);
	struct lakebase_progress p = {
		.operation = c->phase == LB_PHASE_POLL ? c->operation_name : NULL,
		.resource = c->name,
		.polls = c->polls,
		.waited_ms = now - c->wait_began,
		.document = doc.json ? &doc : NULL,
	};

	if (c->on_progress && c->on_progress(c->progress_context, &p)) {
		lb_error_set(&c->error, LAKEBASE_ECANCELLED,
			"stopped waiting for %s, which goes on", subject(c));
		lb_call_end(c, LAKEBASE_ECANCELLED);
		return;
	}
	if (now >= c->wait_until) {
		lb_error_set(&c->error, LAKEBASE_ETIMEOUT,
			"%s is not %s after %.1f s%s%s; it may still end well: wait for it again",
			subject(c), c->phase == LB_PHASE_POLL ? "done" : "ready",
			(double)(now - c->wait_began) / 1000, r->verdict == LB_OK ? "" : ", and lately: ",
			r->verdict == LB_OK ? "" : r->error.message);
		c->error.http_status = r->status;
		lb_call_end(c, LAKEBASE_ETIMEOUT);
		return;
	}
	if (now + delay > c->wait_until)
		delay = c->wait_until - now;
	c->due = now + delay;
	lb_call_report(c, c->phase == LB_PHASE_POLL ? LAKEBASE_POLL : LAKEBASE_SETTLE, r, delay, NULL);
}

static void poll_later(struct lakebase_call *c, const struct lb_reply *r)
{
	later(c, r,
		lb_poll_delay(&c->lb->retry, c->polls, r->retry_after,
			c->lb->ports.chance(c->lb->ports.context)));
}

/* The look did not tell anything: another one may, or none will. */
static void survive(struct lakebase_call *c, struct lb_reply *r)
{
	if (!lb_policies[r->verdict].wait_survives) {
		lb_call_fail(c, r);
		return;
	}
	c->failures++;
	later(c, r,
		lb_retry_delay(&c->lb->retry, c->failures, r->retry_after,
			c->lb->ports.chance(c->lb->ports.context)));
}

static bool is_ready(const json_t *resource)
{
	static const char *const moving[] = { "INIT", "IMPORTING", "RESETTING" };
	const json_t *status = json_object_get(resource, "status");
	const char *state = json_string_value(json_object_get(status, "current_state"));
	const char *pending = json_string_value(json_object_get(status, "pending_state"));

	for (size_t i = 0; i < ARRAY_SIZE(moving); i++)
		if (lb_same(state, moving[i]))
			return false;
	return !pending || !*pending;
}

static void operation_failed(struct lakebase_call *c, const json_t *error)
{
	const char *code = json_string_value(json_object_get(error, "error_code"));
	const char *message = json_string_value(json_object_get(error, "message"));

	lb_error_set(&c->error, LAKEBASE_EOPERATION, "%s", message ? message : "the operation failed");
	lb_error_name(&c->error, code ? code : "");
	c->error.http_status = 200;
	lb_call_end(c, LAKEBASE_EOPERATION);
}

static void settle(struct lakebase_call *c)
{
	c->failures = 0;
	c->missing = 0;
	lb_call_enter(c, LB_PHASE_SETTLE);
}

static void operation_done(struct lakebase_call *c, json_t *operation)
{
	json_t *error = json_object_get(operation, "error");
	json_t *response = json_object_get(operation, "response");
	bool makes = c->verb == LAKEBASE_VERB_CREATE || c->verb == LAKEBASE_VERB_UPDATE;

	if (json_is_object(error)) {
		operation_failed(c, error);
	} else if (!json_is_object(response)) {
		c->resultless = true;
		settle(c);
	} else if (c->verb == LAKEBASE_VERB_UNDELETE || (makes && c->retried) || !is_ready(response)) {
		/* after a retry the guide asks to look at the resource itself */
		settle(c);
	} else {
		lb_call_succeed(c, json_incref(response));
	}
}

void lb_wait_begin(struct lakebase_call *c, json_t *operation)
{
	const char *name = json_string_value(json_object_get(operation, "name"));
	struct lakebase_error e;

	c->wait_began = lb_now(c->lb);
	c->wait_until = c->wait_began + c->wait_timeout;
	c->failures = 0;
	if (json_is_true(json_object_get(operation, "done"))) {
		operation_done(c, operation);
		return;
	}
	if (lb_name_check(name, &e)) {
		lb_error_set(&c->error, LAKEBASE_EANSWER,
			"the answer is an operation without a usable name; what was asked for has begun");
		lb_call_end(c, LAKEBASE_EANSWER);
		return;
	}
	free(c->operation_name);
	c->operation_name = strdup(name);
	if (!c->operation_name) {
		lb_call_oom(c);
		return;
	}
	lb_call_enter(c, LB_PHASE_POLL);
}

static void operation_missing(struct lakebase_call *c, struct lb_reply *r)
{
	if (!c->seen && c->missing++ < TOLERATED_404) {
		poll_later(c, r);
		return;
	}
	if (c->verb != LAKEBASE_VERB_OPERATION_WAIT) {
		c->resultless = true;
		settle(c);
		return;
	}
	if (c->seen)
		lb_error_set(&r->error, LAKEBASE_ENOTFOUND,
			"%s has vanished: read %s to see what became of it", c->operation_name, c->name);
	else
		lb_error_set(&r->error, LAKEBASE_ENOTFOUND, "%s: there is no such operation on %s",
			c->operation_name, c->name);
	r->error.http_status = r->status;
	lb_call_fail(c, r);
}

void lb_judge_poll(struct lakebase_call *c, struct lb_reply *r)
{
	c->polls++;
	if (r->verdict == LB_NOT_FOUND) {
		operation_missing(c, r);
	} else if (r->verdict != LB_OK) {
		survive(c, r);
	} else {
		c->seen = true;
		c->failures = 0;
		if (json_is_true(json_object_get(r->body, "done")))
			operation_done(c, r->body);
		else
			poll_later(c, r);
	}
}

/* The operation said nothing, so the resource must. */
static void no_trace(struct lakebase_call *c, const char *why)
{
	lb_error_set(&c->error, LAKEBASE_EOPERATION,
		"the operation %s ended without a result, and %s: %s",
		c->operation_name ? c->operation_name : "", c->name, why);
	lb_call_end(c, LAKEBASE_EOPERATION);
}

static void resource_missing(struct lakebase_call *c, struct lb_reply *r)
{
	if (c->verb == LAKEBASE_VERB_DELETE || c->verb == LAKEBASE_VERB_OPERATION_WAIT)
		lb_call_succeed(c, json_object());
	else if (c->missing++ < TOLERATED_404)
		poll_later(c, r);
	else
		no_trace(c, "it is not there");
}

void lb_judge_settle(struct lakebase_call *c, struct lb_reply *r)
{
	char why[256];

	c->polls++;
	if (r->verdict == LB_NOT_FOUND) {
		resource_missing(c, r);
	} else if (r->verdict != LB_OK) {
		survive(c, r);
	} else if (c->verb == LAKEBASE_VERB_DELETE) {
		if (!lb_compare(NULL, r->body, why, sizeof(why)))
			lb_call_succeed(c, json_object());
		else
			poll_later(c, r);
	} else if (!is_ready(r->body)) {
		poll_later(c, r);
	} else if (c->resultless && c->asked && !lb_compare(c->asked, r->body, why, sizeof(why))) {
		no_trace(c, why);
	} else {
		lb_call_succeed(c, json_incref(r->body));
	}
}
