/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plot of a run: a line per call, from its first attempt on, so that the waits of all calls
 * can be compared; a mark per attempt, with what the client saw.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/grade/run.h"

enum { WIDTH = 980, LEFT = 300, RIGHT = 24, TOP = 40, LINE = 30, FOOT = 34, CHAR = 6 };

void html_add(struct buf *b, const char *s)
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
		else if ((unsigned char)*s < ' ')
			buf_adds(b, " ");
		else
			buf_add(b, s, 1);
	}
}

/* ---- times ---- */

static const struct unit {
	usec size;
	const char *name, *next; /* of the unit below, when the rest is told in it */
} units[] = {
	{86400 * USEC_SECOND, "d", "h"},
	{3600 * USEC_SECOND, "h", "min"},
	{60 * USEC_SECOND, "min", "s"},
	{USEC_SECOND, "s", NULL},
	{1000, "ms", NULL},
	{1, "µs", NULL},
};

const char *span_text(usec span, char out[static SPAN_TEXT])
{
	const struct unit *u = units;
	double n;

	if (span <= 0)
		return "0";
	while (u->size > span)
		u++;
	if (u->next) {
		usec rest = span % u->size / u[1].size;

		if (rest)
			snprintf(out, SPAN_TEXT, "%lld %s %lld %s", (long long)(span / u->size),
				u->name, (long long)rest, u->next);
		else
			snprintf(out, SPAN_TEXT, "%lld %s", (long long)(span / u->size), u->name);
		return out;
	}
	n = (double)span / (double)u->size;
	snprintf(out, SPAN_TEXT, "%.*f %s", n < 10 && span % u->size ? 2 : n < 100 && span % u->size ? 1 : 0,
		n, u->name);
	return out;
}

/* A distance between lines of the axis that a person would choose, with at most seven of them. */
static usec axis_step(usec span)
{
	static const int nice[] = {1, 2, 5};
	static const usec long_ones[] = {15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400};

	for (usec size = 1; size <= 10 * USEC_SECOND; size *= 10)
		for (size_t i = 0; i < ARRAY_SIZE(nice) && size * nice[i] <= 10 * USEC_SECOND; i++)
			if (span / (size * nice[i]) < 7)
				return size * nice[i];
	for (size_t i = 0; i < ARRAY_SIZE(long_ones); i++)
		if (span / (long_ones[i] * USEC_SECOND) < 7)
			return long_ones[i] * USEC_SECOND;
	return (span / (86400 * USEC_SECOND) / 6 + 1) * 86400 * USEC_SECOND;
}

usec plot_span(const struct run *r)
{
	usec span = 1000;

	for (size_t i = 0; i < r->num_attempts; i++) {
		const struct run_attempt *a = &r->attempts[i];

		if (a->at + a->took > span)
			span = a->at + a->took;
	}
	return span + span / 40;
}

/* ---- marks ---- */

struct plot {
	const struct run *run;
	usec span;
	bool alone;
	const char *prefix;
	struct buf *b;
};

static double x_of(const struct plot *p, usec at)
{
	double x = (double)at / (double)p->span;

	return LEFT + (x < 0 ? 0 : x > 1 ? 1 : x) * (WIDTH - LEFT - RIGHT);
}

static const char *tone_of(const struct run_attempt *a)
{
	if (!a->seen)
		return "none";
	return a->seen < 400 ? "ok" : a->seen < 500 ? "warn" : "bad";
}

static void add_title(const struct run_attempt *a, usec gap, struct buf *b)
{
	char text[SPAN_TEXT];

	buf_addf(b, "<title>attempt %u, request %llu", a->number, (unsigned long long)a->seq);
	if (a->number > 1)
		buf_addf(b, ", %s after the one before", span_text(gap, text));
	if (a->seen)
		buf_addf(b, ": answered %u", a->seen);
	else
		buf_addf(b, ": no whole answer (%s)", a->delivered);
	if (a->fault) {
		buf_adds(b, ", fault ");
		html_add(b, a->fault);
	}
	if (a->retry_after) {
		buf_adds(b, ", Retry-After ");
		html_add(b, a->retry_after);
	}
	buf_addf(b, "%s, took %s</title>", a->applied ? ", applied" : "", span_text(a->took, text));
}

/* What Retry-After asked for, and how long the answer took, lie behind the marks. */
static void add_behind(const struct plot *p, const struct run_attempt *a, int y)
{
	double x = x_of(p, a->at), left = x_of(p, a->at + a->took);

	if (a->asked)
		buf_addf(p->b,
			"<rect class=\"asked\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\"/>\n",
			left, y - 7, x_of(p, a->at + a->took + a->asked) - left);
	if (left - x > 2)
		buf_addf(p->b,
			"<line class=\"held %s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n",
			tone_of(a), x, y, left, y);
}

static void add_mark(const struct plot *p, const struct run_attempt *a, usec gap, int y)
{
	double x = x_of(p, a->at);

	if (!p->alone)
		buf_addf(p->b, "<a href=\"#%srow-%llu\">", p->prefix, (unsigned long long)a->seq);
	buf_addf(p->b, "<g class=\"mark %s\">", tone_of(a));
	add_title(a, gap, p->b);
	if (a->fault)
		buf_addf(p->b, "<circle class=\"ring\" cx=\"%.1f\" cy=\"%d\" r=\"8\"/>", x, y);
	if (a->seen)
		buf_addf(p->b, "<circle cx=\"%.1f\" cy=\"%d\" r=\"4.5\"/>", x, y);
	else
		buf_addf(p->b, "<path d=\"M%.1f %dl5.5 5.5-5.5 5.5-5.5-5.5z\"/>", x, y - 5);
	buf_addf(p->b, "</g>%s\n", p->alone ? "" : "</a>");
}

/* The gaps as numbers, where there is room for them. */
static void add_gaps(const struct plot *p, const struct run_call *c, int y)
{
	double free = 0;

	for (size_t i = 1; i < c->num; i++) {
		const struct run_attempt *a = &p->run->attempts[c->first + i];
		double from = x_of(p, a[-1].at), to = x_of(p, a->at), at = (from + to) / 2, half;
		char text[SPAN_TEXT];

		span_text(a->at - a[-1].at, text);
		half = (double)strlen(text) * CHAR / 2.0;
		if (to - from < 2 * half + 14 || at - half < free)
			continue;
		buf_addf(p->b, "<text class=\"gap\" x=\"%.1f\" y=\"%d\">%s</text>\n", at, y - 6, text);
		free = at + half;
	}
}

static void add_call(const struct plot *p, const struct run_call *c, int y)
{
	const struct run_attempt *first = &p->run->attempts[c->first];
	const struct run_attempt *last = first + c->num - 1;
	char text[SPAN_TEXT];

	buf_addf(p->b, "<g><title>call %u, %s, began %s after the first request, applied %d times",
		c->call, c->outcome, span_text(c->at, text), c->applied);
	buf_addf(p->b, "%s</title><text class=\"rpc\" x=\"0\" y=\"%d\">",
		c->ambiguous ? "; that all attempts belong to it is a guess" : "", y - 2);
	html_add(p->b, c->rpc);
	buf_addf(p->b, " <tspan class=\"dim\">#%u</tspan></text><text class=\"dim\" x=\"0\" y=\"%d\">",
		c->call, y + 11);
	html_add(p->b, c->resource);
	buf_addf(p->b, "</text><text class=\"end %s\" x=\"%d\" y=\"%d\">%s</text></g>\n", c->outcome,
		LEFT - 16, y - 2, c->outcome);
	for (size_t i = 0; i < c->num; i++)
		add_behind(p, &first[i], y);
	buf_addf(p->b, "<line class=\"wire\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n",
		x_of(p, first->at), y, x_of(p, last->at), y);
	add_gaps(p, c, y);
	for (size_t i = 0; i < c->num; i++)
		add_mark(p, &first[i], i ? first[i].at - first[i - 1].at : 0, y);
}

/* ---- the frame ---- */

static void add_axis(const struct plot *p, int bottom)
{
	usec step = axis_step(p->span);
	char text[SPAN_TEXT];

	buf_addf(p->b, "<text class=\"dim\" x=\"0\" y=\"14\">call and resource</text>"
		       "<text class=\"dim\" x=\"%d\" y=\"14\">time since the first attempt of each "
		       "call</text>\n", LEFT);
	for (usec at = 0; at <= p->span; at += step) {
		double x = x_of(p, at);

		buf_addf(p->b,
			"<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>"
			"<text class=\"dim tick\" x=\"%.1f\" y=\"%d\">%s</text>\n",
			x, TOP - 6, x, bottom, x, TOP - 10, span_text(at, text));
	}
}

static void add_legend(const struct plot *p, int y)
{
	static const struct {
		const char *tone, *text;
		int width;
	} marks[] = {{"ok", "answered", 86}, {"warn", "4xx", 54}, {"bad", "5xx", 54},
		{"none", "no whole answer", 126}, {"ring", "a fault acted", 106},
		{"asked", "Retry-After asks to wait", 0}};
	int x = LEFT;

	for (size_t i = 0; i < ARRAY_SIZE(marks); x += marks[i].width, i++) {
		const char *tone = marks[i].tone;

		if (streq(tone, "ring"))
			buf_addf(p->b, "<circle class=\"ring\" cx=\"%d\" cy=\"%d\" r=\"6\"/>", x + 6, y);
		else if (streq(tone, "asked"))
			buf_addf(p->b, "<rect class=\"asked\" x=\"%d\" y=\"%d\" width=\"14\" height=\"14\"/>",
				x, y - 7);
		else if (streq(tone, "none"))
			buf_addf(p->b, "<path class=\"none\" d=\"M%d %dl5.5 5.5-5.5 5.5-5.5-5.5z\"/>",
				x + 6, y - 5);
		else
			buf_addf(p->b, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"4.5\"/>", tone,
				x + 6, y);
		buf_addf(p->b, "<text class=\"dim\" x=\"%d\" y=\"%d\">%s</text>\n", x + 18, y + 4,
			marks[i].text);
	}
}

static const char style[] =
	"<style>.plot{--fg:#1d211f;--dim:#5c625e;--line:#dedfd9;--edge:#8b8f88;--paper:#fff;"
	"--ok:#18703f;--warn:#8a5a00;--bad:#b3232b;--none:#6a3fb5;"
	"font:12px Inter,system-ui,sans-serif;fill:var(--fg)}"
	"@media (prefers-color-scheme:dark){.plot{--fg:#e4e8e6;--dim:#a0a9a5;--line:#303836;"
	"--edge:#727b78;--paper:#191e1d;--ok:#6fcf97;--warn:#e5b454;--bad:#ff8a85;--none:#c0a4f5}}"
	"@media print{.plot{--fg:#000;--dim:#444;--line:#ccc;--edge:#777;--paper:#fff;--ok:#18703f;"
	"--warn:#8a5a00;--bad:#b3232b;--none:#6a3fb5}}"
	".plot .dim{fill:var(--dim);font-size:11px}.plot .rpc{font-weight:600}"
	".plot .tick,.plot .gap{text-anchor:middle;font-size:11px}"
	".plot .end{text-anchor:end;font-size:11px;fill:var(--dim)}.plot .end.error{fill:var(--bad)}"
	".plot .end.open{fill:var(--warn)}.plot .end.ok{fill:var(--ok)}"
	".plot .grid{stroke:var(--line)}.plot .wire{stroke:var(--edge);stroke-width:1.5}"
	".plot .asked{fill:var(--warn);opacity:.22}"
	".plot .held{stroke-width:5;stroke-linecap:round;opacity:.35}"
	".plot .ok{fill:var(--ok);stroke:var(--ok)}.plot .warn{fill:var(--warn);stroke:var(--warn)}"
	".plot .bad{fill:var(--bad);stroke:var(--bad)}.plot .none{fill:var(--none);stroke:var(--none)}"
	".plot text.end{stroke:none;font-weight:500}"
	".plot .ring{fill:none;stroke:var(--fg);stroke-width:1.5}</style>\n";

void plot_svg(const struct run *r, usec span, bool alone, const char *prefix, struct buf *b)
{
	int rows = (int)r->num_shown, bottom = TOP + rows * LINE, height = bottom + FOOT;
	struct plot p = {.run = r, .span = span, .alone = alone, .prefix = prefix, .b = b};

	buf_addf(b,
		"<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"%s\" "
		"aria-label=\"Attempts of %d calls over time\"",
		WIDTH, height, alone ? "img" : "group", rows);
	if (alone)
		buf_addf(b, " xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\"", WIDTH,
			height);
	buf_adds(b, ">\n");
	buf_adds(b, style);
	if (alone)
		buf_addf(b, "<rect width=\"%d\" height=\"%d\" fill=\"var(--paper)\"/>\n", WIDTH, height);
	add_axis(&p, bottom);
	for (int i = 0; i < rows; i++)
		add_call(&p, &r->shown[i], TOP + i * LINE + LINE / 2);
	add_legend(&p, bottom + 20);
	buf_adds(b, "</svg>\n");
}
