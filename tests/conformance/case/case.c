/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/case/case.h"

#include <errno.h>
#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct cost case_cost(const struct plan_cases *p, const struct test_case *c, bool sharing)
{
	bool shared = sharing && !case_needs_own(c) && c->scenario->num_needs;
	struct cost cost = {0};

	cost_add(&cost, &p->suite, c->scenario, shared);
	if (c->code)
		cost_sum(&cost, &c->code->cost);
	return cost;
}

bool case_needs_own(const struct test_case *c)
{
	for (size_t i = 0; i < c->scenario->num_needs; i++)
		if (c->scenario->needs[i].own)
			return true;
	return false;
}

/* ---- reading ---- */

static void from_scenario(struct test_case *c, const struct scenario *s)
{
	*c = (struct test_case){.id = s->id,
		.prose = s->prose,
		.evidence = s->evidence,
		.date = s->date,
		.source = s->source,
		.file = s->file,
		.line = s->line,
		.level = s->level,
		.mock_only = s->mock_only,
		.scenario = s};
}

/* A code case gets a scenario without steps, so that its needs are met in the same way. */
static void from_code(
	struct plan_cases *p, struct test_case *c, const struct code_case *k, size_t i)
{
	struct scenario *s = &p->shells[i];

	*s = (struct scenario){.id = k->id,
		.prose = k->prose,
		.file = "tests/conformance",
		.line = 0,
		.evidence = k->evidence,
		.level = k->level,
		.mock_only = k->mock_only};
	if (k->needs) {
		s->needs = arena_alloc(&p->arena, sizeof(*s->needs));
		if (s->needs) {
			*s->needs = (struct need){k->needs, k->own};
			s->num_needs = 1;
		}
	}
	from_scenario(c, s);
	c->date = k->date;
	c->source = k->source;
	c->code = k;
}

static void set_waits(const struct plan_cases *p, struct test_case *c)
{
	struct cost cost = case_cost(p, c, false);

	for (int i = 0; i < PACE__N; i++)
		c->waits += cost.waits[i];
}

int cases_read(struct plan_cases *p, const char *dir, struct err *e)
{
	size_t num_code = 0;

	*p = (struct plan_cases){0};
	if (suite_read(&p->suite, dir, e))
		return -1;
	while (code_cases[num_code].id)
		num_code++;
	p->num = p->suite.num_cases + num_code;
	p->cases = calloc(p->num + 1, sizeof(*p->cases));
	p->shells = calloc(num_code + 1, sizeof(*p->shells));
	if (!p->cases || !p->shells)
		return err_oom(e);
	for (size_t i = 0; i < p->num; i++) {
		if (i < p->suite.num_cases)
			from_scenario(&p->cases[i], &p->suite.cases[i]);
		else
			from_code(p, &p->cases[i], &code_cases[i - p->suite.num_cases],
				i - p->suite.num_cases);
		set_waits(p, &p->cases[i]);
	}
	return 0;
}

void cases_done(struct plan_cases *p)
{
	for (size_t i = 0; i < p->num; i++) {
		free(p->cases[i].result.message);
		free(p->cases[i].result.notes);
		json_decref(p->cases[i].result.record);
	}
	free(p->cases);
	free(p->shells);
	suite_done(&p->suite);
	arena_done(&p->arena);
	*p = (struct plan_cases){0};
}

/* ---- selecting ---- */

/* A glob and, after " # ", a reason. */
struct rule {
	const char *glob, *reason;
	bool not, used; /* "!glob" */
};

struct rules {
	struct rule *list;
	size_t num;
	bool positive; /* there is one without a "!" */
};

static int add_rule(struct rules *r, struct arena *a, const char *glob, size_t len,
	const char *reason, struct err *e)
{
	struct rule *grown = arena_alloc(a, (r->num + 1) * sizeof(*grown));
	bool not = len && *glob == '!';

	if (!grown)
		return err_oom(e);
	if (r->num)
		memcpy(grown, r->list, r->num * sizeof(*grown));
	r->list = grown;
	r->positive |= !not ;
	grown[r->num++] = (struct rule){
		.glob = arena_strndup(a, glob + not, len - not ), .reason = reason, .not = not };
	return 0;
}

/* "glob, !glob # reason" */
static int add_rules(struct rules *r, struct arena *a, const char *line, struct err *e)
{
	size_t end = strcspn(line, "#"), len;
	const char *reason = line[end]
				     ? arena_strdup(a, line + end + 1 + strspn(line + end + 1, " "))
				     : "listed";

	for (const char *s = line; s < line + end; s += len + 1) {
		len = strcspn(s, ",#");
		while (isspace((unsigned char)*s))
			s++, len--;
		while (len && isspace((unsigned char)s[len - 1]))
			len--;
		if (len && add_rule(r, a, s, len, reason, e))
			return -1;
		len = strcspn(s, ",#");
	}
	return 0;
}

static int read_rules(struct rules *r, struct arena *a, const char *path, struct err *e)
{
	char line[1024];
	FILE *f = fopen(path, "r");
	int rc = 0;

	if (!f)
		return err_set(e, ERR_INVALID, "%s: %s", path, strerror(errno));
	while (rc == 0 && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = '\0';
		rc = add_rules(r, a, line + strspn(line, " \t"), e);
	}
	fclose(f);
	return rc;
}

static int rules_of(
	struct rules *r, struct arena *a, const struct words *w, bool files, struct err *e)
{
	for (size_t i = 0; i < w->num; i++) {
		const char *word = w->w[i];

		if (files	       ? read_rules(r, a, word + (*word == '@'), e)
			: *word == '@' ? read_rules(r, a, word + 1, e)
				       : add_rules(r, a, word, e))
			return -1;
	}
	return 0;
}

/* The first rule that takes `id` in; NULL when none does, or one with a "!" takes it out. */
static const struct rule *find_rule(const struct rules *r, const char *id)
{
	const struct rule *found = NULL;
	bool out = false;

	for (size_t i = 0; i < r->num; i++) {
		if (fnmatch(r->list[i].glob, id, 0) != 0)
			continue;
		r->list[i].used = true;
		out |= r->list[i].not ;
		found = found ? found : &r->list[i];
	}
	return out ? NULL : found;
}

/* Rules that only take out leave the rest. */
static bool chosen_by(const struct rules *r, const char *id)
{
	bool out = false;

	if (r->positive)
		return find_rule(r, id) != NULL;
	for (size_t i = 0; i < r->num; i++) {
		bool met = fnmatch(r->list[i].glob, id, 0) == 0;

		r->list[i].used |= met;
		out |= met;
	}
	return !out;
}

static int all_used(const struct rules *r, const char *option, struct err *e)
{
	for (size_t i = 0; i < r->num; i++)
		if (!r->list[i].used)
			return err_set(e, ERR_INVALID, "%s: no case is called '%s'", option,
				r->list[i].glob);
	return 0;
}

int cases_select(struct plan_cases *p, const struct options *o, struct err *e)
{
	struct rules run = {0}, skip = {0}, known = {0};
	size_t kept = 0;

	if (rules_of(&run, &p->arena, &o->run, false, e) ||
		rules_of(&skip, &p->arena, &o->skip, false, e) ||
		rules_of(&known, &p->arena, &o->known_failing, true, e))
		return -1;
	for (size_t i = 0; i < p->num; i++) {
		struct test_case *c = &p->cases[i];
		const struct rule *k = find_rule(&known, c->id);
		/* both are asked, so that each pattern is seen to have matched something */
		bool chosen = chosen_by(&run, c->id);
		bool skipped = find_rule(&skip, c->id);
		bool wanted = chosen && !skipped;

		if (k)
			c->known = k->reason;
		if (wanted)
			p->cases[kept++] = *c;
	}
	p->num = kept;
	if (all_used(&run, "--run", e) || all_used(&skip, "--skip", e) ||
		all_used(&known, "--known-failing", e))
		return -1;
	return kept ? 0 : err_set(e, ERR_INVALID, "no case is selected");
}
