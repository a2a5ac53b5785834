/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/target/weather.h"

#include <poll.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>

#include "base/text.h"
#include "liblakebase/retry/retry.h"

double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool wait_seconds(struct shared *s, double seconds, bool cleaning)
{
	struct pollfd p = {.fd = cleaning ? -1 : s->wake, .events = POLLIN};
	double end = seconds_now() + seconds;

	for (double left = seconds; left > 0; left = end - seconds_now()) {
		if (!cleaning && atomic_load(&s->stop))
			return false;
		/* a signal that another thread takes ends this wait, too: the descriptor is never drained */
		poll(&p, 1, left > 60 ? 60000 : (int)(left * 1000) + 1);
	}
	return cleaning || !atomic_load(&s->stop);
}

static bool near_by(const char *url, bool mock)
{
	return mock || url_is_loopback(url);
}

double patience_of(const struct options *o, const char *url, bool mock)
{
	return o->timeout > 0 ? o->timeout : near_by(url, mock) ? 10 : 300;
}

struct lakebase_retry retry_of(const struct options *o, const char *url, bool mock)
{
	return (struct lakebase_retry){.attempts = 1000, /* patience decides */
		.connect_attempts = 20,
		.base_delay_ms = near_by(url, mock) ? 2 : 500,
		.max_delay_ms = 30000,
		.deadline_ms = (int64_t)(1000 * patience_of(o, url, mock)) + 1};
}

/* ---- what is no answer ---- */

static bool is_read(const struct outgoing *out)
{
	return streq(out->method, "GET") || streq(out->method, "HEAD");
}

/* The connection was never made: the target has seen nothing. */
static bool not_sent(CURLcode rc)
{
	return rc == CURLE_COULDNT_CONNECT || rc == CURLE_COULDNT_RESOLVE_HOST ||
	       rc == CURLE_COULDNT_RESOLVE_PROXY || rc == CURLE_SSL_CONNECT_ERROR;
}

static bool lost(CURLcode rc)
{
	return rc == CURLE_GOT_NOTHING || rc == CURLE_RECV_ERROR || rc == CURLE_SEND_ERROR ||
	       rc == CURLE_PARTIAL_FILE || rc == CURLE_OPERATION_TIMEDOUT || rc == CURLE_HTTP2 ||
	       rc == CURLE_HTTP2_STREAM || rc == CURLE_WEIRD_SERVER_REPLY;
}

static bool is_weather(const struct outgoing *out, const struct incoming *in, CURLcode rc)
{
	if (rc != CURLE_OK)
		return not_sent(rc) || lost(rc);
	return in->status != out->expected &&
	       (in->status == 429 || in->status == 502 || in->status == 503 || in->status == 504);
}

static const char *header(const struct incoming *in, const char *name)
{
	for (size_t i = 0; i < in->num_headers; i++)
		if (strcasecmp(in->headers[i].name, name) == 0)
			return in->headers[i].value;
	return "";
}

static double delay_of(
	const struct http_target *h, const struct incoming *in, CURLcode rc, int failures)
{
	uint64_t bits = text_prf(h->shared->options->seed, "wait", (uint64_t)failures,
		(uint64_t)atomic_load(&h->shared->calls));
	struct lakebase_retry r = retry_of(h->shared->options, h->url, h->target.mock);
	int64_t after = rc != CURLE_OK ? -1
				       : lb_retry_after(header(in, "Retry-After"),
						 header(in, "Date"), (int64_t)time(NULL) * 1000);

	return (double)lb_retry_delay(&r, failures, after, (double)(bits >> 11) / 0x1p53) / 1000;
}

static void tell(struct http_target *h, const struct incoming *in, CURLcode rc, int n)
{
	if (rc == CURLE_OK)
		snprintf(h->weather, sizeof(h->weather), "%d after %d attempts", in->status, n);
	else
		snprintf(h->weather, sizeof(h->weather), "%s after %d attempts",
			curl_easy_strerror(rc), n);
}

bool weather_passes(struct http_target *h, const struct outgoing *out, const struct incoming *in,
	CURLcode rc, int n, double since)
{
	double wait, end;

	if (h->target.mock || h->over || !is_weather(out, in, rc) || (h->probing && not_sent(rc)))
		return false;
	/* 429 is said before anything is done; of all others nobody knows */
	if (!is_read(out) && !not_sent(rc) && !(rc == CURLE_OK && in->status == 429))
		h->doubt = true;
	tell(h, in, rc, n);
	wait = delay_of(h, in, rc, n);
	end = since + patience_of(h->shared->options, h->url, h->target.mock);
	if (h->deadline > 0 && h->deadline < end && !h->cleaning)
		end = h->deadline;
	if (seconds_now() + wait > end)
		h->over = h->weather;
	else if (!wait_seconds(h->shared, wait, h->cleaning))
		h->over = "interrupted";
	return !h->over;
}
