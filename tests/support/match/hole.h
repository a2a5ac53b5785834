/* SPDX-License-Identifier: Apache-2.0 */
/* The holes of patterns: what "<uuid>" and its like stand for. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "support/match/match.h"

#define HOLE_NOT "<not "

struct hole {
	const char *name, *doc;
	bool (*text)(const char *s, size_t len); /* inside a text; NULL: only as a whole value */
	bool (*value)(const json_t *v); /* as a whole value; NULL: a string that text() takes */
};

extern const struct hole holes[]; /* ends with a row without a name */

/* The hole at the start of `s`, with *len its length; NULL when `s` starts with none. */
const struct hole *hole_at(const char *s, size_t *len);

/* Like "<word>" but no hole: a mistake. */
bool hole_misspelt(const char *s);

bool hole_takes(const struct hole *h, const json_t *v);

/*
 * "<time BASE +SPAN>" as a whole value, BASE `now` or an instant. 0: not written like that;
 * 1 with *ret; -1: written like that, but badly.
 */
int hole_instant(const char *pattern, usec now, usec *ret);
