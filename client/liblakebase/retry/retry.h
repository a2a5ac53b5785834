/* SPDX-License-Identifier: Apache-2.0 */
/* The retry policy: what each verdict means for a call, and how long to wait. */
#pragma once

#include "liblakebase/base.h"
#include "liblakebase/retry/answer.h"

enum lb_again {
	LB_NEVER,
	LB_WHEN_SAFE, /* when the request may be applied twice without harm */
	LB_ALWAYS,
};

/* What each verdict means for a call; the whole retry policy but for its numbers. */
struct lb_policy {
	int code;		/* of the error, when it comes to that */
	enum lb_again again;
	bool maybe_applied;	/* the service may have done it */
	bool creation_reread;	/* a creation reads the resource before it does anything else */
	bool wait_survives;	/* waiting for an operation goes on */
	const char *reason;
};

extern const struct lb_policy lb_policies[LB__VERDICTS];

/* Zeros become the defaults. LAKEBASE_EINVALID for negative numbers. */
MUST_CHECK int lb_retry_fill(struct lakebase_retry *r, struct lakebase_error *e);
/* The wait before the next try after `failures` failures in a row (from 1). `chance` is in [0, 1). */
int64_t lb_retry_delay(
	const struct lakebase_retry *r, int failures, int64_t retry_after, double chance);
/* The wait before the n-th poll (from 1) of something that is not done yet. */
int64_t lb_poll_delay(const struct lakebase_retry *r, int polls, int64_t retry_after, double chance);
/* Retry-After as milliseconds from now, or -1 for junk. `date` is the answer's Date header or "". */
int64_t lb_retry_after(const char *value, const char *date, int64_t now);
