/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing run of bytes with a ceiling. It remembers that it failed, so a chain of appends needs
 * one check at its end. The content is always followed by a NUL that does not count.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/memory/arena.h"

struct buf {
	char *data; /* NULL while nothing was ever appended */
	size_t len, cap;
	bool failed; /* out of memory, or over MAX_RESPONSE_BYTES */
	struct arena *arena; /* that the bytes live in; NULL: they are freed by buf_done() */
};

void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
PRINTF(2, 3) void buf_addf(struct buf *b, const char *fmt, ...);

/* Room for `len` bytes that count as appended, and are for the caller to fill; NULL when it failed. */
char *buf_extend(struct buf *b, size_t len);

static inline void buf_addc(struct buf *b, char c)
{
	if (b->len + 1 >= b->cap) {
		buf_add(b, &c, 1);
		return;
	}
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

/* Appends `s` as a JSON string, with its quotes. A byte that is no part of UTF-8 (paths and headers
 * may hold any) becomes U+FFFD. */
void buf_add_json_string(struct buf *b, const char *s);
void buf_add_json_stringn(struct buf *b, const char *s, size_t len);

/* Appends a member of a JSON object, after a comma when it is not the first: `s` as a string, or null.
 * `key` needs no escapes. */
void buf_add_json_member(struct buf *b, const char *key, const char *s);

void buf_add_int(struct buf *b, int64_t v);

/* A jansson dump callback; `arg` is the buf. */
int buf_dump_cb(const char *data, size_t len, void *arg);

/* What a buf in an arena holds, and nothing will be appended to; its room that is left over goes back. NULL
 * when that failed or never was. */
char *buf_text(struct buf *b);

/* Empties it, keeping the memory. */
void buf_clear(struct buf *b);
void buf_done(struct buf *b);
