/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"
#include "lakebasectl/lab/explain.h"
#include "lakebasectl/lab/lab.h"

#include <stdio.h>
#include <string.h>

/* Harmless for a terminal; good until eight more are asked for. */
static const char *text_of(const json_t *row, const char *path)
{
	static char texts[8][1024];
	static size_t next;
	const char *text = json_string_value(at(row, path));
	char *out = texts[next++ % ARRAY_SIZE(texts)];

	snprintf(out, sizeof(texts[0]), "%s", text ? text : "?");
	tame(out);
	return out;
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
	rc = lab_fetch(c, route, "", &answer);
	if (!rc)
		rc = lab_fetch(c, "/_mock/calls", "partial=1", &calls);
	if (!rc && c->out.format && wants_document(&c->out))
		rc = show_json(&c->out, answer);
	else if (!rc)
		explain_request(answer, calls);
	json_decref(answer);
	json_decref(calls);
	return rc;
}
