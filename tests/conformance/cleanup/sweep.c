/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cleanup/sweep.h"

#include <stdio.h>

#include "base/text.h"
#include "conformance/cleanup/cleanup.h"

static size_t remove_all(struct cleaner *c, const struct created *names, struct journal *j)
{
	size_t stay = 0;
	struct err e;

	for (size_t i = names->num; i-- > 0;) {
		const char *name = names->names[i];

		if (!created_alone(names, name))
			continue; /* goes with what it is in */
		if (!cleaner_remove(c, name)) {
			fprintf(stderr, "still there: %s: %s\n", name, c->why);
			stay++;
		} else if (journal_removed(j, name, &e)) {
			fprintf(stderr, "%s\n", e.message);
		}
	}
	return stay;
}

/* What carries the name of one of these runs, whether the journal knows it or not. */
static int find_others(struct cleaner *c, const struct journal_left *l, struct created *ret)
{
	struct created found = {0};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < l->prefixes.num; i++)
		rc = cleaner_find(c, l->mock, l->prefixes.names[i], &found);
	for (size_t i = 0; i < found.num; i++)
		if (!created_has(ret, found.names[i]) && created_add(ret, found.names[i]))
			rc = -1;
	created_done(&found);
	return rc;
}

static int sweep_left(
	const struct options *o, struct journal_left *l, struct journal *j, struct err *e)
{
	struct shared shared = {.options = o, .wake = -1};
	struct created after = {0};
	struct cleaner c;
	size_t stay;
	bool listed;

	if (cleaner_open(&c, &shared, o->target ? o->target : l->url,
		    o->token ? o->token : "conformance", false, e))
		return EXIT_USAGE;
	listed = find_others(&c, l, &l->names) == 0;
	stay = remove_all(&c, &l->names, j);
	/* the list is asked again: a name that is gone by GET must be gone there, too */
	listed = find_others(&c, l, &after) == 0 && listed;
	if (!listed)
		fprintf(stderr, "%s\n", c.why);
	for (size_t i = 0; i < after.num && !stay; i++)
		fprintf(stderr, "still listed: %s\n", after.names[i]);
	stay = stay ? stay : after.num;
	printf("%zu were left behind, %zu still are%s\n", l->names.num, stay,
		listed ? "" : "; what else there may be was not told");
	created_done(&after);
	cleaner_close(&c);
	return stay || !listed ? EXIT_NOT_AS_EXPECTED : EXIT_AS_EXPECTED;
}

int sweep(const struct options *o)
{
	struct journal_left left;
	struct journal j = {0};
	struct err e;
	int code = EXIT_USAGE;

	e.message[0] = '\0';
	if (journal_read(o->args[0], &left, &e) == 0 &&
		journal_open(&j, o->args[0], o->target ? o->target : left.url, "", &e) == 0)
		code = sweep_left(o, &left, &j, &e);
	if (code == EXIT_USAGE)
		fprintf(stderr, "lakebase-conformance: %s\n", e.message);
	journal_close(&j);
	journal_left_done(&left);
	return code;
}
