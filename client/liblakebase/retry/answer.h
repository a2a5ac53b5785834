/* SPDX-License-Identifier: Apache-2.0 */
/* From an HTTP answer, or the lack of one, to what it means. */
#pragma once

#include <jansson.h>

#include "lakebase_ports.h"
#include "liblakebase/base.h"

/* What an answer, or the lack of one, means. */
enum lb_verdict {
	LB_OK,
	LB_NOT_SENT,
	LB_IMPOSSIBLE,
	LB_LOST,
	LB_TOO_LARGE,
	LB_GARBAGE, /* a success whose body is not a JSON object, or not there */
	LB_UNAUTHENTICATED,
	LB_DENIED,
	LB_NOT_FOUND,
	LB_EXISTS,
	LB_CONFLICT,
	LB_THROTTLED,
	LB_UNAVAILABLE,
	LB_GATEWAY, /* 502, 504 */
	LB_SERVER,
	LB_REFUSED,
	LB__VERDICTS
};

struct lb_reply {
	enum lb_verdict verdict;
	int status;
	json_t *body; /* an object, or NULL */
	bool empty;   /* a success without a body; `body` is then an empty object */
	struct lakebase_error error;
	int64_t retry_after; /* ms from now; -1: not said */
	int64_t service_time; /* ms since 1970 by the clock that dates its resources; 0: not known */
};

/*
 * Judges an answer; with `text`, a success may be any text, and becomes a string. -1 when out of memory.
 * Free: lb_reply_done().
 */
MUST_CHECK int lb_reply_read(
	struct lb_reply *r, const struct lakebase_http_answer *a, int64_t now, bool text);
void lb_reply_done(struct lb_reply *r);
