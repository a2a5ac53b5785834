/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "core/context/clock.h"
#include "support/run.h"

static const usec noon = INT64_C(1800000000) * USEC_SECOND;

static struct clock parsed(const char *text)
{
	struct clock c;
	struct err e;

	ck_assert_msg(!clock_parse(text, noon, &c, &e), "%s: %s", text, e.message);
	return c;
}

START_TEST(a_real_clock_shows_wall_time)
{
	struct clock c = parsed("real");

	ck_assert_int_eq(clock_at(&c, noon + 5), noon + 5);
	ck_assert_str_eq(clock_mode_name(c.mode), "real");
}
END_TEST

START_TEST(a_manual_clock_stands)
{
	struct clock c = parsed("manual");

	ck_assert_int_eq(clock_at(&c, noon + 1000 * USEC_SECOND), noon);
	c = parsed("manual:1970-01-01T00:00:07Z");
	ck_assert_int_eq(clock_at(&c, noon), 7 * USEC_SECOND);
	ck_assert_str_eq(clock_mode_name(c.mode), "manual");
}
END_TEST

START_TEST(a_scaled_clock_runs_faster_or_slower)
{
	struct clock c = parsed("scaled:60");

	ck_assert_int_eq(clock_at(&c, noon), noon);
	ck_assert_int_eq(clock_at(&c, noon + USEC_SECOND), noon + 60 * USEC_SECOND);
	c = parsed("scaled:0.5");
	ck_assert_int_eq(clock_at(&c, noon + USEC_SECOND), noon + USEC_SECOND / 2);
	ck_assert_str_eq(clock_mode_name(c.mode), "scaled");
}
END_TEST

START_TEST(no_clock_goes_back_when_the_machine_does)
{
	static const char *const all[] = { "real", "manual", "scaled:60" };

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct clock c = parsed(all[i]);

		ck_assert_int_eq(clock_at(&c, noon - USEC_SECOND), noon);
		ck_assert_int_eq(clock_at(&c, INT64_MIN), noon);
	}
}
END_TEST

START_TEST(a_clock_set_ahead_stays_there_until_the_world_catches_up)
{
	struct clock c = { CLOCK_REAL, 1, noon, noon + 10 * USEC_SECOND };

	ck_assert_int_eq(clock_at(&c, noon + USEC_SECOND), noon + 10 * USEC_SECOND);
	ck_assert_int_eq(clock_at(&c, noon + 11 * USEC_SECOND), noon + 11 * USEC_SECOND);
}
END_TEST

START_TEST(time_ends_with_the_year_9999)
{
	struct clock c = parsed("scaled:1000000");
	char out[WHEN_SIZE];

	ck_assert_str_eq(when_format(clock_at(&c, INT64_MAX), out), "9999-12-31T23:59:59Z");
	c = (struct clock){ CLOCK_SCALED, 1, 0, 0 };
	ck_assert_int_eq(clock_at(&c, USEC_LAST + 1), USEC_LAST); /* a double does not tell them apart */
}
END_TEST

START_TEST(what_is_not_a_clock_is_refused)
{
	static const char *const bad[] = { "", "Real", "manual:", "manual:noon", "scaled", "scaled:",
		"scaled:0", "scaled:-1", "scaled:nan", "scaled:inf", "scaled:1000001", "scaled:2x",
		"real:1" };
	struct clock c = parsed("manual");
	struct err e;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		ck_assert_msg(clock_parse(bad[i], noon, &c, &e) == -1, "%s", bad[i]);
		ck_assert_int_eq(e.code, ERR_INVALID);
	}
	ck_assert_int_eq(c.mode, CLOCK_MANUAL); /* untouched */
	(void)!clock_parse("sundial", noon, &c, &e);
	ck_assert_str_eq(e.message,
		"unknown clock 'sundial'; write real, manual, manual:TIME or scaled:FACTOR");
}
END_TEST

int main(void)
{
	return RUN_TESTS("clock", a_real_clock_shows_wall_time, a_manual_clock_stands,
		a_scaled_clock_runs_faster_or_slower, no_clock_goes_back_when_the_machine_does,
		a_clock_set_ahead_stays_there_until_the_world_catches_up,
		time_ends_with_the_year_9999, what_is_not_a_clock_is_refused);
}
