/* SPDX-License-Identifier: Apache-2.0 */
/* Which rule acts on a request, and why the others do not. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/connect.h"
#include "lab/fault/actions.h"
#include "lab/fault/stale.h"

enum { MOST_CALLS = 1 << 17, MAX_OPINIONS = 32 };

/* ---- how often the same call was made ---- */

/* The how-manieth call this is among those that look the same. So many can be told apart; of more
 * the luck depends on what they are and no more on how often they came. */
static uint32_t tally_count(struct table *tally, uint64_t key, bool first_attempt)
{
	struct same *same = table_get(tally, key);

	if (!same && tally->num < MOST_CALLS)
		same = table_add(tally, key);
	if (!same)
		return 0;
	if (first_attempt)
		same->n++;
	return same->n;
}

/* ---- matching ---- */

static bool in_span(const struct span *s, int64_t n)
{
	return !s->from || (n >= s->from && n <= s->to);
}

static bool text_matches(const char *glob, const char *s)
{
	return !glob || text_glob(glob, s ? s : "");
}

/* The how-manieth call of this rule it is; calls beyond what `call` asks for share a number. */
static int64_t nth_call(struct fault *r, uint32_t call)
{
	size_t most = (size_t)(r->call.to == INT64_MAX ? r->call.from - 1 : r->call.to);

	for (size_t i = r->num_seen; i-- > 0;)
		if (r->seen[i] == call)
			return (int64_t)i + 1;
	if (r->num_seen >= most)
		return (int64_t)most + 1;
	if (r->num_seen == r->cap_seen) {
		size_t cap = r->cap_seen ? r->cap_seen * 2 : 8;
		uint32_t *seen = realloc(r->seen, cap * sizeof *seen);

		if (!seen)
			return (int64_t)most + 1;
		r->seen = seen;
		r->cap_seen = cap;
	}
	r->seen[r->num_seen++] = call;
	return (int64_t)r->num_seen;
}

static double dice(const struct serving *s, const struct fault *r)
{
	uint64_t v = text_prf(s->lab->app->world.seed, r->id, s->luck, s->attempt.attempt);

	return (double)(v >> 11) * 0x1p-53;
}

/* Does `when` let a matching request pass? */
static enum verdict due(const struct serving *s, struct fault *r, uint32_t *n)
{
	if (r->matched <= (uint64_t)r->skip) {
		*n = (uint32_t)((uint64_t)r->skip - r->matched);
		return VERDICT_SKIP;
	}
	if (r->times >= 0 && r->fired >= (uint64_t)r->times)
		return VERDICT_TIMES;
	if (r->action.now && !s->open && r->fired)
		return VERDICT_TIMES;
	if (r->action.kind->flags & ACT_READS && !stale_kept(s))
		return VERDICT_NOTHING_KEPT;
	if (r->probability < 1 && dice(s, r) >= r->probability) {
		*n = (uint32_t)(dice(s, r) * 1e6);
		return VERDICT_PROBABILITY;
	}
	return VERDICT_FIRED;
}

/* What the rule makes of the request when none before it acts. */
static enum verdict judge(const struct serving *s, struct fault *r, uint32_t *n)
{
	int64_t nth;

	if (!text_matches(r->path, s->req->path))
		return VERDICT_PATH;
	if (!text_matches(r->user_agent, s->req->user_agent))
		return VERDICT_USER_AGENT;
	if (!text_matches(r->caller, s->call.caller.name))
		return VERDICT_CALLER;
	nth = r->call.from ? nth_call(r, s->attempt.call) : 0;
	*n = (uint32_t)nth;
	if (nth && !in_span(&r->call, nth))
		return VERDICT_CALL;
	*n = s->attempt.attempt;
	if (!in_span(&r->attempt, s->attempt.attempt))
		return VERDICT_ATTEMPT;
	r->matched++;
	return due(s, r, n);
}

static void remember(struct opinions **all, struct atoms *atoms, const struct fault *r,
	enum verdict v, uint32_t n)
{
	struct opinions *o = *all;
	uint32_t num = o ? o->num : 0;

	if (num == MAX_OPINIONS)
		return;
	o = realloc(o, sizeof *o + (num + 1) * sizeof o->o[0]);
	if (!o)
		return;
	if (!num)
		*o = (struct opinions){0};
	o->num = num + 1;
	o->o[num] = (struct opinion){atom_get(atoms, r->id), v, n};
	*all = o;
}

/* Is the rule about requests of this route? */
static bool names(const struct faults *f, const struct fault *r, const struct route *route)
{
	if (route->flags & ROUTE_DATABASE)
		return r->connect & 1U << (route - connect_routes);
	return r->routes[route - f->app->routes.all];
}

struct fault *faults_choose(struct faults *f, struct serving *s, struct opinions **opinions)
{
	const struct route *route = s->call.route;
	struct fault *chosen = NULL;

	if (!f->num)
		return NULL;
	if (f->random)
		s->luck = s->attempt.key ^
			  tally_count(&f->tally, s->attempt.key, s->attempt.attempt == 1) *
				  UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < f->num; i++) {
		struct fault *r = f->all[i];
		enum verdict v;
		uint32_t n = 0;

		if (!names(f, r, route) || r->disabled)
			continue;
		v = judge(s, r, &n);
		if (v == VERDICT_FIRED && chosen)
			v = VERDICT_SHADOWED;
		else if (v == VERDICT_FIRED)
			chosen = r;
		if (v == VERDICT_FIRED)
			r->fired++;
		else if (v >= VERDICT_SKIP)
			r->skipped++;
		remember(opinions, &s->space->journal.atoms, r, v, n);
	}
	return chosen;
}
