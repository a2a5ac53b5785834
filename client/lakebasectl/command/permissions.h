/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what with a project. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_permission_get(struct ctl *c);
int run_permission_update(struct ctl *c);
