/* SPDX-License-Identifier: Apache-2.0 */
/* State documents: what the server writes it reads, what it could not have written it refuses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/resource/draft.h"
#include "lab/cases.h"

#define FILES "/api/2.0/workspace"

START_TEST(thirty_thousand_operations_fit)
{
	struct buf b = {0};

	buf_adds(&b, "{'resources':[],'clock':{'mode':'manual','now':'2026-01-01T00:00:00Z'},"
		     "'operations':[");
	for (int i = 1; i <= 30000; i++)
		buf_addf(&b,
			"%s{'kind':'operation','name':'projects/p/operations/%05d',"
			"'parent':'projects/p','seq':%d,'doc':{'done':true,'name':"
			"'projects/p/operations/%05d','metadata':{'@type':'type.googleapis.com/"
			"databricks.postgres.v1.ProjectOperationMetadata'}}}",
			i > 1 ? "," : "", i, i, i);
	buf_adds(&b, "]}");
	rig_want(r, "PUT /_mock/state", b.data, 200);
	buf_done(&b);
	rig_round_trip(r, "30,000 operations");
}
END_TEST

/* ---- documents that nobody exported ---- */

/* A little of everything that waits, is deleted, hidden or locked. */
static json_t *populate(void)
{
	char *text;
	json_t *doc;

	rig_want(r, "POST " PROJECTS "?project_id=gone", "{}", 200);
	rig_want(r, "DELETE " PROJECTS "/gone", NULL, 200);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1s'}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	rig_want(r, "POST " PROJECTS "/p/branches?branch_id=old", "{'spec':{'no_expiry':true}}", 200);
	rig_want(r, "DELETE " PROJECTS "/p/branches/old", NULL, 200);
	rig_want(r, "POST " PROJECTS "/p/branches?branch_id=b", "{'spec':{'ttl':'7200s'}}", 200);
	rig_want(r, "POST " PROJECTS "/p/snapshots?snapshot_id=s",
		"{'spec':{'source_branch':'projects/p/branches/production','ttl':'3600s'}}", 200);
	rig_want(r, "PATCH /api/2.0/permissions/database-projects/p",
		"{'access_control_list':[{'user_name':'u@example.com','permission_level':"
		"'CAN_USE'}]}",
		200);
	rig_want(r, "POST " FILES "/mkdirs", "{'path':'/a'}", 200);
	rig_want(r, "POST " FILES "-files/import-file/a/f", "text", 200);
	rig_want(r, "PUT /_mock/lro", "{'default':'after:1h'}", 200);
	rig_want(r, "PATCH " PROJECTS "/p/branches/b/endpoints/primary?update_mask=spec.disabled",
		"{'spec':{'disabled':true}}", 200);
	rig_want(r, "POST /_mock/projects/gone/maintenance", "{'for':'5s'}", 404);
	text = rig_state(r);
	doc = json_loads(text, 0, NULL);
	free(text);
	return doc;
}

/* The row of that name (of an operation: the beginning of its name) in any list. */
static json_t *row(json_t *doc, const char *name, bool deleted)
{
	static const char *const lists[] = {"resources", "operations", "permissions"};
	json_t *found = NULL, *o;
	size_t i;

	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		json_array_foreach (json_object_get(doc, lists[l]), i, o) {
			const char *n = json_string_value(json_object_get(o, "name"));
			bool pending = json_is_false(
				json_object_get(json_object_get(o, "doc"), "done"));

			if (!deleted == !json_integer_value(json_object_get(o, "deleted")) &&
				(streq(n, name) || (pending && strstr(name, "/operations/") &&
							   text_starts(n, name, NULL))))
				found = o;
		}
	ck_assert_msg(found != NULL, "no %s", name);
	return found;
}

/* Sets (JSON text, ' for ") or removes (NULL) what a dotted path names. */
static void put(json_t *at, const char *path, const char *value)
{
	char key[64], text[512];
	size_t n;

	for (;; path += n + 1) {
		n = strcspn(path, ".");
		snprintf(key, sizeof key, "%.*s", (int)n, path);
		if (!path[n])
			break;
		at = json_object_get(at, key);
		ck_assert_ptr_nonnull(at);
	}
	if (!value) {
		json_object_del(at, key);
		return;
	}
	snprintf(text, sizeof text, "%s", value);
	for (char *p = text; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	json_t *v = json_loads(text, JSON_DECODE_ANY, NULL);

	ck_assert_msg(v != NULL, "%s", text);
	json_object_set_new(at, key, v);
}

#define B "projects/p/branches/b"
#define OLD "projects/p/branches/old"
#define PENDING B "/endpoints/primary/operations/"

static const struct {
	const char *row;
	bool deleted;
	const char *why; /* what is told */
	const char *path, *value, *path2, *value2;
} edits[] = {
	/* what falls due */
	{OLD, true, "is deleted, never purged, and did not come", "event", "'branch_expired'", "due", "'2025-01-01T00:00:00Z'"},
	{OLD, true, "is deleted, never purged, and did not come", "event", "'branch_ready'"},
	{OLD, true, "is deleted, never purged, and did not come", "event", "'project_purged'"},
	{OLD, true, "is deleted, never purged, and did not come", "event", NULL, "due", NULL},
	{OLD, true, "is of a kind that is not deleted like that", "deleted", "1"},
	{OLD, true, "needs the number of its 'deletion' in its", "deleted", "77"},
	{OLD, true, "waits to be purged and is not deleted", "deleted", "0"},
	{OLD, true, "needs the number of its 'deletion' in its", "aux", NULL},
	{"projects/gone", true, "is of a kind that is not deleted like that", "deleted", "5"},
	{"projects/gone", true, "is deleted and never purged", "event", "'branch_purged'"},
	{"projects/gone", true, "is deleted and never purged", "event", NULL, "due", NULL},
	{"projects/gone/branches/production", true, "needs the number of its 'deletion' in its", "event", "'branch_purged'", "due",
		"'2025-01-01T00:00:00Z'"},
	{"projects/gone/branches/production", true, "is deleted, never purged, and did not come", "aux.implicit", NULL},
	{"projects/gone/branches/production", true, "was hidden by a deletion that is not there", "deleted", "99"},
	{B, false, "waits to be purged and is not deleted", "event", "'branch_purged'"},
	{B, false, "cannot wait for that 'event'", "event", "'endpoint_suspended'"},
	{B, false, "needs 'due' and 'event', or neither", "event", NULL},
	{B, false, "needs 'due' and 'event', or neither", "due", NULL},
	{B, false, "must be an RFC 3339 timestamp, got", "due", "'2026-01-01t00:00:00z'"},
	{"projects/p", false, "cannot wait for that 'event'", "event", "'project_expired'", "due", "'2027-01-01T00:00:00Z'"},
	{"projects/p/snapshots/s", false, "waits to be purged and is not deleted", "event", "'snapshot_purged'"},
	{"permissions/projects/p", false, "is deleted, has an 'aux' or waits for an", "event", "'permission_expired'", "due",
		"'2027-01-01T00:00:00Z'"},
	/* what a row is */
	{B, false, "is no Endpoint: branch_id: is not in the", "kind", "'endpoint'"},
	{B, false, "has a name that does not fit its kind and", "parent", "'projects/gone'"},
	{B, false, "has a name that does not fit its kind and", "parent", "''"},
	{B, false, "has a 'scope' or an 'alias', which its kind", "alias", "'projects/p'"},
	{B, false, "has a 'scope' or an 'alias', which its kind", "scope", "'projects/p'"},
	{B, false, "has the 'seq' of another", "seq", "1"},
	{B, false, "has another 'name' in its doc", "doc.name", "'projects/p/branches/c'"},
	{B, false, "has a 'uid' that is not of letters, digits", "doc.uid", "'../../etc'"},
	{B, false, "is no Branch: status: an object, got 7", "doc.status", "7"},
	{B, false, "is no Branch: status.current_state: must be", "doc.status.current_state", "'NONSENSE'"},
	{B, false, "is no Branch: create_time: an RFC 3339", "doc.create_time", "'2026-01-01t00:00:00z'"},
	{B, false, "is no BranchSpec: colour: is not in the", "aux", "{'colour':1}"},
	{B, false, "is no BranchSpec: is_protected: a boolean,", "aux", "{'is_protected':'yes'}"},
	{"projects/p/snapshots/s", false, "is no memory: kept: a list, got 7", "aux.kept", "7"},
	{"projects/p/snapshots/s", false, "keeps what no snapshot keeps", "aux.kept", "[{'kind':'nothing','id':'x','status':{}}]"},
	{"projects/p/snapshots/s", false, "keeps what no snapshot keeps", "aux.kept", "[{'kind':'role','status':{}}]"},
	{"projects/p/snapshots/s", false, "is no RoleRoleStatus: attributes: an object,", "aux.kept",
		"[{'kind':'role','id':'x','status':{'attributes':7}}]"},
	{"permissions/projects/p", false, "is no permission: entries: a list, got 7", "doc.entries", "7"},
	{"permissions/projects/p", false, "is no permission:", "doc.entries", "[{'permission_level':'CAN_FLY'}]"},
	{"permissions/projects/p", false, "has a name, parent, scope or alias that does", "doc", "{}"},
	{"permissions/projects/p", false, "is deleted, has an 'aux' or waits for an", "deleted", "3"},
	{"permissions/projects/p", false, "has a name, parent, scope or alias that does", "name", "'permissions/elsewhere'"},
	{"workspace-files/a/f", false, "has a name, parent, scope or alias that does", "aux", NULL},
	{"workspace-files/a/f", false, "is no content of a file: content: a string,", "aux.content", "7"},
	{"workspace-files/a/f", false, "has a name, parent, scope or alias that does", "parent", "'workspace-files'"},
	{"workspace-files/a/f", false, "is no workspace file: size: an integer, got", "doc.size", "'many'"},
	{B, false, "", "aux", "7"},
	{B, false, "is no BranchSpec", "aux", "{'deletion':2,'x':1}"},
	{B, false, "is no memory", "aux", "{'deletion':1}"},
	{B, false, "is no memory", "aux", "{'implicit':'yes'}"},
	{B, false, "name that does not fit", "name", "'projects/p/branches/'", "doc.name",
		"'projects/p/branches/'"},
	{B, false, "name that does not fit", "name", "'projects/p/branches/b/c'", "doc.name",
		"'projects/p/branches/b/c'"},
	{B, false, "name that does not fit", "name", "'projects/pbranches/b'", "doc.name",
		"'projects/pbranches/b'"},
	{B, false, "name that does not fit", "name", "'projects/p/branchesb'", "doc.name",
		"'projects/p/branchesb'"},
	{B, false, "has a 'uid' that", "doc.uid", "''"},
	{B, false, "has a 'uid' that", "doc.uid",
		"'a123456789b123456789c123456789d123456789e123456789f123456789g123'"},
	/* what an operation will do */
	{PENDING, false, "a name or an alias that is no", "name", "'" PENDING "'", "doc.name",
		"'" PENDING "'"},
	{PENDING, false, "a name or an alias that is no", "name", "'" PENDING "a/b'", "doc.name",
		"'" PENDING "a/b'"},
	{PENDING, false, "a name or an alias that is no", "name", "'" B "/operations/a'", "doc.name",
		"'" B "/operations/a'"},
	{PENDING, false, "a name or an alias that is no", "alias", "'projects/p/operations/'"},
	{PENDING, false, "a name or an alias that is no", "alias", "'projects/q/operations/x'"},
	{PENDING, false, "has another 'name' in its doc", "doc.name", "'" PENDING "a'"},
	{PENDING, false, "is no memory", "aux.deleted", "0"},
	{PENDING, false, "is no memory", "aux.polls", "-1"},
	{PENDING, false, "needs 'due' and the 'event' operation_done,", "event", "'branch_expired'"},
	{PENDING, false, "needs 'due' and the 'event' operation_done,", "event", NULL},
	{PENDING, false, "has a 'due', polls or a plan that do not fit", "due", NULL, "event", NULL},
	{PENDING, false, "is deleted, or has a name or an alias that is", "deleted", "7"},
	{PENDING, false, "is not done and needs the 'scope' that it", "scope", NULL},
	{PENDING, false, "is not done and needs the 'scope' that it", "scope", "'projects/other'"},
	{PENDING, false, "is not done and needs the 'scope' that it", "scope", "'projects/p'"},
	{PENDING, false, "is deleted, or has a name or an alias that is", "alias", "'projects/p'"},
	{PENDING, false, "is done and yet has a 'due' or a 'scope'", "doc.done", "true"},
	{PENDING, false, "needs the 'aux' that tells what it will do", "aux", NULL},
	{PENDING, false, "is no memory: colour: is not in the schema,", "aux.colour", "1"},
	{PENDING, false, "has an 'aux' that does not tell what it will", "aux.kind", "'nothing'"},
	{PENDING, false, "has an 'aux' that does not tell what it will", "aux.target", "'projects/p'"},
	{PENDING, false, "has an 'aux' that does not tell what it will", "aux.plan", "'sometimes'"},
	{PENDING, false, "has a 'due', polls or a plan that do not fit", "aux.plan", "'sync'"},
	{PENDING, false, "has a 'due', polls or a plan that do not fit", "aux.plan", "'stuck'"},
	{PENDING, false, "does nothing that is known", "aux.verb", "3"},
	{PENDING, false, "has a 'due', polls or a plan that do not fit", "aux.polls", "1"},
	{PENDING, false, "has a 'due', polls or a plan that do not fit", "aux.vanish", "1"},
	{PENDING, false, "has another 'name' in its doc", "aux.doc", NULL},
	{PENDING, false, "has another 'name' in its doc", "aux.doc.name", "'projects/p'"},
	{PENDING, false, "is no Endpoint: status: an object, got 7", "aux.doc.status", "7"},
	{PENDING, false, "is no Endpoint: status.current_state: must be", "aux.doc.status.current_state", "'NONSENSE'"},
	{PENDING, false, "is no Endpoint: create_time: an RFC 3339", "aux.doc.create_time", "'2026-01-01t00:00:00z'"},
	{PENDING, false, "is no EndpointSpec: colour: is not in the", "aux.aux", "{'colour':1}"},
	{PENDING, false, "will make its resource wait for what it cannot", "aux.event", "'endpoint_purged'", "aux.due", "1"},
	{PENDING, false, "will make its resource wait for what it cannot", "aux.event", "'endpoint_suspended'", "aux.due", NULL},
};

START_TEST(what_no_server_wrote_is_refused_and_changes_nothing)
{
	json_t *good = populate();
	char *before = rig_state(r), *text, *after;

	ck_assert_int_eq(rig_ask(r, "PUT /_mock/state", before), 200);
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		json_t *doc = json_deep_copy(good), *at = row(doc, edits[i].row, edits[i].deleted);
		int status;

		put(at, edits[i].path, edits[i].value);
		if (edits[i].path2)
			put(at, edits[i].path2, edits[i].value2);
		text = json_dumps(doc, JSON_COMPACT);
		status = rig_ask(r, "PUT /_mock/state", text);
		ck_assert_msg(status == 400, "%s %s %s: %d", edits[i].row, edits[i].path,
			edits[i].value ? edits[i].value : "-", status);
		ck_assert_msg(strstr(rig_str(r, "message"), edits[i].why), "%s %s: %s", edits[i].row,
			edits[i].path, rig_str(r, "message"));
		free(text);
		json_decref(doc);
	}
	after = rig_state(r);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
	json_decref(good);
}
END_TEST

/* When an operation is done, and what it counts until then, follows from its plan. */
static const struct {
	const char *plan;
	bool due;
	const char *key; /* one more of its memory */
	bool good;
} paces[] = {
	{"after:1h", true, NULL, true}, {"after:1h", false, NULL, false}, {"after:1h", true, "polls", false},
	{"after:1h", true, "vanish", false}, {"after:1h", true, "hidden", false},
	{"first-poll", true, NULL, true}, {"no-response", true, NULL, true},
	{"done-not-ready:5s", true, NULL, true}, {"done-not-ready:5s", false, NULL, false},
	{"fail:INTERNAL_ERROR:no:1h", true, NULL, true}, {"fail:INTERNAL_ERROR:no:1h", false, NULL, false},
	{"after-polls:2", false, "polls", true}, {"after-polls:2", true, "polls", false},
	{"after-polls:2", false, NULL, false}, {"after-polls:2", false, "vanish", false},
	{"stuck", false, NULL, true}, {"stuck", true, NULL, false}, {"stuck", false, "polls", false},
	{"stuck", false, "vanish", false}, {"stuck", false, "hidden", false},
	{"vanish:1h", false, "vanish", true}, {"vanish:1h", true, "vanish", false},
	{"vanish:1h", false, NULL, false}, {"vanish:1h", false, "polls", false},
	{"late-visible:2", true, "hidden", true}, {"late-visible:2", true, NULL, true},
	{"late-visible:2", false, "hidden", false}, {"late-visible:2", true, "polls", false},
	{"sync", true, NULL, false}, {"sync", false, NULL, false},
};

START_TEST(an_operation_waits_as_its_plan_says)
{
	json_t *good = populate();

	for (size_t i = 0; i < ARRAY_SIZE(paces); i++) {
		json_t *doc = json_deep_copy(good), *at = row(doc, PENDING, false);
		char plan[64], key[32], *text;
		int status;

		snprintf(plan, sizeof plan, "'%s'", paces[i].plan);
		put(at, "aux.plan", plan);
		if (!paces[i].due) {
			put(at, "due", NULL);
			put(at, "event", NULL);
		}
		if (paces[i].key) {
			snprintf(key, sizeof key, "aux.%s", paces[i].key);
			put(at, key, "1");
		}
		text = json_dumps(doc, JSON_COMPACT);
		status = rig_ask(r, "PUT /_mock/state", text);
		ck_assert_msg(status == (paces[i].good ? 200 : 400), "%s %d %s: %d %s", paces[i].plan,
			paces[i].due, paces[i].key ? paces[i].key : "-", status, r->resp.body.data);
		if (!paces[i].good)
			ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), "do not fit"));
		free(text);
		json_decref(doc);
	}
	json_decref(good);
}
END_TEST

START_TEST(a_null_is_no_list)
{
	rig_refuses(r, "PUT /_mock/state", "{'resources':null}", "resources");
	rig_refuses(r, "PUT /_mock/state", "{'resources':{}}", "resources");
	rig_refuses(r, "PUT /_mock/state", "{'resources':[],'operations':null}", "operations");
	rig_refuses(r, "PUT /_mock/state", "{'resources':[null]}", "resources");
	rig_want(r, "PUT /_mock/state", "{'resources':[]}", 200);
}
END_TEST

/* ---- should one get in all the same ---- */

/* Writes a row past every check, as a defect or an old file would. */
static void smuggle(const struct object *o)
{
	struct err e;
	struct workspace *ws = app_workspace(r->app, "default", true, &e);

	ck_assert_ptr_nonnull(ws);
	ck_assert_int_eq(app_begin(r->app, ws, &e), 0);
	ck_assert_int_eq(store_put(r->app->world.store, ws->state, o, &e), 0);
	ck_assert_int_eq(app_end(r->app, ws, 0, &e), 0);
}

START_TEST(a_hidden_branch_that_expires_is_gone)
{
	json_t *doc;
	char *text;

	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	rig_want(r, "POST " PROJECTS "/p/branches?branch_id=b", "{'spec':{'no_expiry':true}}", 200);
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.default_branch",
		"{'spec':{'default_branch':'" B "'}}", 200);
	rig_want(r, "PATCH " PROJECTS "/p/branches/production?update_mask=spec.is_protected",
		"{'spec':{'is_protected':false}}", 200);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1s'}", 200);
	rig_want(r, "DELETE " PROJECTS "/p", NULL, 200);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1s'}", 200);
	text = rig_state(r);
	doc = json_loads(text, 0, NULL);
	free(text);
	put(row(doc, "projects/p/branches/production", true), "due", "'2026-01-02T00:00:00Z'");
	put(row(doc, "projects/p/branches/production", true), "event", "'branch_expired'");
	text = json_dumps(doc, JSON_COMPACT);
	rig_want(r, "PUT /_mock/state", text, 200);
	free(text);
	json_decref(doc);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'2d'}", 200);
	text = rig_state(r);
	ck_assert_ptr_null(strstr(text, "branch_expired"));
	ck_assert_ptr_null(strstr(text, "'projects/p/branches/production'"));
	free(text);
	rig_round_trip(r, "after the expiry");
}
END_TEST

static int agains;

static int again(struct ctx *c, struct draft *d, struct err *e)
{
	agains++;
	d->due = c->now;
	return draft_store(c, d, e);
}

START_TEST(an_event_that_leaves_its_row_due_is_a_defect_and_no_loop)
{
	static const struct field fields[] = {{"name", T_STRING}, {0}};
	static const struct message message = {"Loop", fields};
	static const struct resource loop = {.kind = "loop", .message = &message, .due = again};
	static const struct resource *const types[] = {&loop, NULL};
	const struct object o = {.name = "loops/x", .kind = "loop", .parent = "", .seq = 1000,
		.doc = "{\"name\":\"loops/x\"}", .due = RIG_START - 1, .event = "loop_again"};

	r->app->world.resources = types;
	smuggle(&o);
	agains = 0;
	rig_want(r, "GET " PROJECTS, NULL, 500);
	ck_assert_int_eq(agains, 8);
	ck_assert_msg(strstr(rig_str(r, "message"), "loops/x") != NULL, "%s", rig_str(r, "message"));
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1h'}", 500);
	rig_want(r, "POST /_mock/reset", NULL, 200);
	rig_want(r, "GET " PROJECTS, NULL, 200);
}
END_TEST

/* An operation that has forgotten what it does ends nothing, and says so. */
START_TEST(an_operation_with_damaged_memory_is_a_defect)
{
	static const struct {
		const char *aux, *told;
	} rows[] = {
		{"{}", "damaged memory"},
		{"{'kind':'project','verb':1,'plan':'sync'}", "damaged memory"},
		{"{'kind':'project','target':'projects/p','verb':1}", "damaged memory"},
		{"{'kind':'thing','target':'projects/p','verb':1,'plan':'sync'}", "damaged memory"},
		{"{'kind':'project','target':'projects/p','verb':1,'plan':'soon'}", "damaged memory"},
		{"{'kind':'project','target':'projects/p','plan':'sync'}", "of no kind"},
		{"{'kind':'project','target':'projects/p','verb':3,'plan':'sync'}", "of no kind"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char aux[128];
		const struct object o = {.name = "projects/p/operations/x", .kind = "operation",
			.parent = "projects/p", .seq = 1000, .due = RIG_START - 1, .aux = aux,
			.event = "operation_done", .doc = "{\"done\":false}"};

		snprintf(aux, sizeof aux, "%s", rows[i].aux);
		for (char *p = aux; *p; p++)
			*p = *p == '\'' ? '"' : *p;
		rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
		smuggle(&o);
		rig_want(r, "GET " PROJECTS "/p", NULL, 500);
		ck_assert_msg(strstr(rig_str(r, "message"), rows[i].told) != NULL, "%s: %s", aux,
			rig_str(r, "message"));
		rig_want(r, "POST /_mock/reset", NULL, 200);
	}
}
END_TEST

START_TEST(a_deleted_branch_that_expires_once_more_is_purged)
{
	const struct object o = {.name = "projects/x/branches/b", .kind = "branch", .seq = 1001,
		.parent = "projects/x", .doc = "{\"name\":\"projects/x/branches/b\"}",
		.due = RIG_START - 1, .event = "branch_expired", .deleted = 7};
	char *text;

	smuggle(&o);
	rig_want(r, "GET " PROJECTS, NULL, 200);
	text = rig_state(r);
	ck_assert_ptr_null(strstr(text, "branch_expired"));
	free(text);
}
END_TEST

int main(void)
{
	return CASES("lab-import", NULL, {thirty_thousand_operations_fit},
		{what_no_server_wrote_is_refused_and_changes_nothing},
		{an_operation_waits_as_its_plan_says}, {a_null_is_no_list},
		{a_hidden_branch_that_expires_is_gone},
		{an_event_that_leaves_its_row_due_is_a_defect_and_no_loop},
		{an_operation_with_damaged_memory_is_a_defect},
		{a_deleted_branch_that_expires_once_more_is_purged});
}
