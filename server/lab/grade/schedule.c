/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/grade/schedule.h"

#include <math.h>
#include <string.h>

#include "base/macros.h"

/* Clocks do not tell shorter waits, nor smaller jitter, from nothing. */
#define SHORTEST 0.001
#define LEAST_JITTER 0.05

/* Log likelihood ratios: above is growth, and below both of the lower ones there is none. */
#define GROWS_FULL 4.7
#define GROWS_OWN 8.6
#define FLAT_FULL 0.5
#define FLAT_OWN 1.0

/* With so many waits even those that are widely scattered cannot hide growth. */
enum { ENOUGH = 16, LAST_CAP = 24 };

struct sample {
	struct pause w[SCHEDULE_MAX];
	size_t n;
	unsigned last; /* highest nth */
	double min, max;
};

struct fit {
	double ratio, first, growth;
};

static size_t longest(const struct pause *w, size_t n, size_t but)
{
	size_t at = but == 0 ? 1 : 0;

	for (size_t i = 0; i < n; i++)
		if (i != but && w[i].s > w[at].s)
			at = i;
	return at;
}

static void measure(struct sample *s)
{
	s->min = INFINITY;
	s->max = 0;
	s->last = 0;
	for (size_t i = 0; i < s->n; i++) {
		s->w[i].s = fmax(s->w[i].s, SHORTEST);
		s->min = fmin(s->min, s->w[i].s);
		s->max = fmax(s->max, s->w[i].s);
		s->last = s->w[i].nth > s->last ? s->w[i].nth : s->last;
	}
}

static double step_of(double r, unsigned k)
{
	return r > 0 ? pow(r, k) : k + 1;
}

/* One schedule against the flat one. `own`: with the jitter that the waits show. */
static struct fit try_schedule(const struct sample *s, double r, unsigned cap, bool own)
{
	double n = (double)s->n, low = INFINITY, steps = 0, gain = 0;
	struct fit f = {.growth = r};

	for (size_t i = 0; i < s->n; i++) {
		unsigned k = s->w[i].nth < cap ? s->w[i].nth : cap;
		double m = step_of(r, k), unit = s->w[i].s / m;

		steps += log(m);
		f.first = fmax(f.first, unit);
		low = fmin(low, unit);
	}
	if (own)
		gain = n * log(fmax(LEAST_JITTER, 1 - s->min / s->max) /
			       fmax(LEAST_JITTER, 1 - low / f.first));
	f.ratio = gain + n * log(s->max / f.first) - steps;
	return f;
}

static struct fit best(const struct sample *s, bool own)
{
	static const double rates[] = {1.5, 2, 3, 0};
	struct fit found = {.ratio = -INFINITY};

	for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
		for (unsigned cap = 2; cap <= (s->last < LAST_CAP ? s->last : LAST_CAP); cap++) {
			struct fit f = try_schedule(s, rates[i], cap, own);

			if (f.ratio > found.ratio)
				found = f;
		}
	}
	return found;
}

struct schedule schedule_fit(const struct pause *w, size_t n)
{
	size_t top = longest(w, n, n), second = longest(w, n, top);
	struct sample s = {.n = n};
	struct fit full, own, *f;
	bool narrow;

	memcpy(s.w, w, n * sizeof *w);
	s.w[top].s = w[second].s;
	measure(&s);
	full = best(&s, false);
	s.w[top] = s.w[--s.n];
	measure(&s);
	own = best(&s, true);
	narrow = s.max < 2 * s.min;
	f = own.ratio > GROWS_OWN ? &own : &full;
	return (struct schedule){
		.trend = full.ratio > GROWS_FULL || own.ratio > GROWS_OWN ? TREND_GROWS
			 : full.ratio < FLAT_FULL && own.ratio < FLAT_OWN && (narrow || n >= ENOUGH)
				 ? TREND_FLAT
				 : TREND_UNCLEAR,
		.first = f->first,
		.growth = f->growth};
}
