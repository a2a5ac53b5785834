/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/lab/grade.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/lab/lab.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *rule, const char *key)
{
	const char *text = json_string_value(json_object_get(rule, key));

	return text ? text : "";
}

static bool is(const json_t *rule, const char *verdict)
{
	return strcmp(text_of(rule, "verdict"), verdict) == 0;
}

static size_t count(const json_t *rules, const char *verdict)
{
	json_t *rule;
	size_t i, n = 0;

	json_array_foreach(rules, i, rule)
		n += is(rule, verdict);
	return n;
}

/* ---- JUnit ---- */

static void put_xml(FILE *f, const char *text)
{
	char *plain = strdup(text);

	if (!plain)
		return;
	tame(plain);
	for (const char *p = plain; *p; p++)
		if (strchr("<>&\"'", *p))
			fprintf(f, "&#%d;", *p);
		else
			fputc(*p, f);
	free(plain);
}

static void put_attribute(FILE *f, const char *name, const char *value)
{
	fprintf(f, " %s=\"", name);
	put_xml(f, value);
	fputc('"', f);
}

/* A broken rule is a failure; a rule without a verdict is skipped, and says why. */
static void put_case(FILE *f, const json_t *rule)
{
	char name[400];

	snprintf(name, sizeof(name), "%s %s", text_of(rule, "rule"), text_of(rule, "title"));
	fputs("  <testcase classname=\"lakebase-mock.grade\"", f);
	put_attribute(f, "name", name);
	fputs(">", f);
	if (is(rule, "FAIL")) {
		fputs("<failure", f);
		put_attribute(f, "message", text_of(rule, "evidence"));
		fputs("/>", f);
	} else if (is(rule, "N-A") || is(rule, "INCONCLUSIVE")) {
		fputs("<skipped", f);
		put_attribute(f, "message", text_of(rule, "evidence"));
		fputs("/>", f);
	} else {
		fputs("<system-out>", f);
		put_xml(f, text_of(rule, "verdict"));
		fputs(": ", f);
		put_xml(f, text_of(rule, "evidence"));
		fputs("</system-out>", f);
	}
	fputs("</testcase>\n", f);
}

static int write_junit(const json_t *answer, const json_t *rules, const char *path)
{
	FILE *f = fopen(path, "we");
	json_t *rule;
	size_t i;

	if (!f) {
		complain("cannot write %s: %s", path, strerror(errno));
		return EXIT_USAGE;
	}
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"lakebase-mock grade\""
		   " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
		json_array_size(rules), count(rules, "FAIL"),
		count(rules, "N-A") + count(rules, "INCONCLUSIVE"));
	fputs("  <properties><property name=\"workspace\"", f);
	put_attribute(f, "value", text_of(answer, "workspace"));
	fprintf(f, "/><property name=\"requests\" value=\"%lld\"/></properties>\n",
		(long long)json_integer_value(json_object_get(answer, "requests")));
	json_array_foreach(rules, i, rule)
		put_case(f, rule);
	fputs("</testsuite>\n", f);
	if (ferror(f) | fclose(f)) {
		complain("cannot write %s: %s", path, strerror(errno));
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

int run_grade(struct ctl *c)
{
	json_t *answer = NULL, *rules;
	int rc = lab_fetch(c, "/_mock/grade", "", &answer);

	if (rc)
		return rc;
	rules = json_object_get(answer, "rules");
	if (!json_is_array(rules)) {
		complain("the answer holds no rules: is this a lakebase-mock?");
		json_decref(answer);
		return EXIT_API;
	}
	if (c->option[OPT_JUNIT])
		rc = write_junit(answer, rules, c->option[OPT_JUNIT]);
	if (!rc && wants_document(&c->out))
		rc = show_json(&c->out, answer);
	else if (!rc)
		rc = show_list(&c->out, rules, "RULE=rule,VERDICT=verdict,TITLE=title,EVIDENCE=evidence");
	if (!rc && count(rules, "FAIL")) {
		note("Broken rules: %zu.", count(rules, "FAIL"));
		rc = EXIT_API;
	}
	json_decref(answer);
	return rc;
}
