/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows of the journal a query asks for. */
#pragma once

#include "admin/admin.h"
#include "lab/journal/filter.h"

/* Reads the filters of the query; 400 for one that cannot match anything. */
MUST_CHECK int filter_read(const struct admin *a, struct filter *ret, struct err *e);
