/* SPDX-License-Identifier: Apache-2.0 */
/* GET /_mock/explain/{seq}: why a request was answered as it was. */
#include <stdio.h>

#include "base/text.h"
#include "lab/grade/grade.h"
#include "lab/journal/filter.h"
#include "lab/journal/retry.h"

static const struct fault *rule_of(const struct space *s, const char *id)
{
	for (size_t i = 0; i < s->faults.num; i++)
		if (streq(s->faults.all[i]->id, id))
			return s->faults.all[i];
	return NULL;
}

/* The pattern that did not match, if the rule is still there. */
static const char *or_gone(const char *pattern)
{
	return pattern ? pattern : "(the rule is gone)";
}

static void word(
	const struct space *s, const struct row *r, const struct opinion *o, char *out, size_t size)
{
	const struct fault *f = rule_of(s, o->rule->text);

	switch (o->verdict) {
	case VERDICT_FIRED:
		snprintf(out, size, "acted");
		return;
	case VERDICT_SHADOWED:
		snprintf(out, size, "matched, but an earlier rule acted");
		return;
	case VERDICT_PATH:
		snprintf(out, size, "path: %s is not %s", or_gone(atom_text(r->path)),
			or_gone(f ? f->path : NULL));
		return;
	case VERDICT_USER_AGENT:
		snprintf(out, size, "user_agent: '%s' is not %s", r->agent ? r->agent->text : "",
			or_gone(f ? f->user_agent : NULL));
		return;
	case VERDICT_CALLER:
		snprintf(out, size, "caller: '%s' is not %s", r->caller ? r->caller->text : "",
			or_gone(f ? f->caller : NULL));
		return;
	case VERDICT_CALL:
		snprintf(out, size,
			"call: this was call %u of those that the rule matches, or a later one",
			o->n);
		return;
	case VERDICT_ATTEMPT:
		snprintf(out, size, "attempt: this was attempt %u of its call", o->n);
		return;
	case VERDICT_SKIP:
		snprintf(out, size, "matched; skip passed it over, %u more to skip", o->n);
		return;
	case VERDICT_TIMES:
		snprintf(out, size, "matched, but it had acted as often as times allows");
		return;
	case VERDICT_PROBABILITY:
		snprintf(out, size, "matched; the dice of its probability let it pass");
		return;
	}
}

static const char *const verdict_names[] = {"fired", "shadowed", "path", "user_agent", "caller",
	"call", "attempt", "skip", "times", "probability"};

static void add_rules(const struct space *s, const struct row *r, struct buf *b)
{
	char text[1200];

	buf_adds(b, ",\"rules\":[");
	for (uint32_t i = 0; r->opinions && i < r->opinions->num; i++) {
		const struct opinion *o = &r->opinions->o[i];

		buf_adds(b, i ? ",{\"id\":" : "{\"id\":");
		buf_add_json_string(b, o->rule->text);
		buf_addf(b, ",\"fired\":%s,\"verdict\":\"%s\",\"why\":",
			o->verdict == VERDICT_FIRED ? "true" : "false", verdict_names[o->verdict]);
		word(s, r, o, text, sizeof text);
		buf_add_json_string(b, text);
		buf_adds(b, "}");
	}
	buf_adds(b, "]");
}

static void summarise(const struct row *r, char *out, size_t size)
{
	const char *handler =
		r->flags & ROW_HANDLED ? "the handler ran" : "the handler did not run";
	const char *change =
		r->flags & ROW_APPLIED ? "and changed the state" : "and nothing was changed";

	if (r->fault)
		snprintf(out, size,
			"Fault rule '%s' acted in phase %s: %s %s; the wire carried %s.",
			r->fault->text, phase_name((enum phase)r->phase), handler, change,
			r->delivered == DELIVERED_FULL	    ? "the whole answer"
			: r->delivered == DELIVERED_PARTIAL ? "a part of the answer"
							    : "nothing");
	else if (!r->route)
		snprintf(out, size,
			"No route has this method and path, or the request was refused before one "
			"was "
			"looked for.");
	else
		snprintf(
			out, size, "No fault rule acted: this is the answer of %s.", r->route->rpc);
}

void explain_row(const struct space *s, uint64_t seq, const struct row *r, struct buf *b)
{
	char text[600];

	summarise(r, text, sizeof text);
	buf_addf(b, "{\"schema\":1,\"seq\":%llu,\"summary\":", (unsigned long long)seq);
	buf_add_json_string(b, text);
	buf_addf(b, ",\"evidence\":\"%s\"", r->route ? evidence_name(r->route->evidence) : "");
	add_rules(s, r, b);
	buf_adds(b, ",\"request\":");
	row_json(r, seq, b);
	buf_adds(b, "}");
}
