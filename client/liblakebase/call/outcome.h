/* SPDX-License-Identifier: Apache-2.0 */
/* What may become of a call: an end, another try, the next phase. */
#pragma once

#include "liblakebase/call/call.h"
#include "liblakebase/retry/answer.h"

/* The call is over; 0: c->result is what it gives, else c->error says why not. Returns `code`. */
int lb_call_end(struct lakebase_call *c, int code);
/* Takes over the reference. */
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
/* Ends the call: something outside of it failed. */
void lb_call_abort(struct lakebase_call *c, int code, const char *why);
