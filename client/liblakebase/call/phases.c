/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer to the request itself means, and what becomes of a creation whose answer was lost. */
#include "liblakebase/call/phases.h"
#include "liblakebase/document/compare.h"
#include "liblakebase/error.h"
#include "liblakebase/call/outcome.h"
#include "liblakebase/retry/retry.h"
#include "liblakebase/call/wait.h"

#include <stdio.h>
#include <string.h>

enum { CLOCK_MARGIN_MS = 3000 };

static json_t *done_operation(json_t *response)
{
	/* steals `response` */
	return json_pack("{s:b, s:o}", "done", 1, "response", response);
}

static bool is_operation(const json_t *body)
{
	const char *name = json_string_value(json_object_get(body, "name"));

	return json_object_get(body, "done") || (name && strstr(name, "/operations/"));
}

static void answered(struct lakebase_call *c, struct lb_reply *r)
{
	if (c->operation && (c->flags & LAKEBASE_WAIT) && is_operation(r->body))
		lb_wait_begin(c, r->body);
	else
		lb_call_succeed(c, json_incref(r->body));
}

/* Calls that make something by name: whether they had their effect can be seen. */
static bool is_creation(const struct lakebase_call *c)
{
	return c->verb == LAKEBASE_VERB_CREATE || c->verb == LAKEBASE_VERB_UNDELETE;
}

static bool must_reread(const struct lakebase_call *c, const struct lb_reply *r)
{
	if (!is_creation(c))
		return false;
	if (lb_policies[r->verdict].creation_reread)
		return !(c->flags & LAKEBASE_REPLACE_EXISTING);
	/* no try of ours can have made it: it is read to say how it differs */
	if (!c->maybe_applied)
		return c->verb == LAKEBASE_VERB_CREATE && r->verdict == LB_EXISTS && !c->unnamed;
	/* an earlier try may be the very thing that is in the way now */
	if (r->verdict == LB_EXISTS)
		return true;
	return c->verb == LAKEBASE_VERB_UNDELETE
		&& (r->verdict == LB_REFUSED || r->verdict == LB_NOT_FOUND);
}

void lb_judge_call(struct lakebase_call *c, struct lb_reply *r)
{
	const struct lb_policy *policy;
	bool applied_before = c->maybe_applied;

	if (r->verdict == LB_OK && r->empty && c->verb != LAKEBASE_VERB_REQUEST) {
		r->verdict = LB_GARBAGE;
		lb_error_set(&r->error, LAKEBASE_EANSWER, "the answer is empty (HTTP %d)", r->status);
	}
	policy = &lb_policies[r->verdict];
	c->maybe_applied = c->maybe_applied || policy->maybe_applied;
	if (r->verdict == LB_OK) {
		answered(c, r);
	} else if (must_reread(c, r)) {
		c->cause = r->verdict;
		c->error = r->error;
		c->missing = 0;
		lb_call_enter(c, LB_PHASE_RECONCILE);
		lb_call_report(c, LAKEBASE_RECONCILE, r, 0, NULL);
	} else if (c->verb == LAKEBASE_VERB_DELETE && r->verdict == LB_NOT_FOUND
		&& (applied_before || (c->flags & LAKEBASE_ALLOW_MISSING))) {
		if (applied_before && lb_call_report(c, LAKEBASE_OURS, r, 0, "it is gone"))
			return;
		if (c->flags & LAKEBASE_WAIT)
			lb_call_succeed(c, json_object());
		else
			lb_call_succeed(c, done_operation(json_object()));
	} else if (policy->again == LB_ALWAYS || (policy->again == LB_WHEN_SAFE && c->safe)) {
		lb_call_again(c, r);
	} else {
		lb_call_fail(c, r);
	}
}

/*
 * Whether the resource was made before this call began, by the clock of the service. Times are whole
 * seconds there, and the two clocks are read at both ends of a request: hence the margin.
 */
static bool is_older(const struct lakebase_call *c, const struct lb_reply *r)
{
	const char *made = json_string_value(json_object_get(r->body, "create_time"));
	double seconds;
	int64_t since_begin = lb_now(c->lb) - c->began;

	return made && r->service_time && lb_instant(made, &seconds)
		&& (int64_t)(seconds * 1000) < r->service_time - since_begin - CLOCK_MARGIN_MS;
}

static void ours(struct lakebase_call *c, struct lb_reply *r)
{
	if (lb_call_report(c, LAKEBASE_OURS, r, 0, "it had been applied"))
		return;
	if (!(c->flags & LAKEBASE_WAIT)) {
		lb_call_succeed(c, done_operation(json_incref(r->body)));
		return;
	}
	/* the name of its operation is lost: what can be seen is when the resource is ready */
	c->wait_began = lb_now(c->lb);
	c->wait_until = c->wait_began + c->wait_timeout;
	c->failures = 0;
	lb_call_enter(c, LB_PHASE_SETTLE);
	lb_judge_settle(c, r);
}

static void foreign(struct lakebase_call *c, struct lb_reply *r, const char *why)
{
	const char *since = json_string_value(json_object_get(r->body, "create_time"));

	if (lb_call_report(c, LAKEBASE_FOREIGN, r, 0, why))
		return;
	lb_error_set(&c->error, LAKEBASE_EEXISTS, "%s exists%s%.40s, and was not made by this call: %s",
		c->name, since ? " since " : "", since ? since : "", why);
	c->error.http_status = r->status;
	lb_error_name(&c->error, "ALREADY_EXISTS");
	lb_call_end(c, LAKEBASE_EEXISTS);
}

/* Back to the request, with the failure that led here. */
static void not_applied(struct lakebase_call *c, struct lb_reply *r)
{
	r->error = c->error;
	r->verdict = c->cause;
	r->status = c->error.http_status;
	/* a 500 that left nothing behind is final, as it is for any other call */
	if (c->cause == LB_SERVER) {
		lb_call_fail(c, r);
		return;
	}
	c->phase = c->sending = LB_PHASE_CALL;
	lb_call_again(c, r);
}

/* A look that was only to explain a refusal, and explains nothing: the refusal stands as it was. */
static void unexplained(struct lakebase_call *c, struct lb_reply *r)
{
	r->error = c->error;
	lb_call_fail(c, r);
}

/* The service says that the name is taken, and then shows nothing under it: an old view, perhaps. */
static void absent(struct lakebase_call *c, struct lb_reply *r)
{
	if (c->cause != LB_EXISTS && c->cause != LB_REFUSED && c->cause != LB_NOT_FOUND) {
		not_applied(c, r);
	} else if (++c->missing < 4) {
		lb_call_again(c, r);
	} else {
		r->error = c->error;
		lb_call_fail(c, r);
	}
}

void lb_judge_reconcile(struct lakebase_call *c, struct lb_reply *r)
{
	const struct lb_policy *policy = &lb_policies[r->verdict];
	char why[256];

	if (r->verdict != LB_OK && c->verb == LAKEBASE_VERB_CREATE && !c->maybe_applied) {
		unexplained(c, r);
	} else if (r->verdict == LB_NOT_FOUND) {
		absent(c, r);
	} else if (r->verdict != LB_OK) {
		if (policy->wait_survives)
			lb_call_again(c, r);
		else
			lb_call_fail(c, r);
	} else if (c->verb == LAKEBASE_VERB_UNDELETE) {
		if (lb_compare(NULL, r->body, why, sizeof(why)))
			ours(c, r);
		else
			not_applied(c, r);
	} else if (!lb_compare(c->asked, r->body, why, sizeof(why))) {
		foreign(c, r, why);
	} else if (!c->maybe_applied || is_older(c, r)) {
		foreign(c, r, "it looks like what was asked for, but was there before");
	} else {
		ours(c, r);
	}
}
