/* SPDX-License-Identifier: Apache-2.0 */
/* The turning of a call: what it wants next, and what an answer makes of it. */
#pragma once

#include "liblakebase/call/call.h"

/* What a call wants next of whoever drives it. */
enum lb_step {
	LB_SEND, /* send call->request, then lb_call_answer() */
	LB_PAUSE, /* nothing before call->due */
	LB_DONE, /* call->code, call->error, call->result */
};

/* What is next now; the clock of the client decides when a pause is over. */
enum lb_step lb_call_step(struct lakebase_call *c);
/* Takes the answer to what LB_SEND asked for, and frees its body. */
void lb_call_answer(struct lakebase_call *c, struct lakebase_http_answer *a);
