/* SPDX-License-Identifier: Apache-2.0 */
/* What happens when an operation is done; used by the two halves of operation.h. */
#pragma once

#include "core/operation/operation.h"

/* A fresh operation object on `target`, pending, its doc included. */
MUST_CHECK int operation_new(struct ctx *c, const struct resource *r, const char *target,
	struct object *ret, struct err *e);

/*
 * Makes happen what `aux` remembers and stores `o` as the finished operation; o->doc is the new
 * text.
 */
MUST_CHECK int operation_finish(struct ctx *c, struct object *o, json_t *aux, struct err *e);

/* The same, in the request that asked for it: `d` is what it has made or changed. */
MUST_CHECK int operation_finish_now(struct ctx *c, struct object *o, const struct draft *d,
	enum verb verb, bool purge, struct err *e);

/* The text of an operation: pending without `key`, else done with that member ("response" or
 * "error") being `value`, JSON text. In the arena; NULL when out of memory. */
const char *operation_text(struct ctx *c, const struct resource *r, const char *name,
	const char *key, const char *value);

#define OPERATION_EMPTY "{\"@type\":\"type.googleapis.com/google.protobuf.Empty\"}"
