/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/retry.h"

#include "base/text.h"

bool row_pending(const struct row *r)
{
	return r->delivered == DELIVERED_PENDING;
}

int row_seen(const struct row *r)
{
	if (r->delivered != DELIVERED_FULL || (r->flags & ROW_GARBLED && r->sent < 400))
		return 0;
	return r->sent;
}

bool row_given_up(const struct row *r)
{
	return r->flags & ROW_HELD && !(r->flags & ROW_CUT) && r->delivered < DELIVERED_FULL;
}

bool row_retryable(const struct row *r)
{
	int seen = row_seen(r);

	if (row_pending(r))
		return false;
	if (r->route && r->route->flags & ROUTE_DATABASE)
		return r->error || r->delivered != DELIVERED_FULL;
	if (!seen || r->flags & ROW_GARBLED || seen == 409 || seen == 429 || seen >= 500)
		return true;
	/* a fault that changed the answer; one that only held it back did no harm */
	return r->fault && (seen != r->status || !(r->flags & ROW_HANDLED));
}

bool row_exists(const struct row *r)
{
	const char *code = atom_text(r->error);

	return row_seen(r) == 409 && !r->fault &&
	       (streq(code, "ALREADY_EXISTS") || streq(code, "RESOURCE_ALREADY_EXISTS"));
}

const char *delivered_name(enum delivered d)
{
	static const char *const names[] = {[DELIVERED_NONE] = "none",
		[DELIVERED_PARTIAL] = "partial",
		[DELIVERED_FULL] = "full",
		[DELIVERED_PENDING] = "pending"};

	return names[d];
}

void row_deliver(struct row *r, enum delivered how, int status, size_t bytes, usec now)
{
	r->delivered = (uint8_t)how;
	r->sent = (uint16_t)status;
	r->response_bytes = (uint32_t)bytes;
	r->took = now > r->at ? now - r->at : 0;
	if (r->injected > r->took) /* the client left first */
		r->injected = r->took;
	r->flags &= (uint16_t)~ROW_RETRYABLE;
	if (row_retryable(r))
		r->flags |= ROW_RETRYABLE;
}
