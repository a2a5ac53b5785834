/* SPDX-License-Identifier: Apache-2.0 */
/* How a resource would change, field by field. */
#pragma once

#include <jansson.h>

/*
 * The lines "field: before -> after" for each path of `mask`, below "spec", from what is found to what
 * is asked, as an array of {"path","before","after"}. A new reference.
 */
json_t *changes_of(const char *mask, const json_t *asked, const json_t *found);
/* To standard error, indented. */
void changes_put(const json_t *changes);
