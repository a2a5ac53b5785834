/* SPDX-License-Identifier: Apache-2.0 */
/* From the name of a project, branch or endpoint to a session with Postgres. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_connect(struct ctl *c);
/* Puts the Postgres behind an endpoint of a mock to sleep, or wakes it. */
int run_postgres(struct ctl *c);
