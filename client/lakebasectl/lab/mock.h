/* SPDX-License-Identifier: Apache-2.0 */
/* Commands to the mock that need more than one request, or more than words. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_mock_wait(struct ctl *c);
int run_mock_env(struct ctl *c);
int run_state_export(struct ctl *c);
int run_state_import(struct ctl *c);
int run_fault_add(struct ctl *c);
int run_clock_advance(struct ctl *c);
int run_lro_set(struct ctl *c);
