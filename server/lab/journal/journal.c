/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/journal.h"

#include <stdlib.h>
#include <string.h>

/* Rows come in chunks, so that a workspace with three requests costs little. */
enum { CHUNK_ROWS = 64 };

void journal_init(struct journal *j, size_t cap, struct atoms *atoms)
{
	*j = (struct journal){.cap = cap, .first = 1, .next = 1, .atoms = atoms};
}

static void row_drop(struct journal *j, struct row *r)
{
	struct atom *held[] = {r->method, r->path, r->query, r->caller, r->agent, r->error,
		r->fault, r->retry_after};

	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		atom_drop(j->atoms, held[i]);
	for (uint32_t i = 0; r->opinions && i < r->opinions->num; i++)
		atom_drop(j->atoms, r->opinions->o[i].rule);
	free(r->opinions);
	memset(r, 0, sizeof *r);
}

static struct row *slot_of(const struct journal *j, uint64_t seq)
{
	size_t slot = (seq - 1) % j->cap;

	return slot / CHUNK_ROWS < j->num_chunks ? &j->chunks[slot / CHUNK_ROWS][slot % CHUNK_ROWS]
						 : NULL;
}

void journal_clear(struct journal *j, bool renumber)
{
	for (uint64_t seq = j->first; seq < j->next; seq++)
		row_drop(j, slot_of(j, seq));
	for (size_t i = 0; i < j->num_chunks; i++)
		free(j->chunks[i]);
	free(j->chunks);
	j->chunks = NULL;
	j->num_chunks = 0;
	j->dropped = 0;
	if (renumber)
		j->next = 1;
	j->first = j->next;
}

void journal_done(struct journal *j)
{
	journal_clear(j, true);
}

struct row *journal_row(const struct journal *j, uint64_t seq)
{
	return seq >= j->first && seq < j->next ? slot_of(j, seq) : NULL;
}

const struct row *journal_oldest_to_go(const struct journal *j)
{
	return journal_len(j) == j->cap ? slot_of(j, j->first) : NULL;
}

/* Makes room for the chunk of `slot`; chunks before it may be missing after a clear. */
static int need_chunk(struct journal *j, size_t slot)
{
	size_t want = slot / CHUNK_ROWS + 1;
	struct row **chunks;

	if (want <= j->num_chunks)
		return 0;
	chunks = realloc(j->chunks, want * sizeof *chunks);
	if (!chunks)
		return -1;
	j->chunks = chunks;
	while (j->num_chunks < want) {
		chunks[j->num_chunks] = calloc(CHUNK_ROWS, sizeof **chunks);
		if (!chunks[j->num_chunks])
			return -1;
		j->num_chunks++;
	}
	return 0;
}

/* The number of a lost row is lost with it and what came before it: kept rows have no gap. */
static struct row *lose(struct journal *j)
{
	while (j->first < j->next) {
		row_drop(j, slot_of(j, j->first++));
		j->dropped++;
	}
	j->dropped++;
	j->first = ++j->next;
	return NULL;
}

struct row *journal_add(struct journal *j)
{
	if (need_chunk(j, (j->next - 1) % j->cap))
		return lose(j);
	if (journal_len(j) == j->cap) {
		row_drop(j, slot_of(j, j->first++));
		j->dropped++;
	}
	return slot_of(j, j->next++);
}
