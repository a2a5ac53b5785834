/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Instants and spans of time as the API writes them. Both are counted in microseconds, instants
 * since 1970-01-01T00:00:00Z.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/memory/arena.h"

typedef int64_t usec; /* an instant or a span, in microseconds */

#define USEC_SECOND INT64_C(1000000)
#define USEC_NEVER INT64_MAX
/* 9999-12-31T23:59:59Z: the last instant that RFC 3339 can write. */
#define USEC_LAST (INT64_C(253402300799) * USEC_SECOND)

enum { WHEN_SIZE = 40 };

/* RFC 3339 in UTC, with as many of 0, 3 or 6 fractional digits as the value needs. What is later
 * than USEC_LAST is written as that. */
char *when_format(usec t, char out[static WHEN_SIZE]);

/* RFC 3339 with any offset and up to nine fractional digits, years 1 to 9999. T and Z in upper case
 * only: some clients cannot read others. */
MUST_CHECK bool when_parse(const char *s, usec *ret);

/* Days of that month, 28 to 31. */
int when_month_days(int year, int month);

/* The day in UTC that holds `t`: a date, its number since 1970-01-01 (a Thursday) and its start. */
struct day {
	int year, month, day; /* month and day from 1 */
	int64_t number;
	usec start;
};
void when_day(usec t, struct day *ret);

/* Protobuf JSON: seconds with up to nine fractional digits and "s": "604800s", "0.5s". */
char *span_format(usec d, char out[static WHEN_SIZE]);
MUST_CHECK bool span_parse_proto(const char *s, usec *ret);

/* The lab's durations: 300ms, 5s, 2m, 26h, 7d, also us; and the protobuf form. Never negative. */
MUST_CHECK bool span_parse(const char *s, usec *ret);

/* The only doors to real time in the server: since 1970, and since an arbitrary start. */
usec wall_now(void);
usec monotonic_now(void);
