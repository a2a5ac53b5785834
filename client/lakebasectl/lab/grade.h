/* SPDX-License-Identifier: Apache-2.0 */
/* How well the client retried. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_grade(struct ctl *c);
