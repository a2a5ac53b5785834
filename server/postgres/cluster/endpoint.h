/* SPDX-License-Identifier: Apache-2.0 */
/* What the API has of an endpoint, and that it is told what has become of it. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct cluster;
struct pg;
struct workspace;

/* "projects/p/branches/b" of the name of something in it. To be freed; NULL: out of memory. */
char *endpoint_branch(const char *name);

/* -1 when there is no such endpoint (ERR_NOT_FOUND), or it cannot be seen. */
MUST_CHECK int endpoint_known(
	struct pg *pg, struct workspace *ws, const char *endpoint, struct err *e);

/* The same, and when it is disabled (ERR_BAD_STATE). */
MUST_CHECK int endpoint_may_wake(
	struct pg *pg, struct workspace *ws, const char *endpoint, struct err *e);

/* False for one that is none, too. */
bool endpoint_is_read_only(struct pg *pg, struct workspace *ws, const char *endpoint);

/* A connection has woken it: it is ACTIVE, in a transaction of its own. A failure is logged only. */
void endpoint_woken(struct cluster *c, const char *endpoint);
