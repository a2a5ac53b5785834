/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a run as one page that needs nothing else: verdict, totals, plot, rules, rows. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/grade/run.h"
#include "lab/state/embed.h"

struct page {
	const struct run *run, *before; /* before: NULL when there is nothing to compare with */
	const char *before_name;
	struct buf *b;
};

static const struct run_rule *rule_of(const struct run *r, const char *id)
{
	for (size_t i = 0; r && i < r->num_rules; i++)
		if (streq(r->rules[i].id, id))
			return &r->rules[i];
	return NULL;
}

static const char *tone(enum mark m)
{
	static const char *const tones[] = {"na", "ok", "warn", "bad", "none"};

	return tones[m];
}

static const char *word(enum mark m)
{
	static const char *const words[] = {"not judged", "pass", "warn", "fail", "inconclusive"};

	return words[m];
}

static void badge(enum mark m, struct buf *b)
{
	buf_addf(b, "<span class=\"badge %s\">%s</span>", tone(m), word(m));
}

/* What may be wider than the window, and is moved by keyboard, too. */
static void add_region(const char *name, struct buf *b)
{
	buf_addf(b, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">", name);
}

/* ---- head ---- */

static void add_agents(const struct run *r, struct buf *b)
{
	for (size_t i = 0; i < r->num_agents; i++) {
		buf_adds(b, i ? "<br>" : "");
		html_add(b, r->agents[i].name);
		if (r->num_agents > 1)
			buf_addf(b, " <span class=\"dim\">(%lld request%s)</span>",
				(long long)r->agents[i].requests,
				r->agents[i].requests == 1 ? "" : "s");
	}
	if (!r->num_agents)
		buf_adds(b, "nobody yet");
}

static void add_when(const struct run *r, struct buf *b)
{
	char text[SPAN_TEXT];

	if (!*r->from) {
		buf_adds(b, "no requests");
		return;
	}
	buf_addf(b, "%.10s %.8s UTC, over %s", r->from, strlen(r->from) > 11 ? r->from + 11 : "",
		span_text(r->lasted, text));
}

static void add_head(const struct page *p)
{
	const struct run *r = p->run;
	struct buf *b = p->b;

	buf_adds(b, "<header><h1>How the client coped</h1>\n<dl class=\"about\"><dt>Client</dt><dd>");
	add_agents(r, b);
	buf_adds(b, "</dd><dt>Date</dt><dd>");
	add_when(r, b);
	buf_adds(b, "</dd><dt>Scenario</dt><dd>");
	html_add(b, r->scenarios && *r->scenarios ? r->scenarios : "none loaded by name");
	buf_adds(b, "</dd><dt>Workspace</dt><dd>");
	html_add(b, r->workspace);
	buf_addf(b, "</dd><dt>Seed</dt><dd>%llu</dd><dt>Server</dt><dd>lakebase-mock ",
		(unsigned long long)r->seed);
	html_add(b, r->version);
	buf_adds(b, ", profile ");
	html_add(b, r->profile);
	buf_adds(b, "</dd>");
	if (p->before) {
		buf_adds(b, "<dt>Compared with</dt><dd>");
		html_add(b, p->before_name);
		buf_adds(b, ": ");
		add_when(p->before, b);
		buf_adds(b, "</dd>");
	}
	buf_adds(b, "</dl></header>\n");
}

/* ---- verdict ---- */

static void add_titles(const struct run *r, enum mark m, const char *before, struct buf *b)
{
	bool any = false;

	for (size_t i = 0; i < r->num_rules; i++) {
		if (r->rules[i].mark != m)
			continue;
		buf_adds(b, any ? ", " : before);
		buf_addf(b, "<a href=\"#rule-%s\">%s</a> ", r->rules[i].id, r->rules[i].id);
		html_add(b, r->rules[i].title);
		any = true;
	}
	if (any)
		buf_adds(b, ".</p>\n");
}

/* What changed between the two runs: rules that failed and pass now, or the other way round. */
static bool add_changes(const struct page *p, bool fixed)
{
	bool any = false;

	for (size_t i = 0; i < p->run->num_rules; i++) {
		const struct run_rule *now = &p->run->rules[i];
		const struct run_rule *was = rule_of(p->before, now->id);
		bool bad = now->mark == MARK_FAIL || now->mark == MARK_WARN;
		bool was_bad = was && (was->mark == MARK_FAIL || was->mark == MARK_WARN);

		if (!was || (fixed ? !was_bad || now->mark != MARK_PASS : was_bad || !bad))
			continue;
		buf_adds(p->b, any	 ? ", "
			       : fixed ? "<p><b>Better than before:</b> "
				       : "<p><b>Worse than before:</b> ");
		buf_addf(p->b, "%s ", now->id);
		html_add(p->b, now->title);
		any = true;
	}
	buf_adds(p->b, any ? ".</p>\n" : "");
	return any;
}

static void add_verdict(const struct page *p)
{
	const struct run *r = p->run;
	int bad = run_marks(r, MARK_FAIL), warn = run_marks(r, MARK_WARN);
	int pass = run_marks(r, MARK_PASS), open = run_marks(r, MARK_INCONCLUSIVE);
	int judged = bad + warn + pass;
	enum mark m = bad ? MARK_FAIL : warn ? MARK_WARN : pass ? MARK_PASS : MARK_NA;
	struct buf *b = p->b;

	buf_addf(b, "<section class=\"verdict %s\"><h2>", tone(m));
	if (!judged)
		buf_adds(b, "There is nothing to judge yet");
	else if (bad)
		buf_addf(b, "It breaks %d of %d rules that this run could judge", bad, judged);
	else if (warn)
		buf_addf(b, "It breaks none of %d rules, with %d %s", judged, warn,
			warn == 1 ? "doubt" : "doubts");
	else
		buf_addf(b, "It keeps all of the %d rules that this run could judge", judged);
	buf_adds(b, "</h2>\n");
	add_titles(r, MARK_FAIL, "<p><b>Fails:</b> ", b);
	add_titles(r, MARK_WARN, "<p><b>Doubtful:</b> ", b);
	if (open)
		buf_addf(b, "<p>%d %s still open: what would decide may yet come.</p>\n", open,
			open == 1 ? "rule is" : "rules are");
	if (r->dropped)
		buf_addf(b, "<p>%lld older requests were dropped from the journal: the verdict is of "
			    "what is left.</p>\n", (long long)r->dropped);
	if (p->before) {
		bool better = add_changes(p, true), worse = add_changes(p, false);

		if (!better && !worse)
			buf_adds(b, "<p>No rule is kept now that was broken before, and none is "
				    "broken that was kept.</p>\n");
	}
	buf_adds(b, "</section>\n");
}

/* ---- totals ---- */

static void add_total(const struct page *p, const char *name, double now, double was, int digits)
{
	buf_addf(p->b, "<div><dt>%s</dt><dd>%.*f", name, digits, now);
	if (p->before)
		buf_addf(p->b, " <span class=\"dim\">was %.*f</span>", digits, was);
	buf_adds(p->b, "</dd></div>");
}

static double per_call(const struct run *r)
{
	return r && r->calls ? (double)r->requests / (double)r->calls : 0;
}

static void add_totals(const struct page *p)
{
	static const struct run none;
	const struct run *r = p->run, *w = p->before ? p->before : &none;

	buf_adds(p->b, "<dl class=\"totals\">");
	add_total(p, "Requests", (double)r->requests, (double)w->requests, 0);
	add_total(p, "Calls", (double)r->calls, (double)w->calls, 0);
	add_total(p, "Requests per call", per_call(r), per_call(w), 2);
	add_total(p, "Calls tried again", (double)r->retried, (double)w->retried, 0);
	add_total(p, "Faults that acted", (double)r->faulted, (double)w->faulted, 0);
	add_total(p, "Calls that failed", (double)r->failed, (double)w->failed, 0);
	add_total(p, "Not settled", (double)r->open, (double)w->open, 0);
	buf_adds(p->b, "</dl>\n");
}

/* ---- plots ---- */

static void add_figure(const struct page *p, const struct run *r, usec span, const char *prefix,
	const char *title)
{
	int64_t left = r->calls - (int64_t)r->num_shown;

	buf_addf(p->b, "<figure><figcaption><h2>%s</h2><p class=\"dim\">", title);
	if (!r->num_shown)
		buf_adds(p->b, "No calls.");
	else if (left)
		buf_addf(p->b, "%zu of %lld calls, those that tell most; %lld are left out, mostly calls "
			       "of one attempt that went well.", r->num_shown, (long long)r->calls,
			(long long)left);
	else
		buf_addf(p->b, "All %lld calls.", (long long)r->calls);
	buf_adds(p->b, "</p></figcaption>");
	add_region(title, p->b);
	if (r->num_shown)
		plot_svg(r, span, false, prefix, p->b);
	buf_adds(p->b, "</div></figure>\n");
}

static void add_figures(const struct page *p)
{
	usec span = plot_span(p->run), other = p->before ? plot_span(p->before) : 0;

	if (other > span)
		span = other;
	if (p->before)
		add_figure(p, p->before, span, "was-", "Before");
	add_figure(p, p->run, span, "", p->before ? "Now" : "Its calls");
}

/* ---- rules ---- */

static void add_rule(const struct page *p, const struct run_rule *x)
{
	const struct run_rule *was = rule_of(p->before, x->id);
	struct buf *b = p->b;
	bool shown = false;

	for (size_t i = 0; i < p->run->num_attempts; i++)
		shown |= p->run->attempts[i].seq == x->seq;
	buf_addf(b, "<tr id=\"rule-%s\"><th scope=\"row\">%s</th><td>", x->id, x->id);
	html_add(b, x->title);
	buf_adds(b, "</td>");
	if (p->before) {
		buf_adds(b, "<td>");
		badge(was ? was->mark : MARK_NA, b);
		buf_adds(b, "</td>");
	}
	buf_adds(b, "<td>");
	badge(x->mark, b);
	buf_adds(b, "</td><td>");
	html_add(b, x->evidence);
	if (x->seq && shown)
		buf_addf(b, " <a href=\"#row-%llu\">request %llu</a>", (unsigned long long)x->seq,
			(unsigned long long)x->seq);
	else if (x->seq)
		buf_addf(b, " (request %llu)", (unsigned long long)x->seq);
	buf_adds(b, "</td></tr>\n");
}

static void add_rules(const struct page *p)
{
	struct buf *b = p->b;
	bool any = false;

	buf_adds(b, "<section><h2>Rules</h2>\n");
	add_region("Rules", b);
	buf_addf(b, "<table class=\"rules\"><thead><tr><th "
		    "scope=\"col\">Rule</th><th scope=\"col\">The client</th>%s<th "
		    "scope=\"col\">%s</th><th scope=\"col\">Evidence</th></tr></thead><tbody>\n",
		p->before ? "<th scope=\"col\">Before</th>" : "", p->before ? "Now" : "Verdict");
	for (size_t i = 0; i < p->run->num_rules; i++) {
		const struct run_rule *x = &p->run->rules[i], *was = rule_of(p->before, x->id);

		if (x->mark != MARK_NA || (was && was->mark != MARK_NA))
			add_rule(p, x);
	}
	buf_adds(b, "</tbody></table></div>\n");
	for (size_t i = 0; i < p->run->num_rules; i++) {
		const struct run_rule *x = &p->run->rules[i], *was = rule_of(p->before, x->id);

		if (x->mark != MARK_NA || (was && was->mark != MARK_NA))
			continue;
		buf_adds(b, any ? ", "
				: "<p class=\"dim\">Not judged, since nothing happened that would "
				  "show it: ");
		buf_addf(b, "%s ", x->id);
		html_add(b, x->title);
		any = true;
	}
	buf_adds(b, any ? ".</p></section>\n" : "</section>\n");
}

/* ---- rows ---- */

static void add_row(const struct run_call *c, const struct run_attempt *a, usec gap, const char *prefix,
	struct buf *b)
{
	char at[SPAN_TEXT], wait[SPAN_TEXT] = "", took[SPAN_TEXT];

	if (gap >= 0)
		span_text(gap, wait);
	buf_addf(b, "<tr id=\"%srow-%llu\"><td>%llu</td><td>", prefix, (unsigned long long)a->seq,
		(unsigned long long)a->seq);
	if (a->number == 1 || gap < 0) {
		buf_addf(b, "#%u ", c->call);
		html_add(b, c->rpc);
		buf_adds(b, " <span class=\"dim\">");
		html_add(b, c->resource);
		buf_adds(b, "</span>");
	}
	buf_addf(b, "</td><td>%u</td><td>%s</td><td>%s</td><td>", a->number, span_text(a->at, at), wait);
	if (a->seen)
		buf_addf(b, "%u", a->seen);
	else
		buf_addf(b, "none (%s)", a->delivered);
	buf_addf(b, "</td><td>%s</td><td>", a->applied ? "yes" : "no");
	html_add(b, a->fault);
	buf_adds(b, "</td><td>");
	html_add(b, a->retry_after);
	buf_addf(b, "</td><td>%s</td></tr>\n", span_text(a->took, took));
}

static void add_rows(const struct run *r, const char *title, const char *prefix, struct buf *b)
{
	if (!r->num_shown)
		return;
	buf_addf(b, "<details><summary>%s: %zu attempts</summary>", title, r->num_attempts);
	add_region(title, b);
	buf_adds(b, "<table class=\"rows\"><thead><tr>");
	for (const char *const *h = (const char *const[]){"Request", "Call", "Attempt", "After", "Gap",
		     "Answer", "Applied", "Fault", "Retry-After", "Took", NULL}; *h; h++)
		buf_addf(b, "<th scope=\"col\">%s</th>", *h);
	buf_adds(b, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < r->num_shown; i++) {
		const struct run_call *c = &r->shown[i];

		for (size_t k = 0; k < c->num; k++) {
			const struct run_attempt *a = &r->attempts[c->first + k];

			add_row(c, a, k ? a->at - a[-1].at : -1, prefix, b);
		}
	}
	buf_adds(b, "</tbody></table></div></details>\n");
}

int report_page(const struct run *r, const struct run *before, const char *before_name, struct buf *b,
	struct err *e)
{
	const struct embedded *page = embedded_find("grade/report.html");
	const char *here = page ? strstr(page->text, "<!-- report -->") : NULL;
	struct page p = {r, before, before_name, b};

	if (!here)
		return err_set(e, ERR_INTERNAL, "The page of the report is not built in");
	buf_add(b, page->text, (size_t)(here - page->text));
	add_head(&p);
	add_verdict(&p);
	add_totals(&p);
	add_figures(&p);
	add_rules(&p);
	add_rows(r, before ? "Now: every gap" : "Every gap, as a table", "", b);
	if (before)
		add_rows(before, "Before: every gap", "was-", b);
	buf_adds(b, here);
	return 0;
}
