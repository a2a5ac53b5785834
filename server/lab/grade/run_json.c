/* SPDX-License-Identifier: Apache-2.0 */
/* A run as a document, and back: what a later report compares with. */
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "lab/grade/run.h"

/* ---- writing ---- */

static void number(struct buf *b, const char *key, int64_t n)
{
	buf_addf(b, ",\"%s\":%lld", key, (long long)n);
}

static void write_attempt(const struct run_attempt *a, struct buf *b)
{
	buf_addf(b, "{\"seq\":%llu", (unsigned long long)a->seq);
	number(b, "attempt", a->number);
	number(b, "at_us", a->at);
	number(b, "took_us", a->took);
	number(b, "asked_us", a->asked);
	number(b, "status", a->status);
	number(b, "seen", a->seen);
	buf_add_json_member(b, "fault", a->fault);
	buf_add_json_member(b, "retry_after", a->retry_after);
	buf_add_json_member(b, "error_code", a->error);
	buf_add_json_member(b, "delivered", a->delivered);
	buf_addf(b, ",\"applied\":%s}", a->applied ? "true" : "false");
}

static void write_calls(const struct run *r, struct buf *b)
{
	for (size_t i = 0; i < r->num_shown; i++) {
		const struct run_call *c = &r->shown[i];

		buf_addf(b, "%s{\"call\":%u", i ? "," : "", c->call);
		buf_add_json_member(b, "rpc", c->rpc);
		buf_add_json_member(b, "resource", c->resource);
		buf_add_json_member(b, "outcome", c->outcome);
		number(b, "at_us", c->at);
		number(b, "applied", c->applied);
		buf_addf(b, ",\"ambiguous\":%s,\"attempts\":[", c->ambiguous ? "true" : "false");
		for (size_t k = 0; k < c->num; k++) {
			buf_adds(b, k ? "," : "");
			write_attempt(&r->attempts[c->first + k], b);
		}
		buf_adds(b, "]}");
	}
}

static void write_rules(const struct run *r, struct buf *b)
{
	for (size_t i = 0; i < r->num_rules; i++) {
		const struct run_rule *x = &r->rules[i];

		buf_addf(b, "%s{\"rule\":\"%s\"", i ? "," : "", x->id);
		buf_add_json_member(b, "title", x->title);
		buf_addf(b, ",\"verdict\":\"%s\"", mark_name(x->mark));
		buf_add_json_member(b, "evidence", x->evidence);
		number(b, "seq", (int64_t)x->seq);
		buf_adds(b, "}");
	}
}

void run_write(const struct run *r, struct buf *b)
{
	buf_adds(b, "{\"schema\":1,\"run\":{");
	buf_add_json_member(b, "workspace", r->workspace);
	buf_add_json_member(b, "version", r->version);
	buf_add_json_member(b, "profile", r->profile);
	buf_add_json_member(b, "scenarios", r->scenarios);
	buf_add_json_member(b, "from", r->from);
	buf_add_json_member(b, "to", r->to);
	number(b, "seed", (int64_t)r->seed);
	buf_addf(b, ",\"final\":%s", r->final ? "true" : "false");
	number(b, "lasted_us", r->lasted);
	number(b, "requests", r->requests);
	number(b, "calls", r->calls);
	number(b, "retried", r->retried);
	number(b, "faulted", r->faulted);
	number(b, "failed", r->failed);
	number(b, "open", r->open);
	number(b, "dropped", r->dropped);
	number(b, "connections", r->connections);
	buf_adds(b, ",\"clients\":[");
	for (size_t i = 0; i < r->num_agents; i++) {
		buf_adds(b, i ? ",{" : "{");
		buf_add_json_member(b, "user_agent", r->agents[i].name);
		number(b, "requests", r->agents[i].requests);
		buf_adds(b, "}");
	}
	buf_adds(b, "]},\"rules\":[");
	write_rules(r, b);
	buf_addf(b, "],\"left_out\":%lld,\"calls\":[",
		(long long)(r->calls - (int64_t)r->num_shown));
	write_calls(r, b);
	buf_adds(b, "]}\n");
}

/* ---- reading ---- */

static const char *word(const json_t *doc, const char *key)
{
	const char *s = doc_str(doc, key);

	return s ? s : "";
}

static enum mark mark_of(const char *name)
{
	for (int m = 0; m < MARK__N; m++)
		if (streq(mark_name((enum mark)m), name))
			return (enum mark)m;
	return MARK_NA;
}

static void read_attempt(const json_t *doc, struct run_attempt *ret)
{
	*ret = (struct run_attempt){.seq = (uint64_t)doc_int(doc, "seq", 0),
		.at = doc_int(doc, "at_us", 0),
		.took = doc_int(doc, "took_us", 0),
		.asked = doc_int(doc, "asked_us", 0),
		.number = (unsigned)doc_int(doc, "attempt", 1),
		.status = (unsigned)doc_int(doc, "status", 0),
		.seen = (unsigned)doc_int(doc, "seen", 0),
		.fault = doc_str(doc, "fault"),
		.retry_after = doc_str(doc, "retry_after"),
		.error = doc_str(doc, "error_code"),
		.delivered = word(doc, "delivered"),
		.applied = json_is_true(json_object_get(doc, "applied"))};
}

static int read_calls(const json_t *list, struct arena *arena, struct run *run, struct err *e)
{
	size_t num = json_array_size(list), attempts = 0;

	if (num > RUN_MOST_CALLS)
		return err_set(e, ERR_INVALID, "'calls' holds more than %d", RUN_MOST_CALLS);
	for (size_t i = 0; i < num; i++)
		attempts += json_array_size(json_object_get(json_array_get(list, i), "attempts"));
	run->shown = arena_alloc(arena, (num + 1) * sizeof *run->shown);
	run->attempts = arena_alloc(arena, (attempts + 1) * sizeof *run->attempts);
	if (!run->shown || !run->attempts)
		return err_oom(e);
	for (size_t i = 0; i < num; i++) {
		const json_t *doc = json_array_get(list, i), *tries = json_object_get(doc, "attempts");
		struct run_call *c = &run->shown[run->num_shown];

		*c = (struct run_call){.call = (unsigned)doc_int(doc, "call", 0),
			.rpc = word(doc, "rpc"),
			.resource = word(doc, "resource"),
			.outcome = word(doc, "outcome"),
			.at = doc_int(doc, "at_us", 0),
			.applied = (int)doc_int(doc, "applied", 0),
			.ambiguous = json_is_true(json_object_get(doc, "ambiguous")),
			.first = run->num_attempts,
			.num = json_array_size(tries)};
		for (size_t k = 0; k < c->num; k++)
			read_attempt(json_array_get(tries, k), &run->attempts[run->num_attempts++]);
		run->num_shown += c->num > 0;
	}
	return 0;
}

static int read_rules(const json_t *list, struct arena *arena, struct run *run, struct err *e)
{
	size_t num = json_array_size(list);

	run->rules = arena_alloc(arena, (num + 1) * sizeof *run->rules);
	if (!run->rules)
		return err_oom(e);
	for (size_t i = 0; i < num; i++) {
		const json_t *doc = json_array_get(list, i);

		run->rules[i] = (struct run_rule){word(doc, "rule"), word(doc, "title"),
			word(doc, "evidence"), mark_of(word(doc, "verdict")),
			(uint64_t)doc_int(doc, "seq", 0)};
	}
	run->num_rules = num;
	return 0;
}

int run_read(const json_t *doc, struct arena *arena, struct run *ret, struct err *e)
{
	const json_t *run = json_object_get(doc, "run"), *agents = json_object_get(run, "clients");

	if (!json_is_object(run) || !json_is_array(json_object_get(doc, "rules")) ||
		!json_is_array(json_object_get(doc, "calls")))
		return err_set(e, ERR_INVALID,
			"That is no run: it must be a document of GET "
			"/_mock/report?format=json, with 'run', 'rules' and 'calls'");
	*ret = (struct run){.workspace = word(run, "workspace"),
		.version = word(run, "version"),
		.profile = word(run, "profile"),
		.scenarios = word(run, "scenarios"),
		.from = word(run, "from"),
		.to = word(run, "to"),
		.seed = (uint64_t)doc_int(run, "seed", 0),
		.final = json_is_true(json_object_get(run, "final")),
		.lasted = doc_int(run, "lasted_us", 0),
		.requests = doc_int(run, "requests", 0),
		.calls = doc_int(run, "calls", 0),
		.retried = doc_int(run, "retried", 0),
		.faulted = doc_int(run, "faulted", 0),
		.failed = doc_int(run, "failed", 0),
		.open = doc_int(run, "open", 0),
		.dropped = doc_int(run, "dropped", 0),
		.connections = doc_int(run, "connections", 0)};
	for (size_t i = 0; i < json_array_size(agents) && i < RUN_AGENTS; i++) {
		const json_t *a = json_array_get(agents, i);

		ret->agents[ret->num_agents++] =
			(struct run_agent){word(a, "user_agent"), doc_int(a, "requests", 0)};
	}
	return read_rules(json_object_get(doc, "rules"), arena, ret, e) ||
			       read_calls(json_object_get(doc, "calls"), arena, ret, e)
		       ? -1
		       : 0;
}
