/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of the mock, as it grows. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_journal(struct ctl *c);
