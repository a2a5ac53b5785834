/* SPDX-License-Identifier: Apache-2.0 */
/* GET /_mock/explain/{seq}: why a request was answered as it was. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
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
		snprintf(out, size, "matched; the dice showed %.3f, and it acts below %s%.3g", o->n / 1e6,
			f ? "" : "(the rule is gone) ", f ? f->probability : 1);
		return;
	case VERDICT_NOTHING_KEPT:
		snprintf(out, size,
			"matched, but nothing was written since the rule is there, so no earlier "
			"state was kept; add it before the write that it is to hide");
		return;
	}
}

static const char *const verdict_names[] = {"fired", "shadowed", "path", "user_agent", "caller",
	"call", "attempt", "skip", "times", "probability", "nothing_kept"};

static void add_rule(struct buf *b, bool *any, const char *id, const char *verdict, bool fired,
	bool near, const char *why)
{
	buf_adds(b, *any ? ",{\"id\":" : "{\"id\":");
	buf_add_json_string(b, id);
	buf_addf(b, ",\"fired\":%s,\"near\":%s,\"verdict\":\"%s\",\"why\":", fired ? "true" : "false",
		near ? "true" : "false", verdict);
	buf_add_json_string(b, why);
	buf_adds(b, "}");
	*any = true;
}

static const struct opinion *opinion_of(const struct row *r, const char *id)
{
	for (uint32_t i = 0; r->opinions && i < r->opinions->num; i++)
		if (streq(r->opinions->o[i].rule->text, id))
			return &r->opinions->o[i];
	return NULL;
}

/* Rules of today that the request did not even come near to. */
static void add_far_rules(const struct space *s, const struct row *r, bool *any, struct buf *b)
{
	char text[300];

	for (size_t i = 0; i < s->faults.num; i++) {
		const struct fault *f = s->faults.all[i];
		const char *rpc = doc_str(f->doc, "match.rpc");

		if (opinion_of(r, f->id))
			continue;
		if (f->added > r->wall)
			snprintf(text, sizeof text, "it was added after this request");
		else if (f->disabled)
			snprintf(text, sizeof text, "it is switched off");
		else
			snprintf(text, sizeof text, "rpc: this was %s, and the rule is for %s",
				r->route ? r->route->rpc : "no route", rpc ? rpc : "others");
		add_rule(b, any, f->id,
			f->added > r->wall ? "later"
			: f->disabled	   ? "disabled"
					   : "rpc",
			false, false, text);
	}
}

static void add_rules(const struct space *s, const struct row *r, struct buf *b)
{
	char text[1200];
	bool any = false;

	buf_adds(b, ",\"rules\":[");
	for (uint32_t i = 0; r->opinions && i < r->opinions->num; i++) {
		const struct opinion *o = &r->opinions->o[i];

		word(s, r, o, text, sizeof text);
		add_rule(b, &any, o->rule->text, verdict_names[o->verdict],
			o->verdict == VERDICT_FIRED, o->verdict != VERDICT_FIRED, text);
	}
	add_far_rules(s, r, &any, b);
	buf_adds(b, "]");
}

/* ---- what the rule did ---- */

/* A key of the action in braces; what stands behind `|` when it does not say. */
static const struct {
	const char *type, *text;
} effects[] = {
	{"error", "answered {status|500} {error_code|with the code of that status}"},
	{"conflict", "answered the 409 of conflicting operations"},
	{"throttle", "answered 429 with Retry-After {retry_after|1}"},
	{"unavailable", "answered 503, with Retry-After {retry_after|left out}"},
	{"expire_token", "answered the 403 of an invalid token"},
	{"reset", "reset the connection"},
	{"close", "closed the connection"},
	{"hang", "was silent for {for|as long as the client stayed}"},
	{"truncate", "cut the body after {bytes|half of its} bytes"},
	{"dribble", "sent the body {bytes|1} bytes at a time, {every|100ms} apart"},
	{"delay", "did nothing else to the answer"},
	{"garbage", "spoiled the body: {kind|}"},
	{"stale", "showed the state before the last write"},
	{"operation", "paced the operation by the plan {plan|}"},
};

static void add_value(struct buf *b, const json_t *action, const char *key, size_t n, const char *other,
	size_t other_len)
{
	char name[32];
	const json_t *v;

	snprintf(name, sizeof name, "%.*s", (int)n, key);
	v = json_object_get(action, name);
	if (json_is_integer(v))
		buf_addf(b, "%lld", (long long)json_integer_value(v));
	else if (json_is_string(v))
		buf_adds(b, json_string_value(v));
	else
		buf_add(b, other, other_len);
}

static void fill_in(struct buf *b, const char *text, const json_t *action)
{
	while (*text) {
		size_t n = strcspn(text, "{"), key, all;

		buf_add(b, text, n);
		text += n;
		if (!*text)
			return;
		key = strcspn(text + 1, "|");
		all = strcspn(text + 1, "}");
		add_value(b, action, text + 1, key, text + key + 2, all - key - 1);
		text += all + 2;
	}
}

static json_t *action_of(const struct row *r)
{
	return r->opinions && r->opinions->action
		       ? json_loads(r->opinions->action->text, 0, NULL)
		       : NULL;
}

/* "Rule 'x' reset the connection, after the handler had run, and held it back for 1.2 s" */
static void add_effect(const struct row *r, const json_t *action, struct buf *b)
{
	const char *type = json_string_value(json_object_get(action, "type"));
	static const char *const when[] = {[PHASE_BEFORE] = "before the handler",
		[PHASE_AFTER_COMMIT] = "after the handler had run",
		[PHASE_MID_BODY] = "in the middle of the body"};
	usec delay = r->opinions ? r->opinions->delay : 0;

	buf_addf(b, "Rule '%s' ", r->fault->text);
	if (!type)
		buf_adds(b, "acted");
	for (size_t i = 0; type && i < ARRAY_SIZE(effects); i++)
		if (streq(effects[i].type, type))
			fill_in(b, effects[i].text, action);
	buf_addf(b, ", %s", when[r->phase]);
	if (delay)
		buf_addf(b, ", and held it back for %.3f s", (double)delay / 1e6);
}

/* ---- what stood behind it ---- */

/* When it ends, as far as time or numbers tell. */
static void add_end(const struct opinions *o, const char *of_what, struct buf *b)
{
	char when[WHEN_SIZE];

	if (o->left >= 0)
		buf_addf(b, " ends after %lld more %s", (long long)o->left, of_what);
	else if (o->due != USEC_NEVER)
		buf_addf(b, " ends at %s", when_format(o->due, when));
	else
		buf_adds(b, " has no end by itself");
}

static void add_cause_text(const struct opinions *o, struct buf *b)
{
	const char *name = o->name ? o->name->text : "?";

	if (streq(o->kind->text, "maintenance")) {
		buf_addf(b, "Maintenance (%s) stood in the way; it", name);
		add_end(o, "refused calls", b);
	} else if (streq(o->kind->text, "operation")) {
		buf_addf(b, "Operation %s stood in the way; it", name);
		add_end(o, "polls of it", b);
	} else {
		buf_addf(b, "Operation %s is not done: it follows the plan %s and", name,
			o->plan ? o->plan->text : "?");
		add_end(o, "polls", b);
	}
}

static void add_cause(const struct row *r, struct buf *b)
{
	const struct opinions *o = r->opinions;
	struct buf text = {0};
	char when[WHEN_SIZE];

	buf_adds(b, ",\"cause\":");
	if (!o || !o->kind) {
		buf_adds(b, "null");
		return;
	}
	add_cause_text(o, &text);
	buf_addf(b, "{\"kind\":\"%s\",\"name\":", o->kind->text);
	buf_add_json_string(b, o->name ? o->name->text : "");
	buf_adds(b, ",\"plan\":");
	if (o->plan)
		buf_add_json_string(b, o->plan->text);
	else
		buf_adds(b, "null");
	if (o->due != USEC_NEVER)
		buf_addf(b, ",\"due\":\"%s\"", when_format(o->due, when));
	else
		buf_adds(b, ",\"due\":null");
	if (o->left >= 0)
		buf_addf(b, ",\"left\":%lld,\"text\":", (long long)o->left);
	else
		buf_adds(b, ",\"left\":null,\"text\":");
	buf_add_json_string(b, text.data ? text.data : "");
	buf_adds(b, "}");
	buf_done(&text);
}

/* ---- the whole ---- */

static const char *state_text(const struct row *r)
{
	if (r->route && r->route->flags & ROUTE_DATABASE)
		return r->flags & ROW_APPLIED ? "The session was established."
					      : "No session was established.";
	if (r->flags & ROW_APPLIED)
		return "The handler ran and changed the state.";
	return r->flags & ROW_HANDLED ? "The handler ran and changed nothing."
				      : "The handler did not run; nothing was changed.";
}

static const char *wire_text(const struct row *r)
{
	static const char *const texts[] = {
		[DELIVERED_NONE] = "Nothing arrived.",
		[DELIVERED_PARTIAL] = "A part of the answer left, and no more.",
		[DELIVERED_FULL] = "The whole answer left.",
		[DELIVERED_PENDING] = "The answer is on its way."};

	if (row_given_up(r))
		return "The client left before the answer was through.";
	if (r->flags & ROW_GARBLED && r->delivered == DELIVERED_FULL)
		return "The answer left, and cannot be read.";
	return texts[r->delivered];
}

static void add_near(const struct space *s, const struct row *r, struct buf *b)
{
	char text[1200];

	for (uint32_t i = 0; r->opinions && i < r->opinions->num; i++) {
		const struct opinion *o = &r->opinions->o[i];

		word(s, r, o, text, sizeof text);
		buf_addf(b, " Rule '%s' nearly acted: %s.", o->rule->text, text);
	}
}

static void summarise(const struct space *s, const struct row *r, const json_t *action, struct buf *b)
{
	if (r->fault) {
		add_effect(r, action, b);
		buf_addf(b, ". %s %s", state_text(r), wire_text(r));
	} else if (!r->route) {
		buf_adds(b, "No route has this method and path, or the request was refused before "
			    "one was looked for.");
	} else {
		buf_addf(b, "No fault rule acted: this is the answer of %s.", r->route->rpc);
		add_near(s, r, b);
	}
	if (r->opinions && r->opinions->kind) {
		buf_adds(b, " ");
		add_cause_text(r->opinions, b);
		buf_adds(b, ".");
	}
}

/* The rule that acted, with what was drawn for it. */
static void add_acted(const struct row *r, const json_t *action, struct buf *b)
{
	if (!r->fault) {
		buf_adds(b, ",\"acted\":null");
		return;
	}
	buf_adds(b, ",\"acted\":{\"rule\":");
	buf_add_json_string(b, r->fault->text);
	buf_addf(b, ",\"phase\":\"%s\",\"delay_us\":%lld,\"action\":", phase_names[r->phase],
		(long long)(r->opinions ? r->opinions->delay : 0));
	if (action)
		doc_dump(action, b);
	else
		buf_adds(b, "null");
	buf_adds(b, "}");
}

void explain_row(const struct space *s, uint64_t seq, const struct row *r, struct buf *b)
{
	json_auto_t *action = action_of(r);
	struct buf summary = {0}, effect = {0};

	summarise(s, r, action, &summary);
	if (r->fault)
		add_effect(r, action, &effect);
	buf_addf(b, "{\"schema\":1,\"seq\":%llu", (unsigned long long)seq);
	buf_add_json_member(b, "summary", summary.len ? summary.data : NULL);
	buf_add_json_member(b, "effect", effect.len ? effect.data : NULL);
	buf_addf(b, ",\"wire\":\"%s\",\"state\":\"%s\"", wire_text(r), state_text(r));
	add_acted(r, action, b);
	add_cause(r, b);
	/* what a rule made proves nothing of the service */
	buf_addf(b, ",\"evidence\":\"%s\"",
		r->fault   ? "injected"
		: r->route ? evidence_name(r->route->evidence)
			   : "");
	add_rules(s, r, b);
	buf_adds(b, ",\"request\":");
	row_json(r, seq, b);
	buf_adds(b, "}");
	buf_done(&summary);
	buf_done(&effect);
}
