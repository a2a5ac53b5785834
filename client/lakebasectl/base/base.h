/* SPDX-License-Identifier: Apache-2.0 */
/* What every file of the command may use. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* The library returns these; the command adds nothing to them. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_API = 1,	    /* the service said no, or an expectation does not hold */
	EXIT_USAGE = 2,	    /* the command line or the configuration is wrong */
	EXIT_UNREACHABLE = 3,
	EXIT_INTERNAL = 70,
};

/* What they mean, for the help and the manual; a NULL ends the table. */
struct exit_info {
	enum exit_code code;
	const char *means;
};

extern const struct exit_info exit_table[];
