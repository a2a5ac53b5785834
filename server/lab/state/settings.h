/* SPDX-License-Identifier: Apache-2.0 */
/* What fixtures and the routes under /_mock write into a workspace alike. */
#pragma once

#include "core/field/field.h"
#include "lab/space.h"

/* {"mode","now","factor"} and {"default","plans"} */
extern const struct message body_clock, body_lro;

/* Sets the clock from a body_clock. (clock.c) */
MUST_CHECK int clock_write(struct app *app, struct workspace *ws, const json_t *doc, struct err *e);

/* Applies what is due at clk->now, then sets the clock; both or neither. `sink` may be NULL. */
MUST_CHECK int clock_turn(struct app *app, struct workspace *ws, const struct clock *clk,
	struct due_sink *sink, struct err *e);

/* Sets default plan and list of plans, whichever is there; all or nothing. (operations.c) */
MUST_CHECK int lro_write(struct app *app, struct workspace *ws, struct arena *arena,
	const json_t *doc, struct err *e);

/* Begins maintenance of "projects/p" for "5s" or "3 calls". (operations.c) */
MUST_CHECK int maintenance_start(struct app *app, struct workspace *ws, struct arena *arena,
	const char *project, const char *text, struct err *e);

/* Replaces the state of a workspace, and what stale reads remember of it, by a document of
 * GET /_mock/state, all or nothing; works in place on `doc`. (import.c) */
MUST_CHECK int state_import(
	struct app *app, struct workspace *ws, json_t *doc, struct arena *arena, struct err *e);
