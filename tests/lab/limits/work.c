/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The largest requests that are let in, one after another, under valgrind's callgrind: work.py reads
 * how many instructions each took and compares that with what it may take for its size. What grows
 * with the square of a length that a client chooses shows at once, on any machine, at any load.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "base/limits.h"
#include "base/macros.h"
#include "lab/cases.h"

#define API "/api/2.0/postgres/projects"

/* One request, counted as `name`; NULL: not counted. */
static void send(const char *name, const char *method, const char *path, const char *query,
	const struct buf *body, int status)
{
	struct request req = {.method = method, .path = path, .query = query ? query : "",
		.body = body ? body->data : NULL, .body_len = body ? body->len : 0,
		.authorization = "Bearer any", .connection = ++r->connection, .ordinal = 1,
		.arrived = monotonic_now()};
	size_t bytes = strlen(path) + strlen(req.query) + req.body_len;

	response_reset(&r->resp);
	if (name)
		CALLGRIND_START_INSTRUMENTATION;
	front_serve(r->lab, &req, &r->resp);
	if (name) {
		char text[128];

		CALLGRIND_STOP_INSTRUMENTATION;
		snprintf(text, sizeof text, "%s:%zu", name, bytes);
		CALLGRIND_DUMP_STATS_AT(text);
	}
	ck_assert_msg(!status || r->resp.status == status, "%s: %d %.300s", name ? name : path,
		r->resp.status, r->resp.body.data ? r->resp.body.data : "");
	lab_delivered(r->lab, r->resp.seq, DELIVERED_FULL, r->resp.status, r->resp.body.len);
}

static void json(struct buf *b, const char *text)
{
	for (; *text; text++)
		buf_add(b, *text == '\'' ? "\"" : text, 1);
}

/* head, then as many of `item` (its %d counted) as make up `size` bytes, then tail. */
static struct buf many(const char *head, const char *before, const char *after, const char *tail,
	size_t size)
{
	struct buf b = {0};
	char number[24];

	json(&b, head);
	for (int i = 0; b.len + strlen(tail) + 200 < size; i++) {
		snprintf(number, sizeof number, "%d", i);
		if (i)
			buf_adds(&b, ",");
		json(&b, before);
		buf_adds(&b, number);
		json(&b, after);
	}
	json(&b, tail);
	return b;
}

static char *repeated(const char *piece, size_t len)
{
	char *text = malloc(len + 1);

	for (size_t i = 0; i < len; i++)
		text[i] = piece[i % strlen(piece)];
	text[len] = '\0';
	return text;
}

enum { LARGE = MAX_BODY_BYTES / 4 }; /* valgrind is slow, and a square shows at this size */

static void bodies(void)
{
	static const struct {
		const char *name, *method, *path, *query, *head, *before, *after, *tail;
		int status;
	} cases[] = {
		{"tags", "PATCH", API "/p", "update_mask=spec.custom_tags", "{'spec':{'custom_tags':[",
			"{'key':'", "','value':'v'}", "]}}", 0},
		{"permissions", "PUT", "/api/2.0/permissions/database-projects/p", NULL,
			"{'access_control_list':[", "{'user_name':'", "','permission_level':'CAN_USE'}",
			"]}", 200},
		{"pg_settings", "PATCH", API "/p/branches/production/endpoints/primary",
			"update_mask=spec.settings", "{'spec':{'settings':{'pg_settings':{", "'s",
			"':'1'", "}}}}", 0},
		{"cadences", "PATCH", API "/p/branches/production/snapshot-schedule",
			"update_mask=cadences", "{'cadences':[", "{'daily':{'hour':3},'retention':'8640",
			"s'}", "]}", 0},
		{"unknown fields", "POST", API, "project_id=q", "{'spec':{", "'x", "':1", "}}", 0},
		{"claims", "POST", "/api/2.0/postgres/credentials", NULL,
			"{'endpoint':'projects/p/branches/production/endpoints/primary','claims':[",
			"{'permission_set':'READ_ONLY','resources':[{'table_name':'t", "'}]}", "]}", 0},
		{"memberships", "POST", API "/p/branches/production/roles", "role_id=r",
			"{'spec':{'postgres_role':'r','membership_roles':[",
			"'DATABRICKS_SUPERUSER','x", "'", "]}}", 0},
		{"plans", "PUT", "/_mock/lro", NULL, "{'plans':[", "{'project':'p", "','plan':'sync'}",
			"]}", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = many(cases[i].head, cases[i].before, cases[i].after, cases[i].tail,
			LARGE);

		send(cases[i].name, cases[i].method, cases[i].path, cases[i].query, &b,
			cases[i].status);
		buf_done(&b);
	}
}

static void paths(void)
{
	char *deep = repeated("/a", 24000), *allowed = repeated("/aaaaaaaaaaaaaaa", MAX_NAME_BYTES),
	     *query = repeated("a=b&", 6000), *mask = repeated("spec.display_name,", 18 * 800 - 1),
	     *long_path = malloc(MAX_HEADER_BYTES + 64);
	struct buf b = {0};

	buf_addf(&b, "{\"path\":\"%s\"}", deep);
	send("mkdirs of 12,000", "POST", "/api/2.0/workspace/mkdirs", NULL, &b, 400);
	buf_clear(&b);
	buf_addf(&b, "{\"path\":\"%s\"}", allowed);
	send("mkdirs", "POST", "/api/2.0/workspace/mkdirs", NULL, &b, 200);
	send("1,500 parameters", "GET", API, query, NULL, 400);
	query[4 * MAX_QUERY_PARAMS - 1] = '\0';
	send("32 parameters", "GET", API "/small", query, NULL, 200);
	buf_clear(&b);
	buf_adds(&b, "{\"spec\":{\"display_name\":\"x\"}}");
	snprintf(long_path, MAX_HEADER_BYTES, "update_mask=%s", mask);
	send("mask", "PATCH", API "/small", long_path, &b, 200);
	snprintf(long_path, MAX_HEADER_BYTES, "%s", deep);
	send("long path", "GET", long_path, NULL, NULL, 400);
	send("long path of the lab", "GET", "/_mock/nothing", NULL, NULL, 404);
	buf_clear(&b);
	for (int i = 0; i < LARGE / 2; i++)
		buf_adds(&b, "a&");
	send("form", "POST", "/oidc/v1/token", NULL, &b, 400);
	buf_done(&b);
	free(deep);
	free(allowed);
	free(query);
	free(mask);
	free(long_path);
}

static void globs(void)
{
	char *as = repeated("a", 200), *path = repeated("a", 12000), query[512], name[64];
	struct buf b = {0};

	memcpy(path, API "/", sizeof API);
	send(NULL, "GET", path, NULL, NULL, 404);
	for (int i = 0; i < 1500; i++) {
		snprintf(name, sizeof name, "a%d", i);
		memcpy(path + sizeof API, name, strlen(name));
		send(NULL, "GET", path, NULL, NULL, 0);
	}
	snprintf(query, sizeof query, "path=*%sb*&limit=10", as);
	send("journal filter", "GET", "/_mock/journal", query, NULL, 200);
	json(&b, "{'faults':[");
	for (int i = 0; i < 100; i++) {
		if (i)
			buf_adds(&b, ",");
		json(&b, "{'match':{'rpc':'GetProject','path':'*");
		buf_adds(&b, as);
		json(&b, "b'},'action':{'type':'reset'}}");
	}
	json(&b, "]}");
	send("100 rules", "PUT", "/_mock/faults", NULL, &b, 200);
	path[1000] = '\0';
	send("request under 100 rules", "GET", path, NULL, NULL, 404);
	ck_assert_uint_eq(r->resp.wire.kind, WIRE_SEND);
	buf_done(&b);
	free(as);
	free(path);
}

static void state(void)
{
	struct buf doc = {0};

	json(&doc, "{'resources':[],'operations':[");
	for (int i = 1; i <= 5000; i++)
		buf_addf(&doc,
			"%s{\"kind\":\"operation\",\"parent\":\"projects/p\",\"name\":"
			"\"projects/p/operations/%d\",\"seq\":%d,\"doc\":{\"done\":true,\"name\":"
			"\"projects/p/operations/%d\",\"metadata\":{\"@type\":\"x\"}}}",
			i > 1 ? "," : "", i, i, i);
	json(&doc, "]}");
	send("state of 5,000 operations", "PUT", "/_mock/state", NULL, &doc, 200);
	send("state of 5,000 operations, out", "GET", "/_mock/state", NULL, NULL, 200);
	buf_done(&doc);
}

/* The first credential brings the key to sign with, which takes longer than any request. */
static void make_key(void)
{
	struct buf b = {0};

	json(&b, "{'endpoint':'projects/p/branches/production/endpoints/primary'}");
	send(NULL, "POST", "/api/2.0/postgres/credentials", NULL, &b, 200);
	buf_done(&b);
}

START_TEST(the_largest_requests)
{
	struct buf none = {0};

	rig_close(r);
	r = rig_open_with(42, 100000, NULL, "manual:2026-01-01T00:00:00Z");
	json(&none, "{}");
	send(NULL, "POST", API, "project_id=p", &none, 200);
	send(NULL, "POST", API, "project_id=small", &none, 200);
	send(NULL, "GET", API "/p", NULL, NULL, 200);
	make_key();
	bodies();
	paths();
	globs();
	state();
	buf_done(&none);
}
END_TEST

int main(void)
{
	return CASES("lab-work", NULL, {the_largest_requests});
}
