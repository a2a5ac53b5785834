/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What liblakebase asks of the outside world, as functions that a test may replace: the time, a pause,
 * chance, and the transport. With all four replaced, a test of code that uses the library needs no
 * network and takes no time.
 */
#pragma once

#include "lakebase.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lakebase_http_request {
	const char *method, *url;
	const char *authorization; /* value of the header, or NULL */
	const char *content_type;  /* NULL without a body */
	const char *accept;
	const char *body; /* NULL: none */
	size_t body_size;
	int64_t timeout_ms;
};

enum lakebase_delivery {
	LAKEBASE_ANSWERED,   /* status and body are there, complete */
	LAKEBASE_NOT_SENT,   /* no connection: the service has seen nothing */
	LAKEBASE_LOST,	     /* sent, at least in part, and no complete answer */
	LAKEBASE_TOO_LARGE,  /* an answer came, larger than this library reads */
	LAKEBASE_IMPOSSIBLE, /* trying again is useless: bad URL, certificate refused */
};

struct lakebase_http_answer {
	enum lakebase_delivery delivery;
	int status;
	char *body; /* from malloc(), NUL-terminated; the library frees it */
	size_t body_size;
	char retry_after[128]; /* header values, "" when absent */
	char date[64];
	bool own_clock; /* the service dates its resources by another clock than this header */
	char failure[192]; /* why there is no answer */
};

struct lakebase_ports {
	void *context;
	/* Milliseconds since 1970. */
	int64_t (*now)(void *context);
	/* Pauses. A result other than 0 cancels the call. */
	int (*sleep)(void *context, int64_t ms);
	/* A number in [0, 1). */
	double (*chance)(void *context);
	/* Sends one request and waits for its end; NULL: libcurl does. 0, or -1 when out of memory. */
	int (*perform)(void *context, const struct lakebase_http_request *request,
		struct lakebase_http_answer *answer);
};

#ifdef __cplusplus
}
#endif
