/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "conformance/options.h"

/*
 * Compares the recordings of two folders (o->args): a table of what differs, or with o->patch a
 * patch that makes the scenarios say what the second one saw. Returns the exit code.
 */
int diff(const struct options *o);
