/* SPDX-License-Identifier: Apache-2.0 */
/* The short form of a fault rule. */
#pragma once

#include <jansson.h>

/* The fault rule that a short form means: a new reference, or NULL after a message. */
json_t *fault_parse(const char *text);
