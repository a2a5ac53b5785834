/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/retry.h"

#include "base/text.h"

int row_seen(const struct row *r)
{
	return r->delivered == DELIVERED_FULL ? r->sent : 0;
}

bool row_retryable(const struct row *r)
{
	int seen = row_seen(r);

	if (r->route && r->route->flags & ROUTE_DATABASE)
		return r->error || r->delivered != DELIVERED_FULL;
	if (!seen || seen == 409 || seen == 429 || seen >= 500)
		return true;
	/* a fault that changed the answer; one that only held it back did no harm */
	return r->fault && (seen >= 400 || seen != r->status || !(r->flags & ROW_HANDLED));
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
		[DELIVERED_FULL] = "full"};

	return names[d];
}
