/* SPDX-License-Identifier: Apache-2.0 */
/* Linear probing, at most half full: a run of entries is short, and ends at an empty slot. */
#include "base/memory/table.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

static void *slot(const struct table *t, size_t i)
{
	return t->slots + i * t->entry;
}

/* 0: an empty slot. */
static uint64_t key_at(const struct table *t, size_t i)
{
	uint64_t key;

	memcpy(&key, slot(t, i), sizeof key);
	return key;
}

/* The slot of `key`, or the empty one where it would go. */
static size_t find(const struct table *t, uint64_t key)
{
	size_t mask = t->num_slots - 1, i = key & mask;

	while (key_at(t, i) && key_at(t, i) != key)
		i = (i + 1) & mask;
	return i;
}

static int make_room(struct table *t)
{
	struct table bigger = {.entry = t->entry, .num = t->num,
		.num_slots = t->num_slots ? t->num_slots * 2 : FIRST_SLOTS};

	if (t->num * 2 < t->num_slots)
		return 0;
	bigger.slots = calloc(bigger.num_slots, bigger.entry);
	if (!bigger.slots)
		return -1;
	for (size_t i = 0; i < t->num_slots; i++)
		if (key_at(t, i))
			memcpy(slot(&bigger, find(&bigger, key_at(t, i))), slot(t, i), t->entry);
	free(t->slots);
	*t = bigger;
	return 0;
}

void *table_get(const struct table *t, uint64_t key)
{
	size_t i = t->num_slots ? find(t, key) : 0;

	return t->num_slots && key_at(t, i) ? slot(t, i) : NULL;
}

void *table_add(struct table *t, uint64_t key)
{
	void *new;

	if (make_room(t))
		return NULL;
	new = slot(t, find(t, key));
	memcpy(new, &key, sizeof key);
	t->num++;
	return new;
}

/* Moves later entries of the run back, so that none becomes unreachable. */
void table_drop(struct table *t, void *entry)
{
	size_t mask = t->num_slots - 1;
	size_t hole = (size_t)((unsigned char *)entry - t->slots) / t->entry;

	for (size_t i = (hole + 1) & mask; key_at(t, i); i = (i + 1) & mask) {
		size_t home = key_at(t, i) & mask;

		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		memcpy(slot(t, hole), slot(t, i), t->entry);
		hole = i;
	}
	memset(slot(t, hole), 0, t->entry);
	t->num--;
}

void table_clear(struct table *t)
{
	free(t->slots);
	*t = (struct table){.entry = t->entry};
}
