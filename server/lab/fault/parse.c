/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a fault rule. One that could never act is refused here, with words for what could. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "core/document/doc.h"
#include "lab/connect.h"
#include "lab/fault/actions.h"
#include "lab/refuse.h"

static const struct field match_fields[] = {
	{"rpc", T_STRING, .min = 1, .max = 63, .doc = "A name, a glob, `Mutating` or `Any`."},
	{"path", T_STRING, .min = 1, .max = GLOB_MAX, .doc = "Glob on the path."},
	{"user_agent", T_STRING, .min = 1, .max = GLOB_MAX, .doc = "Glob on the user agent."},
	{"caller", T_STRING, .min = 1, .max = GLOB_MAX, .doc = "Glob on the caller's name."},
	{"call", T_ANY, .doc = "n-th logical call that meets the rest: `3`, `1-2`, `3-`."},
	{"attempt", T_ANY, .doc = "n-th attempt of its call, likewise."},
	{0},
};
static const struct message match_message = {"Match", match_fields};

static const struct field when_fields[] = {
	{"skip", T_INT64, .min = 0, .max = 1e9, .doc = "Matching requests to let pass first."},
	{"times", T_INT64, .min = 1, .max = 1e9, .doc = "How often it acts at most."},
	{"probability", T_DOUBLE, .min = 0, .max = 1, .doc = "Chance to act on a request; 0: never."},
	{0},
};
static const struct message when_message = {"When", when_fields};

static const struct field expect_fields[] = {
	{"fired", T_INT64, .min = 0, .max = 1e9, .doc = "How often it should have acted."},
	{0},
};
static const struct message expect_message = {"Expect", expect_fields};

static const struct field rule_fields[] = {
	{"schema", T_INT32, F_OUTPUT},
	{"id", T_STRING, .min = 1, .max = 63,
		.doc = "Its name in the journal; made up when absent."},
	{"match", T_MESSAGE, .message = &match_message, .doc = "Which requests; all when absent."},
	{"when", T_MESSAGE, .message = &when_message, .doc = "Which of those."},
	{"phase", T_ENUM, .choices = phase_names, .doc = "When it acts."},
	{"action", T_ANY, .doc = "What it does."},
	{"disabled", T_BOOL, .doc = "Passed over, as if it were not there."},
	{"expect", T_MESSAGE, .message = &expect_message, .doc = "For the list of unfired rules."},
	{"matched", T_INT64, F_OUTPUT},
	{"skipped", T_INT64, F_OUTPUT},
	{"fired", T_INT64, F_OUTPUT},
	{0},
};
const struct message fault_rule_message = {"Fault", rule_fields};

/* ---- match ---- */

static int read_id(struct fault *r, struct err *e)
{
	static const char ok[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	const char *id = doc_str(r->doc, "id");

	if (!id)
		return 0;
	if (id[strspn(id, ok)])
		return err_set(e, ERR_INVALID,
			"'id' may hold letters, digits, '.', '_' and '-', got '%s'", id);
	snprintf(r->id, sizeof r->id, "%s", id);
	return 0;
}

/* "3", 3, "1-2", "3-" */
static bool span_text(const json_t *v, struct span *ret)
{
	char from[24] = "", number[24];
	const char *text = json_string_value(v), *dash;

	if (json_is_integer(v)) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(v));
		text = number;
	}
	if (!text)
		return false;
	dash = strchr(text, '-');
	if (!dash)
		return text_int(text, 1, 10000, &ret->from) && text_int(text, 1, 10000, &ret->to);
	if ((size_t)(dash - text) >= sizeof from)
		return false;
	memcpy(from, text, (size_t)(dash - text));
	if (!text_int(from, 1, 10000, &ret->from))
		return false;
	ret->to = INT64_MAX;
	return !dash[1] || (text_int(dash + 1, 1, 10000, &ret->to) && ret->from <= ret->to);
}

static int read_nth(const json_t *match, const char *key, struct span *ret, struct err *e)
{
	const json_t *v = json_object_get(match, key);

	if (!v || span_text(v, ret))
		return 0;
	return err_set(e, ERR_INVALID,
		"'match.%s' must be a number from 1 to 10000 or a range like '1-2' or "
		"'3-', got %s",
		key, json_is_string(v) ? json_string_value(v) : "something else");
}

static bool is_group(const char *rpc)
{
	return streq(rpc, "Any") || streq(rpc, "Mutating");
}

static bool is_glob(const char *s)
{
	return strpbrk(s, "*?");
}

/* Bootstrap routes, which clients ask before their first call, only when the rule names them. */
static bool names_route(const struct fault *r, const char *rpc, const struct route *route)
{
	if (rpc && streq(rpc, route->rpc))
		return true;
	if (route->flags & ROUTE_BOOTSTRAP && !(r->path && streq(r->path, route->path)))
		return false;
	if (!rpc || streq(rpc, "Any"))
		return true;
	if (streq(rpc, "Mutating"))
		return route->flags & ROUTE_MUTATES && !streq(route->method, "GET");
	return is_glob(rpc) && text_glob(rpc, route->rpc);
}

static bool action_suits(const struct action_kind *k, const struct route *route)
{
	if (k->flags & ACT_READS)
		return streq(route->method, "GET") && !(route->flags & ROUTE_MUTATES);
	return !(k->flags & ACT_STARTS) || route->flags & ROUTE_LRO;
}

static int unknown_rpc(const struct app *app, const char *rpc, struct err *e)
{
	const char *names[512];
	size_t n = 0;

	names[n++] = "Any";
	names[n++] = "Mutating";
	for (int i = 0; i < RPC__N; i++)
		names[n++] = connect_routes[i].rpc;
	for (size_t i = 0; i < app->routes.num && n < ARRAY_SIZE(names) - 1; i++)
		names[n++] = app->routes.all[i].rpc;
	names[n] = NULL;
	return refuse_name(e, "rpc", rpc, names);
}

static int read_routes(struct fault *r, const struct app *app, const char *rpc, struct err *e)
{
	const struct routes *all = &app->routes;
	bool named = false, suits = false, built = false;

	r->routes = calloc(all->num ? all->num : 1, 1);
	if (!r->routes)
		return err_oom(e);
	if (r->connect) /* no other name means those, and they mean nothing else */
		return 0;
	for (size_t i = 0; i < all->num; i++) {
		const struct route *route = &all->all[i];

		if (!names_route(r, rpc, route))
			continue;
		named = true;
		built |= route->fn != NULL;
		r->routes[i] = route->fn && action_suits(r->action.kind, route);
		suits |= r->routes[i];
	}
	if (!named && rpc && !is_group(rpc))
		return unknown_rpc(app, rpc, e);
	if (!built)
		return err_set(e, ERR_INVALID,
			"'match.rpc' %s is not implemented here and answers 501 before any "
			"rule is asked; GET /_mock/routes lists what is",
			rpc ? rpc : "Any");
	if (suits)
		return 0;
	return err_set(e, ERR_INVALID, "Action '%s' never acts on %s: it is for %s",
		r->action.kind->name, rpc,
		r->action.kind->flags & ACT_READS
			? "requests that read, like GetProject or List*"
			: "requests that start an operation, like CreateBranch");
}

static int read_match(struct fault *r, const struct app *app, struct err *e)
{
	const json_t *m = json_object_get(r->doc, "match");

	r->path = doc_str(m, "path");
	r->user_agent = doc_str(m, "user_agent");
	r->caller = doc_str(m, "caller");
	if (r->path && r->path[0] != '/' && r->path[0] != '*' && !r->connect)
		return refuse_value(e, "match.path", "a glob that starts with '/' or '*'", r->path);
	if (read_nth(m, "call", &r->call, e) || read_nth(m, "attempt", &r->attempt, e))
		return -1;
	return read_routes(r, app, doc_str(m, "rpc"), e);
}

/* ---- action ---- */

static int unknown_action(const struct action_kind *kinds, const char *type, struct err *e)
{
	const char *names[32];
	size_t n = 0;

	for (const struct action_kind *k = kinds; k->name; k++)
		names[n++] = k->name;
	names[n] = NULL;
	return refuse_name(e, "action.type", type, names);
}

/* Through a wrapper, so that messages say "action.status". */
static int check_action(const struct action_kind *k, json_t *action, struct err *e)
{
	const struct field wrapper[] = {{"action", T_MESSAGE, .message = k->fields}, {0}};
	const struct message m = {"Fault", wrapper};
	json_auto_t *doc = json_object();

	if (json_object_set(doc, "action", action))
		return err_oom(e);
	return fields_accept(&m, doc, ACCEPT_STRICT, NULL, e) || fields_require(&m, doc, NULL, e) ? -1 : 0;
}

static int read_action(struct fault *r, struct err *e)
{
	json_t *action = json_object_get(r->doc, "action");
	const char *type = doc_str(action, "type");
	int rpc = connect_rpc(doc_str(r->doc, "match.rpc"));
	const struct action_kind *kinds = rpc < 0 ? action_kinds : connect_action_kinds[rpc], *k;

	r->connect = rpc < 0 ? 0 : 1U << rpc;
	if (!json_is_object(action) || !type)
		return err_set(e, ERR_INVALID,
			"'action' must be an object with a 'type', like "
			"{\"type\":\"unavailable\"}");
	k = action_kind(kinds, type);
	if (!k && r->connect && action_kind(action_kinds, type))
		return err_set(e, ERR_INVALID, "Action '%s' never acts on %s: it is for requests of "
					       "the API",
			type, connect_routes[rpc].rpc);
	if (!k)
		return unknown_action(kinds, type, e);
	r->action.kind = k;
	if (check_action(k, action, e))
		return -1;
	if (k->flags & ACT_ANSWERS && read_headers(&r->action, action, e))
		return -1;
	if (k->read && k->read(&r->action, action, e))
		return -1;
	if (k->flags & ACT_CUTS)
		return read_after(&r->action, action, e);
	return k->fields == &fault_delay_message ? 0 : read_extra_delay(&r->action, action, e);
}

/* What spoils a body needs one; a page of HTML brings its own. */
static unsigned phases_of(const struct fault *r)
{
	unsigned ok = r->action.kind->phases;

	if (!streq(r->action.kind->name, "garbage"))
		return ok;
	return r->action.garbage == GARBAGE_HTML ? ok & ~(1U << PHASE_MID_BODY)
						 : ok & ~(1U << PHASE_BEFORE);
}

static int read_phase(struct fault *r, struct err *e)
{
	const char *name = doc_str(r->doc, "phase");
	unsigned ok = phases_of(r);

	r->phase = PHASE_AFTER_COMMIT;
	if (r->action.kind->flags & ACT_CUTS)
		return name ? err_set(e, ERR_INVALID, "'phase' is not for Session: its rules act "
						      "once it is established, see 'action.after'")
			    : 0;
	r->phase = ok & 1U << PHASE_BEFORE ? PHASE_BEFORE : PHASE_AFTER_COMMIT;
	for (int p = 0; name && p < PHASE__N; p++)
		if (streq(phase_names[p], name))
			r->phase = (enum phase)p;
	if (!name && doc_set_str(r->doc, "phase", phase_names[r->phase]))
		return err_oom(e);
	if (ok & 1U << r->phase)
		return 0;
	if (streq(r->action.kind->name, "garbage") && r->action.garbage == GARBAGE_HTML)
		return err_set(e, ERR_INVALID,
			"Action 'garbage' html cannot act in phase '%s'; it can in before "
			"and after_commit",
			phase_names[r->phase]);
	return err_set(e, ERR_INVALID, "Action '%s' cannot act in phase '%s'; it can in %s",
		r->action.kind->name, phase_names[r->phase], r->action.kind->where);
}

static void read_when(struct fault *r)
{
	r->skip = doc_int(r->doc, "when.skip", 0);
	r->times = doc_int(r->doc, "when.times", -1);
	r->probability = doc_num(r->doc, "when.probability", 1);
	r->disabled = json_is_true(json_object_get(r->doc, "disabled"));
	r->expect = doc_int(r->doc, "expect.fired", -1);
}

static int read_rule(struct fault *r, const struct app *app, struct err *e)
{
	if (fields_accept(&fault_rule_message, r->doc, ACCEPT_STRICT, NULL, e) ||
		fields_require(&fault_rule_message, r->doc, NULL, e))
		return -1;
	read_when(r);
	return read_id(r, e) || read_action(r, e) || read_phase(r, e) || read_match(r, app, e) ? -1
											       : 0;
}

void fault_free(struct fault *f)
{
	if (!f)
		return;
	doc_free(f->doc);
	free(f->routes);
	free(f->seen);
	free(f);
}

int fault_parse(struct faults *f, const json_t *doc, struct fault **ret, struct err *e)
{
	struct fault *r = calloc(1, sizeof *r);

	if (!r)
		return err_oom(e);
	if (!json_is_object(doc)) {
		free(r);
		return err_set(e, ERR_INVALID, "A fault rule must be an object with an 'action'");
	}
	r->added = f->app->world.wall(&f->app->world);
	r->doc = json_deep_copy(doc);
	if (!r->doc ? err_oom(e) : read_rule(r, f->app, e)) {
		fault_free(r);
		return -1;
	}
	*ret = r;
	return 0;
}
