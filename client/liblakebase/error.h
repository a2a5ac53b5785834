/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: how a story is put into words, and how it becomes the last one of the thread. */
#pragma once

#include "liblakebase/base.h"

/* Fills *e (attempts and http_status become 0) and returns `code`. */
PRINTF(3, 4) int lb_error_set(struct lakebase_error *e, int code, const char *fmt, ...);
/* The service's own code for it. */
void lb_error_name(struct lakebase_error *e, const char *code);
int lb_error_oom(struct lakebase_error *e);
/* Makes *e the last error of the thread; returns its code. */
int lb_error_publish(const struct lakebase_error *e);
/* Shorthand for functions of the public interface that have no struct of their own. */
PRINTF(2, 3) int lb_fail(int code, const char *fmt, ...);
/* Replaces each occurrence of `secret` in `text` by "***" (shorter secrets than 4 are left). */
void lb_redact(char *text, const char *secret);
