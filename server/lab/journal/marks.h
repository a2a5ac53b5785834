/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in the journal something was: a snapshot that is taken when a run is over tells a report
 * which requests belong to that run and which came after it.
 */
#pragma once

#include <stdint.h>

enum { MARKS = 64, MARK_NAME = 64 };

struct marks {
	struct mark_at {
		char name[MARK_NAME];
		uint64_t row; /* the first one after it */
	} * all;	      /* NULL: none yet */
	unsigned num, oldest;
};

/* Sets or moves a mark; the oldest one goes when there are too many. */
void marks_set(struct marks *m, const char *name, uint64_t row);

/* The row of that mark; 0: there is none. */
uint64_t marks_row(const struct marks *m, const char *name);

void marks_done(struct marks *m);
