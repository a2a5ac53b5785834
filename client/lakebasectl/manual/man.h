/* SPDX-License-Identifier: Apache-2.0 */
/* lakebasectl(1). */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_man(struct ctl *c);
