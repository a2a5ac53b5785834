/* SPDX-License-Identifier: Apache-2.0 */
/* Create, get, list, update, delete and their relatives. */
#pragma once

#include "lakebasectl/input/ctl.h"

int run_create(struct ctl *c);
int run_get(struct ctl *c);
int run_list(struct ctl *c);
int run_update(struct ctl *c);
int run_delete(struct ctl *c);
int run_wait(struct ctl *c);
int run_undelete(struct ctl *c);
int run_operation_get(struct ctl *c);
int run_operation_wait(struct ctl *c);
int run_credential(struct ctl *c);
int run_request(struct ctl *c);
