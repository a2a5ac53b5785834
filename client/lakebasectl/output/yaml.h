/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as YAML. */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* 0, or -1 when it cannot be written. */
int yaml_put(FILE *out, const json_t *json);
