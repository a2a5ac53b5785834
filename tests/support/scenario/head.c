/* SPDX-License-Identifier: Apache-2.0 */
/* The comment lines at the head of a file or a case: keywords and prose. */
#include "support/scenario/reader.h"

#include <string.h>

#include "base/text.h"

/* "verified 2026-06, where": the date and the source may be missing. */
static int read_evidence(struct reader *r, struct scenario *s, const char *value)
{
	static const char *const words[] = {"verified", "documented", "typed", "invented"};
	static const enum level levels[] = {LEVEL_MUST, LEVEL_SHOULD, LEVEL_SHOULD, LEVEL_MOCK};
	size_t n = strcspn(value, " ,"), i;
	const char *rest = value + n;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == n && strncmp(words[i], value, n) == 0)
			break;
	if (i == ARRAY_SIZE(words))
		return reader_fail(r, r->at + 1,
			"evidence is verified, documented, typed or invented, not '%s'", value);
	s->evidence = words[i];
	s->evidence_line = r->at + 1;
	s->level = levels[i];
	s->date = s->source = NULL;
	rest += strspn(rest, " ");
	n = strcspn(rest, ",");
	if (n)
		s->date = reader_dup(r, rest, n);
	if (n && strspn(rest, "0123456789-") != n)
		return reader_fail(r, r->at + 1,
			"after '%s' comes a date like 2026-06, then a comma", words[i]);
	if (rest[n])
		s->source = reader_dup(r, rest + n + 1, strlen(rest + n + 1));
	return 0;
}

static int read_level(struct reader *r, struct scenario *s, const char *value)
{
	for (enum level l = LEVEL_MUST; l <= LEVEL_MOCK; l++) {
		if (streq(value, level_name(l))) {
			s->level = l;
			return 0;
		}
	}
	return reader_fail(r, r->at + 1, "level is must, should or mock, not '%s'", value);
}

static int read_needs(struct reader *r, struct scenario *s, const char *value)
{
	struct need needs[8];
	size_t num = 0;

	while (*value && num < ARRAY_SIZE(needs)) {
		size_t n = strcspn(value, ",");
		const char *name = reader_dup(r, value, n), *own;

		needs[num].own = text_starts(name, "own ", &own);
		needs[num].setup = needs[num].own ? own : name;
		num++;
		value += n + (value[n] == ',');
	}
	s->needs = arena_alloc(&r->suite->arena, sizeof(needs));
	if (!s->needs)
		return err_oom(r->e);
	memcpy(s->needs, needs, num * sizeof(*needs));
	s->num_needs = num;
	return 0;
}

static int read_server(struct reader *r, struct scenario *s, const char *value)
{
	const char **words = arena_alloc(&r->suite->arena, 17 * sizeof(*words));
	size_t num = 0;

	while (words && *value && num < 16) {
		size_t n = strcspn(value, " ");

		words[num++] = reader_dup(r, value, n);
		value += n + strspn(value + n, " ");
	}
	s->server = words;
	s->mock_only = true;
	return words ? 0 : err_oom(r->e);
}

static const struct keyword {
	const char *name;
	int (*read)(struct reader *r, struct scenario *s, const char *value);
} keywords[] = {
	{"evidence", read_evidence},
	{"level", read_level},
	{"needs", read_needs},
	{"server", read_server},
};

int reader_head(struct reader *r, struct scenario *s)
{
	struct buf prose = {0};
	const char *line;
	int rc = 0;

	for (; rc == 0 && (line = reader_line(r)); r->at++) {
		const struct keyword *k = NULL;
		struct pair p;

		if (line_blank(line) && s == &r->defaults)
			continue;
		if (line[0] != '#' || text_starts(line, "###", NULL))
			break;
		line += 1 + strspn(line + 1, " ");
		for (size_t i = 0; i < ARRAY_SIZE(keywords) && reader_pair(r, line, &p); i++)
			if (streq(p.name, keywords[i].name))
				k = &keywords[i];
		if (k)
			rc = k->read(r, s, p.value);
		else
			buf_addf(&prose, "%s\n", line);
	}
	s->prose = reader_take(r, &prose);
	buf_done(&prose);
	return rc;
}
