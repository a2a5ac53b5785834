/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/lab/journal.h"
#include "lakebasectl/output/columns.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/lab/lab.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"

#include <stdio.h>

static void put(struct ctl *c, struct columns *t, const json_t *row)
{
	if (wants_document(&c->out)) {
		show_json_line(row);
	} else {
		columns_row(t, row);
	}
	fflush(stdout);
}

/* Row by row, for ever: until the reader or the mock goes. */
static int follow(struct ctl *c, json_int_t since)
{
	struct columns *t = columns_new(c->command->columns, c->out.colour);
	json_t *answer, *row;
	char more[96];
	size_t i;
	int rc = EXIT_OK;

	while (t && !rc && !ferror(stdout)) {
		snprintf(more, sizeof(more), "since=%lld&wait=count:1&timeout=20s", (long long)since);
		rc = lab_fetch(c, "/_mock/journal", more, &answer);
		json_array_foreach(json_object_get(answer, "requests"), i, row)
		{
			put(c, t, row);
			since = json_integer_value(json_object_get(row, "seq"));
		}
		json_decref(answer);
	}
	columns_free(t);
	return rc;
}

int run_journal(struct ctl *c)
{
	const char *since = c->option[OPT_SINCE] ? c->option[OPT_SINCE] : "0";
	json_t *answer = NULL, *list;
	char more[64] = ""; /* without a start, --limit keeps the newest */
	int64_t from;
	int rc;

	if (!parse_integer(since, 0, INT64_MAX, &from)) {
		complain("--since takes the number of a request, not '%s'", since);
		return EXIT_USAGE;
	}
	if (c->option[OPT_FOLLOW])
		return follow(c, from);
	if (c->option[OPT_SINCE])
		snprintf(more, sizeof(more), "since=%lld", (long long)from);
	rc = lab_fetch(c, "/_mock/journal", more, &answer);
	if (rc)
		return rc;
	list = json_object_get(answer, "requests");
	rc = wants_document(&c->out) ? show_json(&c->out, answer)
						 : show_list(&c->out, list, c->command->columns);
	if (json_integer_value(json_object_get(answer, "dropped")))
		fprintf(stderr, "%lld older requests were dropped\n",
			(long long)json_integer_value(json_object_get(answer, "dropped")));
	json_decref(answer);
	return rc;
}
