/* SPDX-License-Identifier: Apache-2.0 */
/* How resources of a kind are shown and written about. */
#pragma once

#include "lakebase.h"

struct look {
	const char *collection, *columns, *sample_id, *sample_spec;
};

const struct look *look_of(const struct lakebase_kind *kind);
const struct lakebase_kind *kind_named(const char *collection);
/* A sample name of the kind in its short form: "shop/dev". Static. */
const char *sample_name(const struct lakebase_kind *kind);
