/* SPDX-License-Identifier: Apache-2.0 */
#include "support/parameter.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct parameter {
	const char *name, *on_mock, *option;
} parameters[] = {
	{"source_table", "main.raw.orders", "--source-table CATALOG.SCHEMA.TABLE"},
	{"source_schema", "main.raw", "--source-table CATALOG.SCHEMA.TABLE"},
	{"source_key", "id", "--source-key COLUMN"},
	{"group", "data-team", "--group NAME"},
};

static const struct parameter *find(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		if (streq(word, parameters[i].name))
			return &parameters[i];
	return NULL;
}

bool parameter_known(const char *word)
{
	return find(word) != NULL;
}

const char *parameter_on_mock(const char *word)
{
	const struct parameter *r = find(word);

	return r ? r->on_mock : "";
}

int parameters_set(struct play *p)
{
	const struct target *t = p->target;

	for (size_t i = 0; t->mock && i < ARRAY_SIZE(parameters); i++)
		if (variable_set(&p->vars, parameters[i].name, parameters[i].on_mock))
			return -1;
	for (size_t i = 0; i < t->num_has; i++)
		if (variable_set(&p->vars, t->has[i].name, t->has[i].value))
			return -1;
	return 0;
}

struct search {
	const struct target *target;
	char *option;
	size_t size;
};

/* `word` is a variable; callers are looked for as "user alice". */
static int is_lacking(void *arg, const char *word)
{
	const struct search *s = arg;
	const struct parameter *r = find(word);
	const char *user = NULL;

	if (!r && !text_starts(word, "user ", &user))
		return 0;
	for (size_t i = 0; i < s->target->num_has; i++)
		if (streq(word, s->target->has[i].name))
			return 0;
	if (r)
		snprintf(s->option, s->size, "%s", r->option);
	else
		snprintf(s->option, s->size, "--token-of %s=TOKEN", user);
	return 1;
}

static bool step_lacks(const struct step *t, struct search *s)
{
	const char *texts[] = {t->target, t->body, t->expect};
	char user[128];

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (texts[i] && template_each(texts[i], is_lacking, s))
			return true;
	snprintf(user, sizeof(user), "user %s", t->as ? t->as : "nobody");
	return !streq(user, "user nobody") && is_lacking(s, user);
}

bool parameter_lacking(const struct target *t, const struct suite *suite, const struct scenario *s,
	char *option, size_t size)
{
	struct search search = {t, option, size};

	for (size_t i = 0; i < s->num_needs; i++)
		if (parameter_lacking(
			    t, suite, suite_setup(suite, s->needs[i].setup), option, size))
			return true;
	for (size_t i = 0; i < s->num_steps; i++)
		if (step_lacks(&s->steps[i], &search))
			return true;
	return false;
}
