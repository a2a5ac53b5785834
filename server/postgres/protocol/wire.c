/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/protocol/wire.h"

#include <string.h>

#include "base/text.h"

enum {
	CODE_CANCEL = 80877102,
	CODE_SSL = 80877103,
	CODE_GSS = 80877104,
	TLS_HANDSHAKE = 0x16,
	MAX_PARAMS = 128,
	HEAD = 5, /* type and length */
};

uint32_t wire_u32(const void *bytes)
{
	const unsigned char *p = bytes;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void add_u32(struct buf *out, uint32_t v)
{
	const unsigned char bytes[] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16),
		(unsigned char)(v >> 8), (unsigned char)v };

	buf_add(out, bytes, sizeof bytes);
}

enum wanted wire_wanted(const void *bytes, size_t n, size_t *len)
{
	static const struct {
		uint32_t code;
		enum wanted wanted;
		size_t len;
	} requests[] = {
		{ CODE_SSL, WANT_SSL, WIRE_FIRST },
		{ CODE_GSS, WANT_GSS, WIRE_FIRST },
		{ CODE_CANCEL, WANT_CANCEL, WIRE_CANCEL },
	};
	uint32_t code;

	*len = 0;
	if (n && *(const unsigned char *)bytes == TLS_HANDSHAKE)
		return WANT_TLS;
	if (n < WIRE_FIRST)
		return WANT_MORE;
	*len = wire_u32(bytes);
	code = wire_u32((const char *)bytes + 4);
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		if (requests[i].code == code)
			return requests[i].len == *len ? requests[i].wanted : WANT_NONSENSE;
	return *len >= WIRE_FIRST && *len <= WIRE_MAX_STARTUP ? WANT_SESSION : WANT_NONSENSE;
}

/* ---- the startup packet ---- */

static const char *word_value(const char *word, const char *const *names)
{
	const char *rest;

	for (; *names; names++)
		if (text_starts(word, *names, &rest))
			return rest;
	return NULL;
}

/*
 * `endpoint=x` and `project=x` in the options are for the front; the server would take them for
 * switches that it does not know. A blank after a backslash belongs to its word.
 */
static int take_options(struct startup *s, const char *options, char *rest, struct arena *arena)
{
	static const char *const endpoint[] = { "endpoint=", NULL }, *const project[] = {
		"project=", NULL };
	size_t n = 0;

	while (*options) {
		size_t blank = strspn(options, " \t\n\r"), len = 0;
		const char *word, *value;

		options += blank;
		while (options[len] && !strchr(" \t\n\r", options[len]))
			len += options[len] == '\\' && options[len + 1] ? 2 : 1;
		if (!len)
			break;
		word = arena_strndup(arena, options, len);
		if (!word)
			return -1;
		options += len;
		if ((value = word_value(word, endpoint)))
			s->endpoint = value;
		else if ((value = word_value(word, project)))
			s->project = value;
		else {
			if (n)
				rest[n++] = ' ';
			memcpy(rest + n, word, len);
			n += len;
		}
	}
	rest[n] = '\0';
	return 0;
}

struct reader {
	const char **params, **unknown;
	size_t num_params, num_unknown;
};

static int take_param(
	struct startup *s, struct reader *r, const char *name, const char *value, struct arena *arena)
{
	char *rest;

	if (streq(name, "user")) {
		s->user = value;
	} else if (streq(name, "database")) {
		s->database = value;
	} else if (text_starts(name, "_pq_.", NULL)) {
		r->unknown[r->num_unknown++] = name;
	} else if (streq(name, "options")) {
		s->options = value;
		rest = arena_alloc(arena, strlen(value) + 1);
		if (!rest || take_options(s, value, rest, arena))
			return -1;
		if (*rest) {
			r->params[r->num_params++] = name;
			r->params[r->num_params++] = rest;
		}
	} else {
		r->params[r->num_params++] = name;
		r->params[r->num_params++] = value;
	}
	return 0;
}

/* The string at *p, which ends before `end`; NULL when it does not. */
static const char *next_string(const char **p, const char *end)
{
	const char *s = *p, *nul = memchr(s, '\0', (size_t)(end - s));

	*p = nul ? nul + 1 : end;
	return nul ? s : NULL;
}

int wire_startup(struct startup *ret, const void *packet, size_t len, struct arena *arena)
{
	char *copy = len >= WIRE_FIRST ? arena_alloc(arena, len) : NULL;
	struct reader r = { arena_alloc(arena, (2 * MAX_PARAMS + 1) * sizeof(char *)),
		arena_alloc(arena, (MAX_PARAMS + 1) * sizeof(char *)), 0, 0 };
	const char *p, *end, *name, *value;

	*ret = (struct startup){ .user = "", .database = "", .options = "" };
	if (!copy || !r.params || !r.unknown)
		return -1;
	memcpy(copy, packet, len);
	ret->major = wire_u32(copy + 4) >> 16;
	ret->minor = wire_u32(copy + 4) & 0xffff;
	ret->params = r.params;
	ret->unknown = r.unknown;
	p = copy + WIRE_FIRST;
	end = copy + len;
	for (size_t n = 0; p < end && *p; n++) {
		name = next_string(&p, end);
		value = name ? next_string(&p, end) : NULL;
		if (!value || n == MAX_PARAMS || take_param(ret, &r, name, value, arena))
			return -1;
	}
	if (p != end - 1) /* the list ends with an empty name, and so does the packet */
		return -1;
	if (!*ret->database)
		ret->database = ret->user;
	return 0;
}

/* ---- what the front says ---- */

static void add_string(struct buf *out, const char *s)
{
	buf_add(out, s, strlen(s) + 1);
}

/* Fills in the length of what began at `at`, which begins with its length. */
static void close_length(struct buf *out, size_t at)
{
	uint32_t n = (uint32_t)(out->len - at);

	if (out->failed)
		return;
	for (int i = 0; i < 4; i++)
		out->data[at + (size_t)i] = (char)(n >> (24 - 8 * i));
}

void wire_add_startup(struct buf *out, const struct startup *s)
{
	size_t at = out->len;

	add_u32(out, 0);
	add_u32(out, 3 << 16);
	add_string(out, "user");
	add_string(out, s->user);
	add_string(out, "database");
	add_string(out, s->database);
	for (const char *const *p = s->params; *p; p += 2) {
		add_string(out, p[0]);
		add_string(out, p[1]);
	}
	add_string(out, "");
	close_length(out, at);
}

void wire_add(struct buf *out, char type, const void *body, size_t len)
{
	buf_add(out, &type, 1);
	add_u32(out, (uint32_t)(len + 4));
	buf_add(out, body, len);
}

void wire_add_auth(struct buf *out, uint32_t code, const void *more, size_t len)
{
	size_t at = out->len + 1;

	buf_add(out, "R", 1);
	add_u32(out, 0);
	add_u32(out, code);
	buf_add(out, more, len);
	close_length(out, at);
}

void wire_add_negotiation(struct buf *out, const struct startup *s)
{
	size_t at = out->len + 1;
	uint32_t n = 0;

	while (s->unknown[n])
		n++;
	buf_add(out, "v", 1);
	add_u32(out, 0);
	add_u32(out, 3 << 16);
	add_u32(out, n);
	for (const char *const *p = s->unknown; *p; p++)
		add_string(out, *p);
	close_length(out, at);
}

void wire_add_error(struct buf *out, const char *severity, const char *sqlstate,
	const char *message, const char *detail)
{
	const struct {
		char letter;
		const char *text;
	} fields[] = { { 'S', severity }, { 'V', severity }, { 'C', sqlstate }, { 'M', message },
		{ 'D', detail } };
	size_t at = out->len + 1;

	buf_add(out, "E", 1);
	add_u32(out, 0);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!fields[i].text)
			continue;
		buf_add(out, &fields[i].letter, 1);
		add_string(out, fields[i].text);
	}
	add_string(out, "");
	close_length(out, at);
}

void wire_add_key(struct buf *out, struct cancel_key key)
{
	buf_add(out, "K", 1);
	add_u32(out, 12);
	add_u32(out, key.pid);
	add_u32(out, key.secret);
}

void wire_add_cancel(struct buf *out, struct cancel_key key)
{
	add_u32(out, WIRE_CANCEL);
	add_u32(out, CODE_CANCEL);
	add_u32(out, key.pid);
	add_u32(out, key.secret);
}

struct cancel_key wire_key(const void *bytes)
{
	return (struct cancel_key){ wire_u32(bytes), wire_u32((const char *)bytes + 4) };
}

/* ---- what others say ---- */

const char *wire_error_field(const char *body, size_t len, char letter)
{
	const char *p = body, *end = body + len, *text;

	while (p < end && *p) {
		char l = *p++;

		text = next_string(&p, end);
		if (!text || l == letter)
			return text;
	}
	return NULL;
}

int wire_sasl_first(struct sasl_first *ret, const char *body, size_t len)
{
	const char *p = body, *end = body + len;

	ret->mechanism = next_string(&p, end);
	if (!ret->mechanism || end - p < 4)
		return -1;
	ret->len = wire_u32(p);
	ret->data = p + 4;
	return ret->len == (size_t)(end - p - 4) ? 0 : -1;
}

/* The head of a message is complete. */
static void begin_message(struct bounds *b)
{
	uint32_t len = wire_u32(b->head + 1);

	b->num = 0;
	b->left = len - 4;
	b->lost |= len < 4 || len > 1U << 30;
}

size_t wire_follow(struct bounds *b, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	size_t i = 0, whole = 0;

	while (i < n && !b->lost) {
		if (b->left) {
			size_t step = b->left < n - i ? b->left : n - i;

			if (b->head[0] == 'Z' && wire_u32(b->head + 1) == HEAD)
				b->status = (char)p[i];
			b->left -= (uint32_t)step;
			i += step;
		} else {
			b->head[b->num++] = p[i++];
			if (b->num == HEAD)
				begin_message(b);
		}
		if (wire_at_bound(b))
			whole = i;
	}
	return b->lost ? n : whole;
}
