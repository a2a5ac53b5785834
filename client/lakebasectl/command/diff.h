/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between two branches. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_diff(struct ctl *c);
