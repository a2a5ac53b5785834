/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool text_starts(const char *s, const char *prefix, const char **rest)
{
	size_t n = strlen(prefix);

	if (strncmp(s, prefix, n) != 0)
		return false;
	if (rest)
		*rest = s + n;
	return true;
}

bool text_int(const char *s, int64_t min, int64_t max, int64_t *ret)
{
	char *end;
	long long v;

	if (!isdigit((unsigned char)s[0]) && !(s[0] == '-' && isdigit((unsigned char)s[1])))
		return false;
	errno = 0;
	v = strtoll(s, &end, 10); /* allowed: this is the one strict reader of integers */
	if (errno || *end || v < min || v > max)
		return false;
	*ret = v;
	return true;
}

bool text_double(const char *s, double *ret)
{
	char *end;
	double v;

	if (!s[0] || s[strspn(s, "0123456789.eE+-")])
		return false;
	errno = 0;
	v = strtod(s, &end); /* allowed: this is the one strict reader of numbers */
	if (end == s || *end || !isfinite(v))
		return false;
	*ret = v;
	return true;
}

bool text_bool(const char *s, bool *ret)
{
	*ret = streq(s, "1") || streq(s, "true");
	return *ret || streq(s, "0") || streq(s, "false");
}

int text_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_unescape(const char *s, size_t len, bool plus_is_space, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '%') {
			int hi;

			if (len - i < 3)
				return false;
			hi = text_hex(s[i + 1]);
			if (hi < 0 || text_hex(s[i + 2]) < 0)
				return false;
			out[n] = (char)(hi << 4 | text_hex(s[i + 2]));
			if (!out[n++])
				return false;
			i += 2;
		} else {
			out[n++] = s[i] == '+' && plus_is_space ? ' ' : s[i];
		}
	}
	out[n] = '\0';
	return text_utf8_ok(out, n);
}

size_t text_utf8_sequence(const char *text, size_t left)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3
										       : 4;

	if (!s[0] || !n || n > left || s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
		(s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

bool text_ascii(const char *s, size_t len)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t w, all = 0;

	for (; len >= sizeof w; s += sizeof w, len -= sizeof w) {
		memcpy(&w, s, sizeof w);
		all |= w;
	}
	for (; len; s++, len--)
		all |= (unsigned char)*s;
	return !(all & high);
}

bool text_utf8_ok(const char *s, size_t len)
{
	while (len) {
		size_t n = text_utf8_sequence(s, len);

		if (!n)
			return false;
		s += n;
		len -= n;
	}
	return true;
}

size_t text_utf8_fit(const char *s, size_t len)
{
	size_t lead = len, need;
	unsigned char c;

	while (lead && len - lead < 3 && ((unsigned char)s[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (!lead)
		return len;
	c = (unsigned char)s[--lead];
	need = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	return lead + need > len ? lead : len;
}

size_t text_append(char *out, size_t size, size_t at, const char *s, size_t len)
{
	size_t room = size - 1 - at;

	len = text_utf8_fit(s, len < room ? len : room);
	memcpy(out + at, s, len);
	out[at + len] = '\0';
	return at + len;
}

size_t text_append_item(char *out, size_t size, size_t at, const char *s, size_t len)
{
	at = text_append(out, size, at, ", ", at ? 2 : 0);
	return text_append(out, size, at, s, len);
}

enum { NEAREST_MAX = 64 };

/* Levenshtein distance, case-insensitive; names over NEAREST_MAX are far from everything. */
static size_t distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), row[NEAREST_MAX + 1];

	if (la > NEAREST_MAX || lb > NEAREST_MAX)
		return NEAREST_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t cost = tolower((unsigned char)a[i - 1]) !=
				      tolower((unsigned char)b[j - 1]);
			size_t best = diagonal + cost;

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[lb];
}

const char *text_nearest(const char *s, const char *const *names)
{
	const char *best = NULL;
	size_t least = 2 + strlen(s) / 3; /* one slip in a short word, more in a long one */

	for (; *names; names++) {
		/* a name cut short is nearer than one misspelt */
		bool cut = strlen(s) >= 3 && text_starts(*names, s, NULL);
		size_t d = cut ? 1 : distance(s, *names);

		if (d < least || (cut && d == least && strlen(*names) < strlen(best))) {
			least = d;
			best = *names;
		}
	}
	return best;
}

/* Finalizer of splitmix64: every input bit flips each output bit with probability one half. */
static uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

uint64_t text_prf(uint64_t seed, const char *what, uint64_t a, uint64_t b)
{
	uint64_t h = mix(seed + 0x9e3779b97f4a7c15u);

	for (; *what; what++)
		h = mix(h ^ (unsigned char)*what);
	return mix(mix(h ^ a) + 0x9e3779b97f4a7c15u * (b + 1));
}
