/* SPDX-License-Identifier: Apache-2.0 */
/* Reading numbers and times as people write them, and finding the word that was meant. */
#pragma once

#include "lakebasectl/base.h"

/* "300ms", "5s", "2m", "26h", "7d", or plain seconds. -1: not a time. */
int64_t parse_time(const char *text);
bool parse_integer(const char *text, int64_t least, int64_t most, int64_t *ret);
/* The one of `names` that is nearest to `word`, or NULL. */
const char *nearest(const char *word, const char *const *names, size_t n);
