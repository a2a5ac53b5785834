/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator for what is small, made by the hundred in a request and gone at its end: the values of
 * documents, and what SQLite needs for a statement. Freed blocks are kept in lists by their size, and
 * handed out again, without a lock: malloc() takes one as soon as there has been a second thread.
 *
 * It is no arena, since not every document ends with its request: rules, plans and what the server
 * was started with stay. Each block is one of malloc(), so free() may take it as well.
 */
#pragma once

#include <stddef.h>

/* As malloc(). */
void *pool_alloc(size_t size);

/* As realloc(). */
void *pool_realloc(void *p, size_t size);

/* How much of a block may be used; 0 for NULL. */
size_t pool_size(void *p);

/* As free(), also for what malloc() gave. */
void pool_free(void *p);
