/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /_mock/report: how the client coped, as a page, as its plot alone, or as a document that a later
 * report compares with.
 */
#include <string.h>

#include "admin/journal/filter.h"
#include "base/text.h"
#include "lab/grade/run.h"
#include "lab/refuse.h"

#define POLICY                                                                                     \
	"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "    \
	"frame-ancestors 'none'"

static int read_most(const struct admin *a, int64_t *ret, struct err *e)
{
	const char *text = admin_query(a, "calls");

	*ret = RUN_CALLS;
	if (text && streq(text, "all"))
		*ret = RUN_MOST_CALLS;
	else if (text && !text_int(text, 1, RUN_MOST_CALLS, ret))
		return refuse_value(e, "calls", "a number from 1 to 2000, or all", text);
	return 0;
}

static int make_run(struct admin *a, const struct filter *f, struct run *ret, struct err *e)
{
	struct grader g;
	int64_t most;

	if (read_most(a, &most, e) || admin_grader(a, f, &g, e))
		return -1;
	g.final |= f->until != 0; /* nothing more comes to a run that is over */
	return run_of(&g, (size_t)most, ret, e);
}

/* The rows until the snapshot was taken against those that came after it. */
static int split_at(struct admin *a, const char *name, struct filter *f, struct run *before,
	struct err *e)
{
	uint64_t row = marks_row(&a->space->marks, name);
	struct filter was = *f;

	if (!row)
		return err_set(e, ERR_NOT_FOUND,
			"Workspace '%s' has no requests of before a snapshot '%s': take it when "
			"the first run is over; a reset and a restart forget it",
			a->ws->name, name);
	f->from = was.until = row;
	return make_run(a, &was, before, e);
}

static int other_workspace(struct admin *a, const char *name, const struct filter *f,
	struct run *before, struct err *e)
{
	struct workspace *ws = app_workspace(a->app, name, false, e), *mine = a->ws;
	struct space *space = a->space;
	int rc;

	if (!ws)
		return -1;
	a->ws = ws;
	a->space = space_of(a->lab, name);
	rc = a->space ? make_run(a, f, before, e) : err_oom(e);
	a->ws = mine;
	a->space = space;
	return rc;
}

/* What is compared with, if anything; narrows the filter of this run where both share a journal. */
static int find_before(struct admin *a, struct filter *f, struct run *before, const char **name,
	struct err *e)
{
	const char *against = admin_query(a, "against"), *rest;

	*name = NULL;
	if (streq(a->req->method, "POST")) {
		*name = "the run that was sent";
		return run_read(a->body, a->arena, before, e);
	}
	if (!against)
		return 0;
	*name = against;
	if (text_starts(against, "snapshot:", &rest))
		return split_at(a, rest, f, before, e);
	if (text_starts(against, "workspace:", &rest))
		return other_workspace(a, rest, f, before, e);
	return refuse_value(e, "against",
		"snapshot:NAME (taken when the first run was over) or workspace:NAME; a saved run is "
		"compared by POST",
		against);
}

int admin_report(struct admin *a, struct err *e)
{
	static const char *const formats[] = {"html", "svg", "json", NULL};
	const char *format = admin_query(a, "format"), *before_name;
	struct run run, before;
	struct filter f;

	if (!format)
		format = "html";
	if (filter_read(a, &f, e) || find_before(a, &f, &before, &before_name, e) ||
		make_run(a, &f, &run, e))
		return -1;
	if (streq(format, "json")) {
		run_write(&run, &a->resp->body);
		return 0;
	}
	response_header(a->resp, "Content-Security-Policy", POLICY);
	if (streq(format, "svg")) {
		a->resp->content_type = "image/svg+xml";
		plot_svg(&run, plot_span(&run), true, "", &a->resp->body);
		return 0;
	}
	if (!streq(format, "html"))
		return refuse_name(e, "format", format, formats);
	a->resp->content_type = "text/html; charset=utf-8";
	return report_page(&run, before_name ? &before : NULL, before_name, &a->resp->body, e);
}
