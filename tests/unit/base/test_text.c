/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/arena.h"
#include "base/memory/buf.h"
#include "base/memory/pool.h"
#include "base/text.h"
#include "base/when.h"
#include "support/run.h"

START_TEST(integers_are_read_whole_or_not_at_all)
{
	int64_t v;

	ck_assert(text_int("42", 0, 100, &v) && v == 42);
	ck_assert(text_int("-7", -10, 10, &v) && v == -7);
	ck_assert(!text_int("", 0, 9, &v));
	ck_assert(!text_int(" 1", 0, 9, &v));
	ck_assert(!text_int("+1", 0, 9, &v));
	ck_assert(!text_int("1x", 0, 9, &v));
	ck_assert(!text_int("99999999999999999999", 0, INT64_MAX, &v));
}
END_TEST

START_TEST(escapes_are_undone_once_and_must_be_utf8)
{
	char out[32];

	ck_assert(text_unescape("a%2Fb", 5, false, out));
	ck_assert_str_eq(out, "a/b");
	ck_assert(text_unescape("a+b%2B", 6, true, out));
	ck_assert_str_eq(out, "a b+");
	ck_assert(text_unescape("%c3%a9", 6, false, out));
	ck_assert(!text_unescape("%", 1, false, out));
	ck_assert(!text_unescape("%4", 2, false, out));
	ck_assert(!text_unescape("%zz", 3, false, out));
	ck_assert(!text_unescape("%00", 3, false, out));
	ck_assert(!text_unescape("%c3", 3, false, out));
}
END_TEST

START_TEST(a_cut_never_falls_inside_a_character)
{
	char out[6];

	ck_assert_uint_eq(text_utf8_fit("abc", 3), 3);
	ck_assert_uint_eq(text_utf8_fit("", 0), 0);
	ck_assert_uint_eq(text_utf8_fit("a\xc3\xa9", 3), 3);
	ck_assert_uint_eq(text_utf8_fit("a\xc3\xa9", 2), 1);
	ck_assert_uint_eq(text_utf8_fit("\xe2\x82\xac", 2), 0);
	ck_assert_uint_eq(text_utf8_fit("\xf0\x9f\x98\x80", 3), 0);
	ck_assert_uint_eq(text_utf8_fit("\xf0\x9f\x98\x80", 4), 4);
	ck_assert_uint_eq(text_append(out, sizeof out, 0, "abcd", 2), 2);
	ck_assert_str_eq(out, "ab");
	ck_assert_uint_eq(text_append(out, sizeof out, 2, "\xe2\x82\xac.", 4), 5);
	ck_assert_str_eq(out, "ab\xe2\x82\xac");
	ck_assert_uint_eq(text_append(out, sizeof out, 2, "c\xe2\x82\xac", 4), 3);
	ck_assert_str_eq(out, "abc");
}
END_TEST

START_TEST(a_json_string_is_utf8_whatever_it_is_made_of)
{
	struct buf b = { 0 };

	buf_add_json_string(&b, "a\"\\\n\x01\xc3\xa9\xff\xc3" "b\xe2\x82");
	ck_assert_str_eq(b.data, "\"a\\\"\\\\\\n\\u0001\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd"
				 "b\xef\xbf\xbd\xef\xbf\xbd\"");
	buf_done(&b);
}
END_TEST

/* Eight bytes are looked at together: one that must not stand there is seen at every place. */
START_TEST(a_json_string_escapes_at_every_place)
{
	for (size_t len = 1; len < 24; len++) {
		for (size_t at = 0; at < len; at++) {
			char text[32], wanted[40];
			struct buf b = { 0 };

			memset(text, '~', sizeof text);
			text[len] = '\0';
			for (const char *c = "\"\\\t"; *c; c++) {
				text[at] = *c;
				snprintf(wanted, sizeof wanted, "\"%.*s\\%c%s\"", (int)at, text,
					*c == '\t' ? 't' : *c, text + at + 1);
				buf_clear(&b);
				buf_add_json_string(&b, text);
				ck_assert_str_eq(b.data, wanted);
				ck_assert(text_ascii(text, len));
			}
			text[at] = '\x7f';
			buf_clear(&b);
			buf_add_json_string(&b, text);
			ck_assert_uint_eq(b.len, len + 2);
			text[at] = '\x80';
			buf_clear(&b);
			buf_add_json_string(&b, text);
			ck_assert_uint_eq(b.len, len + 4);
			ck_assert(!text_ascii(text, len));
			buf_done(&b);
		}
	}
}
END_TEST

START_TEST(texts_are_joined)
{
	struct arena a = { 0 };

	ck_assert_str_eq(arena_join(&a, "a", "", "bc", "/", "d", NULL), "abc/d");
	ck_assert_str_eq(arena_join(&a, NULL), "");
	arena_done(&a);
}
END_TEST

/* Of what an arena gives, the next piece begins where any type may. */
static size_t rounded(size_t size)
{
	return (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

START_TEST(the_newest_block_of_an_arena_grows_and_shrinks_where_it_is)
{
	struct arena a = { 0 };
	char *p = memcpy(arena_alloc(&a, 20), "first", 6), *next;

	ck_assert_ptr_eq(arena_resize(&a, p, 20, 1000), p);
	next = memcpy(arena_alloc(&a, 10), "next", 5);
	ck_assert_ptr_eq(next, p + rounded(1000));
	p = arena_resize(&a, p, 1000, 2000); /* there is no room any more */
	ck_assert_ptr_ne(p, next - rounded(1000));
	ck_assert_str_eq(p, "first");
	ck_assert_ptr_eq(arena_resize(&a, p, 2000, 6), p);
	ck_assert_ptr_eq(arena_alloc(&a, 1), p + rounded(6));
	p = arena_resize(&a, arena_alloc(&a, 8), 8, 10000000); /* more than any block has left */
	memset(p, 'x', 10000000);
	ck_assert_str_eq(next, "next");
	arena_done(&a);
}
END_TEST

START_TEST(a_text_in_an_arena_keeps_no_more_than_it_needs)
{
	struct arena a = { 0 };
	struct buf b = { .arena = &a };
	char *text;

	ck_assert_ptr_null(buf_text(&b));
	for (int i = 0; i < 2000; i++)
		buf_add(&b, "x", 1);
	text = buf_text(&b);
	ck_assert_uint_eq(strlen(text), 2000);
	ck_assert_ptr_eq(arena_alloc(&a, 1), text + rounded(2001));
	b = (struct buf){ .arena = &a, .failed = true, .data = text };
	ck_assert_ptr_null(buf_text(&b));
	arena_done(&a);
}
END_TEST

START_TEST(a_pool_hands_out_what_was_freed)
{
	enum { MOST = 600 };
	unsigned char *p[MOST];

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < MOST; i++) {
			p[i] = pool_alloc(i);
			ck_assert_ptr_nonnull(p[i]);
			memset(p[i], (int)(i & 0xff), i);
		}
		for (size_t i = 0; i < MOST; i++) {
			for (size_t k = 0; k < i; k++)
				ck_assert_uint_eq(p[i][k], i & 0xff);
			if (i % 3)
				pool_free(p[i]);
			else
				free(p[i]); /* it is a block of malloc() */
		}
	}
	for (size_t i = 1; i < MOST; i++) {
		p[0] = pool_alloc(i);
		memset(p[0], (int)(i & 0xff), i);
		p[0] = pool_realloc(p[0], 2 * i);
		ck_assert_uint_ge(pool_size(p[0]), 2 * i);
		ck_assert_uint_eq(p[0][i - 1], i & 0xff);
		pool_free(p[0]);
	}
	pool_free(NULL);
	pool_free(malloc(1));
	pool_free(malloc(100000));
}
END_TEST

/* What a glob means, at any cost. */
static bool naive_glob(const char *p, const char *s)
{
	if (!*p)
		return !*s;
	if (*p == '*')
		return naive_glob(p + 1, s) || (*s && naive_glob(p, s + 1));
	return *s && (*p == '?' || *p == *s) && naive_glob(p + 1, s + 1);
}

START_TEST(globs_match_what_they_mean)
{
	char pattern[8], text[12];
	uint64_t n = 0;

	for (int i = 0; i < 200000; i++) {
		size_t p = text_prf(1, "pattern", ++n, 0) % sizeof pattern;
		size_t t = text_prf(1, "text", ++n, 0) % sizeof text;

		for (size_t k = 0; k < p; k++)
			pattern[k] = "ab*?"[text_prf(1, "p", ++n, k) % 4];
		for (size_t k = 0; k < t; k++)
			text[k] = "ab"[text_prf(1, "t", ++n, k) % 2];
		pattern[p] = text[t] = '\0';
		ck_assert_msg(text_glob(pattern, text) == naive_glob(pattern, text), "%s %s", pattern,
			text);
	}
}
END_TEST

START_TEST(globs_may_be_long)
{
	char pattern[GLOB_MAX + 2], text[1000];

	/* pieces that end just before, at and after the border of a word */
	for (size_t len = 1; len <= GLOB_MAX - 2; len += len > 60 && len < 70 ? 1 : 7) {
		memset(text, 'a', sizeof text - 1);
		text[sizeof text - 1] = '\0';
		memset(pattern, 'a', sizeof pattern);
		pattern[0] = '*';
		pattern[len] = 'b';
		pattern[len + 1] = '*';
		pattern[len + 2] = '\0';
		ck_assert(!text_glob(pattern, text));
		text[700] = 'b';
		ck_assert_msg(text_glob(pattern, text), "%zu", len);
		pattern[1] = '?';
		ck_assert(text_glob(pattern, text) || len == 1);
		text[700 - len / 2 - 1] = 'c';
		ck_assert(!text_glob(pattern, text) || len <= 2);
	}
	memset(pattern, '*', GLOB_MAX + 1);
	pattern[GLOB_MAX + 1] = '\0';
	ck_assert(!text_glob(pattern, "")); /* longer than a pattern may be */
	pattern[GLOB_MAX] = '\0';
	ck_assert(text_glob(pattern, "x"));
}
END_TEST

START_TEST(globs_cover_the_whole_text)
{
	ck_assert(text_glob("*", ""));
	ck_assert(text_glob("a*c", "abbc"));
	ck_assert(text_glob("/x/*/y", "/x/1/2/y"));
	ck_assert(text_glob("?", "z"));
	ck_assert(!text_glob("a", "ab"));
	ck_assert(!text_glob("a*c", "abd"));
}
END_TEST

START_TEST(the_nearest_name_is_offered_only_when_near)
{
	static const char *const names[] = { "listen", "port-file", "seed", "lost-create-fin",
		"lost-create", NULL };

	ck_assert_str_eq(text_nearest("lisen", names), "listen");
	ck_assert_str_eq(text_nearest("SEED", names), "seed");
	ck_assert_str_eq(text_nearest("lost-creat", names), "lost-create");
	ck_assert_ptr_null(text_nearest("zzzzzzzz", names));
}
END_TEST

START_TEST(chance_depends_on_every_input_and_nothing_else)
{
	ck_assert(text_prf(1, "a", 2, 3) == text_prf(1, "a", 2, 3));
	ck_assert(text_prf(1, "a", 2, 3) != text_prf(2, "a", 2, 3));
	ck_assert(text_prf(1, "a", 2, 3) != text_prf(1, "b", 2, 3));
	ck_assert(text_prf(1, "a", 2, 3) != text_prf(1, "a", 3, 2));
}
END_TEST

START_TEST(instants_round_trip)
{
	static const char *const same[] = { "1970-01-01T00:00:00Z", "2026-02-28T23:59:59Z",
		"2024-02-29T12:00:00.500Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z" };
	char out[WHEN_SIZE];
	usec t;

	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		ck_assert(when_parse(same[i], &t));
		ck_assert_str_eq(when_format(t, out), same[i]);
	}
	ck_assert(when_parse("2026-01-01T02:00:00+02:00", &t));
	ck_assert_str_eq(when_format(t, out), "2026-01-01T00:00:00Z");
	ck_assert(!when_parse("2026-02-29T00:00:00Z", &t));
	ck_assert_str_eq(when_format(USEC_NEVER, out), "9999-12-31T23:59:59Z");
	ck_assert(!when_parse("2026-01-01", &t));
	ck_assert(!when_parse("2026-01-01T00:00:00", &t));
	ck_assert(!when_parse("soon", &t));
}
END_TEST

START_TEST(durations_are_read_in_both_notations)
{
	char out[WHEN_SIZE];
	usec d;

	ck_assert(span_parse_proto("604800s", &d) && d == 604800 * USEC_SECOND);
	ck_assert(span_parse_proto("0.5s", &d) && d == USEC_SECOND / 2);
	ck_assert_str_eq(span_format(d, out), "0.500s");
	ck_assert(!span_parse_proto("5", &d) && !span_parse_proto("5m", &d));
	ck_assert(span_parse("26h", &d) && d == 26 * 3600 * USEC_SECOND);
	ck_assert(span_parse("300ms", &d) && d == 300000);
	ck_assert(span_parse("7d", &d) && d == 604800 * USEC_SECOND);
	ck_assert(!span_parse("-1s", &d) && !span_parse("1 s", &d) && !span_parse("1y", &d));
}
END_TEST

int main(void)
{
	return RUN_TESTS("text",
		integers_are_read_whole_or_not_at_all,
		escapes_are_undone_once_and_must_be_utf8,
		a_cut_never_falls_inside_a_character,
		a_json_string_is_utf8_whatever_it_is_made_of,
		a_json_string_escapes_at_every_place,
		texts_are_joined,
		the_newest_block_of_an_arena_grows_and_shrinks_where_it_is,
		a_text_in_an_arena_keeps_no_more_than_it_needs,
		a_pool_hands_out_what_was_freed,
		globs_cover_the_whole_text,
		globs_match_what_they_mean,
		globs_may_be_long,
		the_nearest_name_is_offered_only_when_near,
		chance_depends_on_every_input_and_nothing_else,
		instants_round_trip,
		durations_are_read_in_both_notations);
}
