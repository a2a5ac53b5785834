/* SPDX-License-Identifier: Apache-2.0 */
/* GET and PUT /_mock/state: a workspace as one document, the same bytes for the same state. */
#include "admin/state/state.h"

#include "admin/admin.h"
#include "base/text.h"
#include "core/resource/data_plane.h"
#include "lab/state/settings.h"

enum section { RESOURCES, OPERATIONS, PERMISSIONS, PRINCIPALS, SECTION__N };

static const char *const section_names[SECTION__N] = {
	"resources", "operations", "permissions", "principals"};

static enum section section_of(const char *kind)
{
	static const char *const kinds[SECTION__N] = {NULL, "operation", "permission", "principal"};

	for (int i = OPERATIONS; i < SECTION__N; i++)
		if (streq(kinds[i], kind))
			return (enum section)i;
	return RESOURCES; /* maintenance, too */
}

static void add_known(struct buf *b, const char *key, const char *value)
{
	if (value)
		buf_add_json_member(b, key, value);
}

void state_add_object(struct buf *b, const struct object *o, bool whole)
{
	char due[WHEN_SIZE];

	buf_addf(b, "{\"deleted\":%lld,\"doc\":%s", (long long)o->deleted, o->doc);
	if (whole && o->aux)
		buf_addf(b, ",\"aux\":%s", o->aux);
	add_known(b, "alias", whole ? o->alias : NULL);
	add_known(b, "due", o->due == USEC_NEVER ? NULL : when_format(o->due, due));
	add_known(b, "event", o->event);
	add_known(b, "kind", o->kind);
	add_known(b, "name", o->name);
	add_known(b, "parent", o->parent);
	add_known(b, "scope", o->scope);
	buf_addf(b, ",\"seq\":%lld}", (long long)o->seq);
}

static int add_to_section(void *arg, const struct object *o)
{
	struct buf *sections = arg, *b = &sections[section_of(o->kind)];

	if (b->len)
		buf_addc(b, ',');
	state_add_object(b, o, true);
	return 0;
}

/* A real clock has nothing to write down; the others what they showed when they were set. */
static void add_clock(struct buf *b, const struct clock *c)
{
	char now[WHEN_SIZE], wall[WHEN_SIZE];

	buf_addf(b, "{\"mode\":\"%s\"", clock_mode_name(c->mode));
	if (c->mode == CLOCK_SCALED)
		buf_addf(b, ",\"factor\":%.17g", c->factor);
	if (c->mode != CLOCK_REAL)
		buf_addf(b, ",\"now\":\"%s\"", when_format(c->now, now));
	if (c->mode == CLOCK_SCALED)
		buf_addf(b, ",\"wall\":\"%s\"", when_format(c->wall, wall));
	buf_adds(b, "}");
}

int admin_state_get(struct admin *a, struct err *e)
{
	struct buf *b = &a->resp->body, sections[SECTION__N] = {0};
	int rc = store_each_below(
		a->app->world.store, a->ws->state, NULL, add_to_section, sections, e);

	buf_adds(b, "{\"schema\":1,\"workspace\":");
	buf_add_json_string(b, a->ws->name);
	buf_adds(b, ",\"clock\":");
	add_clock(b, &a->ws->clock);
	for (int i = 0; i < SECTION__N; i++) {
		buf_addf(b, ",\"%s\":[", section_names[i]);
		if (sections[i].failed)
			b->failed = true;
		else if (sections[i].len)
			buf_add(b, sections[i].data, sections[i].len);
		buf_adds(b, "]");
		buf_done(&sections[i]);
	}
	buf_addf(b, ",\"counters\":{\"seq\":%lld}}\n", (long long)a->ws->seq);
	return rc;
}

int admin_state_put(struct admin *a, struct err *e)
{
	json_t *doc;

	if (state_import(a->app, a->ws, a->body, a->arena, e))
		return -1;
	data_plane_dropped(&a->app->world, a->ws->name); /* a document holds no data */
	doc = json_pack("{s:s, s:I}", "workspace", a->ws->name, "resources",
		(json_int_t)json_array_size(json_object_get(a->body, "resources")));
	return admin_reply(a, doc, e);
}
