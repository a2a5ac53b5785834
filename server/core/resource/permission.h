/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what with a project. The direct entries of a project are one object of kind
 * "permission" named "permissions/<project name>"; inherited ones are not stored.
 */
#pragma once

#include "core/context/ctx.h"

/* True when the caller is in that group; everybody is in `users`. */
bool caller_in_group(const struct caller *who, const char *group);

/* The object, as it is stored. */
extern const struct message permission_stored;

enum level { LEVEL_NONE, LEVEL_CAN_CREATE, LEVEL_CAN_USE, LEVEL_CAN_MANAGE };

/* The caller's level on the project called `project` ("projects/p"). */
bool caller_is_admin(const struct ctx *c);
MUST_CHECK int permission_level(struct ctx *c, const char *project, enum level *ret, struct err *e);

/* Refuses as the service does: the project is not found without CAN_USE; 403 without `need`. */
MUST_CHECK int permission_need(struct ctx *c, const char *project, enum level need, struct err *e);

/* The creator gets CAN_MANAGE. */
MUST_CHECK int permission_created(struct ctx *c, const char *project, struct err *e);

/* The project is gone for good. */
MUST_CHECK int permission_dropped(struct ctx *c, const char *project, struct err *e);

/* "CAN_MANAGE" and so on; LEVEL_NONE for anything else, NULL too. */
enum level level_parse(const char *s);
