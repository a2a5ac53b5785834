/* SPDX-License-Identifier: Apache-2.0 */
/* How resources of a kind are shown and written about. */
#pragma once

#include "lakebase.h"

struct look {
	const char *collection, *columns, *sample_id;
	const char *sample_sets;   /* fields and values for --set */
	const char *sample_change; /* the same, for an update */
};

/* NULL for a NULL kind. */
const struct look *look_of(const struct lakebase_kind *kind);
/* The kind of that collection, or NULL. */
const struct lakebase_kind *kind_named(const char *collection);
/* A sample name of the kind in its short form: "shop/dev". Static. */
const char *sample_name(const struct lakebase_kind *kind);
/* The ids of a full name, with slashes between: its short form. */
void short_name(char *out, size_t size, const char *name);
