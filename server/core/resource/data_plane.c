/* SPDX-License-Identifier: Apache-2.0 */
#include "core/resource/data_plane.h"

void data_plane_changed(struct ctx *c, const char *name)
{
	const struct data_plane *p = c->world->data_plane;

	if (p && p->changed)
		p->changed(p->arg, c->ws, name);
}

usec data_plane_last_active(struct ctx *c, const char *endpoint)
{
	const struct data_plane *p = c->world->data_plane;

	return p && p->last_active ? p->last_active(p->arg, c->ws, endpoint, c->now) : 0;
}

void data_plane_bequeath(struct ctx *c, const struct draft *role, const struct draft *heir)
{
	const struct data_plane *p = c->world->data_plane;

	if (p && p->bequeath)
		p->bequeath(p->arg, c->ws, role->parent, doc_str(role->status, "postgres_role"),
			heir ? doc_str(heir->status, "postgres_role") : NULL);
}

void data_plane_dropped(const struct world *w, const char *ws)
{
	const struct data_plane *p = w->data_plane;

	if (p && p->dropped)
		p->dropped(p->arg, ws);
}

int data_plane_check_settings(struct ctx *c, int major, const json_t *settings, struct err *e)
{
	const struct data_plane *p = c->world->data_plane;

	return p && p->check_settings && json_object_size(settings)
		       ? p->check_settings(p->arg, major, settings, e)
		       : 0;
}
