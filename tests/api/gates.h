/* SPDX-License-Identifier: Apache-2.0 */
/* What all scenarios together must reach: every route, and every sentence of refusal. */
#pragma once

#include "api/inproc.h"
#include "support/scenario/scenario.h"

/* Notes the error that a step has asserted. */
void gates_seen(struct target *t, const struct scenario *s, const struct step *step,
	const struct outgoing *out, const struct incoming *in);

/* Prints, as TAP comments, the routes that none of the servers was asked for; returns how many. */
int gates_routes(const struct inproc *servers);

/* The same for the sentences that no case asserts. */
int gates_wordings(void);
