/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a client coped, judged from the journal alone. What the server cannot see is never guessed:
 * then the verdict is INCONCLUSIVE.
 */
#pragma once

#include "lab/journal/call_view.h"

enum mark { MARK_NA, MARK_PASS, MARK_WARN, MARK_FAIL, MARK_INCONCLUSIVE, MARK__N };

struct finding {
	enum mark mark;
	char text[400];
	uint64_t seq; /* of the row that shows it; 0: none */
};

struct grader {
	const struct lab *lab;
	struct workspace *ws;
	struct space *space;
	struct arena *arena;
	struct attempt_list logins; /* of databases: by call, then seq; in no other list */
	struct attempt_list calls; /* by call, then seq */
	struct attempt_list alike; /* the same rows by fingerprint, then seq */
	struct attempt_list order; /* the same rows by seq */
	usec now;		   /* monotonic since the start, as row->at */
	bool final;		   /* nothing more will come: judge what is there */
};

struct criterion {
	const char *id, *title;
	void (*judge)(const struct grader *g, struct finding *f);
};

/* Ends with a row without an id. (grade.c) */
extern const struct criterion criteria[];

const char *mark_name(enum mark m); /* "N-A", "PASS", ... */

/* Collects the rows to judge; all but the lists is set by the caller. */
MUST_CHECK int grader_open(struct grader *g, const struct filter *f, struct err *e);

/* The verdict of one rule. */
void criterion_judge(const struct grader *g, const struct criterion *c, struct finding *f);

/* Appends the verdicts as a document. */
void grade_json(const struct grader *g, struct buf *b);

/* Appends what became of one request, and why. (explain.c) */
void explain_row(const struct space *s, uint64_t seq, const struct row *r, struct buf *b);

/* Sets the finding; the first FAIL and otherwise the worst mark stays. */
void finding_set(struct finding *f, enum mark m, uint64_t seq, const char *fmt, ...) PRINTF(4, 5);

/* The attempt after this one in the same call, or NULL. */
const struct attempt_ref *attempt_next(const struct attempt_list *l, size_t i);

/* How long the client waited by itself between the end of one attempt and the next; -1: it cannot
 * be told, since the client did not wait for the end or the join is a guess. */
usec wait_before(const struct attempt_ref *before, const struct attempt_ref *next);

/* A client that has not come back for so long will not: time since the row, beyond what it was
 * asked to wait. */
bool settled(const struct grader *g, const struct row *r);

/* True when the client has looked afterwards whether that create made something, and got to see. */
bool looked_at(const struct grader *g, const struct attempt_ref *create);

/* What Retry-After asks for. */
enum wish { WISH_NONE, WISH_SECONDS, WISH_DATE, WISH_HOSTILE };
enum wish retry_wish(const struct row *r, usec *wait);

#define X(fn) void fn(const struct grader *g, struct finding *f);
/* retries.c of the rubric, and the rest */
X(judge_retries)
X(judge_permanent) X(judge_retry_after) X(judge_retry_date) X(judge_hostile) X(judge_backoff)
	X(judge_jitter) X(judge_bounds) X(judge_lost_create) X(judge_lro_survives)
		X(judge_lro_deadline) X(judge_poll_cadence) X(judge_amplification)
			X(judge_same_body) X(judge_connections) X(judge_garbled)
/* logins.c */
X(judge_login_retries) X(judge_login_backoff) X(judge_login_token) X(judge_reconnects)
#undef X
