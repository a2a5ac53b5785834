/* SPDX-License-Identifier: Apache-2.0 */
/* What parsing and applying a mask share. */
#pragma once

#include "core/field/field.h"

struct mask {
	const struct message *m;
	const struct field *spec; /* the row of `spec`; NULL when the fields are at the top */
	unsigned flags;           /* enum mask_flag */
	bool star, whole_spec;
	size_t n;
	const char *paths[]; /* distinct, in their order */
};

/* A message that is merged field by field, as opposed to a value that is replaced. */
bool mask_merges(const struct field *f);

/* `v` counts as provided: present and not null. */
bool mask_provided(const json_t *v);
