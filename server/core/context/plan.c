/* SPDX-License-Identifier: Apache-2.0 */
#include "core/context/plan.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { MAX_POLLS = 1000000 };

enum argument { NOTHING, SPAN, COUNT, FAILURE };

static const struct {
	const char *name;
	enum argument argument;
} kinds[] = {
	[PLAN_SYNC] = { "sync", NOTHING },
	[PLAN_FIRST_POLL] = { "first-poll", NOTHING },
	[PLAN_AFTER] = { "after", SPAN },
	[PLAN_AFTER_POLLS] = { "after-polls", COUNT },
	[PLAN_FAIL] = { "fail", FAILURE },
	[PLAN_STUCK] = { "stuck", NOTHING },
	[PLAN_VANISH] = { "vanish", SPAN },
	[PLAN_LATE_VISIBLE] = { "late-visible", COUNT },
	[PLAN_DONE_NOT_READY] = { "done-not-ready", SPAN },
	[PLAN_NO_RESPONSE] = { "no-response", NOTHING },
};

static int unknown(const char *text, size_t len, struct err *e)
{
	const char *names[ARRAY_SIZE(kinds) + 1] = { NULL }, *near;
	char word[64];

	text_append(word, sizeof word, 0, text, len);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		names[i] = kinds[i].name;
	near = text_nearest(word, names);
	return err_set(e, ERR_INVALID,
		"unknown operation plan '%s'%s%s%s; write sync, first-poll, after:DURATION, "
		"after-polls:N, fail:CODE:MESSAGE[:DURATION], stuck, vanish:DURATION, "
		"late-visible:N, done-not-ready:DURATION or no-response",
		word, near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* Where the ":DURATION" of "MESSAGE:DURATION" begins, or NULL when it has none. */
static const char *tail(const char *text, usec *span)
{
	const char *colon = strrchr(text, ':');

	return colon && colon > text && span_parse(colon + 1, span) ? colon : NULL;
}

static int read_failure(const char *text, struct plan *p, struct err *e)
{
	size_t code = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), len;
	const char *message = text + code + 1, *end;

	if (!code || code >= sizeof p->code || text[code] != ':' || !*message)
		return err_set(e, ERR_INVALID,
			"plan 'fail' needs an error code and a message, as in "
			"fail:INTERNAL_ERROR:no capacity:30s");
	end = tail(message, &p->span);
	len = end ? (size_t)(end - message) : strlen(message);
	if (len >= sizeof p->message || !text_utf8_ok(message, len))
		return err_set(e, ERR_INVALID,
			"the message of plan 'fail' must be UTF-8 of at most %zu bytes",
			sizeof p->message - 1);
	memcpy(p->code, text, code);
	memcpy(p->message, message, len);
	return 0;
}

/* `argument` is what follows the colon, NULL when there is none. */
static int read_argument(const char *argument, struct plan *p, struct err *e)
{
	const char *name = kinds[p->kind].name;
	int64_t n;

	switch (kinds[p->kind].argument) {
	case NOTHING:
		if (argument)
			return err_set(e, ERR_INVALID, "plan '%s' takes no argument", name);
		return 0;
	case SPAN:
		if (!argument || !span_parse(argument, &p->span))
			return err_set(e, ERR_INVALID,
				"plan '%s' needs a duration, as in %s:5s", name, name);
		return 0;
	case COUNT:
		if (!argument || !text_int(argument, 0, MAX_POLLS, &n))
			return err_set(e, ERR_INVALID,
				"plan '%s' needs a number of polls up to %d, as in %s:3", name,
				MAX_POLLS, name);
		p->n = (int)n;
		return 0;
	case FAILURE:
		return read_failure(argument ? argument : "", p, e);
	}
	return 0;
}

int plan_parse(const char *text, struct plan *ret, struct err *e)
{
	size_t len = strcspn(text, ":");
	struct plan p = { 0 };
	size_t i = 0;

	while (i < ARRAY_SIZE(kinds) &&
		(strncmp(kinds[i].name, text, len) != 0 || kinds[i].name[len]))
		i++;
	if (i == ARRAY_SIZE(kinds))
		return unknown(text, len, e);
	p.kind = (enum plan_kind)i;
	if (read_argument(text[len] ? text + len + 1 : NULL, &p, e))
		return -1;
	*ret = p;
	return 0;
}

char *plan_format(const struct plan *p, char out[static PLAN_TEXT_SIZE])
{
	const char *name = kinds[p->kind].name;
	char span[WHEN_SIZE];
	usec ignored;

	span_format(p->span, span);
	switch (kinds[p->kind].argument) {
	case NOTHING:
		snprintf(out, PLAN_TEXT_SIZE, "%s", name);
		return out;
	case SPAN:
		snprintf(out, PLAN_TEXT_SIZE, "%s:%s", name, span);
		return out;
	case COUNT:
		snprintf(out, PLAN_TEXT_SIZE, "%s:%d", name, p->n);
		return out;
	case FAILURE:
		/* a message that ends like a duration needs a real one behind it */
		if (p->span || tail(p->message, &ignored))
			snprintf(out, PLAN_TEXT_SIZE, "%s:%s:%s:%s", name, p->code, p->message, span);
		else
			snprintf(out, PLAN_TEXT_SIZE, "%s:%s:%s", name, p->code, p->message);
		return out;
	}
	return out;
}
