/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of `apply`: their shape, what is wrong with one, and the JSON schema for editors. */
#pragma once

#include <jansson.h>

#include "lakebasectl/input/ctl.h"

/*
 * Checks the whole document before anything is sent, and writes out its short names and times. 0, or
 * EXIT_USAGE after a message.
 */
int document_check(json_t *document);
/* The id of a node: "branch_id" or "id". Borrowed; NULL: it has none. */
const char *document_id(const struct lakebase_kind *kind, const json_t *node);
/* Whether `below` is a kind of children of `kind` (NULL: of the document). */
bool document_is_below(const struct lakebase_kind *below, const struct lakebase_kind *kind);
/* The body that makes the node, or, without `creating`, that updates it. A new reference. */
json_t *document_body(const struct lakebase_kind *kind, const json_t *node, bool creating);
/* The document as one of projects: it may be a single project, too. A new reference. */
json_t *document_projects(json_t *document);
/* Prints the JSON schema. */
int run_schema(struct ctl *c);
