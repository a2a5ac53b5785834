/* SPDX-License-Identifier: Apache-2.0 */
/* --help. */
#pragma once

#include <stdio.h>

#include "lakebasectl/input/command.h"

void help_all(FILE *out, const struct commands *all);
/* The commands whose names begin with `prefix`. */
void help_group(FILE *out, const struct commands *all, const char *prefix);
void help_command(FILE *out, const struct command *command);
