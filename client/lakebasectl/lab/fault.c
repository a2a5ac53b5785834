/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short form of a fault rule: RPC[#CALL[.TRY]] [PHASE] ACTION[:ARGUMENTS] [xTIMES] [skip:N]
 * [p:PROBABILITY]. 'CreateProject#1 after_commit reset' reads like the sentence that it is.
 */
#include "lakebasectl/lab/fault.h"
#include "lakebasectl/base/base.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stands behind the colons of an action, in order. Numbers go as numbers. */
static const struct action {
	const char *name, *fields[4];
	bool numbers[4];
	size_t required;
} actions[] = {
	{ "error", { "status", "error_code", "message" }, { true }, 1 },
	{ "conflict", { NULL }, { false }, 0 },
	{ "throttle", { "retry_after" }, { true }, 0 },
	{ "unavailable", { "retry_after" }, { true }, 0 },
	{ "reset", { NULL }, { false }, 0 },
	{ "close", { NULL }, { false }, 0 },
	{ "hang", { "for" }, { false }, 0 },
	{ "truncate", { "bytes" }, { true }, 1 },
	{ "dribble", { "bytes", "every" }, { true, false }, 2 },
	{ "delay", { "fixed" }, { false }, 1 },
	{ "garbage", { "kind" }, { false }, 0 },
	{ "stale", { NULL }, { false }, 0 },
	{ "expire_token", { NULL }, { false }, 0 },
	{ "operation", { "plan" }, { false }, 1 },
};

static const char *const phases[] = { "before", "after_commit", "mid_body" };

static const struct action *find_action(const char *word)
{
	size_t n = strcspn(word, ":");

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (strlen(actions[i].name) == n && memcmp(actions[i].name, word, n) == 0)
			return &actions[i];
	return NULL;
}

static int bad(const char *word, const char *what, const char *near)
{
	complain("'%s': %s%s%s%s", word, what, near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "");
	fputs("Such as: lakebasectl mock fault add 'CreateProject#1 after_commit reset'\n", stderr);
	return -1;
}

/* The last field of an action takes all the rest: a plan or a message may hold colons itself. */
static int read_action(json_t *rule, const struct action *a, const char *word)
{
	json_t *action = json_pack("{s:s}", "type", a->name);
	const char *p = strchr(word, ':');
	size_t given = 0;
	int64_t number;
	char value[512];

	json_object_set_new(rule, "action", action);
	for (; p && *p == ':' && a->fields[given]; given++) {
		bool last = !a->fields[given + 1];
		size_t n = last ? strlen(p + 1) : strcspn(p + 1, ":");

		snprintf(value, sizeof(value), "%.*s", (int)n, p + 1);
		if (a->numbers[given] && parse_integer(value, 0, INT64_MAX, &number))
			json_object_set_new(action, a->fields[given], json_integer(number));
		else
			json_object_set_new(action, a->fields[given], json_string(value));
		p += 1 + n;
	}
	if (p && *p)
		return bad(word, "this action takes no such argument", NULL);
	if (given < a->required)
		return bad(word, "an argument is missing behind a colon", NULL);
	return 0;
}

static int read_match(json_t *rule, const char *word)
{
	size_t n = strcspn(word, "#");
	json_t *match = json_pack("{s:s%}", "rpc", word, n);
	const char *call = word[n] ? word + n + 1 : NULL;
	size_t digits = call ? strcspn(call, ".") : 0;

	json_object_set_new(rule, "match", match);
	if (!n)
		return bad(word, "it begins with the name of an rpc, Mutating, or Any", NULL);
	if (call && strspn(call, "0123456789-.") != strlen(call))
		return bad(word, "behind # stand numbers: CALL or CALL.TRY, such as #1 or #1.2-3", NULL);
	if (digits)
		json_object_set_new(match, "call", json_stringn(call, digits));
	if (call && call[digits] == '.')
		json_object_set_new(match, "attempt", json_string(call + digits + 1));
	return 0;
}

static int read_when(json_t *rule, const char *word)
{
	json_t *when = json_object_get(rule, "when"), *value = NULL;
	const char *key = NULL;
	int64_t n;

	if (!when) {
		json_object_set_new(rule, "when", json_object());
		when = json_object_get(rule, "when");
	}
	if (word[0] == 'x' && parse_integer(word + 1, 1, INT32_MAX, &n)) {
		key = "times";
		value = json_integer(n);
	} else if (strncmp(word, "skip:", 5) == 0 && parse_integer(word + 5, 0, INT32_MAX, &n)) {
		key = "skip";
		value = json_integer(n);
	} else if (strncmp(word, "p:", 2) == 0) {
		key = "probability";
		value = json_loads(word + 2, JSON_DECODE_ANY, NULL);
		if (!json_is_number(value)) {
			json_decref(value);
			value = NULL;
		}
	}
	if (!value)
		return bad(word, "expected xTIMES, skip:N or p:PROBABILITY", NULL);
	return json_object_set_new(when, key, value);
}

static int unknown(const char *word)
{
	const char *names[ARRAY_SIZE(actions) + ARRAY_SIZE(phases)];
	char bare[64];
	size_t n = 0;

	for (; n < ARRAY_SIZE(actions); n++)
		names[n] = actions[n].name;
	for (size_t i = 0; i < ARRAY_SIZE(phases); i++)
		names[n++] = phases[i];
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(word, ":"), word);
	return bad(word, "neither a phase nor an action", nearest(bare, names, n));
}

static int read_word(json_t *rule, const char *word, size_t position)
{
	const struct action *action = find_action(word);

	if (position == 0)
		return read_match(rule, word);
	for (size_t i = 0; i < ARRAY_SIZE(phases); i++)
		if (strcmp(word, phases[i]) == 0 && !json_object_get(rule, "phase"))
			return json_object_set_new(rule, "phase", json_string(word));
	if (json_object_get(rule, "action"))
		return read_when(rule, word);
	return action ? read_action(rule, action, word) : unknown(word);
}

json_t *fault_parse(const char *text)
{
	json_t *rule = json_object();
	char word[512];
	size_t position = 0;

	for (const char *p = text + strspn(text, " "); *p; position++) {
		size_t n = strcspn(p, " ");
		/* a message may hold blanks: an error takes the line to its end */
		bool rest = position > 0 && strncmp(p, "error:", 6) == 0;

		if (rest)
			n = strlen(p);
		snprintf(word, sizeof(word), "%.*s", (int)n, p);
		if (read_word(rule, word, position)) {
			json_decref(rule);
			return NULL;
		}
		p += n;
		p += strspn(p, " ");
	}
	if (!json_object_get(rule, "action")) {
		bad(text, "the action is missing", NULL);
		json_decref(rule);
		return NULL;
	}
	return rule;
}
