/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command, and the table of them with KIND written out: what the parser, the help, the man page and
 * the completion read. Who walks the table is handed it; nobody here knows what stands in it.
 */
#pragma once

#include <stdio.h>

#include "lakebase.h"
#include "lakebasectl/input/options.h"

struct ctl;

/*
 * One command. A path that begins with KIND stands for one command for each kind of resource that
 * fits. `arguments`: words in capitals, optional ones in brackets; each names what completion offers.
 */
struct command {
	const char *path, *arguments, *summary, *details, *examples;
	option_set options; /* beside the global ones */
	int (*run)(struct ctl *c);
	/* for run_mock(): the request as data */
	const char *method, *route, *body, *list, *columns;
	const char *loses; /* what it is asked for before: "Delete the KIND"; NULL: it is not */
	const struct lakebase_kind *kind; /* filled in for KIND */
};

struct commands {
	struct command rows[160];
	size_t n;
};

/* Kind by kind, in the order of the kinds; then the other rows. `table` ends with a NULL path. */
void commands_expand(struct commands *all, const struct command *table);
/* The longest that the words begin with, or NULL; *used: how many of them are its name. */
const struct command *command_find(
	const struct commands *all, const char *const *words, size_t n, size_t *used);
/* Whether it takes the option. A NULL command takes the global ones. */
bool command_takes(const struct command *command, int id);
/* The examples, one per line, with the kind's own names. free() it. */
char *command_examples(const struct command *command);
/* One of them, indented by two, continued behind a backslash where an option begins. */
void command_put_example(FILE *out, const char *line, size_t n, int width);
