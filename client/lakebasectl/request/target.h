/* SPDX-License-Identifier: Apache-2.0 */
/* What a TARGET means: an endpoint, a branch, or a project, by the number of its parts. */
#pragma once

#include "lakebasectl/input/ctl.h"

/* The kind that a target names, or NULL. */
const struct lakebase_kind *target_kind(const char *target);
/*
 * The endpoint that the first argument means: itself, the read-write one of a branch, or that of the
 * default branch of a project. NULL after a message. free() it.
 */
char *target_endpoint(struct ctl *c);
