/* SPDX-License-Identifier: Apache-2.0 */
/* Replies as they are kept to be compared with those of another target or another day. */
#pragma once

#include <jansson.h>

#include "conformance/case/case.h"

/* What differs between two runs although nothing has changed. */
struct disguise {
	const char *prefix; /* that all names of the run begin with; a number and a hyphen follow */
	const char *admin, *workspace, *url;
	bool shared; /* other people's things are there, too: only what is ours is kept */
	const struct pair *has; /* our other callers, and the group: "user alice" */
	size_t num_has;
};

/* A copy of `v` in which ids, times, tokens and names of this run are holes. New reference. */
json_t *record_normalise(const json_t *v, const struct disguise *d);

/* The same for one text; malloc'ed. */
char *record_text(const char *s, const struct disguise *d);

/* One exchange: {"step":0,"method":"GET","target":"/x","status":200,"body":{}}. New reference. */
json_t *record_exchange(size_t step, const struct outgoing *out, const struct incoming *in,
	const struct disguise *d);

/* DIR/branch.ndjson and so on: a line per case that has a record, in the order of the ids. */
MUST_CHECK int record_write(const char *dir, const struct plan_cases *p, struct err *e);

/* All records of DIR as {"id":{"file":…,"exchanges":[…]}}. New reference. */
json_t *record_read(const char *dir, struct err *e);
