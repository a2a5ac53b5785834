/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for an operation, and for the resource to be ready. */
#pragma once

#include "liblakebase/call/call.h"
#include "liblakebase/retry/answer.h"

/* LB_PHASE_POLL and LB_PHASE_SETTLE. */
void lb_judge_poll(struct lakebase_call *c, struct lb_reply *r);
void lb_judge_settle(struct lakebase_call *c, struct lb_reply *r);
/* Begins to follow the operation in `body`; takes no reference. */
void lb_wait_begin(struct lakebase_call *c, json_t *operation);
