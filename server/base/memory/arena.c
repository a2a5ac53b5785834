/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double, so that a request needs few; the largest of them is kept for the next one. */
enum { BLOCK = 4096 - 64, BLOCK_MAX = 65536 - 64 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char data[];
};

struct arena_owned {
	struct arena_owned *next;
	void *thing;
	void (*free_thing)(void *);
};

static struct arena_block *add_block(struct arena *a, size_t at_least)
{
	size_t next = a->blocks ? 2 * a->blocks->size : BLOCK;
	size_t size = next > BLOCK_MAX ? BLOCK_MAX : next;
	struct arena_block *b;

	if (size < at_least)
		size = at_least;
	b = malloc(sizeof *b + size);
	if (!b)
		return NULL;
	b->used = 0;
	b->size = size;
	b->next = a->blocks;
	a->blocks = b;
	return b;
}

static size_t aligned(size_t size)
{
	return (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

static void *take(struct arena *a, size_t size)
{
	struct arena_block *b = a->blocks;
	void *p;

	if ((!b || b->size - b->used < size) && !(b = add_block(a, size)))
		return NULL;
	p = b->data + b->used;
	b->used += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *p;

	size = aligned(size);
	p = take(a, size);
	return p ? memset(p, 0, size) : NULL;
}

void *arena_resize(struct arena *a, void *p, size_t old, size_t size)
{
	struct arena_block *b = a->blocks;
	void *moved;

	old = aligned(old);
	size = aligned(size);
	if (p && (unsigned char *)p + old == b->data + b->used &&
		(size <= old || size - old <= b->size - b->used)) {
		b->used += size - old;
		return p;
	}
	moved = take(a, size);
	return moved && p ? memcpy(moved, p, old < size ? old : size) : moved;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	return p ? memcpy(p, s, strnlen(s, len)) : NULL;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_join(struct arena *a, ...)
{
	const char *part;
	size_t len = 0;
	char *text, *at;
	va_list ap;

	va_start(ap, a);
	while ((part = va_arg(ap, const char *)))
		len += strlen(part);
	va_end(ap);
	text = at = arena_alloc(a, len + 1);
	va_start(ap, a);
	while (text && (part = va_arg(ap, const char *)))
		at = stpcpy(at, part);
	va_end(ap);
	return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	char text[256]; /* names are shorter than that: then it is formatted once */
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0 || !(p = arena_alloc(a, (size_t)n + 1)))
		return NULL;
	if ((size_t)n < sizeof text)
		return memcpy(p, text, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void *arena_own(struct arena *a, void *thing, void (*free_thing)(void *))
{
	struct arena_owned *o;

	if (!thing)
		return NULL;
	o = arena_alloc(a, sizeof *o);
	if (!o) {
		free_thing(thing);
		return NULL;
	}
	*o = (struct arena_owned){ a->owned, thing, free_thing };
	a->owned = o;
	return thing;
}

static void drop_owned(struct arena *a)
{
	for (; a->owned; a->owned = a->owned->next)
		a->owned->free_thing(a->owned->thing);
}

static void drop_blocks(struct arena *a, struct arena_block *keep)
{
	struct arena_block *b, *next;

	for (b = a->blocks; b; b = next) {
		next = b->next;
		if (b != keep)
			free(b);
	}
	a->blocks = keep;
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
	}
}

void arena_done(struct arena *a)
{
	drop_owned(a);
	drop_blocks(a, NULL);
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = NULL;

	drop_owned(a);
	for (struct arena_block *b = a->blocks; b; b = b->next)
		if (b->size <= BLOCK_MAX && (!keep || b->size > keep->size))
			keep = b;
	drop_blocks(a, keep);
}
