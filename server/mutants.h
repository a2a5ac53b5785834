/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deliberate defects: each breaks one behaviour, and the conformance suite must notice. They exist
 * only in builds with -Dmutants=true, as mutant(world, "name") where the behaviour is.
 */
#pragma once

#include <stdbool.h>

bool mutants_built(void);
bool mutant_known(const char *name);

/* Prints "name<tab>what it breaks" a line; returns an exit code. */
int mutants_list(void);
