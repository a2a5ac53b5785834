/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"

usec rig_wall = RIG_START, rig_told;

static usec fake_monotonic(void)
{
	return rig_told ? rig_told : monotonic_now();
}

static usec fake_wall(struct world *w)
{
	(void)w;
	return rig_wall;
}

struct rig *rig_open_with(uint64_t seed, size_t journal_rows, const char *db, const char *clock)
{
	struct rig *r = calloc(1, sizeof *r);
	struct app_options app = {
		.seed = seed, .auth = AUTH_ANY, .check_replies = true, .db = db, .clock = clock};
	struct lab_options lab = {
		.journal_rows = journal_rows, .version = "test", .monotonic = fake_monotonic};
	struct err e = {0};

	rig_told = 0;
	ck_assert_ptr_nonnull(r);
	ck_assert_msg(!app_open(&r->app, &app, &e), "%s", e.message);
	r->app->world.wall = fake_wall;
	ck_assert_msg(!lab_open(&r->lab, r->app, &lab, &e), "%s", e.message);
	lab_ready(r->lab);
	return r;
}

struct rig *rig_open(void)
{
	rig_wall = RIG_START;
	return rig_open_with(42, 1000, NULL, "manual:2026-01-01T00:00:00Z");
}

void rig_close(struct rig *r)
{
	lab_close(r->lab);
	app_close(r->app);
	response_done(&r->resp);
	json_decref(r->doc);
	free(r);
}

/* What a transport would tell: everything that was to be sent has been. */
static int deliver(struct rig *r)
{
	const struct wire *w = &r->resp.wire;
	size_t len = r->resp.body.len;
	bool part = w->kind == WIRE_SEND && (w->truncate || w->wrong_length);

	if (r->keep_pending && r->resp.seq)
		return 0;
	if (r->now)
		rig_told = r->now + w->delay + w->hang;
	if (w->truncate && w->truncate_at < len)
		len = w->truncate_at;
	if (w->kind == WIRE_HANG && w->truncate) {
		lab_delivered(r->lab, r->resp.seq, DELIVERED_PARTIAL, r->resp.status, len);
		return 0;
	}
	if (w->kind != WIRE_SEND) {
		lab_delivered(r->lab, r->resp.seq, DELIVERED_NONE, 0, 0);
		return 0;
	}
	lab_delivered(r->lab, r->resp.seq, part ? DELIVERED_PARTIAL : DELIVERED_FULL,
		r->resp.status, len);
	return part ? 0 : r->resp.status;
}

int rig_ask_as(struct rig *r, const char *token, const char *what, const char *body)
{
	char method[16], path[4096], auth[1024], *query, *text = body ? strdup(body) : NULL;
	struct request req = {.method = method,
		.path = path,
		.query = "",
		.body = text,
		.body_len = body ? strlen(body) : 0,
		.user_agent = r->user_agent,
		.mock_call = r->mock_call,
		.admin_token = r->admin_token,
		.connection = ++r->connection,
		.ordinal = 1,
		.arrived = r->now ? r->now : monotonic_now(),
		.expired = r->expired};
	size_t n = strcspn(what, " ");

	for (char *p = text; p && *p; p++)
		if (*p == '\'')
			*p = '"';
	snprintf(method, sizeof method, "%.*s", (int)n, what);
	snprintf(path, sizeof path, "%s", what + n + strspn(what + n, " "));
	query = strchr(path, '?');
	if (query) {
		*query = '\0';
		req.query = query + 1;
	}
	if (token) {
		snprintf(auth, sizeof auth, "Bearer %s", token);
		req.authorization = auth;
	}
	response_reset(&r->resp);
	r->verdict = front_serve(r->lab, &req, &r->resp);
	free(text);
	json_decref(r->doc);
	r->doc = r->resp.body.len ? json_loadb(r->resp.body.data, r->resp.body.len, 0, NULL) : NULL;
	return deliver(r);
}

int rig_ask(struct rig *r, const char *what, const char *body)
{
	return rig_ask_as(r, strstr(what, " /_mock") ? NULL : "any", what, body);
}

void rig_want(struct rig *r, const char *what, const char *body, int status)
{
	int got = rig_ask(r, what, body);

	ck_assert_msg(got == status, "%s %s: %d, not %d: %s", what, body ? body : "", got, status,
		r->resp.body.data ? r->resp.body.data : "");
}

void rig_refuses(struct rig *r, const char *what, const char *body, const char *key)
{
	rig_want(r, what, body, 400);
	ck_assert_msg(strstr(rig_str(r, "message"), key) != NULL, "%s %s: '%s' does not name %s",
		what, body ? body : "", rig_str(r, "message"), key);
}

char *rig_state(struct rig *r)
{
	rig_want(r, "GET /_mock/state", NULL, 200);
	return strdup(r->resp.body.data);
}

void rig_round_trip(struct rig *r, const char *about)
{
	char *before = rig_state(r);
	int status = rig_ask(r, "PUT /_mock/state", before);

	ck_assert_msg(status == 200, "%s: %d %s", about, status,
		r->resp.body.data ? r->resp.body.data : "");
	char *after = rig_state(r);

	ck_assert_msg(streq(before, after), "%s: another document comes out", about);
	free(before);
	free(after);
}

json_t *rig_at(struct rig *r, const char *path)
{
	json_t *v = r->doc;

	for (const char *at = path; *at && v;) {
		size_t n = strcspn(at, ".");
		char key[128];
		int64_t i;

		snprintf(key, sizeof key, "%.*s", (int)n, at);
		v = json_is_array(v) && text_int(key, 0, 1000000, &i) ? json_array_get(v, (size_t)i)
								      : json_object_get(v, key);
		at += n + (at[n] == '.');
	}
	ck_assert_msg(
		v != NULL, "no %s in %s", path, r->resp.body.data ? r->resp.body.data : "nothing");
	return v;
}

const char *rig_str(struct rig *r, const char *path)
{
	const json_t *v = rig_at(r, path);

	ck_assert_msg(json_is_string(v), "%s is no string", path);
	return json_string_value(v);
}

json_int_t rig_int(struct rig *r, const char *path)
{
	const json_t *v = rig_at(r, path);

	ck_assert_msg(json_is_integer(v), "%s is no integer", path);
	return json_integer_value(v);
}

const char *rig_header(struct rig *r, const char *name)
{
	for (size_t i = 0; i < r->resp.num_headers; i++)
		if (!strcasecmp(r->resp.headers[i].name, name))
			return r->resp.headers[i].value;
	return NULL;
}

void rig_remove(const char *db)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		snprintf(path, sizeof path, "%s%s", db, ends[i]);
		unlink(path);
	}
}
