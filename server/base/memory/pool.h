/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator for what is small, made by the hundred in a request and gone at its end: the values of
 * documents. Freed blocks are kept in lists by their size, and handed out again.
 *
 * It is no arena, since not every document ends with its request: rules, plans and what the server
 * was started with stay. Each block is one of malloc(), so free() may take it as well.
 */
#pragma once

#include <stddef.h>

/* As malloc(). */
void *pool_alloc(size_t size);

/* As free(), also for what malloc() gave. */
void pool_free(void *p);
