/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/patch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "support/scenario/scenario.h"

/* Lines first..last of a file, each after `mark`. */
static void print_lines(const char *path, int first, int last, const char *mark)
{
	char line[8192];
	FILE *f = fopen(path, "r");

	for (int n = 1; f && fgets(line, sizeof(line), f) && n <= last; n++)
		if (n >= first)
			printf("%s%s", mark, line);
	if (f)
		fclose(f);
}

/* The new expectation, with a `+` before each line; returns the number of lines. */
static int print_body(int status, const json_t *body, bool print)
{
	const char *code = json_string_value(json_object_get(body, "error_code"));
	const char *message = json_string_value(json_object_get(body, "message"));
	char *text, *line, *rest = NULL;
	int lines = 1;

	if (code && message && json_object_size(body) == 2) {
		if (print)
			printf("+=> %d %s: %s\n", status, code, message);
		return 1;
	}
	if (print)
		printf("+=> %d\n", status);
	text = json_dumps(body, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	for (line = text ? strtok_r(text, "\n", &rest) : NULL; line;
		line = strtok_r(NULL, "\n", &rest)) {
		if (print)
			printf("+%s\n", line);
		lines++;
	}
	free(text);
	return lines;
}

static const struct step *step_at(const struct scenario *s, json_int_t number)
{
	if (number < 0 || (size_t)number >= s->num_steps || !s->steps[number].expect_line)
		return NULL;
	return &s->steps[number];
}

static bool same(const json_t *x, const json_t *y)
{
	return json_equal(json_object_get(x, "status"), json_object_get(y, "status")) &&
	       json_equal(json_object_get(x, "body"), json_object_get(y, "body"));
}

static void print_hunk(const char *path, const struct step *t, const json_t *y)
{
	int status = (int)json_integer_value(json_object_get(y, "status"));
	const json_t *body = json_object_get(y, "body");

	printf("@@ -%d,%d +%d,%d @@\n", t->expect_line, t->expect_end - t->expect_line + 1,
		t->expect_line, print_body(status, body, false));
	print_lines(path, t->expect_line, t->expect_end, "-");
	print_body(status, body, true);
}

/* The evidence becomes today's sighting. */
static void print_evidence(const char *path, const struct scenario *s)
{
	char today[16];
	time_t now = time(NULL);
	struct tm tm;

	strftime(today, sizeof(today), "%Y-%m-%d", gmtime_r(&now, &tm));
	printf("@@ -%d,1 +%d,1 @@\n", s->evidence_line, s->evidence_line);
	print_lines(path, s->evidence_line, s->evidence_line, "-");
	printf("+# evidence: verified %s, a recording of this suite\n", today);
}

size_t patch_case(const char *scenarios, const char *id, const json_t *a, const json_t *b)
{
	const json_t *left = json_object_get(a, "exchanges"),
		     *right = json_object_get(b, "exchanges");
	const struct scenario *s;
	struct suite suite;
	size_t rows = 0, i;
	char path[1024];
	struct err e;
	json_t *x;

	if (suite_read(&suite, scenarios, &e))
		return 0;
	s = suite_case(&suite, id);
	json_array_foreach (left, i, x) {
		const json_t *y = json_array_get(right, i);
		const struct step *t =
			s ? step_at(s, json_integer_value(json_object_get(x, "step"))) : NULL;

		if (!t || !y || same(x, y))
			continue;
		snprintf(path, sizeof(path), "%s/%s", scenarios, s->file);
		if (!rows++) {
			printf("--- a/fixtures/scenarios/%s\n+++ b/fixtures/scenarios/%s\n",
				s->file, s->file);
			if (s->evidence_line > s->line)
				print_evidence(path, s);
		}
		print_hunk(path, t, y);
	}
	suite_done(&suite);
	return rows;
}
