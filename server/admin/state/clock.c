/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of a workspace, read and turned. */
#include "admin/admin.h"
#include "base/text.h"
#include "lab/state/settings.h"

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
	if (clock_turn(a->app, a->ws, &clk, &ev->sink, e))
		return -1;
	return ev->failed ? err_oom(e) : 0;
}

static int advance_idle(struct admin *a, struct events *ev, struct err *e)
{
	for (int i = 0;; i++) {
		struct ctx c = app_ctx(a->app, a->ws, a->arena);
		usec next;

		if (due_next(&c, &next, e))
			return -1;
		if (next == USEC_NEVER)
			return 0;
		if (i == MAX_IDLE_STEPS)
			return err_set(e, ERR_BAD_STATE,
				"Something falls due again and again: %d steps were "
				"made, and the clock stands where they ended; advance by a "
				"duration",
				i);
		if (advance_to(a, next > c.now ? next : c.now, ev, e))
			return -1;
	}
}

static int advance_timed(struct admin *a, struct events *ev, struct err *e)
{
	const char *by = doc_str(a->body, "by"), *to = doc_str(a->body, "to");
	usec now = app_now(a->app, a->ws), span = 0, target;

	if (by && !span_parse(by, &span))
		return refuse_value(e, "by", "a duration like 300ms, 26h or 604800s", by);
	if (by && span > INT64_MAX / 4)
		return refuse_value(e, "by", "shorter than that", by);
	target = now + span;
	if (to && !when_parse(to, &target))
		return refuse_value(e, "to", "an RFC 3339 time", to);
	if (target > USEC_LAST)
		return err_set(e, ERR_INVALID,
			"'%s' would turn the clock past the year 9999, where times end",
			by ? "by" : "to");
	if (target < now)
		return refuse_value(e, "to", "an instant that is not past", to);
	return advance_to(a, target, ev, e);
}

static int check_advance(const struct admin *a, struct err *e)
{
	const char *until = doc_str(a->body, "until");

	if (json_object_size(a->body) != 1)
		return err_set(e, ERR_INVALID,
			"Send one of 'by', 'to' and 'until', like {\"by\":\"26h\"}");
	if (until && !streq(until, "idle"))
		return refuse_value(e, "until", "idle", until);
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
