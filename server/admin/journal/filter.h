/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows of the journal a query asks for. */
#pragma once

#include "admin/admin.h"
#include "lab/grade/grade.h"
#include "lab/journal/filter.h"

/* Reads the filters of the query; 400 for one that cannot match anything. */
MUST_CHECK int filter_read(const struct admin *a, struct filter *ret, struct err *e);

/* Opens the rows of the selected workspace that the filter lets through, to be judged. (grade.c) */
MUST_CHECK int admin_grader(
	struct admin *a, const struct filter *f, struct grader *ret, struct err *e);
