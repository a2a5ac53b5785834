/* SPDX-License-Identifier: Apache-2.0 */
/* The API described from the tables that validate it. New references; NULL when out of memory. */
#pragma once

#include "api/app.h"

/* OpenAPI 3.1 of the implemented routes. */
json_t *openapi_document(struct app *a);

/* {"schema":1,"routes":[{"rpc","method","path","evidence","implemented","hits"}]} */
json_t *routes_document(struct app *a);

/* The API reference as Markdown: routes, fields with evidence, every refusal. */
void reference_markdown(struct app *a, struct buf *out);
