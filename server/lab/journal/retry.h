/* SPDX-License-Identifier: Apache-2.0 */
/* What a client sees of an answer, and what it may do then. */
#pragma once

#include "lab/journal/journal.h"

/* True when the attempt ended in a way that a client may try again: a fault, 409, 429, 5xx, or an
 * answer that did not arrive whole. */
bool row_retryable(const struct row *r);

/* The status that the client saw; 0: none, or not a whole answer. */
int row_seen(const struct row *r);

/* True for a 409 that says it is there already: trying again will not help. */
bool row_exists(const struct row *r);

/* "full", "partial", "none". */
const char *delivered_name(enum delivered d);
