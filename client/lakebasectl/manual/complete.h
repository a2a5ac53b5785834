/* SPDX-License-Identifier: Apache-2.0 */
/* Completion: the scripts of the shells, and the candidates that they ask for. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_completion(struct ctl *c);
/* argv: the words behind the command's name, the last one being typed. Quiet, whatever happens. */
int complete(const struct commands *all, int argc, char **argv);
