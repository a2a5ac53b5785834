/* SPDX-License-Identifier: Apache-2.0 */
/* Small words of the language that C lacks. */
#pragma once

#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

/* Takes the value out of a variable that a cleanup would otherwise free. */
#define STEAL(p)                                                                                   \
	({                                                                                         \
		__typeof__(p) stolen_ = (p);                                                       \
		(p) = NULL;                                                                        \
		stolen_;                                                                           \
	})

/* Runs fn(&variable) when the variable leaves its scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* A result that must not be dropped: a failure reported there is reported nowhere else. */
#define MUST_CHECK __attribute__((warn_unused_result))

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
