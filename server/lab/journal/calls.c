/* SPDX-License-Identifier: Apache-2.0 */
/* A hash of open calls, by linear probing; the closed ones live in the journal only. */
#include "lab/journal/calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/journal/retry.h"

enum { FIRST_SLOTS = 64 };

/* No client gives up so soon: the same request within that time is somebody else's. */
#define SOONEST_GIVING_UP (100 * 1000)

void calls_done(struct calls *c)
{
	free(c->slots);
	*c = (struct calls){0};
}

/* The slot of `key`, or the empty one where it would go. */
static size_t find(const struct calls *c, uint64_t key)
{
	size_t i = key & (c->num_slots - 1);

	while (c->slots[i].key && c->slots[i].key != key)
		i = (i + 1) & (c->num_slots - 1);
	return i;
}

static struct open_call *lookup(const struct calls *c, uint64_t key)
{
	struct open_call *o = c->num_slots ? &c->slots[find(c, key)] : NULL;

	return o && o->key ? o : NULL;
}

static bool make_room(struct calls *c)
{
	struct calls bigger = {.num = c->num, .last = c->last};

	if (c->num * 2 < c->num_slots)
		return true;
	bigger.num_slots = c->num_slots ? c->num_slots * 2 : FIRST_SLOTS;
	bigger.slots = calloc(bigger.num_slots, sizeof *bigger.slots);
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < c->num_slots; i++)
		if (c->slots[i].key)
			bigger.slots[find(&bigger, c->slots[i].key)] = c->slots[i];
	free(c->slots);
	*c = bigger;
	return true;
}

/* Moves later entries of the run back, so that none becomes unreachable. */
static void drop(struct calls *c, struct open_call *o)
{
	size_t mask = c->num_slots - 1, hole = (size_t)(o - c->slots), i = hole;

	for (;;) {
		size_t home;

		i = (i + 1) & mask;
		if (!c->slots[i].key)
			break;
		home = c->slots[i].key & mask;
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			c->slots[hole] = c->slots[i];
			hole = i;
		}
	}
	c->slots[hole] = (struct open_call){0};
	c->num--;
}

static uint64_t key_of(
	const struct request *req, const char *caller, const unsigned char sha[static 32])
{
	uint64_t h = hash_text(HASH_START, req->method);

	h = hash_text(h, req->path);
	h = hash_text(h, req->query);
	if (req->mock_call)
		h = hash_text(hash_text(h, "named"), req->mock_call);
	else
		h = hash_bytes(hash_text(h, caller), sha, 32);
	return h ? h : 1;
}

/* A join is a guess when the client has seemingly given up, or another program asks. */
static bool looks_odd(const struct row *before, const struct request *req)
{
	return row_pending(before) || row_given_up(before) ||
	       !streq(atom_text(before->agent), req->user_agent);
}

/* Has the client given up an answer that is on its way? One that nothing holds back leaves at
 * once, and who asks the same meanwhile is another. */
static bool may_be_given_up(const struct row *before, usec at)
{
	return before->flags & ROW_HELD || at - before->at >= SOONEST_GIVING_UP;
}

void calls_identify(struct calls *c, const struct journal *j, const struct request *req,
	const char *caller, const unsigned char sha[static 32], usec at, struct attempt *ret)
{
	const struct open_call *o;
	struct row *before;

	*ret = (struct attempt){.key = key_of(req, caller, sha),
		.gap_ms = GAP_NONE,
		.named = req->mock_call,
		.attempt = 1};
	o = lookup(c, ret->key);
	before = o ? journal_row(j, o->seq) : NULL;
	if (!before || (row_pending(before) && !ret->named && !may_be_given_up(before, at))) {
		ret->call = ++c->last;
		return;
	}
	ret->call = o->call;
	ret->attempt = o->attempt < UINT16_MAX ? o->attempt + 1 : UINT16_MAX;
	ret->gap_ms = (uint32_t)((at - before->at) / 1000);
	ret->ambiguous = !ret->named && (o->ambiguous || looks_odd(before, req));
	before->flags |= ROW_FOLLOWED;
}

void calls_note(struct calls *c, uint64_t key, uint64_t seq, const struct row *row)
{
	struct open_call *o = lookup(c, key);
	bool pending = row_pending(row);

	if (row->flags & ROW_FOLLOWED) /* what became of it no longer matters to its call */
		return;
	if (!pending && !row_retryable(row) && !(row->flags & ROW_NAMED)) {
		if (o && o->call == row->call && o->seq <= seq)
			drop(c, o);
		return;
	}
	if (!o) {
		if (!make_room(c))
			return;
		o = &c->slots[find(c, key)];
		c->num++;
	} else if (o->seq > seq) {
		o->ambiguous |= !pending; /* two alike are open: whose retry comes next? */
		return;
	}
	*o = (struct open_call){.key = key,
		.seq = seq,
		.call = row->call,
		.attempt = row->attempt,
		.ambiguous = o->key && o->seq != seq ? o->call != row->call && !o->pending
						     : o->ambiguous,
		.pending = pending};
}

void calls_forget(struct calls *c, uint64_t key, uint64_t seq)
{
	struct open_call *o = lookup(c, key);

	if (o && o->seq == seq)
		drop(c, o);
}
