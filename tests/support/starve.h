/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program's own allocations fail once, in turn. Compile starve.c into it and link it with
 * `starve_wrap` (meson.build): the linker sends them there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

extern struct starving {
	bool on; /* otherwise nothing is counted, and nothing fails */
	long calls, fail_at;
} starving;

/* Shall this allocation fail? Counts it. */
bool starve(void);

/* For json_set_alloc_funcs(). */
void *__wrap_malloc(size_t n);
