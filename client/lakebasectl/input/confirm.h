/* SPDX-License-Identifier: Apache-2.0 */
/* Asking before something is lost. */
#pragma once

#include "lakebasectl/input/ctl.h"

/* Whether to go on: --yes was given, or nobody is there to be asked, or the answer is yes. */
bool confirm(const struct ctl *c, const char *question);
/* The same, but where nobody can be asked, only --yes will do. A message says so. */
bool confirm_strictly(const struct ctl *c, const char *question);
