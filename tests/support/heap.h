/* SPDX-License-Identifier: Apache-2.0 */
/* How much of the heap is in use: glibc counts it. Where nobody does it is 0, which proves nothing. */
#pragma once

#include <stddef.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static inline size_t heap_in_use(void)
{
#ifdef __GLIBC__
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
#else
	return 0;
#endif
}
