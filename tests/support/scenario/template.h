/* SPDX-License-Identifier: Apache-2.0 */
/* {{variables}} in requests and expectations. */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/memory/arena.h"
#include "base/memory/buf.h"
#include "base/when.h"

struct variable {
	const char *name, *value;
};

struct variables {
	struct arena *arena;
	struct variable *list;
	size_t num, cap;
	const char *prefix; /* of every name that is visible beyond the case: "lbc-1a2b3c4d-" */
	const char *domain; /* of users: "example.com" */
	usec now;
};

enum template_mode {
	TEMPLATE_PLAIN, /* as it is */
	TEMPLATE_URL, /* percent-encoded, '/' kept */
	TEMPLATE_JSON, /* escaped for the inside of a JSON string */
};

/* Sets or replaces; both strings are copied. -1 when out of memory. */
MUST_CHECK int variable_set(struct variables *v, const char *name, const char *value);
const char *variable_get(const struct variables *v, const char *name);

/*
 * Expands `text` into `out`. Besides variables: {{prefix}}, {{fill N}} (N letters x), {{id N}} (the
 * prefix filled up to N characters), {{user NAME}} (its address), {{now}}, {{now +2h}},
 * {{now -5m}}. -1 with a message for anything else.
 */
MUST_CHECK int template_expand(const struct variables *v, enum template_mode mode, const char *text,
	struct buf *out, struct err *e);

/* Calls use(arg, word) for each {{word}}; stops at and returns the first non-zero answer. */
int template_each(const char *text, int (*use)(void *arg, const char *word), void *arg);

/* True for the words that need no variable. */
bool template_builtin(const char *word);
