/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "conformance/options.h"

/* Removes what DIR/created.ndjson (o->args[0]) says is left; returns the exit code. */
int sweep(const struct options *o);
