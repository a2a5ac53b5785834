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

/* What DIR/created.ndjson holds and does not say was removed; *url (size bytes) is the target. */
MUST_CHECK int journal_read(
	const char *dir, struct created *ret, char *url, size_t size, struct err *e);
