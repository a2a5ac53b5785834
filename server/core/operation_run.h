/* SPDX-License-Identifier: Apache-2.0 */
/* What happens when an operation is done; used by the two halves of core/operation.h. */
#pragma once

#include "core/operation.h"

/* A fresh operation object on `target` and its pending document. */
MUST_CHECK int operation_new(struct ctx *c, const struct resource *r, const char *target,
	struct object *ret, json_t **doc, struct err *e);

/*
 * Makes happen what `aux` remembers, turns `doc` into the finished operation, and stores it as
 * `o`; o->doc is the new text.
 */
MUST_CHECK int operation_finish(
	struct ctx *c, struct object *o, json_t *doc, json_t *aux, struct err *e);

/* done, with an Empty response. */
MUST_CHECK int operation_done_empty(json_t *doc, struct err *e);
