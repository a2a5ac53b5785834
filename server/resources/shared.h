/* SPDX-License-Identifier: Apache-2.0 */
/* What several resource types have in common: messages, enums, checks. */
#pragma once

#include "core/mask/mask.h"
#include "core/resource/resource.h"

extern const struct resource project_resource, branch_resource, endpoint_resource, role_resource,
	database_resource, snapshot_resource;

#define VERIFIED .evidence = EVIDENCE_VERIFIED
#define DOCUMENTED .evidence = EVIDENCE_DOCUMENTED
#define TYPED .evidence = EVIDENCE_TYPED
#define INVENTED .evidence = EVIDENCE_INVENTED

/* Rows that nearly every resource starts with. */
#define FIELD_NAME                                                                                 \
	{ "name", T_STRING, F_OUTPUT, VERIFIED, .doc = "Full resource name." }
#define FIELD_PARENT                                                                               \
	{ "parent", T_STRING, F_OUTPUT, VERIFIED,                             \
		.doc = "Name of the resource that this one belongs to." }
#define FIELD_SPEC(message, evidence)                                                              \
	{ "spec", T_MESSAGE, F_INPUT, message, evidence,                      \
		.doc = "What you want; never in an answer." }
#define FIELD_STATUS(message, evidence)                                                            \
	{ "status", T_MESSAGE, F_OUTPUT, message, evidence,                   \
		.doc = "How it is; only in answers." }
#define FIELD_UID                                                                                  \
	{ "uid", T_STRING, F_OUTPUT, VERIFIED,                                \
		.doc = "Made by the server; not accepted where an id is wanted." }
#define FIELD_CREATE_TIME                                                                          \
	{ "create_time", T_TIME, F_OUTPUT, VERIFIED, .doc = "When it was made." }
#define FIELD_UPDATE_TIME                                                                          \
	{ "update_time", T_TIME, F_OUTPUT, VERIFIED,                          \
		.doc = "When it was last changed." }

extern const struct message pg_settings_group; /* EndpointSettings */
extern const struct message endpoint_group;    /* EndpointGroupSpec */
extern const struct message role_spec;         /* RoleRoleSpec */

/*
 * 400 unless the autoscaling limits and the suspend timeout in `settings` are ones that the
 * service has: 0.5 or whole CUs, min <= max, their distance, 60 s to 7 days, no_suspension never
 * false. `kept` is where the request's no_suspension was carried to.
 */
MUST_CHECK int compute_check(struct ctx *c, const char *prefix, const json_t *settings,
	const json_t *kept, struct err *e);

/* A number for a message, in the arena. */
const char *number(struct ctx *c, double v);

/* A sibling of `d` (same parent and type) whose status field `path` is `value`: 1, 0, -1. */
MUST_CHECK int sibling_with(struct ctx *c, const struct resource *res, const char *parent,
	const char *except, const char *path, const char *value, struct err *e);

/* Neither forked from another branch, nor a copy of one that was. */
bool branch_is_root(const struct draft *branch);

/* Gives it the roles and databases that its source had (branch_inherit.c). */
MUST_CHECK int branch_inherit(struct ctx *c, struct draft *branch, struct err *e);

/* 400 unless data of the project can be had as it was at `at`. */
MUST_CHECK int source_time_check(struct ctx *c, usec at, const struct draft *project, struct err *e);

/* The branch exists and the caller may use its project; the service's own 404s otherwise. */
MUST_CHECK int branch_need(struct ctx *c, const char *branch, struct err *e);

/* The branch has a database of that Postgres name; with `make`, one is made, owned by the branch's
 * first role. */
MUST_CHECK int database_need(
	struct ctx *c, const char *branch, const char *database, bool make, struct err *e);
