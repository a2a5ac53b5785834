/* SPDX-License-Identifier: Apache-2.0 */
/* A case of the suite, out of an .http file or in C, and how it went. */
#pragma once

#include "conformance/case/plan.h"
#include "conformance/options.h"
#include "conformance/target/http.h"
#include "support/play/play.h"

struct server;

struct code_case {
	const char *id, *prose, *evidence, *date, *source;
	enum level level;
	const char *needs; /* a setup, or NULL */
	bool own;
	bool mock_only;
	struct cost cost; /* of what it does itself */
	/* Plays it; `h` is the target of `p`. Differences go to p->message. */
	enum verdict (*run)(struct play *p, struct http_target *h);
};

/* Ends with a row without an id. */
extern const struct code_case code_cases[];

struct result {
	enum verdict verdict;
	char *message, *notes; /* may be NULL */
	double seconds;
	int calls, line;
	bool over;	/* has been played */
	json_t *record; /* list of normalised exchanges, or NULL */
};

struct test_case {
	const char *id, *prose, *evidence, *date, *source, *file;
	int line;
	enum level level;
	bool mock_only;
	const struct scenario *scenario; /* of an .http file: holds steps and needs */
	const struct code_case *code;	 /* or NULL */
	struct server *server; /* on which it is played; NULL where that cannot be started */
	const char *known;     /* why it is expected to fail; NULL: it is not */
	int waits;	       /* for operations, setups included */
	struct result result;
};

struct plan_cases {
	struct suite suite;
	struct arena arena;
	struct test_case *cases;
	size_t num;
	struct scenario *shells; /* scenarios around the code cases, for their needs */
};

/* Reads all cases, in the order of the files, those in C last. */
MUST_CHECK int cases_read(struct plan_cases *p, const char *dir, struct err *e);
void cases_done(struct plan_cases *p);

/* Keeps what --run and --skip select, and marks the known failures. ERR_INVALID when nothing is
 * left, or when a pattern selects nothing. */
MUST_CHECK int cases_select(struct plan_cases *p, const struct options *o, struct err *e);

/* What it costs; `sharing`: the target has projects that several cases use. */
struct cost case_cost(const struct plan_cases *p, const struct test_case *c, bool sharing);

/* True when it has, or needs, a project that no other case may touch. */
bool case_needs_own(const struct test_case *c);
