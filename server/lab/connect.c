/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/connect.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/fault/actions.h"
#include "lab/journal/retry.h"
#include "lab/serving.h"

const struct route connect_routes[RPC__N] = {
	[RPC_CONNECT] = { .rpc = "Connect", .method = "CONNECT", .flags = ROUTE_DATABASE,
		.evidence = EVIDENCE_INVENTED, .doc = "An attempt to log in to a database." },
	[RPC_SESSION] = { .rpc = "Session", .method = "SESSION", .flags = ROUTE_DATABASE,
		.evidence = EVIDENCE_INVENTED, .doc = "An established connection to a database." },
};

struct connecting {
	char workspace[WORKSPACE_NAME_MAX + 1];
	uint32_t space;
	struct serving s;
	struct request req;
	struct response resp; /* its arena holds the texts */
	struct connect_fault fault;
	char fault_id[64];
	bool faulted;
};

int connect_rpc(const char *name)
{
	for (int i = 0; i < RPC__N; i++)
		if (streq(name, connect_routes[i].rpc))
			return i;
	return -1;
}

/* What makes two attempts alike: caller, endpoint, user (the caller) and database. */
static bool fill_request(struct connecting *c, const struct connect_request *from, enum connect_rpc rpc)
{
	struct arena *a = &c->resp.arena;

	c->req = (struct request){ .method = connect_routes[rpc].method,
		.path = arena_strdup(a, from->endpoint),
		.query = arena_printf(a, "database=%s", from->database),
		.user_agent = from->agent ? arena_strdup(a, from->agent) : NULL,
		.connection = from->connection,
		.ordinal = 1 };
	c->s.call.caller.name = arena_strdup(a, from->user);
	return c->req.path && c->req.query && c->s.call.caller.name;
}

static enum connect_kind kind_of(const struct fault *f)
{
	static const struct {
		const char *name;
		enum connect_kind kind;
	} kinds[] = { { "error", CONNECT_ERROR }, { "reset", CONNECT_RESET },
		{ "close", CONNECT_CLOSE }, { "hang", CONNECT_HANG } };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (streq(kinds[i].name, f->action.kind->name))
			return kinds[i].kind;
	return CONNECT_GO; /* delay */
}

static void note_fault(struct connecting *c, const struct fault *f, enum connect_rpc rpc)
{
	const struct action *act = &f->action;
	struct arena *a = &c->resp.arena;

	c->faulted = true;
	memcpy(c->fault_id, f->id, sizeof c->fault_id);
	c->fault = (struct connect_fault){ .kind = kind_of(f),
		.phase = f->phase,
		.delay = rpc == RPC_SESSION ? act->after : fault_delay(&c->s, f),
		.hang = act->hang,
		.by_bytes = act->has_bytes,
		.bytes = act->bytes,
		.severity = arena_strdup(a, act->severity ? act->severity : "FATAL"),
		.sqlstate = arena_strdup(a, act->sqlstate ? act->sqlstate : "XX000"),
		.message = arena_strdup(a, act->message ? act->message : "The request was refused.") };
}

static void identify(struct connecting *c)
{
	calls_identify(&c->s.space->calls, &c->s.space->journal, &c->req, c->s.call.caller.name,
		c->s.sha, c->s.arrived, &c->s.attempt);
}

static struct connecting *begin(struct lab *lab, struct workspace *ws,
	const struct connect_request *req, enum connect_rpc rpc, bool open)
{
	struct connecting *c = calloc(1, sizeof *c);
	const struct fault *f;

	if (!c)
		return NULL;
	memcpy(c->workspace, ws->name, sizeof c->workspace);
	c->s = (struct serving){ .lab = lab, .req = &c->req, .resp = &c->resp,
		.space = space_of(lab, ws->name), .began = monotonic_now() };
	c->s.arrived = c->s.began - lab->started;
	c->s.call = (struct call){ .app = lab->app, .req = &c->req, .resp = &c->resp, .ws = ws,
		.route = &connect_routes[rpc] };
	if (!c->s.space || !fill_request(c, req, rpc)) {
		lab_forget(c);
		return NULL;
	}
	c->space = c->s.space->id;
	c->s.open = open;
	identify(c);
	f = faults_choose(&c->s.space->faults, &c->s, &c->s.opinions);
	if (f)
		note_fault(c, f, rpc);
	return c;
}

struct connecting *lab_connect(
	struct lab *lab, struct workspace *ws, const struct connect_request *req)
{
	return begin(lab, ws, req, RPC_CONNECT, false);
}

struct connecting *lab_session(
	struct lab *lab, struct workspace *ws, const struct connect_request *req, bool open)
{
	struct connecting *c = begin(lab, ws, req, RPC_SESSION, open);

	if (c && c->faulted)
		return c;
	lab_forget(c);
	return NULL;
}

const struct connect_fault *connect_fault(const struct connecting *c)
{
	return c && c->faulted ? &c->fault : NULL;
}

void lab_forget(struct connecting *c)
{
	if (!c)
		return;
	free(c->s.opinions);
	response_done(&c->resp);
	free(c);
}

/* The workspace may have been emptied, or be gone, since the attempt began. */
static bool still_there(struct connecting *c)
{
	struct err ignored;

	c->s.space = space_find(c->s.lab, c->workspace);
	c->s.call.ws = app_workspace(c->s.lab->app, c->workspace, false, &ignored);
	return c->s.space && c->s.space->id == c->space && c->s.call.ws;
}

static void write_down(struct connecting *c, const struct connect_end *end)
{
	struct serving *s = &c->s;
	struct row *r;

	s->seq = s->space->journal.next;
	s->error = end->sqlstate;
	s->call.applied = end->applied;
	r = serve_row(s);
	if (!r)
		return;
	r->fault = c->faulted ? atom_get(&s->space->journal.atoms, c->fault_id) : NULL;
	r->phase = (uint8_t)c->fault.phase;
	if (s->call.route == &connect_routes[RPC_CONNECT])
		r->injected = c->fault.delay + c->fault.hang;
	row_deliver(r,
		end->cut	? DELIVERED_PARTIAL
		: end->answered ? DELIVERED_FULL
				: DELIVERED_NONE,
		0, 0, s->lab->o.monotonic() - s->lab->started);
	serve_note(s, r);
	log_request(s);
}

void lab_connected(struct lab *lab, struct connecting *c, const struct connect_end *end)
{
	(void)lab;
	if (c && still_there(c))
		write_down(c, end);
	lab_forget(c);
}

void lab_on_rules(struct lab *lab, void (*fn)(void *arg, const char *workspace), void *arg)
{
	lab->rules_watch = (struct rules_watch){ fn, arg };
}
