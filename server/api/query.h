/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a query, or of a form. */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/memory/arena.h"

struct parameter {
	const char *key;   /* one that cannot be unescaped stands as it came, in ASCII */
	const char *value; /* "" when there is none, or when it cannot be unescaped ... */
	const char *bad;   /* ... and this is how it came then; NULL otherwise */
};

struct parameters {
	struct parameter *all; /* in their order */
	int num;
};

/* Reads text[0..len) into the arena. 400 when there are more than MAX_QUERY_PARAMS. */
MUST_CHECK int parameters_read(struct parameters *ret, const char *text, size_t len, struct arena *a,
	struct err *e);

/* The value of the first one called so, or NULL. */
const char *parameters_get(const struct parameters *p, const char *key);
