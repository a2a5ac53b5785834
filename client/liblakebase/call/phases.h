/* SPDX-License-Identifier: Apache-2.0 */
/* Judging the answer to the request itself, and to the look after a lost one. */
#pragma once

#include "liblakebase/call/call.h"
#include "liblakebase/retry/answer.h"

/* LB_PHASE_CALL and LB_PHASE_RECONCILE. */
void lb_judge_call(struct lakebase_call *c, struct lb_reply *r);
void lb_judge_reconcile(struct lakebase_call *c, struct lb_reply *r);
