/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/report.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

bool verdict_expected(enum verdict v)
{
	return v == VERDICT_PASS || v == VERDICT_SKIP || v == VERDICT_XFAIL;
}

/* ---- text ---- */

static void indented(FILE *f, const char *by, const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");

		fprintf(f, "%s%.*s\n", by, (int)n, text);
		text += n + (text[n] == '\n');
	}
}

void report_case(FILE *f, const struct test_case *c, bool verbose)
{
	const struct result *r = &c->result;

	if (!verbose && verdict_expected(r->verdict))
		return;
	fprintf(f, "%s %s (%s%s%s)\n", verdict_name(r->verdict), c->id, c->evidence,
		c->date ? " " : "", c->date ? c->date : "");
	if (r->verdict == VERDICT_XPASS)
		fprintf(f, "    passes now; take it off the list of known failures: %s\n",
			c->known);
	indented(f, "    ", r->message);
	if (r->over && !verdict_expected(r->verdict))
		fprintf(f, "    again: lakebase-conformance --run %s\n", c->id);
	if (verbose)
		indented(f, "    note:", r->notes);
}

static void count(const struct plan_cases *p, int n[VERDICT__N])
{
	memset(n, 0, VERDICT__N * sizeof(*n));
	for (size_t i = 0; i < p->num; i++)
		n[p->cases[i].result.verdict]++;
}

static void text_report(FILE *f, const struct plan_cases *p, const struct run_facts *facts)
{
	int n[VERDICT__N];

	count(p, n);
	for (int v = 0; v < VERDICT__N; v++)
		if (n[v] || v == VERDICT_PASS || v == VERDICT_FAIL)
			fprintf(f, "%s%d %s", v ? ", " : "", n[v], verdict_name((enum verdict)v));
	fprintf(f, "; %zu cases, %ld calls, %.1f s, seed %lu, %s%s", p->num, facts->calls,
		facts->seconds, facts->seed, facts->target,
		facts->interrupted ? ", interrupted" : "");
	if (facts->left->num)
		fprintf(f, ", %zu LEFT BEHIND: lakebase-conformance sweep", facts->left->num);
	fprintf(f, "%s\n", facts->unproven ? ", what is left was not told" : "");
}

/* ---- TAP ---- */

static void tap_case(FILE *f, size_t number, const struct test_case *c)
{
	const struct result *r = &c->result;
	bool ok = r->verdict == VERDICT_PASS || r->verdict == VERDICT_SKIP ||
		  r->verdict == VERDICT_XPASS;
	const char *first = r->message ? r->message : "";

	fprintf(f, "%sok %zu - %s", ok ? "" : "not ", number, c->id);
	if (r->verdict == VERDICT_SKIP)
		fprintf(f, " # SKIP %.*s", (int)strcspn(first, "\n"), first);
	if (r->verdict == VERDICT_XFAIL || r->verdict == VERDICT_XPASS)
		fprintf(f,
			" # TO"
			"DO %s",
			c->known);
	fputc('\n', f);
	if (ok || r->verdict == VERDICT_XFAIL)
		return;
	fprintf(f, "  ---\n  verdict: %s\n  evidence: %s\n  message: |\n", verdict_name(r->verdict),
		c->evidence);
	indented(f, "    ", r->message);
	fprintf(f, "  again: --run %s\n  ...\n", c->id);
}

static void tap_report(FILE *f, const struct plan_cases *p, const struct run_facts *facts)
{
	fprintf(f, "TAP version 14\n1..%zu\n", p->num);
	for (size_t i = 0; i < p->num; i++)
		tap_case(f, i + 1, &p->cases[i]);
	fprintf(f, "# ");
	text_report(f, p, facts);
}

/* ---- JUnit ---- */

/* Escapes; what XML cannot hold at all becomes '?'. */
static void xml(FILE *f, const char *s)
{
	for (; s && *s; s++) {
		switch (*s) {
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '&':
			fputs("&amp;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		default:
			fputc((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t' ? '?' : *s, f);
		}
	}
}

static void junit_element(FILE *f, const char *tag, const struct test_case *c)
{
	const char *message = c->result.message;

	fprintf(f, "<%s type=\"%s\" message=\"", tag, verdict_name(c->result.verdict));
	if (c->result.verdict == VERDICT_XFAIL || c->result.verdict == VERDICT_XPASS)
		xml(f, c->known);
	else
		xml(f, message ? message : "");
	fprintf(f, "\">");
	xml(f, message);
	fprintf(f, "</%s>", tag);
}

static const char *junit_tag(enum verdict v)
{
	switch (v) {
	case VERDICT_FAIL:
	case VERDICT_XPASS:
		return "failure";
	case VERDICT_ERROR:
	case VERDICT_INCONCLUSIVE:
		return "error";
	case VERDICT_SKIP:
	case VERDICT_XFAIL:
		return "skipped";
	case VERDICT_PASS:
	case VERDICT__N:
		break;
	}
	return NULL;
}

static void junit_case(FILE *f, const struct test_case *c)
{
	const char *tag = junit_tag(c->result.verdict), *name = strrchr(c->id, '.') + 1;

	fprintf(f, "<testcase classname=\"%.*s\" name=\"%s\" time=\"%.3f\">",
		(int)(name - 1 - c->id), c->id, name, c->result.seconds);
	if (tag)
		junit_element(f, tag, c);
	fprintf(f, "</testcase>\n");
}

static void junit_report(FILE *f, const struct plan_cases *p, const struct run_facts *facts)
{
	int n[VERDICT__N];

	count(p, n);
	fprintf(f,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite "
		"name=\"lakebase\" tests=\"%zu\" "
		"failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"%.3f\">\n<properties>",
		p->num, n[VERDICT_FAIL] + n[VERDICT_XPASS],
		n[VERDICT_ERROR] + n[VERDICT_INCONCLUSIVE], n[VERDICT_SKIP] + n[VERDICT_XFAIL],
		facts->seconds);
	fprintf(f, "<property name=\"target\" value=\"");
	xml(f, facts->target);
	fprintf(f, "\"/><property name=\"seed\" value=\"%lu\"/></properties>\n", facts->seed);
	for (size_t i = 0; i < p->num; i++)
		junit_case(f, &p->cases[i]);
	fprintf(f, "</testsuite></testsuites>\n");
}

/* ---- JSON ---- */

static json_t *json_case(const struct test_case *c)
{
	const struct result *r = &c->result;

	return json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s, s:s, s:i, s:f, s:i, s:s?, s:s?, s:s?}",
		"id", c->id, "state", verdict_name(r->verdict), "evidence", c->evidence, "date",
		c->date, "source", c->source, "level", level_name(c->level), "file", c->file,
		"line", r->line ? r->line : c->line, "seconds", r->seconds, "calls", r->calls,
		"message", r->message, "notes", r->notes, "known", c->known);
}

static void json_report(FILE *f, const struct plan_cases *p, const struct run_facts *facts)
{
	json_t *counts = json_object(), *cases = json_array(), *left = json_array(), *all;
	int n[VERDICT__N];

	count(p, n);
	for (int v = 0; v < VERDICT__N; v++)
		json_object_set_new(counts, verdict_name((enum verdict)v), json_integer(n[v]));
	for (size_t i = 0; i < p->num; i++)
		json_array_append_new(cases, json_case(&p->cases[i]));
	for (size_t i = 0; i < facts->left->num; i++)
		json_array_append_new(left, json_string(facts->left->names[i]));
	all = json_pack("{s:i, s:s, s:b, s:s, s:I, s:f, s:I, s:b, s:o, s:b, s:o, s:o}", "schema", 1,
		"target", facts->target, "mock", facts->mock, "prefix", facts->prefix, "seed",
		(json_int_t)facts->seed, "seconds", facts->seconds, "calls",
		(json_int_t)facts->calls, "interrupted", facts->interrupted, "left", left,
		"unproven", facts->unproven, "counts", counts, "cases", cases);
	if (all)
		json_dumpf(all, f, JSON_INDENT(2));
	fputc('\n', f);
	json_decref(all);
}

void report(FILE *f, enum format format, const struct plan_cases *p, const struct run_facts *facts)
{
	switch (format) {
	case FORMAT_TEXT:
		text_report(f, p, facts);
		break;
	case FORMAT_TAP:
		tap_report(f, p, facts);
		break;
	case FORMAT_JUNIT:
		junit_report(f, p, facts);
		break;
	case FORMAT_JSON:
		json_report(f, p, facts);
		break;
	}
	fflush(f);
}

int report_files(
	const char *dir, const struct plan_cases *p, const struct run_facts *facts, struct err *e)
{
	static const char *const names[] = {[FORMAT_TEXT] = "results.txt",
		[FORMAT_TAP] = "results.tap",
		[FORMAT_JUNIT] = "junit.xml",
		[FORMAT_JSON] = "results.json"};
	char path[1024], part[1040];

	mkdir(dir, 0777);
	for (enum format format = FORMAT_TEXT; format <= FORMAT_JSON; format++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", dir, names[format]);
		snprintf(part, sizeof(part), "%s.part", path);
		f = fopen(part, "w");
		if (!f)
			return err_set(e, ERR_INVALID, "%s: %s", part, strerror(errno));
		for (size_t i = 0; i < p->num && format == FORMAT_TEXT; i++)
			report_case(f, &p->cases[i], true);
		report(f, format, p, facts);
		if (fclose(f) || rename(part, path))
			return err_set(e, ERR_INVALID, "%s: %s", path, strerror(errno));
	}
	return 0;
}
