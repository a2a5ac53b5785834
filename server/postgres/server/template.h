/* SPDX-License-Identifier: Apache-2.0 */
/* The cluster that every branch of a version starts as. */
#pragma once

#include "base/err.h"
#include "postgres/machine/discover.h"

/* What it holds: the superuser that the servers are administered as, and the first database. */
#define ADMIN_ROLE "cloud_admin"
#define FIRST_DATABASE "databricks_postgres"

/* Calls w->done once, when the template of `v` is there or cannot be made: from the loop, or before
 * this returns when it is there already. */
void template_need(struct pg *pg, struct version *v, struct template_wait *w);

/* w->done is not called any more; for one that is not queued nothing happens. */
void template_forget(struct version *v, struct template_wait *w);

/* Makes the one that most projects need, soon after the loop has begun. -1 when out of memory. */
MUST_CHECK int template_prepare(struct pg *pg);

/* The name of its folder; "" while there is none. */
void template_name(const struct version *v, char out[static 128]);

/* What is installed into every database that the API makes. */
const char *template_database_sql(void);
