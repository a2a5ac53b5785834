/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipeline of an API request: route it, see which call it belongs to, let a fault rule act
 * before or after the handler, and write down what happened.
 */
#include "lab/serving.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/fault/stale.h"
#include "lab/journal/retry.h"

bool serve_journalled(const char *path)
{
	return text_starts(path, "/api/", NULL) || text_starts(path, "/oidc/", NULL) ||
	       text_starts(path, "/.well-known/", NULL);
}

static void note(struct note_sink *sink, const char *kind, const char *where, const char *text)
{
	struct serving *s = container_of(sink, struct serving, notes);

	warnings_add(&s->space->warnings, s->seq, s->call.route ? s->call.route->rpc : "", kind,
		where, text);
}

/* Most requests have no body, so that digest is made once. */
static void hash_body(const struct request *req, unsigned char sha[static 32])
{
	static unsigned char empty[32];
	static bool known;
	char hex[SHA256_HEX];

	if (!req->body_len && known) {
		memcpy(sha, empty, sizeof empty);
		return;
	}
	if (sha256_hex(req->body ? req->body : "", req->body_len, hex)) {
		memset(sha, 0, sizeof empty); /* it is told from others by its path alone */
		return;
	}
	for (int i = 0; i < 32; i++)
		sha[i] = (unsigned char)(text_hex(hex[2 * i]) << 4 | text_hex(hex[2 * i + 1]));
	if (!req->body_len) {
		memcpy(empty, sha, sizeof empty);
		known = true;
	}
}

static const char *error_code_of(const struct response *resp, const struct err *e)
{
	return resp->status >= 400 && e->code != ERR_NONE ? err_name(e->code) : NULL;
}

static void refuse(struct serving *s, const struct err *e)
{
	response_error(s->resp, e);
	s->error = error_code_of(s->resp, e);
}

/* Rules that answer with the past need it kept. */
static int run_remembering(struct serving *s, struct err *e)
{
	struct err kept;

	if (stale_before(s, e))
		return -1;
	if (!api_run(&s->call, e))
		return stale_after(s, e);
	kept = *e;
	if (stale_after(s, e))
		return -1;
	*e = kept;
	return -1;
}

static int run_handler(struct serving *s, struct err *e)
{
	const struct route *r = s->call.route;

	if (s->fault && fault_is_stale(s->fault))
		return stale_run(s, e);
	if (s->space->faults.stale && r->flags & ROUTE_MUTATES && !streq(r->method, "GET"))
		return run_remembering(s, e);
	return api_run(&s->call, e);
}

static void handle(struct serving *s)
{
	struct err e = {0};

	s->handled = true;
	if (run_handler(s, &e)) {
		refuse(s, &e);
		if (e.code == ERR_CONFLICT) /* counting the refusal is no change */
			s->call.applied = false;
	}
	s->status = s->resp->status;
}

static void run(struct serving *s)
{
	if (s->fault && fault_replaces(s->fault)) {
		fault_apply(s, s->fault);
		s->status = s->resp->wire.kind == WIRE_SEND ? s->resp->status : 0;
		return;
	}
	if (s->fault)
		fault_prepare(s, s->fault);
	handle(s);
	if (s->fault)
		fault_apply(s, s->fault);
}

static const char *retry_after(const struct response *resp)
{
	for (size_t i = 0; i < resp->num_headers; i++)
		if (streq(resp->headers[i].name, "Retry-After"))
			return resp->headers[i].value;
	return NULL;
}

/* How long the wire will be kept waiting on purpose. */
static usec injected(const struct response *resp)
{
	const struct wire *w = &resp->wire;
	size_t len = w->truncate && w->truncate_at < resp->body.len ? w->truncate_at
								    : resp->body.len;
	usec pauses = w->dribble_bytes && len ? (usec)((len - 1) / w->dribble_bytes) : 0;

	if (w->kind == WIRE_HANG && !w->hang)
		return UNTIL_LEFT;
	return w->delay + (w->kind == WIRE_HANG ? w->hang : pauses * w->dribble_every);
}

/* Nothing has left yet: the transport tells what does (lab_delivered()). */
static void await(const struct response *resp, struct row *r)
{
	const struct wire *w = &resp->wire;

	r->delivered = DELIVERED_PENDING;
	r->injected = injected(resp);
	if (w->delay || w->dribble_bytes || w->kind == WIRE_HANG)
		r->flags |= ROW_HELD;
	if (w->kind != WIRE_SEND || w->truncate || w->wrong_length)
		r->flags |= ROW_CUT;
}

/* What the row needs to explain itself beside the opinions of rules. */
static void tell_why(const struct serving *s, struct journal *j, struct row *r)
{
	const struct because *why = &s->call.ctx.because;
	char *action = s->fault ? json_dumps(json_object_get(s->fault->doc, "action"),
					  JSON_COMPACT | JSON_SORT_KEYS)
				: NULL;
	struct opinions *o;

	if (!r->opinions && why->kind)
		r->opinions = calloc(1, sizeof *r->opinions);
	o = r->opinions;
	if (o && action) {
		o->action = journal_text(j, r, action);
		o->delay = s->resp->wire.delay;
	}
	if (o && why->kind) {
		o->kind = journal_text(j, r, why->kind);
		o->name = journal_text(j, r, why->name);
		o->plan = journal_text(j, r, why->plan);
		o->due = why->due;
		o->left = why->left;
	}
	free(action);
}

static void fill_row(const struct serving *s, struct row *r)
{
	struct journal *j = &s->space->journal;
	struct app *app = s->lab->app;

	r->wall = app->world.wall(&app->world);
	r->time = app_now(app, s->call.ws);
	r->at = s->arrived;
	r->key = s->attempt.key;
	r->route = s->call.route;
	r->flags = (s->call.applied ? ROW_APPLIED : 0) |
		   (s->attempt.ambiguous ? ROW_AMBIGUOUS : 0) | (s->attempt.named ? ROW_NAMED : 0) |
		   (s->handled ? ROW_HANDLED : 0) |
		   (s->fault && fault_garbles(s->fault) ? ROW_GARBLED : 0);
	r->method = journal_text(j, r, s->req->method);
	r->path = journal_text(j, r, s->req->path);
	r->query = *s->req->query ? journal_text(j, r, s->req->query) : NULL;
	r->caller = journal_text(j, r, s->call.caller.name);
	r->agent = journal_text(j, r, s->req->user_agent);
	r->error = journal_text(j, r, s->error);
	r->fault = s->fault ? journal_text(j, r, s->fault->id) : NULL;
	r->retry_after = journal_text(j, r, retry_after(s->resp));
	r->opinions = s->opinions;
	tell_why(s, j, r);
	memcpy(r->sha, s->sha, sizeof r->sha);
	r->connection = s->req->connection;
	r->ordinal = (uint32_t)s->req->ordinal;
	r->request_bytes = (uint32_t)s->req->body_len;
	r->call = s->attempt.call;
	r->attempt = s->attempt.attempt;
	r->gap_ms = s->attempt.gap_ms;
	r->status = (uint16_t)s->status;
	r->phase = s->fault ? (uint8_t)s->fault->phase : 0;
	journal_weigh(j, r);
}

static void count(struct lab *lab, const struct serving *s)
{
	size_t class = s->status ? (size_t)s->status / 100 : 0;

	lab->requests++;
	lab->faulted += s->fault != NULL;
	if (lab->answered && s->call.route && class < ANSWER_CLASSES)
		lab->answered[(size_t)(s->call.route - lab->app->routes.all) * ANSWER_CLASSES +
			      class]++;
}

static void drop_oldest(struct space *s)
{
	struct journal *j = &s->journal;

	calls_forget(&s->calls, journal_row(j, j->first)->key, j->first);
	journal_drop_oldest(j);
}

/* The journals of all workspaces have one bound, too: who holds most makes room. */
static void share_room(struct lab *lab)
{
	struct space *largest = NULL;
	size_t all = 0;

	for (uint32_t i = 0; i < lab->num_slots; i++) {
		struct space *s = lab->slots[i].space;

		if (!s)
			continue;
		all += journal_bytes(&s->journal);
		if (!largest || journal_bytes(&s->journal) > journal_bytes(&largest->journal))
			largest = s;
	}
	lab->journal_bytes = all;
	/* a sixteenth at once, so that this is seldom */
	for (size_t most = JOURNALS_BYTES - JOURNALS_BYTES / 16; largest && all > most;) {
		size_t before = journal_bytes(&largest->journal);

		if (journal_len(&largest->journal) < 2) /* the newest row is being filled */
			break;
		drop_oldest(largest);
		all -= before - journal_bytes(&largest->journal);
	}
}

struct row *serve_row(struct serving *s)
{
	struct journal *j = &s->space->journal;
	size_t before;
	struct row *r;

	while (journal_oldest_to_go(j))
		drop_oldest(s->space);
	before = journal_bytes(j);
	r = journal_add(j);
	if (r)
		fill_row(s, r);
	else
		free(s->opinions);
	s->opinions = NULL;
	/* an estimate that only grows: share_room() corrects it */
	s->lab->journal_bytes += journal_bytes(j) > before ? journal_bytes(j) - before : 0;
	if (s->lab->journal_bytes > JOURNALS_BYTES)
		share_room(s->lab);
	return r;
}

void serve_note(struct serving *s, struct row *r)
{
	if (row_retryable(r))
		r->flags |= ROW_RETRYABLE;
	calls_note(&s->space->calls, r->key, s->seq, r);
}

static void write_down(struct serving *s)
{
	struct row *r = serve_row(s);

	if (!r)
		return;
	await(s->resp, r);
	serve_note(s, r);
}

static void tell_number(struct serving *s)
{
	char text[24];

	s->resp->seq = space_ticket(s->space, s->seq);
	if (s->lab->o.no_seq_header)
		return;
	snprintf(text, sizeof text, "%llu", (unsigned long long)s->seq);
	response_header(s->resp, "X-Mock-Seq", text);
}

/* A request without a row: not of the API. */
static void serve_plain(struct serving *s, int rc, struct err *e)
{
	if (!rc)
		rc = api_run(&s->call, e);
	if (rc)
		response_error(s->resp, e);
}

enum lab_verdict serve_api(struct lab *lab, const struct request *req, struct response *resp)
{
	struct serving s = {
		.lab = lab, .req = req, .resp = resp, .notes = {note}, .began = monotonic_now()};
	struct err e = {0};
	int rc = api_route(lab->app, req, resp, &s.call, &e);

	s.arrived = (req->arrived ? req->arrived : s.began) - lab->started;
	if (!serve_journalled(req->path) || !s.call.ws) {
		serve_plain(&s, rc, &e);
		return LAB_ANSWER;
	}
	s.space = space_of(lab, s.call.ws->name);
	if (!s.space) {
		err_oom(&e);
		response_error(resp, &e);
		return LAB_ANSWER;
	}
	if (!rc && waits_first(&s))
		return LAB_WAIT;
	s.seq = s.space->journal.next;
	s.call.notes = &s.notes;
	hash_body(req, s.sha);
	calls_identify(&s.space->calls, &s.space->journal, req, s.call.caller.name, s.sha,
		s.arrived, &s.attempt);
	if (rc) {
		refuse(&s, &e);
		s.status = resp->status;
	} else {
		s.fault = faults_choose(&s.space->faults, &s, &s.opinions);
		run(&s);
	}
	write_down(&s);
	tell_number(&s);
	transcript_keep(&s);
	count(lab, &s);
	log_request(&s);
	waits_for_operation(&s);
	waits_after(lab, s.call.ws, resp);
	return LAB_ANSWER;
}
