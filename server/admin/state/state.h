/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of a workspace as the documents under /_mock show them. */
#pragma once

#include <stdbool.h>

#include "base/memory/buf.h"
#include "core/context/store.h"

/* Appends a JSON object. `whole`: also what only the server reads, so that it can be read back. */
void state_add_object(struct buf *b, const struct object *o, bool whole);
