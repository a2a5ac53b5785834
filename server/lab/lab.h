/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The front of everything behind the socket: workspaces, faults, journal and the /_mock routes
 * around the API. One thread owns a lab.
 */
#pragma once

#include "api/message.h"

struct lab;
struct app;

enum lab_verdict {
	LAB_ANSWER, /* the response is complete */
	LAB_WAIT,   /* a long poll: ask again with the same request after any other request was
		     * served, and at response->wait_until with request->expired set */
};

/* What became of an answer; pending: it is still on its way. */
enum delivered { DELIVERED_NONE, DELIVERED_PARTIAL, DELIVERED_FULL, DELIVERED_PENDING };

enum log_format { LOG_OFF, LOG_TEXT, LOG_JSON };

struct lab_options {
	size_t journal_rows;	 /* kept per workspace; 0: 100000 */
	const char *admin_token; /* NULL: /_mock needs none */
	bool no_seq_header;	 /* leave X-Mock-Seq off */
	enum log_format log;
	int log_level; /* 0 error, 1 warn, 2 info, 3 debug */
	bool log_bodies;
	const char *version;
	usec (*monotonic)(void); /* NULL: monotonic_now() */
};

/* `app` is borrowed and must live longer. */
MUST_CHECK int lab_open(
	struct lab **ret, struct app *app, const struct lab_options *o, struct err *e);
void lab_close(struct lab *lab);

/* Loads a fixture document (state, principals, faults, scenarios, clock, lro). */
MUST_CHECK int lab_fixture(
	struct lab *lab, const char *text, size_t len, const char *where, struct err *e);

/* Loads a built-in fixture of fixtures/seeds by its name, "demo"; the error names those there are. */
MUST_CHECK int lab_seed(struct lab *lab, const char *name, struct err *e);

/* Loads a built-in scenario of fault rules by name into workspace `default`. */
MUST_CHECK int lab_scenario(struct lab *lab, const char *name, struct err *e);

/* From now on GET /_mock/ready answers 200. */
void lab_ready(struct lab *lab);

/* Number of fault rules of any workspace that fired less often than they expect; prints each to
 * stderr. */
int lab_unfired(const struct lab *lab);

/* The answer may not leave yet: its `wire.job` runs. Once it is over, the answer is complete. */
bool lab_held(struct lab *lab, struct response *resp);

/*
 * Tells the journal what became of the answer with number `seq`: what the wire really carried.
 * `status` is what was sent (0: nothing), `bytes` the body bytes sent.
 */
void lab_delivered(struct lab *lab, uint64_t seq, enum delivered how, int status, size_t bytes);

/* True while a long poll may be waiting for front_serve() to be asked again. */
bool lab_has_waiters(const struct lab *lab);

/* Called by the transport when nothing is to do: tidies up in small slices. True: more to do. */
bool lab_idle(struct lab *lab);
