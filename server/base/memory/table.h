/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash table of entries of one size, each of which begins with its key: a uint64_t that is a hash
 * already, and never 0. Entries lie in the table itself, and move when it grows or one is dropped.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct table {
	unsigned char *slots;
	size_t entry; /* bytes of one */
	size_t num_slots, num;
};

/* An empty one. `type` begins with its key. */
#define TABLE_OF(type) ((struct table){.entry = sizeof(type)})

/* The entry of `key`, until the next table_add() or table_drop(); NULL when there is none. */
void *table_get(const struct table *t, uint64_t key);

/* A new entry, zero but for its key, of which there is none yet; NULL when memory is short. */
void *table_add(struct table *t, uint64_t key);

/* Takes out an entry that is in the table. */
void table_drop(struct table *t, void *entry);

/* Frees the slots; what is left is an empty table of the same entries. */
void table_clear(struct table *t);
