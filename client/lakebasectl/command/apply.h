/* SPDX-License-Identifier: Apache-2.0 */
/* A tree of resources as one document, made true. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_apply(struct ctl *c);
