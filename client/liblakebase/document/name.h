/* SPDX-License-Identifier: Apache-2.0 */
/* Names of resources, and the table of their kinds. */
#pragma once

#include "liblakebase/base.h"

struct lb_name {
	const struct lakebase_kind *kind; /* NULL: of no known kind */
	char parent[LB_MAX_NAME];	  /* "" at the top */
	char collection[64];
	char id[LB_MAX_NAME]; /* "" for a collection or a singleton */
};

/* Takes a name apart. LAKEBASE_EINVALID says what is wrong with it. */
MUST_CHECK int lb_name_split(struct lb_name *n, const char *name, struct lakebase_error *e);
/* Whether `name` may stand in a path: parts without blanks, none empty or dots only. */
MUST_CHECK int lb_name_check(const char *name, struct lakebase_error *e);
/* The path of a resource name, percent-encoded, or NULL when out of memory. */
char *lb_path_of(const char *name);
