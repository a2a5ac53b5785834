/* SPDX-License-Identifier: Apache-2.0 */
/* The routes that follow from a resource table. */
#pragma once

#include "api/route/route.h"

/* How many a table has: one for each verb. */
size_t crud_num_routes(const struct resource *res);

/* Fills `out` and returns how many; rpc, path, query and list message are allocated. */
size_t crud_add_routes(const struct resource *res, struct route *out);

/* Frees what crud_add_routes() has allocated for it. */
void crud_free_route(struct route *r);
