/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of api/ share. */
#pragma once

#include "api/app.h"

/* Schemas of replies that several routes give. */
extern const struct message operation_message; /* route/operations.c */
extern const struct message any_message;       /* any JSON object */

/* Rows of the workspace's files, as they are stored (route/workspace_files.c). */
extern const struct message workspace_file_stored, workspace_file_memory;
#define WORKSPACE_FILE_ROOT "workspace-files"

/* The value of {name} in the route's path. */
const char *call_arg(const struct call *call, const char *name);

/* The value of a query parameter, or NULL. Unescaped, in the arena. */
const char *call_query(const struct call *call, const char *name);

/*
 * Appends `doc` to the reply; consumes it, NULL is out of memory.
 */
MUST_CHECK int call_reply(struct call *call, json_t *doc, struct err *e);

/* Puts the hosts of the databases into the reply, where there are any. (hosts.c) */
MUST_CHECK int hosts_tell(struct call *call, struct err *e);
