/* SPDX-License-Identifier: Apache-2.0 */
/* Lines for people. Whatever a server put into one, no control character reaches the terminal. */
#pragma once

#include "lakebasectl/base/base.h"

/* To standard error, behind the name of the program. */
PRINTF(1, 2) void complain(const char *fmt, ...);
/* To standard error. */
PRINTF(1, 2) void note(const char *fmt, ...);
/* To standard output. */
PRINTF(1, 2) void put_line(const char *fmt, ...);
