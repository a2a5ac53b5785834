/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns in a time that grows with the text and not with the pattern: what stands between two
 * stars is looked for at the first place where it fits, by following all its prefixes at once, a
 * bit for each. Trying again from every place would take pattern times text, which clients choose.
 */
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum { WORDS = GLOB_MAX / 64 };

static bool fits(const char *piece, size_t len, const char *s)
{
	for (size_t i = 0; i < len; i++)
		if (piece[i] != '?' && piece[i] != s[i])
			return false;
	return true;
}

/* For each byte, where in the piece it may stand; bytes that are not in it share set 0. */
struct sets {
	uint8_t of[256];
	uint64_t bits[GLOB_MAX + 1][WORDS];
};

static void fill_sets(struct sets *k, const char *piece, size_t len)
{
	int num = 1;

	memset(k->of, 0, sizeof k->of);
	memset(k->bits[0], 0, sizeof k->bits[0]);
	for (size_t i = 0; i < len; i++)
		if (piece[i] == '?')
			k->bits[0][i / 64] |= UINT64_C(1) << i % 64;
	for (size_t i = 0; i < len; i++) {
		uint8_t *set = &k->of[(unsigned char)piece[i]];

		if (piece[i] == '?')
			continue;
		if (!*set) {
			*set = (uint8_t)num++;
			memcpy(k->bits[*set], k->bits[0], sizeof k->bits[0]);
		}
		k->bits[*set][i / 64] |= UINT64_C(1) << i % 64;
	}
}

/* The end of the first place in s[0..left) where the piece fits, or NULL. */
static const char *find(const char *piece, size_t len, const char *s, size_t left)
{
	const size_t words = (len + 63) / 64, last = len - 1;
	uint64_t now[WORDS] = { 0 };
	struct sets sets;

	fill_sets(&sets, piece, len);
	for (const char *end = s + left; s < end; s++) {
		const uint64_t *bits = sets.bits[sets.of[(unsigned char)*s]];
		uint64_t carry = 1;

		for (size_t w = 0; w < words; w++) {
			uint64_t next = now[w] >> 63;

			now[w] = (now[w] << 1 | carry) & bits[w];
			carry = next;
		}
		if (now[last / 64] >> last % 64 & 1)
			return s + 1;
	}
	return NULL;
}

bool text_glob(const char *pattern, const char *s)
{
	size_t len = strcspn(pattern, "*"), left = strlen(s), all = strlen(pattern);

	if (all > GLOB_MAX)
		return false;
	if (len > left || !fits(pattern, len, s))
		return false;
	if (len == all)
		return left == len;
	for (pattern += len, s += len, left -= len; *pattern; pattern += len) {
		const char *end;

		pattern += strspn(pattern, "*");
		len = strcspn(pattern, "*");
		if (!len)
			return true; /* it ends in a star */
		if (!pattern[len])
			return len <= left && fits(pattern, len, s + left - len);
		end = find(pattern, len, s, left);
		if (!end)
			return false;
		left -= (size_t)(end - s);
		s = end;
	}
	return true;
}
