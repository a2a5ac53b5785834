/* SPDX-License-Identifier: Apache-2.0 */
/* JSON documents as they are handed to the caller. */
#pragma once

#include <jansson.h>

#include "liblakebase/base.h"

struct lakebase_doc {
	json_t *json;
};

/* Takes over the reference, also on failure (which is LAKEBASE_ENOMEM). `out` may be NULL. */
MUST_CHECK int lb_doc_wrap(struct lakebase_doc **out, json_t *json);
/* The JSON object that a caller has written: a new reference. LAKEBASE_EINVALID tells the line;
 * LAKEBASE_ENOMEM. *out is NULL then. */
MUST_CHECK int lb_doc_read(json_t **out, const char *body);
/* What stands at `path`, borrowed, or NULL. */
json_t *lb_json_at(const json_t *json, const char *path);
/* JSON text, or NULL when out of memory. Free with free(). */
char *lb_json_text(const json_t *json, bool indented);
