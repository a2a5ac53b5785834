/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static bool make_room(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 1024;
	char *grown;

	while (cap <= b->len + more)
		cap *= 2;
	grown = b->arena ? arena_resize(b->arena, b->data, b->cap, cap) : realloc(b->data, cap);
	if (!grown) {
		b->failed = true;
		return false;
	}
	b->data = grown;
	b->cap = cap;
	return true;
}

static bool reserve(struct buf *b, size_t more)
{
	if (b->failed || more > MAX_RESPONSE_BYTES - b->len) {
		b->failed = true;
		return false;
	}
	return (b->data && b->len + more < b->cap) || make_room(b, more);
}

char *buf_extend(struct buf *b, size_t len)
{
	char *at;

	if (!reserve(b, len))
		return NULL;
	at = b->data + b->len;
	b->len += len;
	b->data[b->len] = '\0';
	return at;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	char *at = buf_extend(b, len);

	if (at && len)
		memcpy(at, data, len);
}

void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	char text[256]; /* mostly enough: then it is formatted once */
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof text) {
		buf_add(b, text, (size_t)n);
		return;
	}
	if (n < 0 || !reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void buf_add_json_member(struct buf *b, const char *key, const char *s)
{
	buf_addf(b, "%s\"%s\":", b->len && b->data[b->len - 1] == '{' ? "" : ",", key);
	if (s)
		buf_add_json_string(b, s);
	else
		buf_adds(b, "null");
}

void buf_add_int(struct buf *b, int64_t v)
{
	char digits[24], *at = digits + sizeof digits;
	uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;

	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (v < 0)
		*--at = '-';
	buf_add(b, at, (size_t)(digits + sizeof digits - at));
}

static void add_escaped(struct buf *b, unsigned char c)
{
	static const char short_form[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *p = short_form; *p; p += 2) {
		if (c == (unsigned char)p[0]) {
			buf_add(b, (char[]){ '\\', p[1] }, 2);
			return;
		}
	}
	buf_addf(b, "\\u%04x", c);
}

/* Eight bytes at once: none is a control character, a quote, a backslash or beyond ASCII. */
static bool plain_eight(const char *s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t w, quote, backslash;

	memcpy(&w, s, sizeof w);
	quote = w ^ ones * '"';
	backslash = w ^ ones * '\\';
	/* a byte below n borrows from the high bit of w - n; what is beyond ASCII counts anyway */
	return !((w | (w - ones * 0x20) | (quote - ones) | (backslash - ones)) & high);
}

/* Copies a text, and tells whether all of it is that, as nearly every text is. */
static bool copy_plain(char *to, const char *s, size_t len)
{
	char few[8];

	for (size_t n = 0; n + 8 < len; n += 8)
		if (!plain_eight(memcpy(to + n, s + n, 8)))
			return false;
	if (len >= 8) /* some of it once more */
		return plain_eight(memcpy(to + len - 8, s + len - 8, 8));
	memset(few, ' ', sizeof few);
	for (size_t i = 0; i < len; i++)
		few[i] = to[i] = s[i];
	return plain_eight(few);
}

/* Length of what may stand in a JSON string as it is. */
static size_t plain_run(const char *s, size_t len)
{
	size_t n = 0, one;

	while (n < len) {
		unsigned char c = (unsigned char)s[n];

		if (len - n >= 8 && plain_eight(s + n)) {
			n += 8;
			continue;
		}
		if (c < 0x20 || c == '"' || c == '\\')
			break;
		one = c < 0x80 ? 1 : text_utf8_sequence(s + n, len - n);
		if (!one)
			break;
		n += one;
	}
	return n;
}

void buf_add_json_string(struct buf *b, const char *s)
{
	buf_add_json_stringn(b, s, strlen(s));
}

static void add_escaping(struct buf *b, const char *s, size_t len)
{
	const char *end = s + len;

	buf_addc(b, '"');
	while (s < end) {
		size_t run = plain_run(s, (size_t)(end - s));

		buf_add(b, s, run);
		s += run;
		if (s == end)
			break;
		if ((unsigned char)*s >= 0x80)
			buf_adds(b, "\xef\xbf\xbd");
		else
			add_escaped(b, (unsigned char)*s);
		s++;
	}
	buf_addc(b, '"');
}

void buf_add_json_stringn(struct buf *b, const char *s, size_t len)
{
	char *at = buf_extend(b, len + 2);

	if (!at)
		return;
	if (!copy_plain(at + 1, s, len)) {
		b->len -= len + 2;
		add_escaping(b, s, len);
		return;
	}
	at[0] = at[len + 1] = '"';
}

int buf_dump_cb(const char *data, size_t len, void *arg)
{
	struct buf *b = arg;

	buf_add(b, data, len);
	return b->failed ? -1 : 0;
}

char *buf_text(struct buf *b)
{
	if (b->failed || !b->data)
		return NULL;
	return arena_resize(b->arena, b->data, b->cap, b->len + 1);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = '\0';
}

void buf_done(struct buf *b)
{
	if (!b->arena)
		free(b->data);
	*b = (struct buf){ 0 };
}
