/* SPDX-License-Identifier: Apache-2.0 */
/* The story of one request. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_explain(struct ctl *c);
