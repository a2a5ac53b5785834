/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory/pool.h"

#include <stdlib.h>
#ifdef __APPLE__
#include <malloc/malloc.h>
#define malloc_usable_size malloc_size
#else
#include <malloc.h>
#endif

/* gcc defines a macro, clang has a question. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

enum {
	STEP = 16,        /* malloc() rounds sizes up to multiples of that, and 8 */
	CLASSES = 66,     /* the largest: 1048 bytes, a piece of the journal of a database in memory */
#ifdef __SANITIZE_ADDRESS__
	MOST_KEPT = 0,    /* what is used after its end is to be noticed */
#else
	MOST_KEPT = 256 << 10, /* bytes; a large document gives the rest back */
#endif
};

struct spare {
	struct spare *next;
};

/* Of each thread its own, so that there is nothing to lock. */
static _Thread_local struct spare *spares[CLASSES];
static _Thread_local size_t kept;

static size_t class_bytes(size_t class)
{
	return class * STEP + 8;
}

/* The smallest class that holds so many bytes. */
static size_t class_for(size_t size)
{
	return size <= class_bytes(1) ? 1 : (size + 7) / STEP;
}

/* The largest class that a block of so many bytes serves. */
static size_t class_of(size_t size)
{
	return size < class_bytes(1) ? CLASSES : (size - 8) / STEP;
}

void *pool_alloc(size_t size)
{
	size_t class = class_for(size);
	struct spare *s;

	if (class >= CLASSES)
		return malloc(size);
	s = spares[class];
	if (!s)
		return malloc(class_bytes(class));
	spares[class] = s->next;
	kept -= class_bytes(class);
	return s;
}

void *pool_realloc(void *p, size_t size)
{
	return realloc(p, size);
}

size_t pool_size(void *p)
{
	return malloc_usable_size(p);
}

void pool_free(void *p)
{
	size_t class = p ? class_of(malloc_usable_size(p)) : CLASSES;
	struct spare *s = p;

	if (class >= CLASSES || kept + class_bytes(class) > MOST_KEPT) {
		free(p);
		return;
	}
	s->next = spares[class];
	spares[class] = s;
	kept += class_bytes(class);
}
