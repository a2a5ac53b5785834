/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a request is sent again. The table says which answers are worth it; the numbers are the
 * guide's: 100 ms, doubled, at most 30 s, each wait drawn between zero and that ("full jitter"), so
 * that many clients which fail together do not come back together.
 */
#include "liblakebase/retry/retry.h"
#include "liblakebase/error.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

const struct lb_policy lb_policies[LB__VERDICTS] = {
	/* code, sent again, maybe applied, a creation rereads, waiting goes on, reason */
	[LB_OK] = { LAKEBASE_OK, LB_NEVER, true, false, true, "ok" },
	[LB_NOT_SENT] = { LAKEBASE_ECONNECT, LB_ALWAYS, false, false, true, "no connection" },
	[LB_IMPOSSIBLE] = { LAKEBASE_ECONNECT, LB_NEVER, false, false, false, "cannot work" },
	[LB_LOST] = { LAKEBASE_ELOST, LB_WHEN_SAFE, true, true, true, "answer lost" },
	[LB_TOO_LARGE] = { LAKEBASE_EANSWER, LB_NEVER, true, true, false, "answer too large" },
	[LB_GARBAGE] = { LAKEBASE_EANSWER, LB_WHEN_SAFE, true, true, true, "answer unreadable" },
	[LB_UNAUTHENTICATED] = { LAKEBASE_EAUTH, LB_NEVER, false, false, false, "not authenticated" },
	[LB_DENIED] = { LAKEBASE_EDENIED, LB_NEVER, false, false, false, "denied" },
	[LB_NOT_FOUND] = { LAKEBASE_ENOTFOUND, LB_NEVER, false, false, false, "not found" },
	[LB_EXISTS] = { LAKEBASE_EEXISTS, LB_NEVER, false, false, false, "exists" },
	[LB_CONFLICT] = { LAKEBASE_ECONFLICT, LB_ALWAYS, false, false, true, "another operation runs" },
	[LB_THROTTLED] = { LAKEBASE_ETHROTTLED, LB_ALWAYS, true, false, true, "too many requests" },
	[LB_UNAVAILABLE] = { LAKEBASE_EUNAVAILABLE, LB_ALWAYS, true, false, true, "unavailable" },
	[LB_GATEWAY] = { LAKEBASE_ESERVER, LB_WHEN_SAFE, true, true, true, "gateway gave up" },
	[LB_SERVER] = { LAKEBASE_ESERVER, LB_NEVER, true, true, true, "server error" },
	[LB_REFUSED] = { LAKEBASE_EREFUSED, LB_NEVER, false, false, false, "refused" },
};

int lb_retry_fill(struct lakebase_retry *r, struct lakebase_error *e)
{
	if (r->attempts < 0 || r->connect_attempts < 0 || r->base_delay_ms < 0 || r->max_delay_ms < 0
		|| r->deadline_ms < 0)
		return lb_error_set(e, LAKEBASE_EINVALID, "options.retry: a number is negative");
	if (!r->attempts)
		r->attempts = 12;
	if (!r->connect_attempts)
		r->connect_attempts = 5;
	if (!r->base_delay_ms)
		r->base_delay_ms = 100;
	if (!r->max_delay_ms)
		r->max_delay_ms = 30000;
	if (!r->deadline_ms)
		r->deadline_ms = 300000;
	return 0;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t lb_retry_delay(
	const struct lakebase_retry *r, int failures, int64_t retry_after, double chance)
{
	int64_t backoff = least(r->base_delay_ms, r->max_delay_ms), delay, told;

	for (int i = 1; i < failures && backoff < r->max_delay_ms; i++)
		backoff = backoff > r->max_delay_ms / 2 ? r->max_delay_ms : backoff * 2;
	delay = (int64_t)(chance * (double)backoff);
	if (retry_after < 0)
		return delay;
	/* never earlier than told, and a little spread, or all clients come back at that instant */
	told = least(retry_after, r->max_delay_ms) + (int64_t)(chance * (double)least(backoff, 1000));
	return told > delay ? told : delay;
}

/*
 * Polls cost little and a late one costs the user time: they begin near the first retry wait, grow by
 * half, and end at 5 s. Half of the wait is fixed, so that polls do not bunch.
 */
int64_t lb_poll_delay(const struct lakebase_retry *r, int polls, int64_t retry_after, double chance)
{
	int64_t cap = least(r->max_delay_ms, 5000), delay = least(2 * r->base_delay_ms, cap);

	for (int i = 1; i < polls && delay < cap; i++)
		delay = least(delay + delay / 2 + 1, cap);
	delay = delay / 2 + (int64_t)(chance * (double)(delay - delay / 2));
	retry_after = least(retry_after, r->max_delay_ms);
	return retry_after > delay ? retry_after : delay;
}

int64_t lb_retry_after(const char *value, const char *date, int64_t now)
{
	const char *p = value;
	int64_t seconds = 0;
	time_t then, base;

	while (*p >= '0' && *p <= '9') {
		/* a number beyond a year is as good as any other: it will be capped */
		if (seconds < 40000000)
			seconds = seconds * 10 + (*p - '0');
		p++;
	}
	if (p != value && !*p)
		return seconds * 1000;
	if (p != value || !*value || !strchr(value, ':'))
		return -1; /* "3.5", "-5", "5s", "soon": junk */
	then = curl_getdate(value, NULL);
	/* the server's own clock, when it shows one: ours may be wrong */
	base = *date ? curl_getdate(date, NULL) : -1;
	if (base < 0)
		base = (time_t)(now / 1000);
	if (then < 0)
		return -1;
	if (then <= base)
		return 0;
	return then - base < 40000000 ? (int64_t)(then - base) * 1000 : INT64_C(40000000000);
}
