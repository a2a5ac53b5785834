/* SPDX-License-Identifier: Apache-2.0 */
/* The data folder, and what is made, moved and deleted in it (files.c draws it). */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct pg;

/*
 * Finds the user of the servers, makes the data folder and takes its lock; fills pg->dir and pg->run.
 * What an earlier run has left there ends. ERR_INVALID with a message for the user.
 */
MUST_CHECK int files_open(struct pg *pg, struct err *e);

/* Gives the lock back; a temporary data folder goes away, and this waits for that. */
void files_close(struct pg *pg);

/* Makes a folder and those above it inside of the data folder, for the user of the servers. One that
 * is there already is fine. */
MUST_CHECK int files_make(const struct pg *pg, const char *path, struct err *e);

/* Replaces a file as a whole, for the owner of its folder. ERR_UNAVAILABLE: it is as it was. */
MUST_CHECK int files_write(const char *path, const char *text, struct err *e);

/* The beginning of a file as a text, and how many bytes that are; 0 and "" when it is empty or cannot be
 * read. */
size_t files_read(const char *path, char *out, size_t size);

/* Out of the way, into the trash, where it stays: *path is where it is then. */
void files_move_away(struct pg *pg, char path[static PATH_MAX]);

/* Deletes it by and by. A failure is logged only. */
void files_remove(struct pg *pg, const char *path);

/* Takes a folder away at once and deletes it by and by. Absent is fine. */
void files_drop(struct pg *pg, const char *path);

/* A folder that nobody has, below "<data>/tmp": it is not made, its parent exists. */
void files_fresh(struct pg *pg, char path[static PATH_MAX]);

/* Whether there is something of that name, whatever it is. */
bool files_exist(const char *path);
