/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
static int64_t days_from_civil(int64_t y, int m, int d)
{
	int64_t era, year_of_era, day_of_year;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	year_of_era = y - era * 400;
	day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static void civil_from_days(int64_t z, int64_t *y, int *m, int *d)
{
	int64_t era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = yoe + era * 400 + (*m <= 2);
}

static int fraction(int64_t us, char *out, size_t size)
{
	if (us == 0)
		return 0;
	return us % 1000 == 0 ? snprintf(out, size, ".%03d", (int)(us / 1000))
			      : snprintf(out, size, ".%06d", (int)us);
}

/* `v` in just n digits, and what follows them. Years are of four digits, see USEC_LAST. */
static void put_digits(char *out, int v, int n, char behind)
{
	out[n] = behind;
	while (n > 0) {
		out[--n] = (char)('0' + v % 10);
		v /= 10;
	}
}

char *when_format(usec t, char out[static WHEN_SIZE])
{
	int64_t seconds, us, days, y;
	char frac[8] = "";
	int m, d, s;

	if (t >= USEC_LAST + USEC_SECOND)
		t = USEC_LAST;
	seconds = t / USEC_SECOND;
	us = t % USEC_SECOND;

	if (us < 0) {
		us += USEC_SECOND;
		seconds--;
	}
	days = seconds / 86400;
	s = (int)(seconds % 86400);
	if (s < 0) {
		s += 86400;
		days--;
	}
	civil_from_days(days, &y, &m, &d);
	fraction(us, frac, sizeof frac);
	put_digits(out, y < 0 ? 0 : (int)y, 4, '-');
	put_digits(out + 5, m, 2, '-');
	put_digits(out + 8, d, 2, 'T');
	put_digits(out + 11, s / 3600, 2, ':');
	put_digits(out + 14, s / 60 % 60, 2, ':');
	put_digits(out + 17, s % 60, 2, '\0');
	memcpy(out + 19, frac, strlen(frac));
	memcpy(out + 19 + strlen(frac), "Z", 2);
	return out;
}

/* Exactly n digits at *s, which moves behind them. */
static bool digits(const char **s, int n, int *ret)
{
	*ret = 0;
	for (; n > 0; n--, (*s)++) {
		if (!isdigit((unsigned char)**s))
			return false;
		*ret = *ret * 10 + (**s - '0');
	}
	return true;
}

/* An optional ".ddd" of up to nine digits, cut to microseconds. */
static bool read_fraction(const char **s, int64_t *us)
{
	int64_t unit = USEC_SECOND;
	int n = 0;

	*us = 0;
	if (**s != '.')
		return true;
	for ((*s)++; isdigit((unsigned char)**s); (*s)++, n++) {
		unit /= 10;
		*us += unit * (**s - '0');
	}
	return n >= 1 && n <= 9;
}

static bool read_offset(const char **s, int64_t *seconds)
{
	int sign, h, m;

	*seconds = 0;
	if (**s == 'Z') {
		(*s)++;
		return true;
	}
	if (**s != '+' && **s != '-')
		return false;
	sign = *(*s)++ == '-' ? -1 : 1;
	if (!digits(s, 2, &h) || *(*s)++ != ':' || !digits(s, 2, &m) || h > 23 || m > 59)
		return false;
	*seconds = sign * (h * 3600 + m * 60);
	return true;
}

int when_month_days(int year, int month)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return length[month - 1] + (month == 2 && leap);
}

static bool date_ok(int y, int m, int d)
{
	return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= when_month_days(y, m);
}

void when_day(usec t, struct day *ret)
{
	const usec day = 86400 * USEC_SECOND;
	int64_t year;

	ret->number = t / day - (t % day < 0);
	ret->start = ret->number * day;
	civil_from_days(ret->number, &year, &ret->month, &ret->day);
	ret->year = (int)year;
}

bool when_parse(const char *s, usec *ret)
{
	int y, mo, d, h, mi, sec;
	int64_t us, offset;

	if (!digits(&s, 4, &y) || *s++ != '-' || !digits(&s, 2, &mo) || *s++ != '-' ||
		!digits(&s, 2, &d) || *s != 'T')
		return false;
	s++;
	if (!digits(&s, 2, &h) || *s++ != ':' || !digits(&s, 2, &mi) || *s++ != ':' ||
		!digits(&s, 2, &sec) || !read_fraction(&s, &us) || !read_offset(&s, &offset))
		return false;
	if (*s || !date_ok(y, mo, d) || h > 23 || mi > 59 || sec > 59)
		return false;
	*ret = (days_from_civil(y, mo, d) * 86400 + h * 3600 + mi * 60 + sec - offset) *
		       USEC_SECOND +
	       us;
	return true;
}

char *span_format(usec d, char out[static WHEN_SIZE])
{
	char frac[8] = "";
	int64_t abs = d < 0 ? -d : d;

	fraction(abs % USEC_SECOND, frac, sizeof frac);
	snprintf(out, WHEN_SIZE, "%s%lld%ss", d < 0 ? "-" : "", (long long)(abs / USEC_SECOND), frac);
	return out;
}

/* Digits, an optional fraction, in units of `unit` microseconds; *s moves behind them. */
static bool amount(const char **s, usec *us_whole, usec *us_fraction)
{
	int n = 0;

	*us_whole = 0;
	for (; isdigit((unsigned char)**s); (*s)++, n++) {
		if (n == 12)
			return false;
		*us_whole = *us_whole * 10 + (**s - '0');
	}
	return n > 0 && read_fraction(s, us_fraction);
}

bool span_parse_proto(const char *s, usec *ret)
{
	/* protobuf's own limit: ten thousand years */
	const usec limit = INT64_C(315576000000);
	bool negative = *s == '-';
	usec whole, frac;

	s += negative;
	if (!amount(&s, &whole, &frac) || strcmp(s, "s") != 0 || whole > limit)
		return false;
	*ret = (whole * USEC_SECOND + frac) * (negative ? -1 : 1);
	return true;
}

bool span_parse(const char *s, usec *ret)
{
	static const struct {
		const char *suffix;
		usec unit;
	} units[] = {
		{ "us", 1 },
		{ "ms", 1000 },
		{ "s", USEC_SECOND },
		{ "m", 60 * USEC_SECOND },
		{ "h", 3600 * USEC_SECOND },
		{ "d", 86400 * USEC_SECOND },
	};
	usec whole, frac;

	if (!amount(&s, &whole, &frac))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(s, units[i].suffix) != 0)
			continue;
		if (whole > INT64_C(315576000000) * USEC_SECOND / units[i].unit)
			return false;
		*ret = whole * units[i].unit + frac * units[i].unit / USEC_SECOND;
		return true;
	}
	return false;
}

static usec read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * USEC_SECOND + ts.tv_nsec / 1000;
}

usec wall_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

usec monotonic_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}
