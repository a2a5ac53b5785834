/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every sentence that the API says when it refuses, on one page, each with the evidence for its
 * words. The arguments are strings (%s) only.
 */
#pragma once

#include "base/err.h"
#include "core/evidence.h"

/* id, error code, evidence, text */
#define WORDING_TABLE(X)                                                                           \
	/* not found */                                                                            \
	X(ID_NOT_FOUND, NOT_FOUND, VERIFIED, "%s id not found [TraceId: %s]")                      \
	X(PROJECT_NOT_FOUND, NOT_FOUND, VERIFIED, "Project with name '%s' not found")              \
	X(ROLE_REF_NOT_FOUND, NOT_FOUND, VERIFIED, "role not found; role_id:\"%s\" [TraceId: %s]") \
	X(DATABASE_REF_NOT_FOUND, NOT_FOUND, INVENTED,                                             \
		"database not found; postgres_database:\"%s\" [TraceId: %s]")                      \
	X(NO_INSTANCE, DOES_NOT_EXIST, VERIFIED, "Database instance %s does not exist")            \
	X(NO_APP, DOES_NOT_EXIST, INVENTED, "App %s not found: it does not exist or is deleted")   \
	X(DATABASE_GONE, NOT_FOUND, VERIFIED, "database not found")                                \
	X(NO_API, NO_ENDPOINT, VERIFIED, "No API found for '%s %s'")                               \
	/* ids and required fields */                                                              \
	X(ID_PATTERN, INVALID, VERIFIED, "Field %s must match pattern %s, got '%s'.")              \
	X(CDF_ID, INVALID, VERIFIED, "Invalid cdf_config_id '%s'. Must match [a-z][a-z0-9_]{0,62}") \
	X(ID_SHORT, INVALID, VERIFIED, "Field %s must be at least %s characters")                  \
	X(REQUIRED, INVALID, VERIFIED,                                                             \
		"Field '%s' is required, expected non-default value (not \"\")!")                  \
	X(REQUIRED_MESSAGE, INVALID, VERIFIED,                                                     \
		"Field '%s' is required and must contain at least one subfield with a "            \
		"non-default value!")                                                              \
	/* field values */                                                                         \
	X(BAD_TYPE, INVALID, INVENTED, "Field '%s' must be %s, got %s.")                           \
	X(BAD_ENUM, INVALID, INVENTED, "Field '%s' must be one of %s, got '%s'.")                  \
	X(BAD_RANGE, INVALID, INVENTED, "Field '%s' must be between %s and %s, got %s.")           \
	X(BAD_LENGTH, INVALID, INVENTED,                                                           \
		"Field '%s' must have between %s and %s characters, got %s.")                      \
	X(BAD_ITEMS, INVALID, INVENTED, "Field '%s' must have between %s and %s items, got %s.")   \
	X(UNKNOWN_FIELD, INVALID, INVENTED, "Unknown field '%s'.%s")                               \
	X(BAD_QUERY, INVALID, INVENTED, "Query parameter '%s' must be %s, got '%s'.")              \
	X(ONEOF, INVALID, INVENTED, "Only one of %s may be set, got '%s' and '%s'.")               \
	X(EXCLUDES, INVALID, INVENTED, "Field '%s' cannot be set together with '%s'.")             \
	/* update masks */                                                                         \
	X(MASK_EMPTY, INVALID, INVENTED,                                                           \
		"Field 'update_mask' is required and must contain at least one subfield with a "   \
		"non-default value!")                                                              \
	X(MASK_UNKNOWN, INVALID, VERIFIED, "Unknown field path in update_mask: '%s'")              \
	X(MASK_MISSING, INVALID, VERIFIED,                                                         \
		"Field '%s' is in update_mask but not provided in request")                        \
	X(MASK_OVERLAP, INVALID, INVENTED,                                                         \
		"Field path '%s' in update_mask overlaps with '%s'")                               \
	/* projects */                                                                             \
	X(PROJECT_EXISTS, EXISTS, VERIFIED, "project with such id already exists in the workspace") \
	X(PROJECT_HAS_PROTECTED, BAD_REQUEST, INVENTED,                                            \
		"cannot delete project with protected branch '%s'")                                \
	X(PROJECT_NOT_DELETED, BAD_REQUEST, INVENTED, "project '%s' is not deleted")               \
	X(RETENTION_RANGE, INVALID, INVENTED,                                                      \
		"Field 'spec.history_retention_duration' must be between %s and %s, got %s.")      \
	X(DEFAULT_BRANCH_FOREIGN, INVALID, INVENTED,                                               \
		"default_branch field must point to a branch of the same Project")                 \
	X(TAG_TWICE, INVALID, INVENTED, "Field 'spec.custom_tags' has the key '%s' twice")         \
	/* branches */                                                                             \
	X(BRANCH_EXISTS, BAD_REQUEST, VERIFIED, "branch already exists; branch_name:\"%s\"")       \
	X(EXPIRATION_MISSING, INVALID, VERIFIED,                                                   \
		"Expiration must be specified when creating a branch")                             \
	X(NO_EXPIRY_FALSE, INVALID, VERIFIED,                                                      \
		"Invalid 'no_expiry' value: must be true to disable expiration. Provide 'ttl' or " \
		"'expire_time' instead.")                                                          \
	X(EXPIRATION_TOO_FAR, INVALID, VERIFIED,                                                   \
		"expiration time exceeds the maximum expiration time")                             \
	X(EXPIRATION_PAST, INVALID, INVENTED, "expiration time must be in the future")             \
	X(SOURCE_BRANCH_FOREIGN, INVALID, VERIFIED,                                                \
		"source_branch field must point to the branch from the same Project")              \
	X(SOURCE_SNAPSHOT_FOREIGN, INVALID, VERIFIED,                                              \
		"source_snapshot field must point to a snapshot from the same Project")            \
	X(SOURCE_EXPIRES, BAD_REQUEST, VERIFIED,                                                   \
		"Branches with an expiration date cannot have child branches")                     \
	X(SOURCE_TIME_EARLY, INVALID, VERIFIED,                                                    \
		"The provided timestamp is before your project was created, try a more recent "    \
		"timestamp.")                                                                      \
	X(SOURCE_TIME_RANGE, INVALID, INVENTED,                                                    \
		"source_branch_time is outside the history retention window")                      \
	X(BRANCH_ROOT, BAD_REQUEST, VERIFIED,                                                      \
		"Cannot delete root branch '%s'. Root branches cannot be deleted independently.")  \
	X(BRANCH_PROTECTED, BAD_REQUEST, VERIFIED, "cannot delete protected branch")               \
	X(BRANCH_DEFAULT, BAD_REQUEST, INVENTED, "cannot delete default branch")                   \
	X(BRANCH_HAS_CHILDREN, BAD_REQUEST, INVENTED, "cannot delete branch that has children")    \
	X(SOURCE_BRANCH_SELF, INVALID, INVENTED,                                                   \
		"source_branch field must not point to the branch itself")                         \
	X(RESET_PROTECTED, BAD_REQUEST, INVENTED, "cannot reset protected branch")                 \
	X(RESET_HAS_CHILDREN, BAD_REQUEST, INVENTED, "cannot reset branch that has children")      \
	X(BRANCH_NOT_DELETED, BAD_REQUEST, INVENTED, "branch '%s' is not deleted")                 \
	X(DEFAULT_EXPIRES, BAD_REQUEST, INVENTED, "The default branch cannot expire")              \
	X(PROTECTED_EXPIRES, BAD_REQUEST, INVENTED, "A protected branch cannot expire")            \
	/* endpoints */                                                                            \
	X(ENDPOINT_RW_EXISTS, BAD_REQUEST, VERIFIED, "read_write endpoint already exists")         \
	X(ENDPOINT_EXISTS, EXISTS, INVENTED, "endpoint with such id already exists")               \
	X(ENDPOINT_RW_DELETE, BAD_REQUEST, VERIFIED,                                               \
		"Cannot delete read-write endpoint '%s'. Read-write endpoints cannot be deleted.") \
	X(ENDPOINT_PROTECTED, BAD_REQUEST, VERIFIED,                                             \
		"endpoint cannot be deleted for a protected branch")                               \
	X(ENDPOINT_RECONCILING, CONFLICT, VERIFIED, "Endpoint reconciliation still in progress")   \
	X(CU_VALUE, INVALID, INVENTED,                                                             \
		"Field '%s' must be 0.5 or a whole number up to %s (up to %s where both limits "   \
		"are the same), got %s.")                                                          \
	X(CU_ORDER, INVALID, INVENTED,                                                             \
		"autoscaling_limit_min_cu must not exceed autoscaling_limit_max_cu")               \
	X(CU_SPREAD, INVALID, INVENTED,                                                            \
		"autoscaling_limit_max_cu must not exceed autoscaling_limit_min_cu by more than %s") \
	X(SUSPEND_RANGE, INVALID, INVENTED,                                                        \
		"Field '%s' must be between %s and %s, got %s.")                                   \
	X(NO_SUSPENSION_FALSE, INVALID, INVENTED,                                                  \
		"Invalid 'no_suspension' value: must be true to disable suspension. Provide "      \
		"'suspend_timeout_duration' instead.")                                             \
	X(GROUP_SIZE, INVALID, INVENTED, "Field 'spec.group': min and max must be equal and at least 1") \
	X(GROUP_SUSPENDS, INVALID, INVENTED,                                                       \
		"A group of more than one compute needs 'no_suspension'")                          \
	X(GROUP_READABLE, INVALID, INVENTED, "Readable secondaries need a group of at least 2")    \
	/* roles */                                                                                \
	X(ROLE_EXISTS, BAD_REQUEST, VERIFIED, "role with that name already exists")                \
	X(ROLE_NO_LOGIN, INVALID, VERIFIED,                                                        \
		"Creating roles with auth_method NO_LOGIN is not currently supported")             \
	X(ROLE_IDENTITY, INVALID, VERIFIED, "Identity '%s' not found")                             \
	X(ROLE_OWNS, BAD_REQUEST, DOCUMENTED,                                                      \
		"role '%s' cannot be dropped while it still owns objects; use reassign_owned_to")  \
	X(ROLE_NO_PASSWORD, BAD_REQUEST, INVENTED, "role '%s' does not use password authentication") \
	/* databases, catalogs, synced tables */                                                   \
	X(DATABASE_EXISTS, BAD_REQUEST, VERIFIED, "database with that name already exists")        \
	X(CATALOG_EXISTS, EXISTS, INVENTED, "catalog with such id already exists")                 \
	X(CATALOG_DATABASE_TAKEN, BAD_REQUEST, INVENTED,                                           \
		"database '%s' is already registered as catalog '%s'")                             \
	X(TABLE_ID, INVALID, INVENTED, "Field %s must have the form catalog.schema.table, got '%s'.") \
	X(TABLE_DELETING, EXISTS, VERIFIED,                                                        \
		"Failing setup of Delta sync table: Destination table %s already exists")          \
	X(SNAPSHOT_EXISTS, EXISTS, INVENTED, "snapshot with such id already exists")               \
	X(SNAPSHOT_CHILD, BAD_REQUEST, TYPED, "not allowed to snapshot non-root branch")           \
	X(CDF_SCHEMA_TAKEN, INVALID, INVENTED,                                                     \
		"schema '%s' of this database is already fed by cdf config '%s'")                  \
	X(CDF_EXISTS, EXISTS, INVENTED, "cdf config with such id already exists")                  \
	X(DATA_API_EXISTS, EXISTS, INVENTED, "data api already exists")                            \
	/* credentials */                                                                          \
	X(CREDENTIAL_TTL, INVALID, INVENTED,                                                       \
		"%s must be at least 300 seconds and at most 3600 seconds")                        \
	X(CREDENTIAL_CLAIMS, INVALID, VERIFIED, "Unsupported permission set")                      \
	X(CREDENTIAL_GROUP, DENIED, DOCUMENTED, "The caller must be a member of group '%s'")       \
	/* conflicts */                                                                            \
	X(CONFLICT, CONFLICT, DOCUMENTED,                                                          \
		"project already has running conflicting operations, scheduling of new ones is "   \
		"prohibited")                                                                      \
	/* lists */                                                                                \
	X(PAGE_SIZE, INVALID, INVENTED,                                                            \
		"page_size must be a whole number from %s to 2147483647, got '%s'.")               \
	X(PAGE_TOKEN, INVALID, INVENTED, "Invalid page token")                                     \
	/* permissions and callers */                                                              \
	X(NO_CREDENTIAL, UNAUTHENTICATED, VERIFIED,                                                \
		"Credential was not sent or was of an unsupported type for this API. [ReqId: %s]") \
	X(BAD_CREDENTIAL, BAD_TOKEN, VERIFIED, "Invalid access token. [ReqId: %s]")                \
	X(NEEDS_MANAGE, DENIED, VERIFIED,                                                          \
		"User %s is not authorized. Ask an owner to assign the user 'Can Manage' for "     \
		"Database project %s.")                                                            \
	X(CAN_CREATE, BAD_REQUEST, DOCUMENTED,                                                     \
		"CAN_CREATE is an inherited permission level and cannot be granted")               \
	X(ACL_PRINCIPAL, INVALID, INVENTED,                                                        \
		"Each entry of access_control_list needs exactly one of user_name, group_name, "   \
		"service_principal_name")                                                          \
	X(ACL_PROJECT, DOES_NOT_EXIST, INVENTED, "database-projects %s not found.")                \
	/* workspace files */                                                                      \
	X(WS_MISSING, DOES_NOT_EXIST, VERIFIED, "Path (%s) doesn't exist.")                        \
	X(WS_NO_PARENT, NOT_FOUND, TYPED, "The parent folder (%s) does not exist.")                \
	X(WS_EXISTS, RES_EXISTS, TYPED, "%s already exists.")                                      \
	X(WS_NOT_EMPTY, NOT_EMPTY, TYPED, "Folder %s is not empty")                                \
	X(WS_NOT_FILE, BAD_REQUEST, INVENTED, "Path (%s) is a folder; only files can be read")     \
	X(WS_PATH, INVALID, INVENTED, "Path (%s) cannot be used here")                             \
	/* quotas and limits */                                                                    \
	X(QUOTA, QUOTA, INVENTED, "Limit of %s %s reached; delete some or raise it with --set %s=N") \
	X(BODY_TOO_LARGE, TOO_LARGE, INVENTED, "The request body is larger than %s bytes")         \
	X(BODY_MISSING, MALFORMED, VERIFIED, "The request body must be a JSON object, got nothing") \
	X(BODY_NOT_OBJECT, MALFORMED, INVENTED, "The request body must be a JSON object, got %s")  \
	X(BODY_SYNTAX, MALFORMED, INVENTED,                                                        \
		"The request body is not valid JSON: line %s, column %s: %s")                      \
	/* the service's own failures */                                                           \
	X(INTERNAL, INTERNAL, VERIFIED,                                                            \
		"The request could not be processed. Please try again later. [TraceId: %s]")       \
	X(INTERNAL_CONTACT, INTERNAL, VERIFIED,                                                    \
		"The request could not be processed. Please try again later and contact "          \
		"Databricks if the problem persists. [TraceId: %s]")                               \
	/* ours */                                                                                 \
	X(NOT_IMPLEMENTED, NOT_IMPLEMENTED, INVENTED,                                              \
		"%s is not implemented by lakebase-mock; GET /_mock/routes lists what is")

#define X(id, code, evidence, text) SAY_##id,
enum wording { WORDING_TABLE(X) SAY__N };
#undef X

/* Refuses in those words; the arguments are strings, as many as the text has %s. Returns -1. */
int err_say(struct err *e, enum wording w, ...);

/* For the reference: the text with its %s, the code and the evidence. */
const char *wording_text(enum wording w);
enum err_code wording_code(enum wording w);
enum evidence wording_evidence(enum wording w);
const char *wording_id(enum wording w);
