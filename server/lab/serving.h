/* SPDX-License-Identifier: Apache-2.0 */
/* One request of the API on its way through the lab. */
#pragma once

#include "api/auth/token.h"
#include "core/field/field.h"
#include "lab/space.h"

struct serving {
	struct lab *lab;
	const struct request *req;
	struct response *resp;
	struct space *space;
	struct call call;
	struct note_sink notes;
	usec began;	       /* monotonic */
	usec arrived;	       /* monotonic since the start of the lab */
	unsigned char sha[32]; /* of the body */
	struct attempt attempt;
	uint64_t seq;		   /* number of its row */
	const struct fault *fault; /* NULL: none acts */
	struct opinions *opinions;
	uint64_t luck;	   /* what, with a fault's name, decides what is random */
	int status;	   /* what the handler said, or a fault in its place; 0: nothing */
	const char *error; /* error_code of that; NULL: none */
	bool handled;	   /* the handler has run */
	bool open;	   /* a session that was there before the rules changed */
};

/* Answers a request of the API, with faults and journal. (serve.c) */
enum lab_verdict serve_api(struct lab *lab, const struct request *req, struct response *resp);

/* The request has to wait before it is served: resp->job says for what. (waiting.c) */
bool waits_first(struct serving *s);
/* The answer shows an operation whose data is under way: it waits for the end of that. (waiting.c) */
void waits_for_operation(struct serving *s);
/* The answer waits until what was changed has been brought over to the databases. (waiting.c) */
void waits_after(struct lab *lab, struct workspace *ws, struct response *resp);

/* True when requests of that path have a row in the journal. */
bool serve_journalled(const char *path);

/* One line on stderr for a request that was answered. (log/log.c) */
void log_request(const struct serving *s);

/* A row of the journal with all that `s` knows of the request, but for what the wire carried.
 * NULL when out of memory. (serve.c) */
struct row *serve_row(struct serving *s);

/* The row is complete: its call goes on, or is over. */
void serve_note(struct serving *s, struct row *r);
