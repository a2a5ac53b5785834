/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of a workspace, set and turned. */
#include "base/text.h"
#include "lab/refuse.h"
#include "lab/state/settings.h"

enum { MAX_DUE_EVENTS = 10000 }; /* of one turn of the clock */

static const char *const modes[] = {"real", "manual", "scaled", NULL};

static const struct field clock_fields[] = {
	{"mode", T_ENUM, .choices = modes, .doc = "How the clock runs."},
	{"now", T_TIME, .doc = "What it shows; never earlier than before."},
	{"factor", T_DOUBLE, .doc = "Of a scaled clock: how many times as fast as real time."},
	{0},
};

const struct message body_clock = {"Clock", clock_fields};

static enum clock_mode mode_of(const char *name)
{
	enum clock_mode m = CLOCK_REAL;

	while (m != CLOCK_SCALED && !streq(clock_mode_name(m), name))
		m++;
	return m;
}

static int plan_clock(struct app *app, const struct clock *old, usec now, const json_t *doc,
	struct clock *ret, struct err *e)
{
	const char *mode = doc_str(doc, "mode"), *factor = doc_at(doc, "factor") ? "factor" : NULL;
	bool timed = doc_str(doc, "now");
	usec wall = app->world.wall(&app->world);

	*ret = (struct clock){.mode = mode ? mode_of(mode) : old->mode,
		.wall = wall,
		.now = now,
		.factor = doc_num(doc, "factor", old->mode == CLOCK_SCALED ? old->factor : 1)};
	if (factor && ret->mode != CLOCK_SCALED)
		return err_set(e, ERR_INVALID, "'factor' is for the mode scaled");
	if (ret->factor <= 0 || ret->factor > 1e9)
		return err_set(e, ERR_INVALID, "'factor' must be above 0 and at most 1e9");
	if (timed && ret->mode == CLOCK_REAL)
		return err_set(e, ERR_INVALID,
			"'now' cannot be set on a real clock; send "
			"{\"mode\":\"manual\",\"now\":...} too");
	if (timed && !when_parse(doc_str(doc, "now"), &ret->now))
		return refuse_value(e, "now", "an RFC 3339 time", doc_str(doc, "now"));
	if (ret->mode == CLOCK_REAL) {
		ret->now = wall;
		ret->factor = 1;
	}
	if (ret->now >= now)
		return 0;
	if (!timed)
		return err_set(e, ERR_INVALID,
			"'mode' real would turn the clock back, since it is ahead of real "
			"time; POST /_mock/reset starts again");
	return err_set(
		e, ERR_INVALID, "'now' would turn the clock back; POST /_mock/reset starts again");
}

int clock_turn(struct app *app, struct workspace *ws, const struct clock *clk,
	struct due_sink *sink, struct err *e)
{
	struct arena arena = {0};
	struct ctx c;
	int rc;

	if (app_begin(app, ws, e))
		return -1;
	c = app_ctx(app, ws, &arena);
	c.max_due = MAX_DUE_EVENTS;
	rc = ws->next_due <= clk->now ? due_apply(&c, clk->now, sink, e) : 0;
	ws->clock = *clk;
	arena_done(&arena);
	return app_end(app, ws, rc, e);
}

int clock_write(struct app *app, struct workspace *ws, const json_t *doc, struct err *e)
{
	struct clock clk;

	if (plan_clock(app, &ws->clock, app_now(app, ws), doc, &clk, e))
		return -1;
	return clock_turn(app, ws, &clk, NULL, e);
}
