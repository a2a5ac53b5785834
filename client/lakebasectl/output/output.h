/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results on standard output: tables, JSON, YAML, names, chosen fields. Knows of no command. What shows
 * something gives an exit code: EXIT_INTERNAL when it cannot be written.
 */
#pragma once

#include <jansson.h>

#include "lakebase.h"
#include "lakebasectl/base/base.h"

struct output {
	/* "table", "json", "yaml", "name", or fields; NULL: a table on a terminal, JSON elsewhere */
	const char *format;
	bool terminal, colour;
	int width; /* columns of the terminal; 0: without end */
	bool progress_shown; /* a line on stderr that the next output wipes */
};

/* Whether the word is a format, or fields. */
bool output_knows(const char *format);
/* Fills *o for what stdout is. */
void output_open(struct output *o, const char *format);
/* JSON or YAML is wanted, and so everything there is. */
bool wants_document(const struct output *o);
bool wants_names(const struct output *o);
bool wants_table(const struct output *o);
/* One resource or answer. */
int show(struct output *o, const struct lakebase_doc *doc);
int show_one(struct output *o, const json_t *json);
/* As JSON, or as YAML where that is wanted. */
int show_json(const struct output *o, const json_t *json);
/* On one line, for streams. */
int show_json_line(const json_t *json);
/* A list in columns "HEADER=path,...". */
int show_list(struct output *o, json_t *items, const char *columns);
/* The columns that were chosen with -o, or `otherwise`. free() it. */
char *output_columns(const struct output *o, const char *otherwise);
void clear_progress(struct output *o);
