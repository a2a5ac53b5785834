/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to standard error. */
#pragma once

#include "lakebasectl/base.h"

/* One line behind the name of the program. */
PRINTF(1, 2) void complain(const char *fmt, ...);
