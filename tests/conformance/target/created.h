/* SPDX-License-Identifier: Apache-2.0 */
/* What was created, so that it can be removed: by this run, or by a later `sweep`. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* Names in the order of creation. Zeroed is empty. */
struct created {
	char **names;
	size_t num, cap;
};

int created_add(struct created *c, const char *name);
void created_done(struct created *c);

/* Takes `name` out, and what is below it. */
void created_drop(struct created *c, const char *name);

bool created_has(const struct created *c, const char *name);

/* False when something above `name` is in the list, too, and takes it along. */
bool created_alone(const struct created *c, const char *name);

/* DIR/created.ndjson: a line before each create, and one after each removal. */
struct journal {
	FILE *file;
	pthread_mutex_t lock;
};

MUST_CHECK int journal_open(
	struct journal *j, const char *dir, const char *url, const char *prefix, struct err *e);
void journal_close(struct journal *j);

/* On disk when it returns. */
MUST_CHECK int journal_created(struct journal *j, const char *name, struct err *e);
MUST_CHECK int journal_removed(struct journal *j, const char *name, struct err *e);

/* What DIR/created.ndjson holds. */
struct journal_left {
	struct created names;	 /* created, and not said to be removed */
	struct created prefixes; /* of the runs that wrote it */
	char url[512];		 /* the target */
	bool mock;		 /* that of a mock, which has a workspace for each case */
};

MUST_CHECK int journal_read(const char *dir, struct journal_left *ret, struct err *e);
void journal_left_done(struct journal_left *l);
