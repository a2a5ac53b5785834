/* SPDX-License-Identifier: Apache-2.0 */
/* Looking again and again: what changes, and until when. */
#pragma once

#include <jansson.h>

#include "lakebasectl/input/ctl.h"

/* Gives all there is, as an array of resources. 0 or an exit code after a message. */
typedef int (*watch_fetch)(struct ctl *c, const char *name, json_t *items);

/* Shows what is there, and then each change, for ever. Ends when a single resource is gone. */
int watch(struct ctl *c, watch_fetch fetch, const char *name, const char *columns, bool single);
/* Whether the resource (NULL: it is gone) is as --for says; -1 when the words make no sense. */
int watch_holds(const char *condition, const json_t *resource);
void watch_pause(const struct ctl *c, int64_t otherwise_ms);
