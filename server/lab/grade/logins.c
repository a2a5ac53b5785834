/* SPDX-License-Identifier: Apache-2.0 */
/* How a client copes with databases that refuse it, or let go of it. */
#include "base/text.h"
#include "lab/connect.h"
#include "lab/grade/grade.h"

#define AT_ONCE (20 * 1000) /* us: nobody waited */

static bool is(const struct row *r, enum connect_rpc rpc)
{
	return r->route == &connect_routes[rpc];
}

static const char *code_of(const struct row *r)
{
	const char *code = atom_text(r->error);

	return code ? code : "no answer";
}

/* Refused in a way that passes: by a rule, for want of slots, while starting, or with no word. */
static bool passes(const struct row *r)
{
	static const char *const codes[] = {"53300", "57P03", "08006", NULL};

	if (!is(r, RPC_CONNECT) || (!r->error && r->delivered == DELIVERED_FULL))
		return false;
	for (int i = 0; codes[i]; i++)
		if (streq(codes[i], atom_text(r->error)))
			return true;
	return r->fault || !r->error;
}

void judge_login_retries(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->logins;

	for (size_t i = 0; i < l->num; i++) {
		const struct row *r = l->all[i].row;

		if (!passes(r))
			continue;
		if (attempt_next(l, i))
			finding_set(f, MARK_PASS, l->all[i].seq, "came back after %s", code_of(r));
		else if (settled(g, r))
			finding_set(f, MARK_FAIL, l->all[i].seq, "gave up after %s", code_of(r));
		else
			finding_set(f, MARK_INCONCLUSIVE, l->all[i].seq, "may still come back");
	}
}

void judge_login_backoff(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->logins;

	for (size_t i = 0; i < l->num; i++) {
		const struct attempt_ref *next = attempt_next(l, i);
		usec wait = next && passes(l->all[i].row) ? wait_before(&l->all[i], next) : -1;

		if (wait < 0)
			continue;
		if (wait >= AT_ONCE)
			finding_set(f, MARK_PASS, next->seq, "waited %lld ms", (long long)wait / 1000);
		else if (next->row->attempt > 2)
			finding_set(f, MARK_FAIL, next->seq, "asked again and again at once");
		else
			finding_set(f, MARK_WARN, next->seq, "asked again at once");
	}
}

/* Did the client ask for a credential between the two? */
static bool credential_between(const struct grader *g, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < g->order.num; i++) {
		const struct attempt_ref *x = &g->order.all[i];

		if (x->seq > from && x->seq < to && x->row->route &&
			streq(x->row->route->rpc, "GenerateDatabaseCredential"))
			return true;
	}
	return false;
}

void judge_login_token(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->logins;

	for (size_t i = 0; i < l->num; i++) {
		const struct attempt_ref *next = attempt_next(l, i), *x = &l->all[i];

		if (!next || !is(x->row, RPC_CONNECT) || !streq(atom_text(x->row->error), "28000"))
			continue;
		if (credential_between(g, x->seq, next->seq))
			finding_set(f, MARK_PASS, next->seq, "asked for a new token first");
		else
			finding_set(f, MARK_WARN, next->seq, "came back without a new token");
	}
}

static bool connects_after(const struct attempt_list *l, const struct attempt_ref *x)
{
	for (size_t i = 0; i < l->num; i++)
		if (l->all[i].seq > x->seq && is(l->all[i].row, RPC_CONNECT) &&
			l->all[i].row->path == x->row->path &&
			l->all[i].row->caller == x->row->caller)
			return true;
	return false;
}

void judge_reconnects(const struct grader *g, struct finding *f)
{
	const struct attempt_list *l = &g->logins;

	for (size_t i = 0; i < l->num; i++) {
		const struct attempt_ref *x = &l->all[i];

		if (!is(x->row, RPC_SESSION))
			continue;
		if (connects_after(l, x))
			finding_set(f, MARK_PASS, x->seq, "connected again after %s", code_of(x->row));
		else if (settled(g, x->row))
			finding_set(f, MARK_FAIL, x->seq, "never came back after %s", code_of(x->row));
		else
			finding_set(f, MARK_INCONCLUSIVE, x->seq, "may still come back");
	}
}
