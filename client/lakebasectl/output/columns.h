/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: columns "HEADER=path,..." over JSON objects, and what a value looks like in a cell. */
#pragma once

#include <jansson.h>

#include "lakebasectl/base/base.h"

struct columns;

/* NULL when out of memory. */
struct columns *columns_new(const char *spec, bool colour);
void columns_free(struct columns *t);
/* Makes room for the values of `item`. */
void columns_measure(struct columns *t, const json_t *item);
/* Columns in which no item has anything say nothing. */
void columns_drop_empty(struct columns *t, const json_t *items);
/* Its heading once, then row by row; widths are those of earlier rows. */
void columns_row(struct columns *t, const json_t *item);
/* Narrows the columns, so that no row is wider than `width`; 0: leaves them. */
void columns_fit(struct columns *t, int width);
/* The first cells of `item`, at most `most`, with tabs between them and nothing else. */
void columns_plain(const struct columns *t, const json_t *item, size_t most);
/* A value on one line. What comes from a server never moves the cursor. */
void print_value(char *out, size_t size, const json_t *v);
/* The colour for a word that readers look for, or "". */
const char *paint(bool colour, const char *text);
