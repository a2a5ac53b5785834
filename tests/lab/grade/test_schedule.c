/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules of waits as clients keep them, a thousand seeds of each. */
#include <math.h>

#include "base/macros.h"
#include "lab/grade/schedule.h"
#include "support/run.h"

enum { SEEDS = 1000 };

static unsigned long long state;

/* Evenly from 0 to 1 (xorshift64*). */
static double even(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return ((double)(state * 0x2545f4914f6cdd1dULL >> 11) + 0.5) * 0x1p-53;
}

static double doubled(unsigned k)
{
	return pow(2, k);
}

static double doubled_to_32(unsigned k)
{
	return fmin(32, pow(2, k));
}

static double doubled_to_4(unsigned k)
{
	return fmin(4, pow(2, k));
}

static double full_jitter(unsigned k)
{
	return even() * doubled(k);
}

static double full_jitter_to_32(unsigned k)
{
	return even() * doubled_to_32(k);
}

static double full_jitter_to_8(unsigned k)
{
	return even() * fmin(8, doubled(k));
}

static double equal_jitter(unsigned k)
{
	return (0.5 + even() / 2) * doubled(k);
}

static double linear(unsigned k)
{
	return fmin(10, k + 1) + 0.05 + 0.7 * even();
}

static double flat(unsigned k)
{
	(void)k;
	return 1.5;
}

static double flat_and_scattered(unsigned k)
{
	(void)k;
	return 1 + even();
}

static double flat_by_ten_percent(unsigned k)
{
	(void)k;
	return 0.9 + 0.2 * even();
}

static double flat_full_jitter(unsigned k)
{
	(void)k;
	return 3 * even();
}

static double zero(unsigned k)
{
	(void)k;
	return 0;
}

/* A client that shuts up for a minute after it has hammered. */
static double one_long(unsigned k)
{
	return k == 7 ? 60 : 1;
}

/* Three tries, three times: one loop around another. */
static double sawtooth(unsigned k)
{
	return pow(2, k % 3);
}

static double falling(unsigned k)
{
	return pow(0.5, k);
}

static const struct {
	const char *name;
	double (*wait)(unsigned k);
	unsigned calls, waits;
	int least, most; /* of a thousand seeds that are said to grow */
	int most_flat;	 /* ... that are said not to */
} kinds[] = {
	{"doubled", doubled, 1, 4, 1000, 1000, 0},
	{"doubled", doubled, 1, 5, 1000, 1000, 0},
	{"doubled", doubled, 1, 40, 1000, 1000, 0},
	{"doubled up to 32", doubled_to_32, 1, 12, 1000, 1000, 0},
	{"doubled up to 4", doubled_to_4, 1, 60, 1000, 1000, 0},
	{"full jitter", full_jitter, 1, 8, 950, 1000, 0},
	{"full jitter", full_jitter, 1, 12, 990, 1000, 0},
	{"full jitter up to 32", full_jitter_to_32, 1, 10, 950, 1000, 0},
	{"full jitter, three calls", full_jitter, 3, 5, 950, 1000, 0},
	{"full jitter up to 8, eight calls", full_jitter_to_8, 8, 5, 950, 1000, 0},
	{"equal jitter", equal_jitter, 1, 8, 990, 1000, 0},
	{"linear", linear, 1, 10, 990, 1000, 0},
	{"flat", flat, 1, 4, 0, 0, 1000},
	{"flat", flat, 1, 60, 0, 0, 1000},
	{"flat, scattered", flat_and_scattered, 1, 5, 0, 10, 1000},
	{"flat, scattered", flat_and_scattered, 1, 60, 0, 10, 1000},
	{"flat by ten percent", flat_by_ten_percent, 1, 8, 0, 10, 1000},
	{"flat, full jitter", flat_full_jitter, 1, 4, 0, 10, 1000},
	{"flat, full jitter", flat_full_jitter, 1, 5, 0, 10, 1000},
	{"flat, full jitter", flat_full_jitter, 1, 8, 0, 10, 1000},
	{"flat, full jitter", flat_full_jitter, 1, 12, 0, 10, 1000},
	{"flat, full jitter", flat_full_jitter, 1, 60, 0, 10, 1000},
	{"flat, full jitter, eight calls", flat_full_jitter, 8, 5, 0, 10, 1000},
	{"zero", zero, 1, 5, 0, 0, 1000},
	{"zero", zero, 1, 60, 0, 0, 1000},
	{"one long wait", one_long, 1, 8, 0, 0, 1000},
	{"sawtooth", sawtooth, 1, 9, 0, 0, 1000},
	{"falling", falling, 1, 8, 0, 0, 1000},
};

static enum trend simulate(size_t kind)
{
	struct pause w[SCHEDULE_MAX];
	size_t n = 0;

	for (unsigned c = 0; c < kinds[kind].calls; c++)
		for (unsigned k = 0; k < kinds[kind].waits; k++)
			w[n++] = (struct pause){k, kinds[kind].wait(k)};
	return schedule_fit(w, n).trend;
}

START_TEST(growth_is_told_from_jitter)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		int seen[3] = {0};

		for (int seed = 1; seed <= SEEDS; seed++) {
			state = (unsigned long long)seed * 0x9e3779b97f4a7c15ULL;
			seen[simulate(i)]++;
		}
		ck_assert_msg(seen[TREND_GROWS] >= kinds[i].least &&
				      seen[TREND_GROWS] <= kinds[i].most &&
				      seen[TREND_FLAT] <= kinds[i].most_flat,
			"%s, %u calls of %u waits: %d grow, %d do not, of %d", kinds[i].name,
			kinds[i].calls, kinds[i].waits, seen[TREND_GROWS], seen[TREND_FLAT], SEEDS);
	}
}
END_TEST

START_TEST(the_schedule_is_named)
{
	static const struct pause w[] = {{0, 0.2}, {1, 0.4}, {2, 0.8}, {3, 1.6}, {4, 3.2}};
	struct schedule s = schedule_fit(w, ARRAY_SIZE(w));

	ck_assert_int_eq(s.trend, TREND_GROWS);
	ck_assert_double_eq_tol(s.first, 0.2, 1e-9);
	ck_assert_double_eq_tol(s.growth, 2, 1e-9);
}
END_TEST

int main(void)
{
	return RUN_TESTS("lab-schedule", growth_is_told_from_jitter, the_schedule_is_named);
}
