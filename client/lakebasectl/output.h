/* SPDX-License-Identifier: Apache-2.0 */
/* Results on standard output: tables, JSON, names. Knows of no command. */
#pragma once

#include <jansson.h>

#include "lakebase.h"
#include "lakebasectl/base.h"

struct output {
	const char *format; /* "table", "json", "name"; NULL: by what stdout is */
	bool terminal, colour;
	bool progress_shown; /* a line on stderr that the next output wipes */
};

bool wants_json(const struct output *o);
bool wants_names(const struct output *o);
/* One resource or answer. */
int show(struct output *o, const struct lakebase_doc *doc);
int show_json(const json_t *json);
/* A list in columns "HEADER=path,...". */
int show_list(struct output *o, json_t *items, const char *columns);
void clear_progress(struct output *o);
