/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/retry.h"

int row_seen(const struct row *r)
{
	return r->delivered == DELIVERED_FULL ? r->sent : 0;
}

bool row_retryable(const struct row *r)
{
	int seen = row_seen(r);

	if (!seen || seen == 409 || seen == 429 || seen >= 500)
		return true;
	/* a fault that changed the answer; one that only held it back did no harm */
	return r->fault && (seen >= 400 || seen != r->status || !(r->flags & ROW_HANDLED));
}

const char *delivered_name(enum delivered d)
{
	static const char *const names[] = { [DELIVERED_NONE] = "none", [DELIVERED_PARTIAL] = "partial",
		[DELIVERED_FULL] = "full" };

	return names[d];
}
