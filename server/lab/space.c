/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/space.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* A ticket: 24 bits of space id (14 of slot, 10 of generation), 40 of row number. */
enum { SLOT_BITS = 14, GENERATION_BITS = 10, SEQ_BITS = 40 };

_Static_assert(MAX_WORKSPACES < 1 << SLOT_BITS, "every workspace has a slot");

static size_t bucket(const char *name)
{
	uint64_t h = hash_text(HASH_START, name);

	return (h ^ h >> 32) & (SPACE_SLOTS - 1);
}

static void set_id(struct lab *lab, struct space *s, uint32_t slot)
{
	uint32_t generation = ++lab->slots[slot].generation & ((1U << GENERATION_BITS) - 1);

	s->id = slot | generation << SLOT_BITS;
}

static int take_slot(struct lab *lab, struct space *s)
{
	uint32_t i = 0;

	while (i < lab->num_slots && lab->slots[i].space)
		i++;
	if (i == lab->num_slots) {
		uint32_t num = i ? i * 2 : 16;
		struct slot *slots;

		if (num > 1U << SLOT_BITS)
			return -1;
		slots = realloc(lab->slots, num * sizeof *slots);
		if (!slots)
			return -1;
		memset(slots + i, 0, (num - i) * sizeof *slots);
		lab->slots = slots;
		lab->num_slots = num;
	}
	lab->slots[i].space = s;
	set_id(lab, s, i);
	return 0;
}

struct space *space_find(struct lab *lab, const char *name)
{
	struct space *s;

	if (lab->latest && streq(lab->latest->name, name))
		return lab->latest;
	for (s = lab->spaces[bucket(name)]; s; s = s->next)
		if (streq(s->name, name))
			return lab->latest = s;
	return NULL;
}

struct space *space_of(struct lab *lab, const char *name)
{
	struct space *s = space_find(lab, name), **slot = &lab->spaces[bucket(name)];

	if (s)
		return s;
	s = calloc(1, sizeof *s);
	if (!s || take_slot(lab, s)) {
		free(s);
		return NULL;
	}
	snprintf(s->name, sizeof s->name, "%s", name);
	journal_init(&s->journal, lab->o.journal_rows, lab->salt);
	calls_init(&s->calls);
	faults_init(&s->faults, lab->app);
	s->faults.workspace = s->name;
	s->faults.watch = &lab->rules_watch;
	s->next = *slot;
	*slot = s;
	lab->num_spaces++;
	return lab->latest = s;
}

void space_drop(struct lab *lab, const char *name)
{
	struct space **at = &lab->spaces[bucket(name)], *s;

	while (*at && !streq((*at)->name, name))
		at = &(*at)->next;
	s = *at;
	if (!s)
		return;
	*at = s->next;
	lab->slots[s->id & ((1U << SLOT_BITS) - 1)].space = NULL;
	lab->latest = NULL;
	lab->num_spaces--;
	lab->dropped++;
	watch_end(lab, s);
	marks_done(&s->marks);
	faults_done(&s->faults);
	warnings_done(&s->warnings);
	calls_done(&s->calls);
	journal_done(&s->journal);
	free(s);
}

void space_renumber(struct lab *lab, struct space *s)
{
	journal_clear(&s->journal, true);
	memset(s->waits, 0, sizeof s->waits);
	calls_done(&s->calls);
	marks_done(&s->marks);
	warnings_done(&s->warnings);
	set_id(lab, s, s->id & ((1U << SLOT_BITS) - 1));
}

uint64_t space_ticket(const struct space *s, uint64_t seq)
{
	return (uint64_t)s->id << SEQ_BITS | (seq & ((UINT64_C(1) << SEQ_BITS) - 1));
}

struct space *space_of_ticket(const struct lab *lab, uint64_t ticket, uint64_t *seq)
{
	uint32_t id = (uint32_t)(ticket >> SEQ_BITS), slot = id & ((1U << SLOT_BITS) - 1);
	struct space *s = slot < lab->num_slots ? lab->slots[slot].space : NULL;

	*seq = ticket & ((UINT64_C(1) << SEQ_BITS) - 1);
	return s && s->id == id ? s : NULL;
}
