/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Do the waits of a client grow? Clients scatter their waits, so neighbours tell nothing: all of
 * them are fitted at once, by maximum likelihood.
 *
 * A growing schedule is b * m(k) before the k-th retry, with m(k) = r^min(k, c), r of 1.5, 2 or 3, or
 * m(k) = min(k, c) + 1: growth up to a cap. A wait is drawn evenly from (1 - j) to 1 of it. A flat
 * schedule is the same with m = 1. What is reported is the logarithm of how much better the best
 * growing one explains the waits, in two readings:
 *
 *   full jitter   j = 1 for both; the longest wait is shortened to the second longest, so that one
 *                 hiccup makes no growth
 *   own jitter    j as small as the waits allow, not below 5 %; the longest wait is left out
 *
 * The limits are quantiles of flat schedules, simulated: see tests/lab/grade/test_schedule.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A wait that was seen. (<stdlib.h> of macOS has a union named wait.) */
struct pause {
	unsigned nth; /* 0: before the first retry */
	double s;
};

enum trend {
	TREND_UNCLEAR, /* too few waits to tell growth from jitter */
	TREND_FLAT,
	TREND_GROWS,
};

struct schedule {
	enum trend trend;
	double first;  /* the longest wait that the fitted schedule knows before the first retry */
	double growth; /* of the fitted schedule, each wait by the one before it; 0: by steps */
};

enum { SCHEDULE_MIN = 4, SCHEDULE_MAX = 512 };

/* Fits n waits, SCHEDULE_MIN to SCHEDULE_MAX, of one call or of several alike. */
struct schedule schedule_fit(const struct pause *w, size_t n);
