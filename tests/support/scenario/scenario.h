/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The .http files under fixtures/scenarios: each case is a test, an example in the documentation
 * and a conformance case. The format is described in fixtures/scenarios/README.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/memory/arena.h"

enum level {
	LEVEL_MUST,   /* the guide, or seen on the live service */
	LEVEL_SHOULD, /* documented elsewhere, or typed */
	LEVEL_MOCK,   /* ours: never run on a real target */
};

enum step_kind {
	STEP_REQUEST, /* METHOD /path */
	STEP_POLL,    /* > poll [OPERATION]: GET it until it is done */
	STEP_READY,   /* > ready NAME: GET it until nothing is pending */
	STEP_SAVE,    /* > save VARIABLE = PATH: out of the last reply */
};

struct pair {
	const char *name, *value;
};

/* Everything textual is as written: {{variables}} are not yet expanded. */
struct step {
	enum step_kind kind;
	int line;
	const char *note;   /* the comment above it, or NULL */
	const char *method; /* of a request */
	const char *target; /* path and query; operation (NULL: the last reply's) or resource name;
			     * path into the reply */
	const char *var;    /* that STEP_SAVE sets */
	const char *as; /* caller: NULL the admin, "nobody" without a credential */
	bool all_pages; /* a list that is walked to its end; only what the case has made is compared */
	const struct pair *headers;
	size_t num_headers;
	const char *body; /* NULL: none */
	int body_line;

	int status; /* expected; 0 where nothing is said */
	int expect_line, expect_end; /* first and last line of the expectation */
	const struct pair *expect_headers;
	size_t num_expect_headers;
	const char *expect; /* pattern of the body; NULL: not compared */
	bool is_error; /* written as "=> 404 CODE: message" */
};

struct need {
	const char *setup; /* "project" */
	bool own; /* must not be shared with other cases */
};

struct scenario {
	const char *id; /* "lakebase.branch.create.duplicate" */
	const char *prose; /* its first sentence is the title; empty lines part paragraphs */
	const char *file; /* "branch/create.http", below the folder that was read */
	int line, evidence_line;
	const char *evidence; /* "verified", "documented", "typed", "invented" */
	const char *date;     /* "2026-06", or NULL */
	const char *source;   /* where that was seen, or NULL */
	enum level level;
	bool mock_only; /* turns something that only a mock has */
	struct need *needs;
	size_t num_needs;
	const char *const
		*server; /* words for the server's command line; NULL-terminated, or NULL */
	struct step *steps;
	size_t num_steps;
};

struct suite {
	struct arena arena; /* holds everything below */
	struct scenario *cases;
	size_t num_cases;
	struct scenario *setups; /* ids "setup.project": macros that a case may need */
	size_t num_setups;
	const char *dir;
};

/*
 * Reads every .http file below `dir`, in the order of their names. On failure *e says what is
 * wrong as "file:line: message", and `suite` is empty.
 */
MUST_CHECK int suite_read(struct suite *suite, const char *dir, struct err *e);

/* The same for one text that was read already; `file` is used in messages. For tests. */
MUST_CHECK int suite_add(struct suite *suite, const char *file, const char *text, struct err *e);

/* After the last suite_add(): ids are unique, needs exist, variables are set before they are used,
 * patterns are well formed. */
MUST_CHECK int suite_check(const struct suite *suite, struct err *e);

void suite_done(struct suite *suite);

const struct scenario *suite_setup(const struct suite *suite, const char *name);
const struct scenario *suite_case(const struct suite *suite, const char *id);

const char *level_name(enum level level);
