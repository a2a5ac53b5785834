/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of a workspace, read and turned. */
#include "base/text.h"
#include "lab/state/parts.h"

/* What never comes to rest is given up after so many steps. */
enum { MAX_IDLE_STEPS = 10000 };

static json_t *when_json(usec t)
{
	char text[WHEN_SIZE];

	return t == USEC_NEVER ? json_null() : json_string(when_format(t, text));
}

int admin_clock_get(struct admin *a, struct err *e)
{
	const struct clock *c = &a->ws->clock;
	double factor = c->mode == CLOCK_SCALED ? c->factor : 1;

	return admin_reply(a,
		json_pack("{s:s, s:o, s:o, s:o}", "mode", clock_mode_name(c->mode), "factor",
			factor == (double)(json_int_t)factor ? json_integer((json_int_t)factor)
							     : json_real(factor),
			"now", when_json(app_now(a->app, a->ws)), "next",
			when_json(a->ws->next_due)),
		e);
}

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
		return admin_bad(e, "now", "an RFC 3339 time", doc_str(doc, "now"));
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

/* Applies what is due at clk->now, then sets the clock; both or neither. */
static int turn(struct app *app, struct workspace *ws, const struct clock *clk,
	struct due_sink *sink, struct err *e)
{
	struct arena arena = {0};
	struct ctx c;
	int rc;

	if (app_begin(app, ws, e))
		return -1;
	c = app_ctx(app, ws, &arena);
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
	return turn(app, ws, &clk, NULL, e);
}

int admin_clock_put(struct admin *a, struct err *e)
{
	return clock_write(a->app, a->ws, a->body, e) ? -1 : admin_clock_get(a, e);
}

/* ---- advance ---- */

struct events {
	struct due_sink sink;
	json_t *list;
	bool failed;
};

static void record(struct due_sink *sink, usec time, const char *name, const char *event)
{
	struct events *ev = container_of(sink, struct events, sink);

	if (json_array_append_new(ev->list, json_pack("{s:o, s:s, s:s?}", "time", when_json(time),
						    "name", name, "event", event)))
		ev->failed = true;
}

static int advance_to(struct admin *a, usec to, struct events *ev, struct err *e)
{
	struct clock clk = a->ws->clock;

	clk.wall = a->app->world.wall(&a->app->world);
	clk.now = to;
	if (turn(a->app, a->ws, &clk, &ev->sink, e))
		return -1;
	return ev->failed ? err_oom(e) : 0;
}

static int advance_idle(struct admin *a, struct events *ev, struct err *e)
{
	for (int i = 0; a->ws->next_due != USEC_NEVER; i++) {
		usec now = app_now(a->app, a->ws);

		if (i == MAX_IDLE_STEPS)
			return err_set(e, ERR_BAD_STATE,
				"Something falls due again and again: %d steps were "
				"made, and the clock stands where they ended; advance by a "
				"duration",
				i);
		if (advance_to(a, a->ws->next_due > now ? a->ws->next_due : now, ev, e))
			return -1;
	}
	return 0;
}

static int advance_timed(struct admin *a, struct events *ev, struct err *e)
{
	const char *by = doc_str(a->body, "by"), *to = doc_str(a->body, "to");
	usec now = app_now(a->app, a->ws), span = 0, target;

	if (by && !span_parse(by, &span))
		return admin_bad(e, "by", "a duration like 300ms, 26h or 604800s", by);
	if (by && span > INT64_MAX / 4)
		return admin_bad(e, "by", "shorter than that", by);
	target = now + span;
	if (to && !when_parse(to, &target))
		return admin_bad(e, "to", "an RFC 3339 time", to);
	if (target > USEC_LAST)
		return err_set(e, ERR_INVALID,
			"'%s' would turn the clock past the year 9999, where times end",
			by ? "by" : "to");
	if (target < now)
		return admin_bad(e, "to", "an instant that is not past", to);
	return advance_to(a, target, ev, e);
}

static int check_advance(const struct admin *a, struct err *e)
{
	const char *until = doc_str(a->body, "until");

	if (json_object_size(a->body) != 1)
		return err_set(e, ERR_INVALID,
			"Send one of 'by', 'to' and 'until', like {\"by\":\"26h\"}");
	if (until && !streq(until, "idle"))
		return admin_bad(e, "until", "idle", until);
	if (a->ws->clock.mode != CLOCK_REAL)
		return 0;
	return err_set(e, ERR_BAD_STATE,
		"The clock of workspace '%s' is real and cannot be advanced; "
		"PUT /_mock/clock {\"mode\":\"manual\"} makes it manual, --clock manual does so "
		"from the start",
		a->ws->name);
}

int admin_clock_advance(struct admin *a, struct err *e)
{
	struct events ev = {.sink = {record}, .list = arena_own(a->arena, json_array(), doc_free)};

	if (!ev.list)
		return err_oom(e);
	if (check_advance(a, e))
		return -1;
	if (doc_str(a->body, "until") ? advance_idle(a, &ev, e) : advance_timed(a, &ev, e))
		return -1;
	return admin_reply(a,
		json_pack(
			"{s:o, s:O}", "now", when_json(app_now(a->app, a->ws)), "events", ev.list),
		e);
}
