/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are built into the program: scenarios, seeds, the page of /_mock/ui. Written by
 * embed.py at build time. */
#pragma once

#include <stddef.h>

struct embedded {
	const char *name; /* "faults/lost-create.json" */
	const char *text; /* followed by a NUL */
	size_t len;
};

/* By name; ends with a row without one. */
extern const struct embedded embedded_files[];

/* The file of that name, or NULL. */
const struct embedded *embedded_find(const char *name);

/* "lost-create" of "faults/lost-create.json" in the folder "faults/": borrowed, *len long. NULL for
 * files elsewhere. */
const char *embedded_stem(const struct embedded *f, const char *folder, size_t *len);
