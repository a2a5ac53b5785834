/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Rows come in chunks, so that a workspace with three requests costs little. */
enum { CHUNK_ROWS = 8 };

void journal_init(struct journal *j, size_t cap, uint64_t salt)
{
	*j = (struct journal){.cap = cap, .first = 1, .next = 1, .atoms = {.salt = salt}};
}

static size_t opinion_bytes(const struct row *r)
{
	return r->opinions ? sizeof *r->opinions + r->opinions->num * sizeof r->opinions->o[0] : 0;
}

static void row_drop(struct journal *j, struct row *r)
{
	struct atom *held[] = {r->method, r->path, r->query, r->caller, r->agent, r->error,
		r->fault, r->retry_after};

	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		atom_drop(&j->atoms, held[i]);
	for (uint32_t i = 0; r->opinions && i < r->opinions->num; i++)
		atom_drop(&j->atoms, r->opinions->o[i].rule);
	if (r->opinions) {
		atom_drop(&j->atoms, r->opinions->action);
		atom_drop(&j->atoms, r->opinions->kind);
		atom_drop(&j->atoms, r->opinions->name);
		atom_drop(&j->atoms, r->opinions->plan);
	}
	j->bytes -= r->held;
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
	j->num_chunks = j->chunks_cap = 0;
	j->bytes = 0;
	j->dropped = 0;
	atoms_done(&j->atoms);
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
	bool full = journal_len(j) == j->cap || journal_bytes(j) > JOURNAL_BYTES;

	return full && journal_len(j) ? slot_of(j, j->first) : NULL;
}

void journal_drop_oldest(struct journal *j)
{
	row_drop(j, slot_of(j, j->first++));
	j->dropped++;
}

struct atom *journal_text(struct journal *j, struct row *r, const char *s)
{
	char cut[ROW_TEXT_MAX + 1];
	size_t len = s ? strnlen(s, ROW_TEXT_MAX + 1) : 0;

	if (len <= ROW_TEXT_MAX)
		return atom_get(&j->atoms, s);
	r->flags |= ROW_SHORTENED;
	len = text_utf8_fit(s, ROW_TEXT_MAX);
	memcpy(cut, s, len);
	cut[len] = '\0';
	return atom_get(&j->atoms, cut);
}

/* Room for one chunk more in the list of them. */
static int grow_list(struct journal *j)
{
	size_t cap = j->chunks_cap ? j->chunks_cap * 2 : 4;
	struct row **chunks;

	if (j->num_chunks < j->chunks_cap)
		return 0;
	chunks = realloc(j->chunks, cap * sizeof *chunks);
	if (!chunks)
		return -1;
	j->bytes += (cap - j->chunks_cap) * sizeof *chunks;
	j->chunks = chunks;
	j->chunks_cap = cap;
	return 0;
}

/* Makes room for the chunk of `slot`; chunks before it may be missing after a clear. */
static int need_chunk(struct journal *j, size_t slot)
{
	while (j->num_chunks < slot / CHUNK_ROWS + 1) {
		if (grow_list(j))
			return -1;
		j->chunks[j->num_chunks] = calloc(CHUNK_ROWS, sizeof **j->chunks);
		if (!j->chunks[j->num_chunks])
			return -1;
		j->num_chunks++;
		j->bytes += CHUNK_ROWS * sizeof **j->chunks;
	}
	return 0;
}

/* The number of a lost row is lost with it and what came before it: kept rows have no gap. */
static struct row *lose(struct journal *j)
{
	while (j->first < j->next)
		journal_drop_oldest(j);
	j->dropped++;
	j->first = ++j->next;
	return NULL;
}

struct row *journal_add(struct journal *j)
{
	if (need_chunk(j, (j->next - 1) % j->cap))
		return lose(j);
	if (journal_len(j) == j->cap)
		journal_drop_oldest(j);
	return slot_of(j, j->next++);
}

void journal_weigh(struct journal *j, struct row *r)
{
	r->held = (uint32_t)opinion_bytes(r);
	j->bytes += r->held;
}
