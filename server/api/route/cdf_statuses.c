/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a change data feed is at, table by table. Nothing is fed: which tables there are the database
 * tells, without one a setting, and their states follow from the age of the feed on the workspace's
 * clock.
 */
#include <string.h>

#include "api/handlers.h"
#include "base/text.h"
#include "core/resource/data_plane.h"

enum { SNAPSHOT_S = 5 }; /* invented: streaming was seen within seconds */

static const char *const states[] = { "CDF_STATE_SKIPPED", "CDF_STATE_SNAPSHOTTING",
	"CDF_STATE_STREAMING", "CDF_STATE_TERMINATED", NULL };

#define ROW(name, type, ...)                                                                       \
	{ name, type, F_OUTPUT, .evidence = EVIDENCE_TYPED, __VA_ARGS__ }
static const struct field fields[] = {
	ROW("committed_lsn", T_STRING, .doc = "How far it is; absent until it streams."),
	ROW("create_time", T_TIME, .doc = "When the table was found."),
	ROW("last_sync_time", T_TIME, .doc = "Absent until it streams."),
	ROW("name", T_STRING, .doc = "Full resource name."),
	ROW("postgres_table", T_STRING, .doc = "The table that is fed from."),
	ROW("state", T_ENUM, .choices = states, .doc = "Streaming five seconds after the feed was made."),
	ROW("status_detail", T_STRING, .doc = "Never set here."),
	ROW("uc_table", T_STRING, .doc = "The table that is fed: catalog.schema.table."),
	{ 0 },
};
static const struct message status_message = { "CdfStatus", fields };

static const struct field list_fields[] = {
	{ "cdf_statuses", T_MESSAGE, F_LIST, &status_message, .evidence = EVIDENCE_TYPED,
		.doc = "One for each table; absent when there are none." },
	{ "next_page_token", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "Absent on the last page." },
	{ 0 },
};
static const struct message list_message = { "ListCdfStatusesResponse", list_fields };

static int find(struct ctx *c, const char *kind, const char *name, struct draft *ret, struct err *e)
{
	const struct resource *res = resource_by_kind(c->world, kind);
	int found = crud_need_parent(c, res, resource_parent(c, res, name), e)
			    ? -1
			    : draft_load(c, res, name, ret, e);

	if (found < 0)
		return -1;
	return found ? 0 : err_say(e, SAY_ID_NOT_FOUND, res->label, ctx_trace(c));
}

static int find_config(struct call *call, struct draft *ret, struct err *e)
{
	return find(&call->ctx, "cdf_config", call->params.name, ret, e);
}

static json_t *split(const char *names)
{
	json_auto_t *list = json_array();
	size_t len;

	for (; *names; names += len + (names[len] == ',')) {
		len = strcspn(names, ",");
		if (json_array_append_new(list, json_stringn(names, len)))
			return NULL;
	}
	return STEAL(list);
}

/* The names of the tables of the feed, in the arena. */
static json_t *tables(struct call *call, const struct draft *config, struct err *e)
{
	struct ctx *c = &call->ctx;
	const struct data_plane *plane = c->world->data_plane;
	const char *name = resource_parent(c, config->res, config->name);
	struct draft database;
	json_t *list;

	if (plane && plane->tables) {
		if (find(c, "database", name, &database, e))
			return NULL;
		list = plane->tables(plane->arg, c->ws, database.parent,
			doc_str(database.status, "postgres_database"),
			doc_str(config->doc, "postgres_schema"));
	} else {
		list = split(setting_str(&c->world->settings, SETTING_CDF_TABLES));
	}
	list = arena_own(c->arena, list, doc_free);
	if (!list)
		err_oom(e);
	return list;
}

static json_t *status(struct call *call, const struct draft *config, const char *name)
{
	struct ctx *c = &call->ctx;
	usec made = 0, streams;
	json_t *doc = json_pack("{s:s,s:s,s:s,s:s,s:s}", "name",
		arena_printf(c->arena, "%s/cdf-statuses/%s", config->name, name), "create_time",
		doc_str(config->doc, "create_time"), "postgres_table", name, "uc_table",
		arena_printf(c->arena, "%s.%s.%s", doc_str(config->doc, "catalog"),
			doc_str(config->doc, "schema"), name),
		"state", "CDF_STATE_SNAPSHOTTING");

	(void)!doc_time(config->doc, "create_time", &made);
	streams = made + SNAPSHOT_S * USEC_SECOND;
	if (!doc || c->now < streams)
		return doc;
	if (doc_set_str(doc, "state", "CDF_STATE_STREAMING") ||
		doc_set_time(doc, "last_sync_time", streams) ||
		doc_set_str(doc, "committed_lsn",
			arena_printf(c->arena, "0/%llX",
				(unsigned long long)(0x1A00000 + config->seq * 64)))) {
		json_decref(doc); /* allowed: nobody else has it yet */
		return NULL;
	}
	return doc;
}

static int get_status(struct call *call, struct err *e)
{
	const char *wanted = call_arg(call, "cdf_status_id");
	struct draft config;
	json_t *list, *name;
	size_t i;

	/* the route cuts one segment: the feed is two above */
	call->params.name = name_parent_segment(&call->ctx, call->params.name);
	if (find_config(call, &config, e))
		return -1;
	list = tables(call, &config, e);
	if (!list)
		return -1;
	json_array_foreach (list, i, name)
		if (streq(json_string_value(name), wanted))
			return call_reply(call, status(call, &config, wanted), e);
	return err_say(e, SAY_ID_NOT_FOUND, "cdf status", ctx_trace(&call->ctx));
}

static int list_statuses(struct call *call, struct err *e)
{
	struct buf *out = &call->resp->body;
	struct draft config;
	struct slice page;
	json_t *list;
	int64_t n, end;

	if (find_config(call, &config, e) ||
		page_read(&call->ctx, config.res, &call->params, &page, e))
		return -1;
	list = tables(call, &config, e);
	if (!list)
		return -1;
	end = (int64_t)json_array_size(list);
	end = end < page.after + page.size ? end : page.after + page.size;
	if (end <= page.after) {
		buf_adds(out, "{}");
		return 0;
	}
	buf_adds(out, "{\"cdf_statuses\":[");
	for (n = page.after; n < end; n++) {
		json_auto_t *doc = status(
			call, &config, json_string_value(json_array_get(list, (size_t)n)));

		if (!doc)
			return err_oom(e);
		buf_adds(out, n > page.after ? "," : "");
		doc_dump(doc, out);
	}
	buf_adds(out, "]");
	if ((size_t)n < json_array_size(list)) {
		buf_adds(out, ",");
		page_token(&call->ctx, config.res, &call->params, n, out);
	}
	buf_adds(out, "}");
	return 0;
}

static const struct query_param pages[] = {
	{ "page_size", T_INT32, "Most items on a page; 0 is the default." },
	{ "page_token", T_STRING, "`next_page_token` of the page before." },
	{ 0 },
};

#define PATH                                                                                       \
	"/api/2.0/postgres/projects/{project_id}/branches/{branch_id}/databases/{database_id}"     \
	"/cdf-configs/{cdf_config_id}/cdf-statuses"

const struct route cdf_status_routes[] = {
	{ "GetCdfStatus", "GET", PATH "/{cdf_status_id}", get_status, .reply = &status_message,
		.flags = ROUTE_CUT, .evidence = EVIDENCE_TYPED,
		.doc = "How far the feed of one table is." },
	{ "ListCdfStatuses", "GET", PATH, list_statuses, .query = pages, .reply = &list_message,
		.flags = ROUTE_CUT | ROUTE_PAGED, .evidence = EVIDENCE_TYPED,
		.doc = "How far a feed is, for each table." },
	{ 0 },
};
