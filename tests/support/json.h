/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in tests, with single quotes for double ones: "{'spec':{'ttl':'300s'}}". */
#pragma once

#include <jansson.h>

/* Parses; a mistake fails the test. New reference. */
json_t *json_quoted(const char *text);

/* Fails the test, showing both, when `doc` is not exactly `text`. */
void expect_json(const json_t *doc, const char *text);
