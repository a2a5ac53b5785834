/* SPDX-License-Identifier: Apache-2.0 */
/* What the mock saw: the journal as it grows, the story of one request, the marks. */
#include "lakebasectl/ctl.h"

#include <stdlib.h>
#include <string.h>

/* The journal with the filters of the command line and `more` behind them. */
static int fetch(struct ctl *c, const char *route, const char *more, json_t **out)
{
	struct lakebase_doc *doc = NULL;
	char path[2048];
	int rc;

	snprintf(path, sizeof(path), "%s%s%s", route, *more ? "?" : "", more);
	for (int i = 0; i < OPT__N; i++)
		if (option_table[i].query && c->option[i] && i != OPT_SINCE) {
			size_t n = strlen(path);

			snprintf(path + n, sizeof(path) - n, "%s%s=%s", strchr(path, '?') ? "&" : "?",
				option_table[i].query, option_table[i].value ? c->option[i] : "1");
		}
	*out = NULL;
	rc = connect_client(c);
	if (rc)
		return rc;
	if (lakebase_request(&doc, c->lb, "GET", path, NULL, NULL))
		/* nothing came within the time asked for */
		return lakebase_last_error()->http_status == 408 ? EXIT_OK : failed(c);
	*out = json_of(doc);
	lakebase_doc_free(doc);
	return *out ? EXIT_OK : EXIT_INTERNAL;
}

static void put(struct ctl *c, struct columns *t, const json_t *row)
{
	if (wants_json(c)) {
		json_dumpf(row, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		columns_row(t, c, row);
	}
	fflush(stdout);
}

/* Row by row, for ever: until the reader or the mock goes. */
static int follow(struct ctl *c, json_int_t since)
{
	struct columns *t = columns_new(c->command->columns);
	json_t *answer, *row;
	char more[96];
	size_t i;
	int rc = EXIT_OK;

	while (t && !rc && !ferror(stdout)) {
		snprintf(more, sizeof(more), "since=%lld&wait=count:1&timeout=20s", (long long)since);
		rc = fetch(c, "/_mock/journal", more, &answer);
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
	char more[64];
	int64_t from;
	int rc;

	if (!parse_integer(since, 0, INT64_MAX, &from)) {
		complain("--since takes the number of a request, not '%s'", since);
		return EXIT_USAGE;
	}
	if (c->option[OPT_FOLLOW])
		return follow(c, from);
	snprintf(more, sizeof(more), "since=%lld", (long long)from);
	rc = fetch(c, "/_mock/journal", more, &answer);
	if (rc)
		return rc;
	list = json_object_get(answer, "requests");
	rc = c->option[OPT_JSON] || wants_json(c) ? show_json(answer)
						 : show_list(c, list, c->command->columns);
	if (json_integer_value(json_object_get(answer, "dropped")))
		fprintf(stderr, "%lld older requests were dropped\n",
			(long long)json_integer_value(json_object_get(answer, "dropped")));
	json_decref(answer);
	return rc;
}

/* ---- explain ---- */

static const char *text_of(const json_t *row, const char *path)
{
	const char *text = json_string_value(at(row, path));

	return text ? text : "?";
}

static json_int_t number_of(const json_t *row, const char *path)
{
	return json_integer_value(at(row, path));
}

/* What each rule thought of the request. */
static void explain_rules(const json_t *answer)
{
	json_t *rule;
	size_t i;

	printf("%s\n", text_of(answer, "summary"));
	json_array_foreach(json_object_get(answer, "rules"), i, rule)
		printf("  rule %s: %s\n", text_of(rule, "id"), text_of(rule, "why"));
}

static void explain_answer(const json_t *row)
{
	const char *delivered = text_of(row, "delivered");
	const json_t *sent = at(row, "sent_status");
	bool applied = json_is_true(at(row, "applied"));

	printf("The handler said %lld%s%s", (long long)number_of(row, "status"),
		json_is_string(at(row, "error_code")) ? " " : "",
		json_is_string(at(row, "error_code")) ? text_of(row, "error_code") : "");
	printf(applied ? ", and the change was made.\n" : ", and nothing was changed.\n");
	if (strcmp(delivered, "none") == 0)
		printf("The client got no answer%s.\n",
			applied ? ": it cannot know that the change was made" : "");
	else if (strcmp(delivered, "partial") == 0)
		printf("The client got a part of the answer only.\n");
	else if (json_is_integer(sent) && json_integer_value(sent) != number_of(row, "status"))
		printf("The client was told %lld instead.\n", (long long)json_integer_value(sent));
}

static void explain_call(const json_t *row, const json_t *calls)
{
	json_int_t id = number_of(row, "call"), seq = number_of(row, "seq");
	json_t *call, *attempt;
	size_t i, k;

	json_array_foreach(json_object_get(calls, "calls"), i, call)
	{
		if (number_of(call, "call") != id)
			continue;
		json_array_foreach(json_object_get(call, "attempts"), k, attempt)
		{
			if (number_of(attempt, "seq") <= seq)
				continue;
			printf("The client tried again after %lld ms (request %lld), and got %lld.\n",
				(long long)number_of(attempt, "gap_ms"),
				(long long)number_of(attempt, "seq"),
				(long long)number_of(attempt, "status"));
		}
		printf("The call as a whole: %s", text_of(call, "outcome"));
		if (number_of(call, "applied") > 1)
			printf(", and applied %lld times", (long long)number_of(call, "applied"));
		printf(json_is_true(at(call, "ambiguous")) ? "; which attempts belong to it is a guess.\n"
							   : ".\n");
	}
}

static void explain_request(const json_t *answer, const json_t *calls)
{
	const json_t *row = json_object_get(answer, "request");

	printf("Request %lld, %s: try %lld of call %lld, %s, by %s\n", (long long)number_of(row, "seq"),
		text_of(row, "time"), (long long)number_of(row, "attempt"),
		(long long)number_of(row, "call"),
		json_is_string(at(row, "rpc")) ? text_of(row, "rpc") : "no rpc", text_of(row, "caller"));
	printf("  %s %s%s%s\n", text_of(row, "method"), text_of(row, "path"),
		json_string_length(at(row, "query")) ? "?" : "",
		json_string_length(at(row, "query")) ? text_of(row, "query") : "");
	explain_rules(answer);
	explain_answer(row);
	explain_call(row, calls);
}

int run_explain(struct ctl *c)
{
	json_t *answer = NULL, *calls = NULL;
	char route[64];
	int64_t seq;
	int rc;

	if (!parse_integer(c->args[0], 1, INT64_MAX, &seq)) {
		complain("'%s' is no request number: mock journal shows them as SEQ", c->args[0]);
		return EXIT_USAGE;
	}
	snprintf(route, sizeof(route), "/_mock/explain/%lld", (long long)seq);
	rc = fetch(c, route, "", &answer);
	if (!rc)
		rc = fetch(c, "/_mock/calls", "partial=1", &calls);
	if (!rc && wants_json(c) && c->option[OPT_JSON])
		rc = show_json(answer);
	else if (!rc)
		explain_request(answer, calls);
	json_decref(answer);
	json_decref(calls);
	return rc;
}

/* ---- grade ---- */

/* The list of marks, whatever it is called; each has an id and a verdict. */
static json_t *marks_of(json_t *answer)
{
	const char *key;
	json_t *value;

	json_object_foreach(answer, key, value)
		if (json_is_array(value) && json_is_object(json_array_get(value, 0)))
			return value;
	return NULL;
}

int run_grade(struct ctl *c)
{
	json_t *answer = NULL, *marks, *mark;
	bool failing = false;
	size_t i;
	int rc = fetch(c, "/_mock/grade", "", &answer);

	if (rc)
		return rc;
	marks = marks_of(answer);
	json_array_foreach(marks, i, mark)
	{
		const char *verdict = json_string_value(json_object_get(mark, "verdict"));

		failing = failing || (verdict && strcmp(verdict, "FAIL") == 0);
	}
	if (wants_json(c))
		rc = show_json(answer);
	else if (marks)
		rc = show_list(c, marks, "RULE=rule,VERDICT=verdict,TITLE=title,EVIDENCE=evidence");
	else
		rc = show_json(answer);
	json_decref(answer);
	return rc ? rc : failing ? EXIT_API : EXIT_OK;
}
