/* SPDX-License-Identifier: Apache-2.0 */
/* What a client sees of an answer, and what it may do then. */
#pragma once

#include "lab/journal/journal.h"

/* True while the answer is on its way. */
bool row_pending(const struct row *r);

/* True when the attempt ended in a way that a client may try again: a fault, 409, 429, 5xx, or an
 * answer that did not arrive whole or cannot be read. */
bool row_retryable(const struct row *r);

/* The status that the client saw; 0: none yet, or no whole answer that can be read. */
int row_seen(const struct row *r);

/* True when the client left although the answer would have come. */
bool row_given_up(const struct row *r);

/* What the transport tells at `now`, monotonic since the start. */
void row_deliver(struct row *r, enum delivered how, int status, size_t bytes, usec now);

/* True for a 409 that says it is there already: trying again will not help. */
bool row_exists(const struct row *r);

/* "full", "partial", "none", "pending". */
const char *delivered_name(enum delivered d);
