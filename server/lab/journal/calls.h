/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logical calls: which requests are attempts of the same one. Clients send nothing that would
 * tell, so an attempt continues a call when it is the same request by the same caller and the
 * attempt before it ended in a way that a client may retry.
 */
#pragma once

#include "base/memory/table.h"
#include "lab/journal/journal.h"

struct open_call {
	uint64_t key;
	uint64_t seq; /* journal row of its latest attempt */
	uint32_t call;
	uint16_t attempt;
	bool ambiguous;
	bool pending; /* its answer is on its way */
};

struct calls {
	struct table open; /* of struct open_call; the closed ones live in the journal only */
	uint32_t last;     /* number of the newest call */
};

struct attempt {
	uint64_t key;
	uint32_t call, gap_ms;
	uint16_t attempt;
	bool named, ambiguous;
};

/* None yet. */
void calls_init(struct calls *c);
void calls_done(struct calls *c);

/*
 * Fills *ret: which call this request belongs to. `named` is the client's own name for it
 * (X-Mock-Call) or NULL. `at` is monotonic since the start.
 */
void calls_identify(struct calls *c, const struct journal *j, const struct request *req,
	const char *caller, const unsigned char sha[static 32], usec at, struct attempt *ret);

/*
 * What row `seq` says has changed: while its answer is on its way, and when it ended in a way that
 * a client may repeat, the same request continues the call. A named call stays open.
 */
void calls_note(struct calls *c, uint64_t key, uint64_t seq, const struct row *row);

/* Row `seq` leaves the journal: a call whose latest attempt it was cannot be continued. */
void calls_forget(struct calls *c, uint64_t key, uint64_t seq);
