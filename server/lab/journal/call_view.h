/* SPDX-License-Identifier: Apache-2.0 */
/* The journal seen as calls: attempts side by side, in the order of calls. */
#pragma once

#include "lab/journal/filter.h"

struct attempt_ref {
	uint32_t call;
	uint64_t seq;
	const struct row *row;
};

struct attempt_list {
	struct attempt_ref *all; /* by call, then by seq */
	size_t num;
};

/* All attempts of the calls of which at least one attempt matches. In the arena. */
MUST_CHECK int attempts_collect(const struct journal *j, const struct filter *f, struct arena *a,
	struct attempt_list *ret, struct err *e);

/* The end of the call that starts at `from`. */
size_t attempts_end(const struct attempt_list *l, size_t from);

/* "ok", "error" or "open": what the last attempt left the client with. */
const char *call_outcome(const struct row *last);

/* Appends the calls as an array; with a limit (-1: none) the newest. */
void calls_json(const struct attempt_list *l, int64_t limit, struct buf *b);
