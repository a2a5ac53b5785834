/* SPDX-License-Identifier: Apache-2.0 */
/* The documentation that follows from the program's own tables; docs/make.py writes it to docs/. */
#pragma once

#include "base/memory/buf.h"

/* The words of the command line. */
struct command {
	const char *name;
	const char *usage, *help; /* NULL: a synonym, not shown */
	int (*run)(int argc, char **argv); /* without the command itself; returns the exit code */
};

/* All commands (main.c); ends with a row without a name. */
extern const struct command commands[];

/* The command `reference [page]`: prints one page, "api" when none is named. */
int reference(int argc, char **argv);

/* Pages about the command line (manual.c, shell.c), appended to `out`. */
void manual_configuration(struct buf *out);
void manual_man(struct buf *out);
void manual_bash(struct buf *out);
void manual_zsh(struct buf *out);
void manual_fish(struct buf *out);
