/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting, and what a target says that is no answer: 429, 502, 503, 504, lost connections. On a target
 * that is not a mock these are retried as liblakebase does it; they are never held against the target.
 */
#pragma once

#include <curl/curl.h>

#include "conformance/target/http.h"

double seconds_now(void);

/* Waits; false at once, or as soon as, a signal has asked for an end (unless `cleaning`). */
bool wait_seconds(struct shared *s, double seconds, bool cleaning);

/* How long one operation, or one request, is waited for: --timeout, or what suits the target. */
double patience_of(const struct options *o, const char *url, bool mock);

/* When attempts of a request are spaced for a target on this machine or elsewhere. */
struct lakebase_retry retry_of(const struct options *o, const char *url, bool mock);

/*
 * Called after the n-th attempt (from 1) at `out` that began at `since`: true when it is to be sent
 * again, after the wait that is due. When it was weather but patience is over, h->over says so. A
 * change that may have been applied although it is sent again sets h->doubt.
 */
bool weather_passes(struct http_target *h, const struct outgoing *out, const struct incoming *in,
	CURLcode rc, int n, double since);
