/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/calls.h"

#include "base/text.h"
#include "lab/journal/retry.h"

/* No client gives up so soon: the same request within that time is somebody else's. */
#define SOONEST_GIVING_UP (100 * 1000)

void calls_init(struct calls *c)
{
	*c = (struct calls){.open = TABLE_OF(struct open_call)};
}

void calls_done(struct calls *c)
{
	table_clear(&c->open);
	c->last = 0;
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
	o = table_get(&c->open, ret->key);
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
	struct open_call *o = table_get(&c->open, key);
	bool pending = row_pending(row), ambiguous;

	if (row->flags & ROW_FOLLOWED) /* what became of it no longer matters to its call */
		return;
	if (!pending && !row_retryable(row) && !(row->flags & ROW_NAMED)) {
		if (o && o->call == row->call && o->seq <= seq)
			table_drop(&c->open, o);
		return;
	}
	if (o && o->seq > seq) {
		o->ambiguous |= !pending; /* two alike are open: whose retry comes next? */
		return;
	}
	ambiguous = o && (o->seq == seq ? o->ambiguous : o->call != row->call && !o->pending);
	o = o ? o : table_add(&c->open, key);
	if (!o)
		return;
	*o = (struct open_call){.key = key,
		.seq = seq,
		.call = row->call,
		.attempt = row->attempt,
		.ambiguous = ambiguous,
		.pending = pending};
}

void calls_forget(struct calls *c, uint64_t key, uint64_t seq)
{
	struct open_call *o = table_get(&c->open, key);

	if (o && o->seq == seq)
		table_drop(&c->open, o);
}
