/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The front of everything behind the socket: workspaces, faults, journal and the /_mock routes
 * around the API. One thread owns a lab.
 */
#pragma once

#include "api/message.h"

struct lab;

enum lab_verdict {
	LAB_ANSWER, /* the response is complete */
	LAB_WAIT,   /* a long poll: ask again with the same request after any other request was
		     * served, and at response->wait_until with request->expired set */
};

enum delivered { DELIVERED_NONE, DELIVERED_PARTIAL, DELIVERED_FULL };

/* Serves one request. `resp` is an empty response (response_reset()); never fails: failures are
 * responses. */
enum lab_verdict lab_serve(struct lab *lab, const struct request *req, struct response *resp);

/*
 * Tells the journal what became of the answer with number `seq`: what the wire really carried.
 * `status` is what was sent (0: nothing), `bytes` the body bytes sent.
 */
void lab_delivered(struct lab *lab, uint64_t seq, enum delivered how, int status, size_t bytes);

/* True while a long poll may be waiting for lab_serve() to be asked again. */
bool lab_has_waiters(const struct lab *lab);
