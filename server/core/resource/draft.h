/* SPDX-License-Identifier: Apache-2.0 */
/* The core's own half of struct draft; hooks need only resource.h. */
#pragma once

#include "core/resource/resource.h"

typedef int (*child_fn)(struct ctx *c, struct draft *d, void *arg, struct err *e);

/* An empty resource with what the server itself writes: name, ids, uid, times. */
MUST_CHECK int draft_new(struct ctx *c, const struct resource *res, const char *parent,
	const char *id, struct draft *ret, struct err *e);

/* The draft of a stored object; strings are borrowed from it. */
MUST_CHECK int draft_from(struct ctx *c, const struct resource *res, const struct object *o,
	struct draft *ret, struct err *e);

/* d->before is the document as it is now. */
MUST_CHECK int draft_remember(struct ctx *c, struct draft *d, struct err *e);

/* The row of a draft; texts are in the arena. */
MUST_CHECK int draft_object(struct ctx *c, struct draft *d, struct object *ret, struct err *e);

/* update_time is now. */
MUST_CHECK int draft_touch(struct ctx *c, struct draft *d, struct err *e);

/* As resource_each_child() for everything below `name`, of any type, deleted ones too. */
MUST_CHECK int resource_each_below(struct ctx *c, const char *name, child_fn each, void *arg,
	struct err *e);

/* The stored document of what this request has made; NULL when it has not made that. */
const char *draft_text(struct ctx *c, const char *name);

/* Something is deleted: draft_look() reads again. */
void draft_forget(struct ctx *c);
