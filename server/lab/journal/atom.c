/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/atom.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { FIRST_SLOTS = 16 };

uint64_t hash_bytes(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

uint64_t hash_text(uint64_t h, const char *s)
{
	return hash_bytes(h, s ? s : "", s ? strlen(s) + 1 : 1);
}

static uint32_t fold(uint64_t h)
{
	return (uint32_t)(h ^ h >> 32);
}

static void grow(struct atoms *a)
{
	size_t num = a->num_slots ? a->num_slots * 2 : FIRST_SLOTS;
	struct atom **slots = calloc(num, sizeof *slots);

	if (!slots)
		return; /* longer chains are only slower */
	for (size_t i = 0; i < a->num_slots; i++) {
		for (struct atom *m = a->slots[i], *next; m; m = next) {
			struct atom **to = &slots[m->hash & (num - 1)];

			next = m->next;
			m->next = *to;
			*to = m;
		}
	}
	free(a->slots);
	a->bytes += (num - a->num_slots) * sizeof *slots;
	a->slots = slots;
	a->num_slots = num;
}

struct atom *atom_get(struct atoms *a, const char *s)
{
	struct atom *m, **slot;
	uint32_t hash;
	size_t len;

	if (!s)
		return NULL;
	if (a->num >= a->num_slots)
		grow(a);
	if (!a->num_slots)
		return NULL;
	len = strlen(s);
	hash = fold(hash_bytes(HASH_START ^ a->salt, s, len));
	slot = &a->slots[hash & (a->num_slots - 1)];
	for (m = *slot; m; m = m->next)
		if (m->hash == hash && streq(m->text, s))
			return atom_ref(m);
	m = malloc(sizeof *m + len + 1);
	if (!m)
		return NULL;
	m->hash = hash;
	m->refs = 1;
	memcpy(m->text, s, len + 1);
	m->next = *slot;
	*slot = m;
	a->num++;
	a->bytes += sizeof *m + len + 1;
	return m;
}

struct atom *atom_ref(struct atom *m)
{
	if (m)
		m->refs++;
	return m;
}

void atom_drop(struct atoms *a, struct atom *m)
{
	struct atom **at;

	if (!m || --m->refs)
		return;
	for (at = &a->slots[m->hash & (a->num_slots - 1)]; *at != m; at = &(*at)->next)
		;
	*at = m->next;
	a->num--;
	a->bytes -= sizeof *m + strlen(m->text) + 1;
	free(m);
}

const char *atom_text(const struct atom *m)
{
	return m ? m->text : NULL;
}

void atoms_done(struct atoms *a)
{
	for (size_t i = 0; i < a->num_slots; i++) {
		for (struct atom *m = a->slots[i], *next; m; m = next) {
			next = m->next;
			free(m);
		}
	}
	free(a->slots);
	*a = (struct atoms){.salt = a->salt};
}
