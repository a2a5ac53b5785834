/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fault rules of a workspace. Rules are tried in the order in which they were added; the first
 * that matches and is due acts. What is random follows from the seed, the rule and the call, never
 * from the order in which requests arrive.
 */
#pragma once

#include <jansson.h>

#include "core/context/plan.h"
#include "lab/journal/calls.h"

struct app;
struct serving;

enum delay_kind { DELAY_NONE, DELAY_FIXED, DELAY_UNIFORM, DELAY_LOGNORMAL };

struct delay {
	enum delay_kind kind;
	usec a, b;    /* fixed: a; uniform: a to b; lognormal: median a */
	double sigma; /* lognormal */
};

enum garbage { GARBAGE_HTML, GARBAGE_HALF_JSON, GARBAGE_WRONG_LENGTH };

struct action_kind;

/* Strings and documents are borrowed from the rule's own document. */
struct action {
	const struct action_kind *kind;
	struct delay delay;
	const json_t *headers, *details;
	int status;
	const char *code, *message;
	const char *sqlstate, *severity; /* of connections to databases */
	usec after;			 /* of established ones */
	bool now; /* ... those that are open when the rule comes; else the first to come */
	char retry_after[256]; /* "": none */
	bool has_bytes;
	size_t bytes;
	usec every, hang;
	enum garbage garbage;
	struct plan plan;
};

/* "3", "1-2", "3-": from and to, both included. All zero: any. */
struct span {
	int64_t from, to;
};

struct fault {
	char id[64];
	json_t *doc;				/* the rule as written, with its id */
	unsigned char *routes; /* per route of the app: does `rpc` name it? */
	unsigned connect;      /* bits 1 << enum connect_rpc: ... or one of these? */
	const char *path, *user_agent, *caller; /* globs; NULL: any */
	struct span call, attempt;
	int64_t skip, times; /* times -1: for ever */
	double probability;
	int64_t expect; /* fired at least so often; -1: nothing said */
	usec added;    /* wall time */
	bool disabled; /* passed over, and counts nothing */
	enum phase phase;
	struct action action;

	uint64_t matched, skipped, fired;
	uint32_t *seen; /* the calls that met the rest of the match, as far as `call` needs them */
	size_t num_seen, cap_seen;
};

/* How often the same call has been made. */
struct same {
	uint64_t key;
	uint32_t n;
};

/* Who wants to know of new rules. */
struct rules_watch {
	void (*fn)(void *arg, const char *workspace); /* NULL: nobody */
	void *arg;
};

struct faults {
	struct app *app; /* borrowed */
	const char *workspace;
	const struct rules_watch *watch; /* borrowed; may be NULL */
	struct fault **all;
	size_t num;
	uint64_t next_id;   /* of rules without one */
	uint64_t version;   /* changes when the list does */
	char loaded[200];   /* scenarios that rules came from, for the report; cut when too many */
	bool random, stale; /* some rule needs that */
	bool kept;	    /* since then there was a write: the state before it is known */
	struct table tally; /* of struct same; kept only while something random depends on it */
};

void faults_init(struct faults *f, struct app *app);
void faults_done(struct faults *f);

/*
 * Reads one rule; ERR_INVALID with a message that names the key and says what is possible.
 * `doc` is borrowed. Not yet in any list. (parse.c)
 */
MUST_CHECK int fault_parse(struct faults *f, const json_t *doc, struct fault **ret, struct err *e);
void fault_free(struct fault *f);

/*
 * Adds the rules of `doc`, one rule or {"faults":[...]}; `replace` drops those that were there.
 * All or nothing. *from is the index of the first new one.
 */
MUST_CHECK int faults_write(
	struct faults *f, const json_t *doc, bool replace, size_t *from, struct err *e);

/* ERR_NOT_FOUND naming the nearest id when there is none. NULL id: all. */
MUST_CHECK int faults_drop(struct faults *f, const char *id, struct err *e);

/* Switches a rule off or on; its counters stay. ERR_NOT_FOUND naming the nearest id. */
MUST_CHECK int faults_switch(
	struct faults *f, const char *id, bool disabled, const struct fault **ret, struct err *e);

/* The rule with its counters. New reference, NULL when out of memory. */
json_t *fault_doc(const struct fault *f);

/* True when it fired less often than it should, or never. */
bool fault_unfired(const struct fault *f);

/* Copies the rules of `from` with their counters. */
MUST_CHECK int faults_copy(struct faults *to, const struct faults *from, struct err *e);

/*
 * The rule that acts on this request, or NULL. Counts; *opinions (may be NULL afterwards) tells
 * what each rule for this rpc made of it, and is the caller's. (choose.c)
 */
struct fault *faults_choose(struct faults *f, struct serving *s, struct opinions **opinions);

/* ---- what actions do (apply.c) ---- */

/* True when the handler does not run: the action answers in its place. */
bool fault_replaces(const struct fault *f);

/* True when it leaves an answer that cannot be read, however whole it arrives. */
bool fault_garbles(const struct fault *f);

/* True when it answers with the state before the last write. */
bool fault_is_stale(const struct fault *f);

/* Before the handler runs: chooses how its operation goes on. */
void fault_prepare(struct serving *s, const struct fault *f);

/* How long the rule holds this request back. */
usec fault_delay(const struct serving *s, const struct fault *f);

/* Answers in the place of the handler, or does something to what it answered. */
void fault_apply(struct serving *s, const struct fault *f);
