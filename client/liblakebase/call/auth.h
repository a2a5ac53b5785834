/* SPDX-License-Identifier: Apache-2.0 */
/* Seeing to a token on the way of a call. */
#pragma once

#include "liblakebase/call/call.h"
#include "liblakebase/retry/answer.h"

/* LB_PHASE_DISCOVER and LB_PHASE_TOKEN. */
void lb_judge_auth(struct lakebase_call *c, struct lb_reply *r);
/* Sees to a token before the next request; LB_AUTH_SEND has set up the request that fetches one. */
enum lb_auth_need { LB_AUTH_READY, LB_AUTH_SEND, LB_AUTH_WAIT, LB_AUTH_FAILED };
enum lb_auth_need lb_auth_prepare(struct lakebase_call *c);
