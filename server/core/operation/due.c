/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time passes here. Whatever depends on time is a due instant of an object; it is applied, in
 * order, before the next request of the workspace is answered. Nothing runs in the background.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "core/operation/operation.h"
#include "core/resource/draft.h"

/* A deleted resource ends; what was hidden along with one just goes on ageing. */
static bool purges(const struct object *o)
{
	const char *end = o->event ? strrchr(o->event, '_') : NULL;

	return o->deleted != OBJECT_LIVE && streq(end, "_purged");
}

static int resource_due(struct ctx *c, const struct object *o, struct err *e)
{
	const struct resource *res = resource_by_kind(c->world, o->kind);
	struct draft d;

	if (!res)
		return store_drop(c->world->store, c->ws->state, o->name, o->deleted, e);
	if (draft_from(c, res, o, &d, e))
		return -1;
	d.due = USEC_NEVER;
	d.event = o->event;
	if (purges(o))
		return resource_purge(c, &d, e);
	if (res->due)
		return res->due(c, &d, e);
	d.event = NULL;
	return draft_store(c, &d, e);
}

int resource_happen(struct ctx *c, const char *name, const char *event, struct err *e)
{
	struct object o;
	int found = store_get(c->world->store, c->ws->state, name, c->arena, &o, e);

	if (found != 1)
		return found;
	o.event = event;
	return resource_due(c, &o, e);
}

static int apply(struct ctx *c, const struct object *o, struct err *e)
{
	if (streq(o->kind, "operation"))
		return operation_due(c, o, e);
	return resource_due(c, o, e); /* also ends a maintenance window: it has no type */
}

/*
 * Each event takes its row out of the way, or makes it wait for another one. One that leaves its
 * row as it was would be next again, for ever: that is a defect, and told as one.
 */
struct last {
	char name[MAX_NAME_BYTES + 1];
	int64_t deleted;
	usec due;
	int times; /* in a row, each no later than the one before */
};

enum { MOST_AT_ONCE = 8 }; /* events of one row at one instant: there are two at the most */

static int check_progress(struct last *l, const struct object *o, struct err *e)
{
	bool same = l->deleted == o->deleted && o->due <= l->due &&
		    streq(l->name, o->name);

	l->times = same ? l->times + 1 : 0;
	snprintf(l->name, sizeof l->name, "%s", o->name);
	l->deleted = o->deleted;
	l->due = o->due;
	if (l->times < MOST_AT_ONCE)
		return 0;
	return err_set(e, ERR_INTERNAL, "'%s' stays due after its %s", o->name, o->event);
}

static int too_many(int64_t max, struct err *e)
{
	return err_set(e, ERR_INVALID,
		"More than %lld things fall due on the way; turn the clock in smaller steps",
		(long long)max);
}

struct search {
	const struct world *world;
	usec due;
};

static int not_routine(void *arg, const struct object *o)
{
	struct search *s = arg;
	const struct resource *res = resource_by_kind(s->world, o->kind);

	if (res && res->routine && res->routine(o))
		return 0;
	s->due = o->due;
	return 1;
}

int due_next(struct ctx *c, usec *ret, struct err *e)
{
	struct search s = { c->world, USEC_NEVER };

	if (store_each_due(c->world->store, c->ws->state, not_routine, &s, e))
		return -1;
	*ret = s.due;
	return 0;
}

int due_apply(struct ctx *c, usec upto, struct due_sink *sink, struct err *e)
{
	struct store *s = c->world->store;
	struct arena *outer = c->arena;
	struct last last = { 0 };
	int64_t n = 0;
	int found;

	c->upto = upto;
	for (;;) {
		struct arena scraps = { 0 };
		struct object o;
		int rc = 0;

		c->arena = &scraps;
		found = store_get_due(s, c->ws->state, upto, &scraps, &o, e);
		if (found == 1 && c->max_due && n++ == c->max_due) {
			rc = too_many(c->max_due, e);
		} else if (found == 1) {
			c->now = o.due;
			rc = check_progress(&last, &o, e) ? -1 : apply(c, &o, e);
			if (!rc && sink && (o.deleted == OBJECT_LIVE || purges(&o)))
				sink->event(sink, o.due, o.name, o.event);
		}
		c->arena = outer;
		draft_forget(c); /* what is known lies in the scraps */
		arena_done(&scraps);
		if (found != 1 || rc)
			break;
	}
	return found == 0 ? 0 : -1;
}
