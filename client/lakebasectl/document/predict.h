/* SPDX-License-Identifier: Apache-2.0 */
/* What the service makes by itself with a new project or branch: for a dry run and for pruning. */
#pragma once

#include <jansson.h>

#include "lakebase.h"

/* What is known of the resource above, while a document is walked. */
struct prediction {
	bool is_new;		   /* a dry run only says that it will be created */
	const json_t *project;	   /* the node of the project */
	const struct lakebase_kind *kind;
	/* of a new branch: the branch that its data come from; "": that is not there yet */
	char source[1024];
	bool is_default;	   /* of a new branch: the one that comes with its project */
};

/* Sets *here for a node that will be, or has been, created; `dry`: it is not. */
void predict_new(struct prediction *here, const struct prediction *above, const struct lakebase_kind *kind,
	const json_t *node, const char *name, bool dry);
/* Sets *here for a node that is there, or comes with its parent. */
void predict_known(struct prediction *here, const struct prediction *above,
	const struct lakebase_kind *kind, const json_t *node, const char *name);
/*
 * As lakebase_get(), for a node below something new: what will be there by itself, as a document.
 * LAKEBASE_ENOTFOUND: nothing will.
 */
int predict(struct lakebase_doc **found, struct lakebase *lb, const struct prediction *above,
	const struct lakebase_kind *kind, const json_t *node);
/* Whether the service made it together with what it stands in, and keeps it. */
bool predict_is_made_with_parent(const struct lakebase_kind *kind, const struct lakebase_doc *resource);
