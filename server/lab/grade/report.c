/* SPDX-License-Identifier: Apache-2.0 */
/* GET /_mock/report: the grades and a plot of attempts over time, as one page that needs nothing
 * else. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/grade/grade.h"
#include "lab/journal/retry.h"
#include "lab/state/embed.h"

enum { MAX_LINES = 60, LINE = 22, LEFT = 260, WIDTH = 1000, RIGHT = 20, TOP = 26 };

static void add_html(struct buf *b, const char *s)
{
	for (; s && *s; s++) {
		if (*s == '<')
			buf_adds(b, "&lt;");
		else if (*s == '>')
			buf_adds(b, "&gt;");
		else if (*s == '&')
			buf_adds(b, "&amp;");
		else if (*s == '"')
			buf_adds(b, "&quot;");
		else
			buf_add(b, s, 1);
	}
}

/* ---- the plot ---- */

struct plot {
	usec from, span;
	size_t first; /* of the attempts that are shown */
	int lines;
};

static double x_of(const struct plot *p, usec at)
{
	return LEFT + (double)(at - p->from) / (double)p->span * (WIDTH - LEFT - RIGHT);
}

/* The calls with most to tell: those with more than one attempt, the newest ones. */
static bool worth(const struct attempt_list *l, size_t from, size_t end, bool any_retry)
{
	return !any_retry || end - from > 1 || l->all[from].row->flags & ROW_RETRYABLE;
}

static struct plot lay_out(const struct attempt_list *l, bool any_retry)
{
	struct plot p = {.from = INT64_MAX, .span = 1};
	usec last = 0;

	for (size_t i = 0, end; i < l->num; i = end) {
		end = attempts_end(l, i);
		if (!worth(l, i, end, any_retry) || p.lines == MAX_LINES)
			continue;
		p.lines++;
		for (size_t k = i; k < end; k++) {
			const struct row *r = l->all[k].row;

			p.from = r->at < p.from ? r->at : p.from;
			last = r->at > last ? r->at : last;
		}
	}
	if (last > p.from)
		p.span = last - p.from;
	return p;
}

static const char *colour(const struct row *r)
{
	int seen = row_seen(r);

	if (!seen)
		return "var(--none)";
	return seen < 400 ? "var(--ok)" : seen < 500 ? "var(--warn)" : "var(--bad)";
}

static void add_attempt(const struct plot *p, const struct attempt_ref *x, int y, struct buf *b)
{
	const struct row *r = x->row;
	double at = x_of(p, r->at);
	usec wait;
	enum wish wish = retry_wish(r, &wait);

	if ((wish == WISH_SECONDS || wish == WISH_DATE) && wait) {
		double width = (double)wait / (double)p->span * (WIDTH - LEFT - RIGHT);

		if (at + width > WIDTH - RIGHT)
			width = WIDTH - RIGHT - at;
		buf_addf(b,
			"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"12\" class=\"wait\"/>",
			at, y - 6, width > 0 ? width : 0);
	}
	buf_addf(b, "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"%s\"%s><title>", at, y, colour(r),
		r->fault ? " class=\"fault\"" : "");
	buf_addf(b, "request %llu, attempt %u, +%.3f s: ", (unsigned long long)x->seq, r->attempt,
		(double)(r->at - p->from) / 1e6);
	if (r->status)
		buf_addf(b, "handler %u, ", r->status);
	if (r->sent)
		buf_addf(b, "sent %u", r->sent);
	else
		buf_adds(b, "nothing sent");
	if (r->fault) {
		buf_adds(b, ", fault ");
		add_html(b, r->fault->text);
	}
	if (r->retry_after) {
		buf_adds(b, ", Retry-After ");
		add_html(b, r->retry_after->text);
	}
	buf_addf(b, "%s</title></circle>\n", r->flags & ROW_APPLIED ? ", applied" : "");
}

static void add_line(const struct plot *p, const struct attempt_list *l, size_t from, size_t end,
	int y, struct buf *b)
{
	const struct row *r = l->all[from].row;
	const char *name = r->route ? r->route->rpc : atom_text(r->method);

	buf_addf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 14, y + 4);
	add_html(b, name);
	buf_addf(b, " #%u</text><line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n", r->call,
		x_of(p, r->at), y, x_of(p, l->all[end - 1].row->at), y);
	for (size_t i = from; i < end; i++)
		add_attempt(p, &l->all[i], y, b);
}

static void add_plot(const struct attempt_list *l, struct buf *b)
{
	bool any_retry = false;
	struct plot p;
	int y = TOP;

	for (size_t i = 0; i < l->num; i++)
		any_retry |= l->all[i].row->attempt > 1;
	p = lay_out(l, any_retry);
	if (!p.lines) {
		buf_adds(b, "<p>No requests.</p>\n");
		return;
	}
	buf_addf(b, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Attempts over time\">\n",
		WIDTH, TOP + p.lines * LINE);
	for (int i = 0; i <= 4; i++) {
		double x = LEFT + i * (WIDTH - LEFT - RIGHT) / 4.0;

		buf_addf(b,
			"<line class=\"grid\" x1=\"%.1f\" y1=\"14\" x2=\"%.1f\" y2=\"%d\"/><text "
			"x=\"%.1f\" "
			"y=\"10\" text-anchor=\"middle\" class=\"dim\">%.2f s</text>\n",
			x, x, TOP + p.lines * LINE, x, (double)p.span * i / 4e6);
	}
	for (size_t i = 0, end; i < l->num; i = end) {
		end = attempts_end(l, i);
		if (!worth(l, i, end, any_retry) || y >= TOP + p.lines * LINE)
			continue;
		add_line(&p, l, i, end, y + LINE / 2, b);
		y += LINE;
	}
	buf_adds(b, "</svg>\n");
}

/* ---- the page ---- */

static void add_grades(const struct grader *g, struct buf *b)
{
	buf_adds(b, "<table><tr><th></th><th>The client</th><th></th><th>Evidence</th></tr>\n");
	for (const struct criterion *c = criteria; c->id; c++) {
		struct finding f = {0};

		c->judge(g, &f);
		buf_addf(b,
			"<tr><td class=\"dim\">%s</td><td>%s</td><td class=\"mark %c\">%s</td><td>",
			c->id, c->title, "nPWFI"[f.mark], mark_name(f.mark));
		add_html(b, f.text);
		if (f.seq)
			buf_addf(b, " <span class=\"dim\">(request %llu)</span>",
				(unsigned long long)f.seq);
		buf_adds(b, "</td></tr>\n");
	}
	buf_adds(b, "</table>\n");
}

int report_html(const struct grader *g, struct buf *b, struct err *e)
{
	const struct embedded *page = embedded_find("grade/report.html");
	const char *here = page ? strstr(page->text, "<!-- report -->") : NULL;

	if (!here)
		return err_set(e, ERR_INTERNAL, "The page of the report is not built in");
	buf_add(b, page->text, (size_t)(here - page->text));
	buf_adds(b, "<h1>How the client coped</h1>\n<p class=\"dim\">workspace ");
	add_html(b, g->space->name);
	buf_addf(b, ", %zu requests, seed %llu, profile ", g->order.num,
		(unsigned long long)g->lab->app->world.seed);
	add_html(b, g->lab->app->world.settings.profile);
	buf_adds(b, "</p>\n");
	add_plot(&g->calls, b);
	buf_adds(b, "<p class=\"dim\">One line per call; a dot is an attempt, a ring around it a "
		    "fault, the "
		    "shade behind it the time that Retry-After asked for. Point at a dot for "
		    "more.</p>\n");
	add_grades(g, b);
	buf_adds(b, here);
	return 0;
}
