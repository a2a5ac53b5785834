/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that wait for the data plane: before they are served, and before their answer leaves. */
#include "base/text.h"
#include "core/resource/data_plane.h"
#include "lab/serving.h"

enum { WAIT_LIMIT_S = 600 };

static bool runs(const struct data_plane *p, uint64_t job)
{
	struct err ignored;

	return job && p->job(p->arg, job, &ignored) == JOB_RUNNING;
}

bool waits_first(struct serving *s)
{
	const struct data_plane *p = s->lab->app->world.data_plane;
	const char *path = s->req->path;
	uint64_t job = s->req->job;

	if (!p || !p->prepare || s->req->expired || !s->call.route)
		return false;
	if (!job && text_starts(path, "/api/2.0/postgres/", &path))
		job = p->prepare(p->arg, s->call.ws, s->call.route->rpc, path, s->req->body,
			s->req->body_len);
	if (!runs(p, job))
		return false;
	s->resp->job = job;
	s->resp->wait_until = monotonic_now() + WAIT_LIMIT_S * USEC_SECOND;
	return true;
}

void waits_after(struct lab *lab, struct workspace *ws, struct response *resp)
{
	const struct data_plane *p = lab->app->world.data_plane;
	uint64_t job = p && p->settling && ws && !resp->wire.job ? p->settling(p->arg, ws) : 0;

	if (job)
		resp->wire.job = job;
}

void waits_for_operation(struct serving *s)
{
	const struct ctx *c = &s->call.ctx;

	if (!c->job || s->resp->status != 200 || s->fault)
		return;
	s->resp->wire.job = c->job;
	s->resp->operation = arena_strdup(&s->resp->arena, c->operation);
	s->resp->workspace = arena_strdup(&s->resp->arena, s->call.ws->name);
}

bool lab_held(struct lab *lab, struct response *resp)
{
	const struct data_plane *p = lab->app->world.data_plane;
	struct workspace *ws;
	struct buf body = {0};
	struct err e;

	if (p && runs(p, resp->wire.job))
		return true;
	if (!resp->operation || !resp->workspace)
		return false;
	ws = app_workspace(lab->app, resp->workspace, false, &e);
	if (ws && store_copy_doc(lab->app->world.store, ws->state, resp->operation, "operation",
			  &body, &e) == 1) {
		buf_done(&resp->body);
		resp->body = body;
	}
	return false;
}
