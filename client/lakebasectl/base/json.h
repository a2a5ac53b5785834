/* SPDX-License-Identifier: Apache-2.0 */
/* JSON from the command line and of answers. */
#pragma once

#include <jansson.h>

#include "lakebase.h"

/* Reads JSON, @FILE, or - (stdin). NULL after a message. */
json_t *read_json(const char *what);
/* The json of a document, as a new reference. NULL when out of memory. */
json_t *json_of(const struct lakebase_doc *doc);
/* The value at a path with dots, borrowed. */
const json_t *at(const json_t *json, const char *path);
