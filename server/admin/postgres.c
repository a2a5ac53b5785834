/* SPDX-License-Identifier: Apache-2.0 */
/* /_mock/postgres: the databases behind the endpoints. */
#include "admin/admin.h"
#include "core/resource/data_plane.h"

enum { JOB_LIMIT_S = 600 };

static const struct data_plane *plane_of(const struct admin *a, struct err *e)
{
	const struct data_plane *p = a->app->world.data_plane;

	if (!p)
		err_set(e, ERR_BAD_STATE,
			"There are no databases here; start the server with --postgres auto");
	return p;
}

int admin_wait(struct admin *a, uint64_t job, struct err *e)
{
	const struct data_plane *p = a->app->world.data_plane;

	if (a->req->expired)
		return err_set(e, ERR_UNAVAILABLE, "The server stops, or it took too long");
	switch (p->job(p->arg, job, e)) {
	case JOB_DONE:
		return 0;
	case JOB_FAILED:
		return -1;
	case JOB_RUNNING:
		break;
	}
	a->resp->job = job;
	a->resp->wait_until = monotonic_now() + JOB_LIMIT_S * USEC_SECOND;
	a->verdict = LAB_WAIT;
	return 1;
}

int admin_carry(struct admin *a, const char *ws, const char *snapshot, struct err *e)
{
	const struct data_plane *p = a->app->world.data_plane;

	if (!p || !p->carry)
		return 0;
	a->carried = a->req->job ? a->req->job : p->carry(p->arg, ws, snapshot);
	return a->carried ? admin_wait(a, a->carried, e) : 0;
}

void admin_place(struct admin *a, const char *ws, const char *snapshot)
{
	const struct data_plane *p = a->app->world.data_plane;

	if (p && a->carried)
		p->place(p->arg, a->carried, ws, snapshot);
}

int admin_postgres(struct admin *a, struct err *e)
{
	const struct data_plane *p = plane_of(a, e);

	return p ? admin_reply(a, p->describe(p->arg, a->ws), e) : -1;
}

typedef uint64_t (*begin_fn)(void *arg, struct workspace *ws, const char *endpoint, struct err *e);

static int change(struct admin *a, begin_fn begin, const char *state, struct err *e)
{
	const struct data_plane *p = a->app->world.data_plane;
	const char *endpoint = doc_str(a->body, "endpoint");
	uint64_t job = a->req->job ? a->req->job : begin(p->arg, a->ws, endpoint, e);
	int rc = job ? admin_wait(a, job, e) : -1;

	if (rc)
		return rc < 0 ? -1 : 0;
	return admin_reply(a, json_pack("{s:s,s:s}", "endpoint", endpoint, "state", state), e);
}

int admin_postgres_suspend(struct admin *a, struct err *e)
{
	const struct data_plane *p = plane_of(a, e);

	return p ? change(a, p->suspend, "asleep", e) : -1;
}

int admin_postgres_wake(struct admin *a, struct err *e)
{
	const struct data_plane *p = plane_of(a, e);

	return p ? change(a, p->wake, "awake", e) : -1;
}

int admin_postgres_disconnect(struct admin *a, struct err *e)
{
	const struct data_plane *p = plane_of(a, e);
	const char *endpoint = admin_query(a, "endpoint");

	return p ? admin_reply(a, json_pack("{s:i}", "ended", p->disconnect(p->arg, a->ws, endpoint)), e)
		 : -1;
}

int admin_ca(struct admin *a, struct err *e)
{
	const struct data_plane *p = plane_of(a, e);

	if (!p)
		return -1;
	a->resp->content_type = "application/x-pem-file";
	buf_adds(&a->resp->body, p->authority(p->arg));
	return 0;
}
