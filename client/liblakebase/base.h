/* SPDX-License-Identifier: Apache-2.0 */
/* What every file of the library may use. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lakebase.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Ceilings for what others choose. */
enum {
	LB_MAX_NAME = 2048,	       /* a resource name */
	LB_MAX_ANSWER = 64 << 20,      /* the body of an answer */
	LB_MAX_FILE = 1 << 20,	       /* a configuration file */
	LB_MAX_TOKEN = 64 << 10,       /* a token */
};
