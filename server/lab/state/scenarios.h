/* SPDX-License-Identifier: Apache-2.0 */
/* Named sets of fault rules, built into the program from fixtures/faults. */
#pragma once

#include "core/document/doc.h"
#include "lab/space.h"
#include "lab/state/embed.h"

/* "lost-create" of "faults/lost-create.json", in the arena; NULL for other files. */
const char *scenario_name(const struct embedded *f, struct arena *arena);

/* The scenario as it was written, owned by the arena; NULL with the nearest name in `e`. */
json_t *scenario_doc(const char *name, struct arena *arena, struct err *e);

/* Adds its rules to those of the workspace. */
MUST_CHECK int scenario_load(struct lab *lab, struct workspace *ws, const char *name,
	struct arena *arena, struct err *e);
