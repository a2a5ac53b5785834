/* SPDX-License-Identifier: Apache-2.0 */
#include "core/context/clock.h"

#include "base/text.h"

static const double max_factor = 1e6;

static usec scaled(const struct clock *c, usec elapsed)
{
	double ahead = (double)elapsed * c->factor;

	return ahead < (double)(USEC_LAST - c->now) ? c->now + (usec)ahead : USEC_LAST;
}

usec clock_at(const struct clock *c, usec wall)
{
	/* the machine's clock may have been set back */
	usec elapsed = wall > c->wall ? wall - c->wall : 0;

	switch (c->mode) {
	case CLOCK_REAL:
		return wall > c->now ? wall : c->now;
	case CLOCK_MANUAL:
		return c->now;
	case CLOCK_SCALED:
		return scaled(c, elapsed);
	}
	return c->now;
}

const char *clock_mode_name(enum clock_mode m)
{
	static const char *const names[] = {
		[CLOCK_REAL] = "real",
		[CLOCK_MANUAL] = "manual",
		[CLOCK_SCALED] = "scaled",
	};

	return names[m];
}

int clock_parse(const char *text, usec wall, struct clock *ret, struct err *e)
{
	struct clock c = { .factor = 1, .wall = wall, .now = wall };
	const char *rest;

	if (streq(text, "real")) {
		c.mode = CLOCK_REAL;
	} else if (streq(text, "manual")) {
		c.mode = CLOCK_MANUAL;
	} else if (text_starts(text, "manual:", &rest)) {
		c.mode = CLOCK_MANUAL;
		if (!when_parse(rest, &c.now))
			return err_set(e, ERR_INVALID,
				"'%s' is not a time; write manual:2026-01-31T12:00:00Z", rest);
	} else if (text_starts(text, "scaled:", &rest)) {
		c.mode = CLOCK_SCALED;
		if (!text_double(rest, &c.factor) || c.factor <= 0 || c.factor > max_factor)
			return err_set(e, ERR_INVALID,
				"'%s' is not a factor; write a number above 0 and up to 1000000, "
				"as in scaled:60",
				rest);
	} else {
		return err_set(e, ERR_INVALID,
			"unknown clock '%s'; write real, manual, manual:TIME or scaled:FACTOR",
			text);
	}
	*ret = c;
	return 0;
}
