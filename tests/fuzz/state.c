/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State documents. A server that has a little of everything is exported once; the input is a list of
 * edits of that document, three bytes each: which row, which of its members, which value of a pool
 * that holds what stands elsewhere in the document and what does not fit. Then it is imported.
 *
 * Whatever comes: it is refused and nothing has changed, or it is taken, and then requests about all
 * that is in it and any passing of time answer without a failure, and what is exported goes in again.
 */
#include <stdio.h>
#include <string.h>

#include "admin/front.h"
#include "api/app.h"
#include "base/text.h"
#include "core/document/doc.h"
#include "fuzz/fuzz.h"

#define API "/api/2.0/postgres/"

static struct app *app;
static struct lab *lab;
static json_t *base;   /* the document */
static json_t *values; /* the pool */

static uint64_t connection;

/* ---- requests ---- */

/* The answer; valid until the next one. */
static struct response *ask(const char *method, const char *target, const char *body)
{
	static struct response resp;
	static char path[2048];
	struct request req = {.method = method, .path = path, .query = "", .body = body,
		.body_len = body ? strlen(body) : 0, .authorization = "Bearer any",
		.connection = ++connection, .ordinal = 1, .arrived = monotonic_now()};
	char *query;

	snprintf(path, sizeof path, "%s%s", *target == '/' ? "" : API, target);
	query = path + strcspn(path, "?");
	req.query = *query ? query + 1 : "";
	*query = '\0';
	response_reset(&resp);
	front_serve(lab, &req, &resp);
	if (resp.status >= 500 && resp.status != 501)
		fprintf(stderr, "%s %s: %d %s\n", method, target, resp.status,
			resp.body.data ? resp.body.data : "");
	PROMISE(resp.status < 500 || resp.status == 501);
	return &resp;
}

static char *exported(void)
{
	struct response *resp = ask("GET", "/_mock/state", NULL);
	char *text;

	PROMISE(resp->status == 200);
	text = strdup(resp->body.data);
	PROMISE(text);
	return text;
}

/* ---- the document ---- */

static void populate(void)
{
	static const char *const steps[][3] = {
		{"POST", "projects?project_id=gone", "{}"},
		{"POST", "/_mock/clock/advance", "{\"by\":\"1s\"}"},
		{"DELETE", "projects/gone", NULL},
		{"POST", "projects?project_id=p", "{}"},
		{"POST", "projects/p/branches?branch_id=old", "{\"spec\":{\"no_expiry\":true}}"},
		{"POST", "/_mock/clock/advance", "{\"by\":\"1s\"}"},
		{"DELETE", "projects/p/branches/old", NULL},
		{"POST", "projects/p/branches?branch_id=b", "{\"spec\":{\"ttl\":\"7200s\"}}"},
		{"POST", "projects/p/branches/production/roles?role_id=r",
			"{\"spec\":{\"postgres_role\":\"app\"}}"},
		{"POST", "projects/p/snapshots?snapshot_id=s",
			"{\"spec\":{\"source_branch\":\"projects/p/branches/production\","
			"\"ttl\":\"3600s\"}}"},
		{"POST", "catalogs?catalog_id=c",
			"{\"spec\":{\"postgres_database\":\"databricks_postgres\","
			"\"branch\":\"projects/p/branches/production\"}}"},
		{"POST", "synced_tables?synced_table_id=c.public.t",
			"{\"spec\":{\"source_table_full_name\":\"main.a.b\","
			"\"primary_key_columns\":[\"id\"],\"scheduling_policy\":\"SNAPSHOT\"}}"},
		{"POST", "/api/2.0/workspace/mkdirs", "{\"path\":\"/a\"}"},
		{"POST", "/api/2.0/workspace-files/import-file/a/f", "text"},
		{"PATCH", "/api/2.0/permissions/database-projects/p",
			"{\"access_control_list\":[{\"user_name\":\"u@example.com\","
			"\"permission_level\":\"CAN_USE\"}]}"},
		{"POST", "/_mock/clock/advance", "{\"by\":\"1s\"}"},
		{"PUT", "/_mock/lro", "{\"default\":\"after:1h\"}"},
		{"PATCH", "projects/p/branches/b/endpoints/primary?update_mask=spec.disabled",
			"{\"spec\":{\"disabled\":true}}"},
		{"PUT", "/_mock/lro", "{\"default\":\"after-polls:2\"}"},
		{"PATCH", "projects/p/branches/production/roles/r?update_mask=spec.attributes",
			"{\"spec\":{\"attributes\":{\"createdb\":true}}}"},
		{"PUT", "/_mock/lro", "{\"default\":\"first-poll\"}"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		ask(steps[i][0], steps[i][1], steps[i][2]);
}

/* Every value of the document, whole objects too, and some that fit nowhere. */
static void collect(json_t *v)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_array_size(values) < 4000)
		json_array_append(values, v);
	json_object_foreach (v, key, item)
		collect(item);
	json_array_foreach (v, i, item)
		collect(item);
}

static void open_once(void)
{
	const struct app_options ao = {.seed = 42, .clock = "manual:2026-01-01T00:00:00Z"};
	const struct lab_options lo = {.journal_rows = 16, .version = "fuzz"};
	static const char odd[] = "[null,true,-1,0,1,2,7,1e15,\"\",\"x\",\"/\",\"..\",[],{},"
				  "\"2025-01-01T00:00:00Z\",\"9999-12-31T23:59:59Z\",\"branch_expired\","
				  "\"branch_purged\",\"project_purged\",\"operation_done\",\"sync\","
				  "\"after:1s\",\"stuck\",\"vanish:1s\",\"fail:X:y\",\"projects/p\"]";
	struct err e;
	char *text;

	if (app)
		return;
	PROMISE(!app_open(&app, &ao, &e) && !lab_open(&lab, app, &lo, &e));
	lab_ready(lab);
	populate();
	text = exported();
	base = json_loads(text, 0, NULL);
	values = json_loads(odd, 0, NULL);
	PROMISE(base && values);
	collect(base);
	free(text);
}

/* ---- edits ---- */

/* The n-th object in a tree, itself included; objects are counted in *n. */
static json_t *nth_object(json_t *v, size_t *n)
{
	const char *key;
	json_t *item, *found = NULL;
	size_t i;

	if (json_is_object(v) && (*n)-- == 0)
		return v;
	json_object_foreach (v, key, item)
		if ((found = nth_object(item, n)))
			return found;
	json_array_foreach (v, i, item)
		if ((found = nth_object(item, n)))
			return found;
	return NULL;
}

static void edit(json_t *doc, const uint8_t *b)
{
	size_t n = (size_t)b[0] << 1 | b[1] >> 7, member = b[1] & 0x1f, i = 0;
	size_t value = ((size_t)(b[1] & 0x60) << 3 | b[2]) % json_array_size(values);
	json_t *at = nth_object(doc, &n), *item;
	const char *key, *chosen = NULL;

	if (!at || !json_object_size(at))
		return;
	json_object_foreach (at, key, item)
		if (i++ == member % json_object_size(at))
			chosen = key;
	if (member == 0x1f) /* in the place of all members: a new one */
		json_object_set_new(at, "event", json_deep_copy(json_array_get(values, value)));
	else if (member == 0x1e)
		json_object_del(at, chosen);
	else
		json_object_set_new(at, chosen, json_deep_copy(json_array_get(values, value)));
}

/* ---- what comes after an import ---- */

static void look_at_everything(const char *text)
{
	static const char *const lists[] = {"resources", "operations"};
	json_t *doc = json_loads(text, 0, NULL), *row;
	size_t i;

	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		json_array_foreach (json_object_get(doc, lists[l]), i, row) {
			const char *name = json_string_value(json_object_get(row, "name"));

			if (name && strlen(name) < 1000 && !strpbrk(name, " ?#%"))
				ask("GET", name, NULL);
		}
	json_decref(doc);
}

static void go_on(void)
{
	static const char *const steps[][3] = {
		{"GET", "projects?show_deleted=true", NULL},
		{"GET", "projects/p/branches?show_deleted=true", NULL},
		{"POST", "/_mock/clock/advance", "{\"by\":\"1h\"}"},
		{"POST", "projects/gone/undelete", "{}"},
		{"POST", "projects/p/branches/old/undelete", "{}"},
		{"POST", "projects/p/branches?branch_id=new",
			"{\"spec\":{\"source_snapshot\":\"projects/p/snapshots/s\",\"no_expiry\":true}}"},
		{"POST", "/_mock/clock/advance", "{\"until\":\"idle\"}"},
		{"PATCH", "projects/p/branches/b?update_mask=spec.is_protected",
			"{\"spec\":{\"is_protected\":true}}"},
		{"DELETE", "projects/p", NULL},
		{"POST", "/_mock/clock/advance", "{\"by\":\"400d\"}"},
		{"GET", "/api/2.0/workspace/list?path=/", NULL},
		{"GET", "/api/2.0/permissions/database-projects/p", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		ask(steps[i][0], steps[i][1], steps[i][2]);
}

static void goes_in_again(void)
{
	char *before = exported(), *after;

	PROMISE(ask("PUT", "/_mock/state", before)->status == 200);
	after = exported();
	if (!streq(before, after))
		fprintf(stderr, "%s\n%s\n", before, after);
	PROMISE(streq(before, after));
	free(before);
	free(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	json_t *doc;
	char *text, *before, *after;
	int status;

	open_once();
	doc = json_deep_copy(base);
	for (size_t i = 0; i + 3 <= len && i < 3 * 12; i += 3)
		edit(doc, data + i);
	text = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	ask("POST", "/_mock/reset?keep=clock", NULL);
	before = exported();
	status = ask("PUT", "/_mock/state", text)->status;
	if (status == 200) {
		look_at_everything(text);
		goes_in_again();
		go_on();
		goes_in_again();
	} else {
		after = exported();
		PROMISE(status == 400 && streq(before, after));
		free(after);
	}
	ask("POST", "/_mock/reset", NULL);
	free(before);
	free(text);
	return 0;
}
