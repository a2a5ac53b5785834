/* SPDX-License-Identifier: Apache-2.0 */
/* What an earlier run has left in the data folder, or beside it. */
#pragma once

struct pg;

/* The folder of the sockets when a path in the data folder is too long for one, and the link in the
 * data folder that tells of it. */
#define SOCKETS_APART "/tmp/lakebase-mock-run."
#define SOCKETS_LINK "sockets"

/* Ends the servers that an earlier run has left in the data folder, and drops its scratch. */
void leftover_tidy(struct pg *pg);

/* Drops data folders in `parent` that were to go away with their server, and whose server is dead. */
void leftover_drop_temporary(const struct pg *pg, const char *parent, const char *prefix);
