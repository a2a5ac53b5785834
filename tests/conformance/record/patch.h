/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

/*
 * Prints a unified diff that makes the case say what `b` recorded where `a` differs: the expectation
 * of each such step, and its evidence. Returns the number of steps that differ.
 */
size_t patch_case(const char *scenarios, const char *id, const json_t *a, const json_t *b);
