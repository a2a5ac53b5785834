/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/text.h"

#include <string.h>

bool parse_integer(const char *text, int64_t least, int64_t most, int64_t *ret)
{
	int64_t v = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || v > (INT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (*text - '0');
	}
	*ret = v;
	return v >= least && v <= most;
}

int64_t parse_time(const char *text)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
		{ "", 1000 } };
	size_t n = strspn(text, "0123456789");
	char number[16];
	int64_t v;

	if (!n || n >= sizeof(number))
		return -1;
	memcpy(number, text, n);
	number[n] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strcmp(text + n, units[i].unit) == 0)
			return parse_integer(number, 0, INT64_MAX / 86400000, &v) ? v * units[i].ms : -1;
	return -1;
}

/* Levenshtein with two rows; words here are short. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], n = strlen(b), diagonal, above;

	if (n >= ARRAY_SIZE(row))
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 1; j <= n; j++) {
			size_t best = diagonal + (a[i] != b[j - 1]);

			above = row[j];
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = above;
			row[j] = best;
		}
	}
	return row[n];
}

const char *nearest(const char *word, const char *const *names, size_t n)
{
	size_t least = strlen(word) / 3 + 2;
	const char *best = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = names[i] ? distance(word, names[i]) : SIZE_MAX;

		if (names[i] && word[0] && word[1] && strncmp(names[i], word, strlen(word)) == 0)
			return names[i]; /* it is only cut short */

		if (d < least) {
			least = d;
			best = names[i];
		}
	}
	return best;
}
