/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call as a state machine. It never blocks and never sends: lb_call_step() says what it wants
 * (send this, or come back at that time), lb_call_answer() tells it what came of it. The blocking
 * functions and lakebase_multi are two drivers of the same machine, so that both retry alike.
 */
#include "liblakebase/call/machine.h"
#include "liblakebase/call/auth.h"
#include "liblakebase/document/name.h"
#include "liblakebase/call/outcome.h"
#include "liblakebase/call/phases.h"
#include "liblakebase/text.h"
#include "liblakebase/call/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is sent ---- */

static int prepare(struct lakebase_call *c)
{
	const char *name = c->phase == LB_PHASE_POLL ? c->operation_name : c->name;
	char *path;
	int rc;

	lb_free_string(&c->authorization);
	if (!(c->flags & LAKEBASE_NO_AUTH)) {
		c->authorization = strdup(c->lb->auth.header);
		if (!c->authorization)
			return -1;
	}
	c->sending = c->phase;
	if (c->phase == LB_PHASE_CALL) {
		c->tries++;
		return lb_call_request(c, c->method, c->path, c->body);
	}
	path = lb_path_of(name);
	rc = path ? lb_call_request(c, "GET", path, NULL) : -1;
	free(path);
	return rc;
}

enum lb_step lb_call_step(struct lakebase_call *c)
{
	if (c->over)
		return LB_DONE;
	if (c->cancelled) {
		lb_call_abort(c, LAKEBASE_ECANCELLED, "cancelled; what was sent may have been applied");
		return LB_DONE;
	}
	if (lb_now(c->lb) < c->due)
		return LB_PAUSE;
	switch (c->flags & LAKEBASE_NO_AUTH ? LB_AUTH_READY : lb_auth_prepare(c)) {
	case LB_AUTH_READY:
		if (prepare(c)) {
			lb_call_oom(c);
			return LB_DONE;
		}
		break;
	case LB_AUTH_SEND:
		break;
	case LB_AUTH_WAIT:
		c->due = lb_now(c->lb) + 10;
		return LB_PAUSE;
	case LB_AUTH_FAILED:
		lb_call_oom(c);
		return LB_DONE;
	}
	c->attempts++;
	c->sent_at = lb_now(c->lb);
	return LB_SEND;
}

/* ---- what comes back ---- */

static void (*const judges[LB__PHASES])(struct lakebase_call *, struct lb_reply *) = {
	[LB_PHASE_CALL] = lb_judge_call,
	[LB_PHASE_RECONCILE] = lb_judge_reconcile,
	[LB_PHASE_POLL] = lb_judge_poll,
	[LB_PHASE_SETTLE] = lb_judge_settle,
	[LB_PHASE_DISCOVER] = lb_judge_auth,
	[LB_PHASE_TOKEN] = lb_judge_auth,
};

static void log_exchange(const struct lakebase_call *c, const struct lakebase_http_answer *a)
{
	struct lakebase_exchange x = {
		.method = c->request.method,
		.url = c->request.url,
		.http_status = a->delivery == LAKEBASE_ANSWERED ? a->status : 0,
		.took_ms = lb_now(c->lb) - c->sent_at,
		.sent_bytes = c->request.body_size,
		.received_bytes = a->body_size,
		.failure = a->delivery == LAKEBASE_ANSWERED ? NULL : a->failure,
	};

	if (c->lb->on_exchange)
		c->lb->on_exchange(c->lb->context, &x);
}

/* A token may end before its time; once it is exchanged for another, which costs no try. */
static bool renewed(struct lakebase_call *c, const struct lb_reply *r)
{
	bool refused = r->verdict == LB_UNAUTHENTICATED
		|| (r->verdict == LB_DENIED && strcmp(r->error.error_code, "PERMISSION_DENIED") != 0);

	if (!refused || c->refreshed || (c->flags & LAKEBASE_NO_AUTH)
		|| c->sending >= LB_PHASE_DISCOVER || c->lb->config.token)
		return false;
	lb_auth_expire(&c->lb->auth, c->authorization);
	c->refreshed = true;
	c->tries -= c->phase == LB_PHASE_CALL;
	c->due = lb_now(c->lb);
	lb_call_report(c, LAKEBASE_REFRESH, r, 0, NULL);
	return true;
}

void lb_call_answer(struct lakebase_call *c, struct lakebase_http_answer *a)
{
	struct lb_reply r;

	log_exchange(c, a);
	if (lb_reply_read(&r, a, lb_now(c->lb), c->flags & LAKEBASE_TEXT)) {
		lb_call_oom(c);
	} else if (!renewed(c, &r)) {
		if (r.verdict == LB_OK && c->sending < LB_PHASE_DISCOVER)
			c->refreshed = false;
		judges[c->sending](c, &r);
	}
	lb_reply_done(&r);
	free(a->body);
	a->body = NULL;
}
