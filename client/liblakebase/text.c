/* SPDX-License-Identifier: Apache-2.0 */
#include "liblakebase/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void lb_buf_add(struct lb_buf *b, const char *text, size_t size)
{
	size_t ceiling = b->ceiling ? b->ceiling : LB_MAX_ANSWER, room = b->room;
	char *grown;

	if (b->failed || size > ceiling - b->size) {
		b->failed = true;
		return;
	}
	while (room < b->size + size + 1)
		room = room ? room * 2 : 64;
	if (room != b->room) {
		grown = realloc(b->text, room);
		if (!grown) {
			b->failed = true;
			return;
		}
		b->text = grown;
		b->room = room;
	}
	if (size)
		memcpy(b->text + b->size, text, size);
	b->size += size;
	b->text[b->size] = '\0';
}

void lb_buf_puts(struct lb_buf *b, const char *text)
{
	lb_buf_add(b, text, strlen(text));
}

void lb_buf_printf(struct lb_buf *b, const char *fmt, ...)
{
	char small[512], *big = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(small)) {
		lb_buf_add(b, small, (size_t)n);
		return;
	}
	big = n < 0 ? NULL : malloc((size_t)n + 1);
	if (!big) {
		b->failed = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(big, (size_t)n + 1, fmt, ap);
	va_end(ap);
	lb_buf_add(b, big, (size_t)n);
	free(big);
}

void lb_buf_escape(struct lb_buf *b, const char *text, const char *keep)
{
	static const char hex[] = "0123456789ABCDEF";

	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
			|| (*p >= '0' && *p <= '9') || strchr("-._~", *p) || strchr(keep, *p);
		char out[3] = { '%', hex[*p >> 4], hex[*p & 15] };

		if (plain)
			lb_buf_add(b, (const char *)p, 1);
		else
			lb_buf_add(b, out, 3);
	}
}

char *lb_buf_take(struct lb_buf *b)
{
	char *text;

	lb_buf_add(b, "", 0); /* an empty buffer is an empty string */
	text = b->text;
	if (b->failed) {
		free(text);
		text = NULL;
	}
	*b = (struct lb_buf){ .ceiling = b->ceiling };
	return text;
}

void lb_buf_done(struct lb_buf *b)
{
	free(b->text);
	*b = (struct lb_buf){ 0 };
}

void lb_buf_base64(struct lb_buf *b, const char *data, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)data;

	for (size_t i = 0; i < size; i += 3) {
		size_t left = size - i;
		unsigned v = (unsigned)in[i] << 16;
		char out[4];

		v |= left > 1 ? (unsigned)in[i + 1] << 8 : 0;
		v |= left > 2 ? in[i + 2] : 0;
		out[0] = digits[v >> 18];
		out[1] = digits[v >> 12 & 63];
		out[2] = left > 1 ? digits[v >> 6 & 63] : '=';
		out[3] = left > 2 ? digits[v & 63] : '=';
		lb_buf_add(b, out, 4);
	}
}

/* Bytes of the UTF-8 character at `p`; 0: none is there. */
static size_t character(const unsigned char *p)
{
	size_t n = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* C0, DEL, C1 (C2 80 to C2 9F), and what turns the direction of a line. */
static bool is_control(const unsigned char *p)
{
	if (*p == 0xc2)
		return p[1] < 0xa0;
	if (*p == 0xe2)
		return (p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae)
			|| (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
	return *p < ' ' || *p == 0x7f;
}

void lb_tame(char *text)
{
	size_t n;

	for (unsigned char *p = (unsigned char *)text; *p; p += n) {
		n = character(p);
		if (!n)
			*p = '?';
		else if (is_control(p))
			memset(p, ' ', n);
		n += !n;
	}
}

void lb_free_string(char **s)
{
	free(*s);
	*s = NULL;
}

void lakebase_string_free(char *text)
{
	free(text);
}

bool lb_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool lb_contains(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (; *text; text++)
		if (strncasecmp(text, word, n) == 0)
			return true;
	return false;
}

bool lb_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}
