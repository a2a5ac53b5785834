/* SPDX-License-Identifier: Apache-2.0 */
/* /_mock/calls, /_mock/explain and /_mock/grade. */
#include "admin/journal/filter.h"
#include "base/text.h"
#include "lab/grade/grade.h"

int admin_calls(struct admin *a, struct err *e)
{
	const struct journal *j = &a->space->journal;
	struct buf *b = &a->resp->body;
	struct attempt_list l;
	struct filter f;

	if (filter_read(a, &f, e) || filter_complete(&f, j, e) ||
		attempts_collect(j, &f, a->arena, &l, e))
		return -1;
	buf_adds(b, "{\"schema\":1,\"workspace\":");
	buf_add_json_string(b, a->space->name);
	buf_addf(b, ",\"dropped\":%llu,\"calls\":", (unsigned long long)j->dropped);
	calls_json(&l, f.limit, b);
	buf_adds(b, "}");
	return 0;
}

int admin_explain(struct admin *a, struct err *e)
{
	const struct journal *j = &a->space->journal;
	const struct row *r;
	int64_t seq;

	if (!text_int(a->args[0], 1, INT64_MAX, &seq))
		return refuse_value(e, "seq", "the number that X-Mock-Seq told", a->args[0]);
	r = journal_row(j, (uint64_t)seq);
	if (!r && (uint64_t)seq < j->first && j->dropped)
		return err_set(e, ERR_JOURNAL,
			"Request %s was dropped from the journal; start with a larger "
			"--journal",
			a->args[0]);
	if (!r)
		return err_set(e, ERR_NOT_FOUND,
			"Workspace '%s' has no request %s; other workspaces have journals "
			"of their own: ?workspace=NAME",
			a->space->name, a->args[0]);
	explain_row(a->space, (uint64_t)seq, r, &a->resp->body);
	return 0;
}

int admin_grader(struct admin *a, const struct filter *f, struct grader *ret, struct err *e)
{
	usec now = a->req->arrived ? a->req->arrived : monotonic_now();

	*ret = (struct grader){.lab = a->lab,
		.ws = a->ws,
		.space = a->space,
		.arena = a->arena,
		.now = now - a->lab->started};
	if (admin_query_bool(a, "final", &ret->final, e))
		return -1;
	return grader_open(ret, f, e);
}

int admin_grade(struct admin *a, struct err *e)
{
	struct grader g;
	struct filter f;

	if (filter_read(a, &f, e) || admin_grader(a, &f, &g, e))
		return -1;
	grade_json(&g, &a->resp->body);
	return 0;
}
