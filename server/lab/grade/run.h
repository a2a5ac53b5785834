/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of a client against the server, as far as a report tells of it: who, when, under which
 * seed and rules; totals; verdicts; and the calls that show most. It is made from the journal, and
 * can be written down and read again, so that a later run is compared with it.
 */
#pragma once

#include "lab/grade/grade.h"

enum { RUN_CALLS = 40, RUN_MOST_CALLS = 2000, RUN_AGENTS = 8, RUN_ATTEMPTS = 20000 };

struct run_attempt {
	uint64_t seq;
	usec at, took; /* since the first attempt of its call; until the answer had left */
	usec asked;    /* what Retry-After asks for; 0: nothing, or nothing sensible */
	unsigned number, status, seen; /* seen: by the client; 0: no whole answer */
	const char *fault, *retry_after, *delivered, *error; /* NULL: none */
	bool applied;
};

struct run_call {
	unsigned call;
	const char *rpc, *resource, *outcome;
	usec at; /* since the first request of the run */
	int applied;
	bool ambiguous;
	size_t first, num; /* its attempts */
};

struct run_rule {
	const char *id, *title, *evidence;
	enum mark mark;
	uint64_t seq; /* 0: none */
};

struct run_agent {
	const char *name;
	int64_t requests;
};

struct run {
	const char *workspace, *version, *profile, *scenarios, *from, *to; /* times: RFC 3339, real */
	uint64_t seed;
	bool final;
	int64_t requests, calls, retried, faulted, failed, open, dropped, connections;
	usec lasted;
	struct run_agent agents[RUN_AGENTS];
	size_t num_agents;
	struct run_rule *rules;
	size_t num_rules;
	struct run_call *shown; /* in the order of calls */
	size_t num_shown;
	struct run_attempt *attempts;
	size_t num_attempts;
};

/* Of the rows that the grader has opened; shows at most so many calls, those that tell most. */
MUST_CHECK int run_of(const struct grader *g, size_t most, struct run *ret, struct err *e);

/* Appends it as a document; reads such a document back. Strings live in the arena. (run_json.c) */
void run_write(const struct run *r, struct buf *b);
MUST_CHECK int run_read(const json_t *doc, struct arena *arena, struct run *ret, struct err *e);

/* How many rules have that mark. */
int run_marks(const struct run *r, enum mark m);

/* ---- what is drawn of it ---- */

/* Appends text with what HTML takes for markup escaped. (plot.c) */
void html_add(struct buf *b, const char *text);

/* "250 µs", "1.5 s", "2 h 5 min". */
enum { SPAN_TEXT = 64 };
const char *span_text(usec span, char out[static SPAN_TEXT]);

/* The time axis that shows all attempts of a run. */
usec plot_span(const struct run *r);

/* Appends the plot as SVG; `alone`: as a file of its own, else with links to the rows. `prefix`
 * keeps the names of two plots in one page apart. (plot.c) */
void plot_svg(const struct run *r, usec span, bool alone, const char *prefix, struct buf *b);

/* Appends the page; `before` (may be NULL) is the run to compare with, `before_name` what it is
 * called. (report.c) */
MUST_CHECK int report_page(const struct run *r, const struct run *before, const char *before_name,
	struct buf *b, struct err *e);
