/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/text.h"
#include "liblakebase/document/compare.h"
#include "liblakebase/text.h"

#include <stdio.h>
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

/* "90", "1.5": thousandths of it. */
static bool read_number(const char **p, int64_t *thousandths)
{
	size_t n = strspn(*p, "0123456789");
	int64_t whole, part = 0, weight = 100;
	char digits[16];

	if (!n || n >= 12)
		return false;
	memcpy(digits, *p, n);
	digits[n] = '\0';
	if (!parse_integer(digits, 0, INT64_MAX, &whole))
		return false;
	*p += n;
	if (**p == '.')
		for ((*p)++; **p >= '0' && **p <= '9'; (*p)++, weight /= 10)
			part += (**p - '0') * weight;
	*thousandths = whole * 1000 + part;
	return true;
}

int64_t parse_time(const char *text)
{
	static const struct {
		const char *names;
		int64_t ms;
	} units[] = { { " ms msec millisecond milliseconds ", 1 }, { " s sec secs second seconds ", 1000 },
		{ " m min mins minute minutes ", 60000 }, { " h hr hrs hour hours ", 3600000 },
		{ " d day days ", 86400000 }, { " w week weeks ", 604800000 } };
	static const int64_t most = INT64_C(100) * 366 * 86400000;
	int64_t sum = 0, number;
	const char *p = text;

	do {
		int64_t unit = 0;
		char name[16];
		size_t n;

		if (!read_number(&p, &number))
			return -1;
		p += strspn(p, " ");
		n = strspn(p, "abcdefghijklmnopqrstuvwxyz");
		snprintf(name, sizeof(name), " %.*s ", (int)(n < 13 ? n : 13), p);
		for (size_t i = 0; n && i < ARRAY_SIZE(units); i++)
			if (strstr(units[i].names, name))
				unit = units[i].ms;
		if (!n && p != text + strlen(text))
			return -1;
		/* plain seconds stand alone: "90", but not "1h30" */
		if (!n && !sum)
			unit = 1000;
		if (!unit || number > most / unit * 1000)
			return -1;
		sum += number * unit / 1000;
		p += n;
		p += strspn(p, " ");
	} while (*p && sum <= most);
	return sum <= most ? sum : -1;
}

void write_time(char *out, size_t size, int64_t ms)
{
	if (ms % 1000)
		snprintf(out, size, "%lld.%03llds", (long long)ms / 1000, (long long)ms % 1000);
	else
		snprintf(out, size, "%llds", (long long)ms / 1000);
}

bool parse_instant(const char *text)
{
	double seconds;

	return lb_instant(text, &seconds);
}

bool parse_status(const char *text)
{
	if (text[0] < '1' || text[0] > '5' || strlen(text) != 3)
		return false;
	return strcmp(text + 1, "xx") == 0 || strspn(text + 1, "0123456789") == 2;
}

/* ---- for a terminal ---- */

void tame(char *text)
{
	lb_tame(text);
}

/* What one character occupies: 0 (combining), 1 or 2 (East Asian wide, emoji). */
static int width_at(const unsigned char *p, size_t *bytes)
{
	static const struct {
		uint32_t from, to;
		int width;
	} ranges[] = { { 0x300, 0x36f, 0 }, { 0x200b, 0x200d, 0 }, { 0xfe00, 0xfe0f, 0 },
		{ 0x1100, 0x115f, 2 },
		{ 0x2e80, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 }, { 0xf900, 0xfaff, 2 }, { 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1faff, 2 },
		{ 0x20000, 0x3fffd, 2 } };
	uint32_t c = *p;
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	if (n > 1)
		c &= 0xffu >> (n + 1);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			n = 1;
			break;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	*bytes = n;
	for (size_t i = 0; n > 1 && i < ARRAY_SIZE(ranges); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return ranges[i].width;
	return 1;
}

int width_of(const char *text)
{
	int width = 0;
	size_t n;

	for (const unsigned char *p = (const unsigned char *)text; *p; p += n)
		width += width_at(p, &n);
	return width;
}

void cut_to_width(char *text, int width)
{
	unsigned char *p = (unsigned char *)text, *end = p;
	int used = 0;
	size_t n;

	if (width_of(text) <= width)
		return;
	for (; *p; p += n) {
		int w = width_at(p, &n);

		if (used + w > width - 1)
			break;
		used += w;
		end = p + n;
	}
	/* three bytes for the ellipsis are there: what is cut off was at least two columns wide, or is */
	memcpy(end, strlen((char *)end) >= 3 ? "\xe2\x80\xa6" : "~", strlen((char *)end) >= 3 ? 4 : 2);
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
