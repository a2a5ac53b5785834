/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one error type. A function that can fail takes a `struct err *` last, fills it and returns
 * -1; the message is a part of the API and is asserted word for word by tests. Nothing is
 * allocated, so an err can neither leak nor fail. Do not overwrite a cause on the way up.
 */
#pragma once

#include "base/macros.h"

/* id, HTTP status, error_code on the wire (a number stands for itself: the service does so) */
#define ERR_TABLE(X)                                                                               \
	X(BAD_REQUEST, 400, "BAD_REQUEST")                                                         \
	X(INVALID, 400, "INVALID_PARAMETER_VALUE")                                                 \
	X(MALFORMED, 400, "MALFORMED_REQUEST")                                                     \
	X(QUOTA, 400, "RESOURCE_LIMIT_EXCEEDED")                                                   \
	X(NOT_EMPTY, 400, "DIRECTORY_NOT_EMPTY")                                                   \
	X(UNAUTHENTICATED, 401, "401")                                                             \
	X(BAD_TOKEN, 403, "403")                                                                   \
	X(DENIED, 403, "PERMISSION_DENIED")                                                        \
	X(NOT_FOUND, 404, "NOT_FOUND")                                                             \
	X(NO_ENDPOINT, 404, "ENDPOINT_NOT_FOUND")                                                  \
	X(DOES_NOT_EXIST, 404, "RESOURCE_DOES_NOT_EXIST")                                          \
	X(TIMEOUT, 408, "DEADLINE_EXCEEDED")                                                       \
	X(CONFLICT, 409, "RESOURCE_CONFLICT")                                                      \
	X(EXISTS, 409, "ALREADY_EXISTS")                                                           \
	X(RES_EXISTS, 409, "RESOURCE_ALREADY_EXISTS")                                              \
	X(ABORTED, 409, "ABORTED")                                                                 \
	X(BAD_STATE, 409, "INVALID_STATE")                                                         \
	X(JOURNAL, 409, "JOURNAL_INCOMPLETE")                                                      \
	X(TOO_LARGE, 413, "MAX_READ_SIZE_EXCEEDED")                                                \
	X(FORBIDDEN_HOST, 421, "MISDIRECTED_REQUEST")                                              \
	X(THROTTLED, 429, "RESOURCE_EXHAUSTED")                                                    \
	X(INTERNAL, 500, "INTERNAL_ERROR")                                                         \
	X(NOT_IMPLEMENTED, 501, "NOT_IMPLEMENTED")                                                 \
	X(UNAVAILABLE, 503, "TEMPORARILY_UNAVAILABLE")

#define X(id, status, name) ERR_##id,
enum err_code { ERR_NONE, ERR_TABLE(X) ERR__N };
#undef X

/* What an error carries in `details` besides its message. */
enum err_detail {
	DETAIL_NONE,
	DETAIL_MANAGED_BY_PARENT, /* clients drop the error when they see it on destroy */
};

struct err {
	enum err_code code;
	enum err_detail detail;
	char message[1024];
};

/* Fills *e and returns -1, so that a failing function ends in one line. */
PRINTF(3, 4) int err_set(struct err *e, enum err_code code, const char *fmt, ...);

/* Out of memory: a 500 like any other, and the request is rolled back. Returns -1. */
int err_oom(struct err *e);

/* HTTP status and error_code of a code. */
int err_status(enum err_code code);
const char *err_name(enum err_code code);

/* The code whose error_code is `name`, or ERR_NONE. */
enum err_code err_find(const char *name);
