/* SPDX-License-Identifier: Apache-2.0 */
/* How the lab refuses what was written to it: with the value, and the nearest that would do. */
#pragma once

#include "base/err.h"

/* 400 for a value of a body or a query: "'by' must be a duration like 26h, got 'x'". -1. */
int refuse_value(struct err *e, const char *key, const char *wanted, const char *got);

/* 400 for a name that is not one of `names` (NULL-terminated), naming the nearest. -1. */
int refuse_name(struct err *e, const char *what, const char *got, const char *const *names);
