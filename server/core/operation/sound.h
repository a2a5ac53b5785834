/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that did not come from this server's own requests: could it have written them? What it
 * could not would be in the way of every later request when it falls due, or mislead one.
 */
#pragma once

#include "core/resource/resource.h"

/*
 * A resource: its doc has the schema of its type and its own name, its memory (aux; NULL: none)
 * what its type remembers; what is due is an event of its type, and of a live, a deleted or a
 * hidden row. ERR_INVALID with the end of a sentence that begins with the row's name. What other
 * rows must be there is for the caller to look at.
 */
MUST_CHECK int resource_sound(const struct resource *res, const struct object *o, const json_t *doc,
	const json_t *aux, struct err *why);

/* An operation: the same, and a pending update is one that its resource could have asked for. */
MUST_CHECK int operation_sound(const struct world *w, const struct object *o, const json_t *doc,
	const json_t *aux, struct err *why);

/* What a row of that type keeps in its aux (NULL: nothing). */
MUST_CHECK int memory_sound(const struct resource *res, const json_t *aux, struct err *why);

/* Reads like "is no Branch: status.current_state: must be one of its choices, got 'X'". */
MUST_CHECK int doc_sound(const struct message *m, const json_t *doc, struct err *why);

/* The number of the deletion that hid this row along with one above it; 0: it is not hidden so. */
int64_t sound_hidden_by(const struct resource *res, const struct object *o);
