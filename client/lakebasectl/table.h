/* SPDX-License-Identifier: Apache-2.0 */
/* The commands. */
#pragma once

#include "lakebasectl/input/command.h"

extern const struct command command_table[]; /* ends with a NULL path */
