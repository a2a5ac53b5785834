/* SPDX-License-Identifier: Apache-2.0 */
/* A workspace's clock: a function of real time. It never goes back. */
#pragma once

#include "base/err.h"
#include "base/when.h"

enum clock_mode {
	CLOCK_REAL,   /* shows wall time */
	CLOCK_MANUAL, /* stands until it is turned */
	CLOCK_SCALED, /* runs `factor` times as fast as wall time */
};

struct clock {
	enum clock_mode mode;
	double factor;
	usec wall; /* at this wall time ... */
	usec now;  /* ... it showed this */
};

/* What the clock shows at wall time `wall`. */
usec clock_at(const struct clock *c, usec wall);

/* "real", "manual", "scaled". */
const char *clock_mode_name(enum clock_mode m);

/* Reads "real", "manual", "manual:TIME", "scaled:K". A clock without a time starts at `wall`. */
MUST_CHECK int clock_parse(const char *text, usec wall, struct clock *ret, struct err *e);
