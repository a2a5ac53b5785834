/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays a case against a target: in process, or over HTTP to our mock, somebody else's or the real
 * service. What differs between them is in struct target.
 */
#pragma once

#include <jansson.h>

#include "base/memory/arena.h"
#include "base/memory/buf.h"
#include "support/scenario/scenario.h"
#include "support/scenario/template.h"

enum verdict {
	VERDICT_PASS,
	VERDICT_FAIL,	      /* a reply differs from what the case expects */
	VERDICT_ERROR,	      /* the case could not be played: transport, setup */
	VERDICT_SKIP,	      /* not for this target */
	VERDICT_XFAIL,	      /* failed, and listed as known to fail */
	VERDICT_XPASS,	      /* passed, although listed as known to fail */
	VERDICT_INCONCLUSIVE, /* patience or budget were over before the answer came */
	VERDICT__N,
};

const char *verdict_name(enum verdict v);

struct outgoing {
	const char *method, *target; /* path and query */
	const char *token;	     /* NULL: no credential */
	const struct pair *headers;
	size_t num_headers;
	const char *body; /* NULL: none */
	size_t body_len;
	int expected; /* status, when the case names one; 0: it does not */
};

/* Strings live in the arena of the play; `body` is owned by it. */
struct incoming {
	int status;
	const char *text; /* NUL-terminated */
	size_t len;
	json_t *body; /* NULL when the text is not JSON */
	const struct pair *headers;
	size_t num_headers;
};

struct target {
	/* -1 with *e: no answer. `in` is zeroed. */
	int (*send)(struct target *t, const struct outgoing *out, struct incoming *in,
		struct arena *a, struct err *e);
	/* Waits a while before the n-th poll, from 1; false when patience is over. */
	bool (*pause)(struct target *t, int n);
	/* A name is about to be created; may be NULL. 1: it was noted, 0: it need not be, -1: it could
	 * not be, do not go on. */
	int (*creating)(struct target *t, const char *name, struct err *e);
	/* That one has been answered, with this status. */
	void (*created)(struct target *t, const char *name, int status);
	/* A reply has been compared; may be NULL. */
	void (*seen)(struct target *t, const struct scenario *s, const struct step *step,
		const struct outgoing *out, const struct incoming *in);
	/* The token of a caller; NULL: this target has none. Not asked on a mock. */
	const char *(*token)(struct target *t, const char *as);

	bool mock;		/* has /_mock; a token mock-<workspace> selects a workspace */
	bool exact;		/* fields that a case does not name are differences, not notes */
	bool may_lack;		/* 501 means that the target does not have it: skip */
	bool frozen;		/* its clock stands: computed times are exact */
	const char *admin;	/* user name of the caller without `as` */
	const char *prefix;	/* of names visible beyond the case */
	const struct pair *has; /* what cases cannot make: see parameter.h; a mock has it all */
	size_t num_has;
};

struct play {
	struct target *target;
	const struct suite *suite;
	const struct scenario *scenario;
	struct arena arena;
	struct variables vars;
	char workspace[64];
	struct incoming last;
	const char *as; /* caller of the last request */
	int calls;

	struct buf message; /* differences; empty when it passed */
	struct buf notes;
	int failed_line;
	const char *skip; /* why */

	const char *done[16]; /* setups that have been run, or need not be */
	size_t num_done;
};

/* `workspace` is the name of the workspace that the case gets for itself, on a mock. */
MUST_CHECK int play_init(
	struct play *p, struct target *t, const struct suite *suite, const char *workspace);
void play_done(struct play *p);

/* Lends `p` what `from` has set up: its variables, and its setups count as run. */
MUST_CHECK int play_lend(struct play *p, const struct play *from);

/* Runs one setup, and those that it needs first; once each. */
enum verdict play_setup(struct play *p, const char *name);

/* Runs what `s` needs, leaving the variables in `p`. */
enum verdict play_needs(struct play *p, const struct scenario *s);

/* Runs the steps of the case. */
enum verdict play_steps(struct play *p, const struct scenario *s);

/* Sends a request of the runner itself, as the admin; frees the last reply. */
MUST_CHECK int play_send(
	struct play *p, const char *method, const char *target, const char *body, struct err *e);
