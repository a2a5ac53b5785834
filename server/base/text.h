/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what clients send: strict numbers, percent escapes, patterns, nearest names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

static inline bool streq(const char *a, const char *b)
{
	return a == b || (a && b && __builtin_strcmp(a, b) == 0);
}

/* True when `s` starts with `prefix`; *rest (may be NULL) is what follows. */
bool text_starts(const char *s, const char *prefix, const char **rest);

/* The whole of `s` as a decimal integer in [min, max]; no sign but '-', no blanks, no overflow. */
MUST_CHECK bool text_int(const char *s, int64_t min, int64_t max, int64_t *ret);

/* The whole of `s` as a finite decimal number. */
MUST_CHECK bool text_double(const char *s, double *ret);

/* The value of a hexadecimal digit, of either case; -1 for another character. */
int text_hex(char c);

/* "1", "true", "0", "false". */
MUST_CHECK bool text_bool(const char *s, bool *ret);

/*
 * Undoes percent-encoding of s[0..len) into `out` (len + 1 bytes); plus_is_space for queries.
 * False on a bad escape, on %00, and on what is not valid UTF-8 afterwards.
 */
MUST_CHECK bool text_unescape(const char *s, size_t len, bool plus_is_space, char *out);

/* Bytes of the UTF-8 character at s[0..left), left > 0; 0 when there is none. */
size_t text_utf8_sequence(const char *s, size_t left);

/* Nothing beyond ASCII in s[0..len). */
bool text_ascii(const char *s, size_t len);

/* Valid UTF-8 without NUL, overlong forms or surrogates. */
bool text_utf8_ok(const char *s, size_t len);

/* Length of the longest prefix of s[0..len) that does not end inside a UTF-8 character. */
size_t text_utf8_fit(const char *s, size_t len);

/*
 * Writes at out[at] what fits of s[0..len) into `size` bytes, cut between characters, and a NUL behind it.
 * Returns where that NUL is.
 */
size_t text_append(char *out, size_t size, size_t at, const char *s, size_t len);

/* The same for an item of a list: behind ", " unless it is the first. */
size_t text_append_item(char *out, size_t size, size_t at, const char *s, size_t len);

enum { GLOB_MAX = 256 }; /* characters of a pattern; a longer one matches nothing */

/* `*` any run of characters (also '/'), `?` one character; the whole of `s` must match. Takes a time
 * that grows with the length of `s` (glob.c). */
bool text_glob(const char *pattern, const char *s);

/* The one of `names` (NULL-terminated) that is nearest to `s`, or NULL when none is near. */
const char *text_nearest(const char *s, const char *const *names);

/*
 * A mixing function with no state: the same inputs give the same 64 bits on every machine. All
 * that is random in the server follows from the seed through it.
 */
uint64_t text_prf(uint64_t seed, const char *what, uint64_t a, uint64_t b);
