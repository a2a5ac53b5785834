/* SPDX-License-Identifier: Apache-2.0 */
/* Tables in the shape of the real ones, for tests of what walks them. */
#pragma once

#include "core/field/field.h"

/* A resource with spec and status: every kind of field. */
extern const struct message table_thing, table_thing_spec, table_thing_status;

/* A resource whose fields are at its top. */
extern const struct message table_flat;
