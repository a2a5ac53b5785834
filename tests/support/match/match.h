/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares a reply with what a case expects. A pattern is a JSON value in which
 *
 *   "<uuid>" and other holes stand for any value of that kind, also inside a longer text;
 *   "..." as a key, or as the last item of a list, means that more may be there;
 *   "<any order>" as the first item of a list means that the order is free.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/memory/buf.h"
#include "base/when.h"

struct match {
	bool extra_ok;	   /* fields that the pattern does not name are notes, not differences */
	usec now;	   /* for <time now +1h> */
	usec tolerance;	   /* how far a computed time may be off */
	struct buf *diff;  /* a line per difference */
	struct buf *notes; /* a line per field that extra_ok let pass; may be NULL */
};

/*
 * Parses a pattern: JSON in which `...` may stand outside of strings. `line` is that of the first
 * line of the text, for messages "line N: ...". New reference.
 */
MUST_CHECK int pattern_parse(const char *text, int line, json_t **ret, struct err *e);

/* Unknown holes and "..." where nothing can follow. Looks into the whole pattern. */
MUST_CHECK int pattern_check(const json_t *pattern, struct err *e);

/* True when `actual` is as the pattern says; otherwise the differences are appended to m->diff. */
bool match_json(const struct match *m, const json_t *pattern, const json_t *actual);

/* One text with holes. */
bool match_text(const char *pattern, const char *s);
