/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request owns. Everything allocated here is freed at once when the request ends, by
 * arena_done(), and by no one else. Every allocating function returns NULL when out of memory.
 */
#pragma once

#include <stddef.h>

#include "base/macros.h"

struct arena_block;
struct arena_owned;

struct arena {
	struct arena_block *blocks; /* newest first */
	struct arena_owned *owned;  /* foreign things with a destructor, newest first */
};

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);

/* As realloc() of a block of `old` bytes: the newest one grows and shrinks where it is. What is new of it is
 * not zeroed. */
void *arena_resize(struct arena *a, void *p, size_t old, size_t size);

char *arena_strdup(struct arena *a, const char *s);
/* At most len bytes of s, and no further than its end. */
char *arena_strndup(struct arena *a, const char *s, size_t len);
/* The texts one behind the other; the last argument is NULL. */
__attribute__((sentinel)) char *arena_join(struct arena *a, ...);
PRINTF(2, 3) char *arena_printf(struct arena *a, const char *fmt, ...);

/*
 * Hands `thing` to the arena, which calls free_thing(thing) at the end. Returns `thing`; when it
 * cannot be remembered it is freed at once and NULL is returned. NULL stays NULL.
 */
void *arena_own(struct arena *a, void *thing, void (*free_thing)(void *));

/* Frees everything and leaves an empty arena. */
void arena_done(struct arena *a);

/* Like arena_done(), but keeps one block for the next request. */
void arena_reset(struct arena *a);
