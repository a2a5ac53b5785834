/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks, and in which workspace.
 *
 * A token `mock-<workspace>[.<user>]` selects the workspace and the caller <user>@example.com; any
 * other token is the workspace `default` and its admin. Principals of fixtures are objects of kind
 * "principal", parent "principals", name "principals/<name>", alias "tokens/<SHA-256 of the
 * token>", doc {"name","kind":"user|service_principal","admin":false,"groups":[…]}.
 */
#pragma once

#include "api/app.h"

struct identity {
	const char *workspace;
	struct caller caller;
	bool known; /* by the token; false: anybody may say it, and is taken for the admin */
};

/*
 * Reads the Authorization header. -1 with SAY_NO_CREDENTIAL or SAY_BAD_CREDENTIAL; *ret then still
 * names a workspace. Strings are in the arena.
 */
MUST_CHECK int auth_identify(struct app *a, const struct request *req, struct arena *arena,
	struct identity *ret, struct err *e);

/* A bearer token for `who`, good until `expiry` of the workspace's clock; signed, so it needs no
 * memory to be known again. NULL with *e on failure. */
const char *auth_issue(struct app *a, const struct identity *who, usec expiry, struct arena *arena,
	struct err *e);

/* Who a browser logs in: `mock-<workspace>[.<user>]`, or an address in the workspace "default", whose
 * admin it is for NULL. False for anything else. */
bool auth_login(const char *hint, struct arena *arena, struct identity *ret);

/* The workspace of an OAuth client: `mock-<workspace>.` in front of its id, or "default". */
const char *auth_client_workspace(const char *client_id, struct arena *arena);

enum { TOKEN_LIFE_S = 3600 };

/* Who has that name: as fixtures list it, or as the mock makes principals up. -1 with *e when the list
 * cannot be read. */
MUST_CHECK int auth_caller(struct ctx *c, const char *name, enum caller_kind kind, bool look_up,
	struct caller *ret, struct err *e);

/* A principal looked up by name or by token alias: 1 found, 0 there is none, -1 with *e. */
MUST_CHECK int auth_principal(struct ctx *c, const char *object_name, struct caller *ret, struct err *e);
