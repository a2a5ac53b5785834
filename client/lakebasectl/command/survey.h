/* SPDX-License-Identifier: Apache-2.0 */
/* A resource with all that belongs to it: at length, and as a tree. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_describe(struct ctl *c);
int run_tree(struct ctl *c);
