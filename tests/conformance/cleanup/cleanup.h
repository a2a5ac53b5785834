/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removes what a run has made, as liblakebase deletes: with its retries and its patience. Nothing counts
 * as removed before the target itself says that it is not there.
 */
#pragma once

#include "conformance/target/created.h"
#include "conformance/target/http.h"
#include "lakebase_ports.h"

struct cleaner {
	struct lakebase *lb;
	struct shared *shared;
	struct lakebase_ports ports;
	double patience;
	char why[1024]; /* the last thing is still there */
};

MUST_CHECK int cleaner_open(struct cleaner *c, struct shared *shared, const char *url,
	const char *token, bool mock, struct err *e);
void cleaner_close(struct cleaner *c);

/* Removes "projects/p", or "/_mock/workspaces/w". True: it has been seen to be gone. */
bool cleaner_remove(struct cleaner *c, const char *name);

/* Adds the projects (or, on a mock, the workspaces) of all that begin with `stem`, deleted ones included.
 * -1 when the list could not be walked to its end. */
MUST_CHECK int cleaner_find(struct cleaner *c, bool mock, const char *stem, struct created *ret);
