/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the reader of .http files. */
#pragma once

#include "base/memory/buf.h"
#include "support/scenario/scenario.h"

struct reader {
	struct suite *suite;
	const char *file;
	char **lines;
	int num, at; /* lines[at] comes next; its number is at + 1 */
	struct scenario defaults; /* of the file's head */
	struct scenario *now; /* the case that is being read */
	struct buf note; /* comment waiting for its step */
	struct err *e;
};

/* Sets the reader's error to "file:line: message"; returns -1. */
PRINTF(3, 4) int reader_fail(struct reader *r, int line, const char *fmt, ...);

/* The line that comes next; NULL at the end. */
const char *reader_line(const struct reader *r);
bool line_blank(const char *s);

/* A copy without blanks at both ends, in the suite's arena. */
char *reader_dup(struct reader *r, const char *s, size_t len);

/* Takes what a buf holds into the arena; NULL when it is empty. */
const char *reader_take(struct reader *r, struct buf *b);

/* "Name: value" at the start of a line; false for anything else. */
bool reader_pair(struct reader *r, const char *line, struct pair *ret);

/* Reads the `#` lines at the head of `s`; what is no keyword is prose. */
int reader_head(struct reader *r, struct scenario *s);
