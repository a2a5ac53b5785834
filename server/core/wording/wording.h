/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every sentence that the API says when it refuses, on one page, each with the evidence for its
 * words. The arguments are strings (%s) only.
 */
#pragma once

#include "base/err.h"
#include "core/wording/evidence.h"

/* id, error code, evidence, text; what it means, or what to do */
#define WORDING_TABLE(X)                                                                           \
	/* not found */                                                                            \
	X(ID_NOT_FOUND, NOT_FOUND, VERIFIED, "%s id not found [TraceId: %s]",                      \
		"Nothing of that kind has this name, or you may not see it.")                      \
	X(PROJECT_NOT_FOUND, NOT_FOUND, VERIFIED, "Project with name '%s' not found",              \
		"The project does not exist, or you may not see it.")                              \
	X(ROLE_REF_NOT_FOUND, NOT_FOUND, VERIFIED,                                                 \
		"role not found; role_id:\"%s\" [TraceId: %s]",                                    \
		"The request names a role that this branch does not have.")                        \
	X(DATABASE_REF_NOT_FOUND, NOT_FOUND, INVENTED,                                             \
		"database not found; postgres_database:\"%s\" [TraceId: %s]",                      \
		"The database does not exist; create it, or set create_database_if_missing.")      \
	X(NO_INSTANCE, DOES_NOT_EXIST, VERIFIED, "Database instance %s does not exist",            \
		"The mock has no instances of the older product (Provisioned).")                   \
	X(NO_APP, DOES_NOT_EXIST, INVENTED, "App %s not found: it does not exist or is deleted",   \
		"The mock has no apps; some clients ask for one before they call "                 \
		"Lakebase.")                                                                       \
	X(DATABASE_GONE, NOT_FOUND, VERIFIED, "database not found",                                \
		"The database that the request is about does not exist.")                          \
	X(NO_API, NO_ENDPOINT, VERIFIED, "No API found for '%s %s'",                               \
		"The path or the method is wrong. GET /_mock/routes lists those that "             \
		"exist.")                                                                          \
	/* ids and required fields */                                                              \
	X(ID_PATTERN, INVALID, VERIFIED, "Field %s must match pattern %s, got '%s'.",              \
		"An id has lower-case letters, digits and hyphens, begins and ends with a "        \
		"letter or a digit, and has 63 characters at most.")                               \
	X(CDF_ID, INVALID, VERIFIED,                                                               \
		"Invalid cdf_config_id '%s'. Must match [a-z][a-z0-9_]{0,62}",                     \
		"This id begins with a letter and has lower-case letters, digits and "             \
		"underscores, but no hyphens.")                                                    \
	X(ID_SHORT, INVALID, VERIFIED, "Field %s must be at least %s characters",                  \
		"The profile of that date requires longer ids.")                                   \
	X(REQUIRED, INVALID, VERIFIED,                                                             \
		"Field '%s' is required, expected non-default value (not \"\")!",                  \
		"The field or the parameter is missing or empty.")                                 \
	X(REQUIRED_MESSAGE, INVALID, VERIFIED,                                                     \
		"Field '%s' is required and must contain at least one subfield with a "            \
		"non-default value!",                                                              \
		"The object is missing, or it is empty.")                                          \
	/* field values */                                                                         \
	X(BAD_TYPE, INVALID, INVENTED, "Field '%s' must be %s, got %s.",                           \
		"The JSON type is wrong, for example a string in the place of a number.")          \
	X(BAD_ENUM, INVALID, INVENTED, "Field '%s' must be one of %s, got '%s'.",                  \
		"The value is not one of those that the message lists.")                           \
	X(BAD_RANGE, INVALID, INVENTED, "Field '%s' must be between %s and %s, got %s.",           \
		"The number or the duration is too small or too large.")                           \
	X(BAD_LENGTH, INVALID, INVENTED,                                                           \
		"Field '%s' must have between %s and %s characters, got %s.",                      \
		"The text is too short or too long.")                                              \
	X(BAD_ITEMS, INVALID, INVENTED, "Field '%s' must have between %s and %s items, got %s.",   \
		"The list has too few or too many items.")                                         \
	X(UNKNOWN_FIELD, INVALID, INVENTED, "Unknown field '%s'.%s",                               \
		"With --strict only: no field has that name.")                                     \
	X(BAD_QUERY, INVALID, INVENTED, "Query parameter '%s' must be %s, got '%s'.",              \
		"The value of a query parameter cannot be read.")                                  \
	X(ONEOF, INVALID, INVENTED, "Only one of %s may be set, got '%s' and '%s'.",               \
		"These fields exclude each other; send one of them.")                              \
	X(EXCLUDES, INVALID, INVENTED, "Field '%s' cannot be set together with '%s'.",             \
		"These fields exclude each other; send one of them.")                              \
	/* update masks */                                                                         \
	X(MASK_EMPTY, INVALID, INVENTED,                                                           \
		"Field 'update_mask' is required and must contain at least one subfield with a "   \
		"non-default value!",                                                              \
		"An update has to say in update_mask what it changes, for example "                \
		"update_mask=spec.display_name.")                                                  \
	X(MASK_UNKNOWN, INVALID, VERIFIED, "Unknown field path in update_mask: '%s'",              \
		"update_mask names a field that does not exist or cannot be changed. The "         \
		"page of the resource lists the fields.")                                          \
	X(MASK_MISSING, INVALID, VERIFIED,                                                         \
		"Field '%s' is in update_mask but not provided in request",                        \
		"update_mask names a field, and the body has no value for it. Send a "             \
		"value, or remove the field from the mask.")                                       \
	X(MASK_OVERLAP, INVALID, INVENTED, "Field path '%s' in update_mask overlaps with '%s'",    \
		"One path of update_mask is inside another.")                                      \
	/* projects */                                                                             \
	X(PROJECT_EXISTS, EXISTS, VERIFIED,                                                        \
		"project with such id already exists in the workspace",                            \
		"The id is taken. After a lost answer it may be your own project: read it.")       \
	X(PROJECT_HAS_PROTECTED, BAD_REQUEST, INVENTED,                                            \
		"cannot delete project with protected branch '%s'",                                \
		"Unprotect the branch first.")                                                     \
	X(PROJECT_NOT_DELETED, BAD_REQUEST, INVENTED, "project '%s' is not deleted",               \
		"Only a soft-deleted project can be brought back.")                                \
	X(RETENTION_RANGE, INVALID, INVENTED,                                                      \
		"Field 'spec.history_retention_duration' must be between %s and %s, got %s.",      \
		"The history can be kept from 2 to 35 days.")                                      \
	X(DEFAULT_BRANCH_FOREIGN, INVALID, INVENTED,                                               \
		"default_branch field must point to a branch of the same Project",                 \
		"The branch belongs to another project.")                                          \
	X(TAG_TWICE, INVALID, INVENTED, "Field 'spec.custom_tags' has the key '%s' twice",         \
		"Each key of the tags has one value.")                                             \
	/* branches */                                                                             \
	X(BRANCH_EXISTS, BAD_REQUEST, VERIFIED, "branch already exists; branch_name:\"%s\"",       \
		"The id is taken. The status is 400, and not 409 as for a project.")               \
	X(EXPIRATION_MISSING, INVALID, VERIFIED,                                                   \
		"Expiration must be specified when creating a branch",                             \
		"A new branch needs one of ttl, expire_time and no_expiry.")                       \
	X(NO_EXPIRY_FALSE, INVALID, VERIFIED,                                                      \
		"Invalid 'no_expiry' value: must be true to disable expiration. Provide 'ttl' or " \
		"'expire_time' instead.",                                                          \
		"Leave the field out instead of sending false.")                                   \
	X(EXPIRATION_TOO_FAR, INVALID, VERIFIED,                                                   \
		"expiration time exceeds the maximum expiration time",                             \
		"The longest life is the setting max_branch_ttl.")                                 \
	X(EXPIRATION_PAST, INVALID, INVENTED, "expiration time must be in the future",             \
		"The time has passed, on the clock of the workspace.")                             \
	X(SOURCE_BRANCH_FOREIGN, INVALID, VERIFIED,                                                \
		"source_branch field must point to the branch from the same Project",              \
		"A branch comes from a branch of its own project.")                                \
	X(SOURCE_SNAPSHOT_FOREIGN, INVALID, VERIFIED,                                              \
		"source_snapshot field must point to a snapshot from the same Project",            \
		"A branch comes from a snapshot of its own project.")                              \
	X(SOURCE_EXPIRES, BAD_REQUEST, VERIFIED,                                                   \
		"Branches with an expiration date cannot have child branches",                     \
		"Remove the expiration of the source, or take another source.")                    \
	X(SOURCE_TIME_EARLY, INVALID, VERIFIED,                                                    \
		"The provided timestamp is before your project was created, try a more recent "    \
		"timestamp.",                                                                      \
		"There was no project at that time.")                                              \
	X(SOURCE_TIME_RANGE, INVALID, INVENTED,                                                    \
		"source_branch_time is outside the history retention window",                      \
		"The time is older than history_retention_duration, or in the future.")            \
	X(BRANCH_ROOT, BAD_REQUEST, VERIFIED,                                                      \
		"Cannot delete root branch '%s'. Root branches cannot be deleted independently.",  \
		"A root branch goes with its project.")                                            \
	X(BRANCH_PROTECTED, BAD_REQUEST, VERIFIED, "cannot delete protected branch",               \
		"Unprotect the branch first.")                                                     \
	X(BRANCH_DEFAULT, BAD_REQUEST, INVENTED, "cannot delete default branch",                   \
		"Make another branch the default one first.")                                      \
	X(BRANCH_HAS_CHILDREN, BAD_REQUEST, INVENTED, "cannot delete branch that has children",    \
		"Delete the branches that were made from it first.")                               \
	X(SOURCE_BRANCH_SELF, INVALID, INVENTED,                                                   \
		"source_branch field must not point to the branch itself",                         \
		"Name another branch to take the data from.")                                      \
	X(RESET_PROTECTED, BAD_REQUEST, INVENTED, "cannot reset protected branch",                 \
		"Unprotect the branch first.")                                                     \
	X(RESET_HAS_CHILDREN, BAD_REQUEST, INVENTED, "cannot reset branch that has children",      \
		"Delete the branches that were made from it first.")                               \
	X(BRANCH_NOT_DELETED, BAD_REQUEST, INVENTED, "branch '%s' is not deleted",                 \
		"Only a soft-deleted branch can be brought back.")                                 \
	X(DEFAULT_EXPIRES, BAD_REQUEST, INVENTED, "The default branch cannot expire",              \
		"The default branch of a project has to stay.")                                    \
	X(PROTECTED_EXPIRES, BAD_REQUEST, INVENTED, "A protected branch cannot expire",            \
		"Unprotect the branch, or leave the expiration out.")                              \
	/* endpoints */                                                                            \
	X(ENDPOINT_RW_EXISTS, BAD_REQUEST, VERIFIED, "read_write endpoint already exists",         \
		"A branch has one read-write endpoint, which is made with the branch and "         \
		"called primary. Use that one.")                                                   \
	X(ENDPOINT_EXISTS, EXISTS, INVENTED, "endpoint with such id already exists",               \
		"The id is taken.")                                                                \
	X(ENDPOINT_RW_DELETE, BAD_REQUEST, VERIFIED,                                               \
		"Cannot delete read-write endpoint '%s'. Read-write endpoints cannot be deleted.", \
		"The read-write endpoint goes with its branch.")                                   \
	X(ENDPOINT_PROTECTED, BAD_REQUEST, VERIFIED,                                               \
		"endpoint cannot be deleted for a protected branch",                               \
		"Unprotect the branch first.")                                                     \
	X(ENDPOINT_RECONCILING, CONFLICT, VERIFIED, "Endpoint reconciliation still in progress",   \
		"The last change of the endpoint is not complete. Try again a moment "             \
		"later.")                                                                          \
	X(CU_VALUE, INVALID, INVENTED,                                                             \
		"Field '%s' must be 0.5 or a whole number up to %s (up to %s where both limits "   \
		"are the same), got %s.",                                                          \
		"Compute units are 0.5 or whole numbers.")                                         \
	X(CU_ORDER, INVALID, INVENTED,                                                             \
		"autoscaling_limit_min_cu must not exceed autoscaling_limit_max_cu",               \
		"The lower limit is above the upper one.")                                         \
	X(CU_SPREAD, INVALID, INVENTED,                                                            \
		"autoscaling_limit_max_cu must not exceed autoscaling_limit_min_cu by more than %s", \
		"The limits are too far from each other.")                                         \
	X(SUSPEND_RANGE, INVALID, INVENTED, "Field '%s' must be between %s and %s, got %s.",       \
		"Computes are suspended after 60 seconds to 7 days.")                              \
	X(NO_SUSPENSION_FALSE, INVALID, INVENTED,                                                  \
		"Invalid 'no_suspension' value: must be true to disable suspension. Provide "      \
		"'suspend_timeout_duration' instead.",                                             \
		"Leave the field out instead of sending false.")                                   \
	X(GROUP_SIZE, INVALID, INVENTED,                                                           \
		"Field 'spec.group': min and max must be equal and at least 1",                    \
		"The size of a group is fixed: min equals max.")                                   \
	X(GROUP_SUSPENDS, INVALID, INVENTED,                                                       \
		"A group of more than one compute needs 'no_suspension'",                          \
		"Only a group of one compute can be suspended.")                                   \
	X(GROUP_READABLE, INVALID, INVENTED, "Readable secondaries need a group of at least 2",    \
		"A group of one compute has no secondaries.")                                      \
	/* roles */                                                                                \
	X(ROLE_EXISTS, BAD_REQUEST, VERIFIED, "role with that name already exists",                \
		"The id or the Postgres name is taken. The status is 400, and not 409.")           \
	X(ROLE_NO_LOGIN, INVALID, VERIFIED,                                                        \
		"Creating roles with auth_method NO_LOGIN is not currently supported",             \
		"Leave auth_method out, or choose another one.")                                   \
	X(ROLE_IDENTITY, INVALID, VERIFIED, "Identity '%s' not found",                             \
		"No user, group or service principal has that name.")                              \
	X(ROLE_OWNS, BAD_REQUEST, DOCUMENTED,                                                      \
		"role '%s' cannot be dropped while it still owns objects; use reassign_owned_to",  \
		"Databases belong to the role; name their next owner.")                            \
	X(ROLE_NO_PASSWORD, BAD_REQUEST, INVENTED,                                                 \
		"role '%s' does not use password authentication",                                  \
		"Only a role with PG_PASSWORD_SCRAM_SHA_256 has a password.")                      \
	/* databases, catalogs, synced tables */                                                   \
	X(DATABASE_EXISTS, BAD_REQUEST, VERIFIED, "database with that name already exists",        \
		"The id or the Postgres name is taken. The status is 400, and not 409.")           \
	X(CATALOG_EXISTS, EXISTS, INVENTED, "catalog with such id already exists",                 \
		"The id is taken.")                                                                \
	X(CATALOG_DATABASE_TAKEN, BAD_REQUEST, INVENTED,                                           \
		"database '%s' is already registered as catalog '%s'",                             \
		"A database can be one catalog only.")                                             \
	X(TABLE_ID, INVALID, INVENTED,                                                             \
		"Field %s must have the form catalog.schema.table, got '%s'.",                     \
		"The id of a synced table is its full name in Unity Catalog.")                     \
	X(TABLE_DELETING, EXISTS, VERIFIED,                                                        \
		"Failing setup of Delta sync table: Destination table %s already exists",          \
		"The table exists, or its deletion is not complete. Wait, or choose "              \
		"another name.")                                                                   \
	X(SNAPSHOT_EXISTS, EXISTS, INVENTED, "snapshot with such id already exists",               \
		"The id is taken.")                                                                \
	X(SNAPSHOT_CHILD, BAD_REQUEST, TYPED, "not allowed to snapshot non-root branch",           \
		"Only a root branch can have snapshots.")                                          \
	X(CDF_SCHEMA_TAKEN, INVALID, INVENTED,                                                     \
		"schema '%s' of this database is already fed by cdf config '%s'",                  \
		"A schema has one change data feed.")                                              \
	X(CDF_EXISTS, EXISTS, INVENTED, "cdf config with such id already exists",                  \
		"The id is taken.")                                                                \
	X(DATA_API_EXISTS, EXISTS, INVENTED, "data api already exists",                            \
		"A database has one Data API.")                                                    \
	/* credentials */                                                                          \
	X(CREDENTIAL_TTL, INVALID, INVENTED,                                                       \
		"%s must be at least 300 seconds and at most 3600 seconds",                        \
		"A credential lives from 5 minutes to 1 hour.")                                    \
	X(CREDENTIAL_CLAIMS, INVALID, VERIFIED, "Unsupported permission set",                      \
		"The only permission_set is READ_ONLY.")                                           \
	X(CREDENTIAL_GROUP, DENIED, DOCUMENTED, "The caller must be a member of group '%s'",       \
		"You can log in as a group only when you are in it.")                              \
	/* conflicts */                                                                            \
	X(CONFLICT, CONFLICT, DOCUMENTED,                                                          \
		"project already has running conflicting operations, scheduling of new ones is "   \
		"prohibited",                                                                      \
		"An operation on the same project or branch is not done. Wait for it, or try again.") \
	/* lists */                                                                                \
	X(PAGE_SIZE, INVALID, INVENTED,                                                            \
		"page_size must be a whole number from %s to 2147483647, got '%s'.",               \
		"page_size is no number, or out of range.")                                        \
	X(PAGE_TOKEN, INVALID, INVENTED, "Invalid page token",                                     \
		"The token is not one of this list; take next_page_token as it is.")               \
	/* permissions and callers */                                                              \
	X(NO_CREDENTIAL, UNAUTHENTICATED, VERIFIED,                                                \
		"Credential was not sent or was of an unsupported type for this API. [ReqId: %s]", \
		"The request has no bearer token. Send one, or start the server with "             \
		"--auth open.")                                                                    \
	X(BAD_CREDENTIAL, BAD_TOKEN, VERIFIED, "Invalid access token. [ReqId: %s]",                \
		"The token has expired, or the server does not know it. Get a new one.")           \
	X(NEEDS_MANAGE, DENIED, VERIFIED,                                                          \
		"User %s is not authorized. Ask an owner to assign the user 'Can Manage' for "     \
		"Database project %s.",                                                            \
		"You may use the project, but this call needs CAN_MANAGE.")                        \
	X(CAN_CREATE, BAD_REQUEST, DOCUMENTED,                                                     \
		"CAN_CREATE is an inherited permission level and cannot be granted",               \
		"Grant CAN_USE or CAN_MANAGE.")                                                    \
	X(ACL_PRINCIPAL, INVALID, INVENTED,                                                        \
		"Each entry of access_control_list needs exactly one of user_name, group_name, "   \
		"service_principal_name",                                                          \
		"An entry names nobody, or more than one.")                                        \
	X(ACL_PROJECT, DOES_NOT_EXIST, INVENTED, "database-projects %s not found.",                \
		"The project does not exist, or you may not see it.")                              \
	/* workspace files */                                                                      \
	X(WS_MISSING, DOES_NOT_EXIST, VERIFIED, "Path (%s) doesn't exist.",                        \
		"There is no such file or folder.")                                                \
	X(WS_NO_PARENT, NOT_FOUND, TYPED, "The parent folder (%s) does not exist.",                \
		"Make the folder first (mkdirs).")                                                 \
	X(WS_EXISTS, RES_EXISTS, TYPED, "%s already exists.",                                      \
		"Send overwrite, or take another path.")                                           \
	X(WS_NOT_EMPTY, NOT_EMPTY, TYPED, "Folder %s is not empty",                                \
		"Send recursive, or delete what is inside first.")                                 \
	X(WS_NOT_FILE, BAD_REQUEST, INVENTED, "Path (%s) is a folder; only files can be read",     \
		"Read one of the files inside.")                                                   \
	X(WS_PATH, INVALID, INVENTED, "Path (%s) cannot be used here",                             \
		"The path is not absolute, has dots, or is too long.")                             \
	/* quotas and limits */                                                                    \
	X(QUOTA, QUOTA, INVENTED,                                                                  \
		"Limit of %s %s reached; delete some or raise it with --set %s=N",                 \
		"A quota of the workspace is used up; the message names the setting that "         \
		"raises it.")                                                                      \
	X(BODY_TOO_LARGE, TOO_LARGE, INVENTED, "The request body is larger than %s bytes",         \
		"Send less.")                                                                      \
	X(BODY_MISSING, MALFORMED, VERIFIED,                                                       \
		"The request body must be a JSON object, got nothing",                             \
		"The call needs a body; often an empty object, {}, is enough.")                    \
	X(BODY_NOT_OBJECT, MALFORMED, INVENTED, "The request body must be a JSON object, got %s",  \
		"The body is valid JSON of another type.")                                         \
	X(BODY_SYNTAX, MALFORMED, INVENTED,                                                        \
		"The request body is not valid JSON: line %s, column %s: %s",                      \
		"The message says where the JSON breaks.")                                         \
	/* the service's own failures */                                                           \
	X(INTERNAL, INTERNAL, VERIFIED,                                                            \
		"The request could not be processed. Please try again later. [TraceId: %s]",       \
		"An error of the service that a setting reproduces.")                              \
	X(INTERNAL_CONTACT, INTERNAL, VERIFIED,                                                    \
		"The request could not be processed. Please try again later and contact "          \
		"Databricks if the problem persists. [TraceId: %s]",                               \
		"An error of the service that a setting reproduces. Part of the change "           \
		"was made.")                                                                       \
	/* ours */                                                                                 \
	X(NOT_IMPLEMENTED, NOT_IMPLEMENTED, INVENTED,                                              \
		"%s is not implemented by lakebase-mock; GET /_mock/routes lists what is",         \
		"The service has this call, and the mock does not.")

#define X(id, code, evidence, text, doc) SAY_##id,
enum wording { WORDING_TABLE(X) SAY__N };
#undef X

/* Refuses in those words; the arguments are strings, as many as the text has %s. Returns -1. */
int err_say(struct err *e, enum wording w, ...);

/* For the reference: the text with its %s, the code, the evidence, and what it means to a reader. */
const char *wording_text(enum wording w);
enum err_code wording_code(enum wording w);
enum evidence wording_evidence(enum wording w);
const char *wording_doc(enum wording w);
const char *wording_id(enum wording w);
