/* SPDX-License-Identifier: Apache-2.0 */
/* Cases that one request after the other cannot express: loops, and several at once. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "conformance/case/case.h"
#include "conformance/target/created.h"
#include "conformance/target/weather.h"
#include "lakebase_ports.h"

#define API "/api/2.0/postgres/"

PRINTF(2, 3) static enum verdict differs(struct play *p, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_addf(&p->message, "%s\n  the last reply was %d %.500s\n", text, p->last.status,
		p->last.text ? p->last.text : "");
	return VERDICT_FAIL;
}

static enum verdict broken(struct play *p, const struct err *e)
{
	buf_addf(&p->message, "%s\n", e->message);
	return VERDICT_ERROR;
}

/* Waits for the operation that the last reply began. */
static int await(struct play *p, struct err *e)
{
	const char *name = json_string_value(json_object_get(p->last.body, "name"));
	const char *path = arena_printf(&p->arena, API "%s", name ? name : "");

	if (p->last.status != 200 || !name)
		return err_set(e, ERR_INTERNAL, "expected an operation, saw %d %.300s",
			p->last.status, p->last.text ? p->last.text : "");
	for (int n = 1; !json_is_true(json_object_get(p->last.body, "done")); n++) {
		if (n > 1 && !p->target->pause(p->target, n - 1))
			return err_set(e, ERR_TIMEOUT, "%s is still not done", name);
		if (play_send(p, "GET", path, NULL, e))
			return -1;
	}
	return 0;
}

/* ---- lists that change between pages ---- */

enum { ROLES = 7 };

static int make_roles(struct play *p, const char *branch, struct err *e)
{
	for (int i = 0; i < ROLES; i++) {
		const char *path =
			arena_printf(&p->arena, API "%s/roles?role_id=page-%d", branch, i);
		const char *body =
			arena_printf(&p->arena, "{\"spec\":{\"postgres_role\":\"page_%d\"}}", i);

		if (play_send(p, "POST", path, body, e) || await(p, e))
			return -1;
	}
	return 0;
}

/* Counts the roles of the page in seen[]; returns the next token or NULL. */
static const char *count_page(struct play *p, int seen[ROLES], size_t *size)
{
	const json_t *roles = json_object_get(p->last.body, "roles");
	const char *token = json_string_value(json_object_get(p->last.body, "next_page_token"));
	const char *rest;
	json_t *role;
	size_t i;

	*size = json_array_size(roles);
	json_array_foreach (roles, i, role) {
		const char *id = json_string_value(json_object_get(role, "role_id"));

		if (text_starts(id ? id : "", "page-", &rest) && *rest >= '0' &&
			*rest < '0' + ROLES)
			seen[*rest - '0']++;
	}
	return token && *token ? arena_strdup(&p->arena, token) : NULL;
}

static enum verdict pages_under_change(struct play *p, struct http_target *h)
{
	const char *branch = variable_get(&p->vars, "branch"), *token = NULL, *path;
	int seen[ROLES] = {0};
	size_t size;
	struct err e;

	(void)h;
	if (make_roles(p, branch, &e))
		return broken(p, &e);
	for (int page = 0; page == 0 || token; page++) {
		path = arena_printf(&p->arena, API "%s/roles?page_size=2%s%s", branch,
			token ? "&page_token=" : "", token ? token : "");
		if (play_send(p, "GET", path, NULL, &e))
			return broken(p, &e);
		token = count_page(p, seen, &size);
		if (p->last.status != 200 || size > 2 || page > ROLES)
			return differs(p, "page %d with page_size=2 holds %zu", page, size);
		/* page-0 has been seen, page-6 has not */
		path = arena_printf(
			&p->arena, API "%s/roles/page-%d", branch, page == 1 ? 0 : ROLES - 1);
		if (page > 0 && page < 3 &&
			(play_send(p, "DELETE", path, NULL, &e) || await(p, &e)))
			return broken(p, &e);
	}
	for (int i = 0; i < ROLES - 1; i++)
		if (seen[i] != 1)
			return differs(p, "page-%d was listed %d times while others were deleted",
				i, seen[i]);
	return VERDICT_PASS;
}

/* ---- at once ---- */

enum { MOST_AT_ONCE = 4 };

struct racer {
	pthread_t thread;
	struct http_target h;
	struct play p;
	const char *path, *body;
	int status, rc;
	struct err e;
};

static void *race(void *arg)
{
	struct racer *r = arg;

	r->rc = play_send(&r->p, "POST", r->path, r->body, &r->e);
	r->status = r->p.last.status;
	if (r->rc == 0 && r->status == 200)
		r->rc = await(&r->p, &r->e);
	return NULL;
}

static int start(
	struct racer *r, struct play *p, struct http_target *h, const char *path, struct err *e)
{
	const char *name;

	*r = (struct racer){.path = path, .body = "{\"spec\":{\"no_expiry\":true}}"};
	if (http_target_init(&r->h, h->shared, h->url, h->target.mock, e))
		return -1;
	r->h.target.prefix = h->target.prefix;
	r->h.target.admin = h->target.admin;
	r->h.target.has = h->target.has;
	r->h.target.num_has = h->target.num_has;
	r->h.deadline = h->deadline;
	memcpy(r->h.own_token, h->own_token, sizeof(r->h.own_token));
	/* noted here, since the list is not made for threads */
	name = arena_printf(&p->arena, "projects/%s/branches/%s", variable_get(&p->vars, "project"),
		strchr(path, '=') + 1);
	if (!name || (h->made && created_add(h->made, name)))
		return err_oom(e);
	if (play_init(&r->p, &r->h.target, p->suite, p->workspace))
		return err_oom(e);
	return pthread_create(&r->thread, NULL, race, r) ? err_set(e, ERR_INTERNAL, "no thread")
							 : 0;
}

static const char *lasting(struct play *p, const char *s)
{
	return s ? arena_strdup(&p->arena, s) : NULL;
}

/* POSTs `paths` at the same time; statuses in the order of the paths. */
static int race_all(struct play *p, struct http_target *h, const char *const *paths, size_t num,
	int *statuses, struct err *e)
{
	struct racer racers[MOST_AT_ONCE];
	size_t started = 0;
	int rc = 0;

	while (started < num && rc == 0) {
		rc = start(&racers[started], p, h, paths[started], e);
		started += rc == 0;
	}
	for (size_t i = 0; i < started; i++) {
		pthread_join(racers[i].thread, NULL);
		statuses[i] = racers[i].status;
		if (racers[i].rc && rc == 0) {
			*e = racers[i].e;
			rc = -1;
		}
		h->doubt |= racers[i].h.doubt;
		h->over = h->over ? h->over : lasting(p, racers[i].h.over);
		play_done(&racers[i].p);
		http_target_done(&racers[i].h);
	}
	return rc;
}

static enum verdict two_branches_at_once(struct play *p, struct http_target *h)
{
	const char *project = variable_get(&p->vars, "project"), *paths[2];
	int statuses[2];
	struct err e;

	for (int i = 0; i < 2; i++)
		paths[i] = arena_printf(
			&p->arena, API "projects/%s/branches?branch_id=twin-%d", project, i);
	if (race_all(p, h, paths, 2, statuses, &e))
		return broken(p, &e);
	for (int i = 0; i < 2; i++)
		if (statuses[i] != 200)
			return differs(p, "creating branch twin-%d beside the other gave %d", i,
				statuses[i]);
	return VERDICT_PASS;
}

static enum verdict one_winner(struct play *p, struct http_target *h)
{
	const char *project = variable_get(&p->vars, "project"), *paths[MOST_AT_ONCE];
	int statuses[MOST_AT_ONCE], won = 0;
	struct err e;

	for (int i = 0; i < MOST_AT_ONCE; i++)
		paths[i] =
			arena_printf(&p->arena, API "projects/%s/branches?branch_id=same", project);
	if (race_all(p, h, paths, MOST_AT_ONCE, statuses, &e))
		return broken(p, &e);
	for (int i = 0; i < MOST_AT_ONCE; i++) {
		won += statuses[i] == 200;
		if (statuses[i] != 200 && statuses[i] != 400 && statuses[i] != 409)
			return differs(p, "a loser got %d", statuses[i]);
	}
	return won == 1 ? VERDICT_PASS
			: differs(p, "%d of %d creates of one id succeeded", won, MOST_AT_ONCE);
}

/* ---- conflicts ---- */

static enum verdict conflict_ends(struct play *p, struct http_target *h)
{
	const char *project = variable_get(&p->vars, "project");
	const char *path =
		arena_printf(&p->arena, API "projects/%s/branches?branch_id=late", project);
	const char *maintenance =
		arena_printf(&p->arena, "/_mock/projects/%s/maintenance", project);
	int refused = 0;
	struct err e;

	if (play_send(p, "POST", maintenance, "{\"for\":\"3 calls\"}", &e))
		return broken(p, &e);
	if (p->last.status != 200)
		return differs(p, "no maintenance");
	for (int n = 1; n <= 8; n++) {
		if (play_send(p, "POST", path, "{\"spec\":{\"no_expiry\":true}}", &e))
			return broken(p, &e);
		if (p->last.status != 409)
			break;
		refused++;
		if (!streq(json_string_value(json_object_get(p->last.body, "error_code")),
			    "RESOURCE_CONFLICT"))
			return differs(p, "the conflict has another error_code");
		h->target.pause(&h->target, n);
	}
	if (p->last.status != 200 || refused != 3)
		return differs(p, "maintenance of three calls refused %d", refused);
	return await(p, &e) ? broken(p, &e) : VERDICT_PASS;
}

static int pause_for_library(void *context, int64_t ms)
{
	const struct http_target *h = context;

	return !wait_seconds(h->shared, (double)ms / 1000, false);
}

/* A client whose waits end with those of the case. */
static int open_library(struct lakebase **ret, struct lakebase_ports *ports, struct http_target *h,
	const char *token)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	int64_t patience =
		(int64_t)(1000 * patience_of(h->shared->options, h->url, h->target.mock));

	*ports = (struct lakebase_ports){.context = h, .sleep = pause_for_library};
	o.host = h->url;
	o.token = token;
	o.ca_bundle = h->shared->options->cacert;
	o.ignore_environment = true;
	o.request_timeout_ms = o.wait_timeout_ms = o.retry.deadline_ms = patience + 1;
	o.ports = ports;
	return lakebase_new(ret, &o);
}

/* The same by liblakebase, whose create retries and waits. */
static enum verdict library_gets_through(struct play *p, struct http_target *h)
{
	const char *project = variable_get(&p->vars, "project");
	const char *name = arena_printf(&p->arena, "projects/%s/branches/late", project);
	const char *token = arena_printf(&p->arena, "mock-%s", p->workspace);
	struct lakebase_ports ports;
	struct lakebase *lb;
	struct err e;
	int rc;

	if (play_send(p, "POST", arena_printf(&p->arena, "/_mock/projects/%s/maintenance", project),
		    "{\"for\":\"3 calls\"}", &e))
		return broken(p, &e);
	if (open_library(&lb, &ports, h, token))
		return differs(p, "liblakebase: no client");
	rc = lakebase_create(NULL, lb, name, "{\"spec\":{\"no_expiry\":true}}", LAKEBASE_AND_WAIT);
	lakebase_free(lb);
	if (rc == LAKEBASE_ECANCELLED || rc == LAKEBASE_ETIMEOUT) {
		h->over = rc == LAKEBASE_ETIMEOUT ? "liblakebase waited in vain" : "interrupted";
		return VERDICT_ERROR;
	}
	if (rc)
		return differs(p, "liblakebase did not get through: %s", lakebase_code_name(rc));
	if (play_send(p, "GET", arena_printf(&p->arena, API "%s", name), NULL, &e))
		return broken(p, &e);
	return p->last.status == 200 ? VERDICT_PASS : differs(p, "the branch is not there");
}

const struct code_case code_cases[] = {
	{.id = "lakebase.list.page.under-change",
		.prose = "Items that nobody touches are listed once, whatever happens between two "
			 "pages.",
		.evidence = "typed",
		.source = "published SDKs; their iterators rely on it",
		.level = LEVEL_SHOULD,
		.needs = "branch",
		.cost = {.others = ROLES,
			.requests = 2 * ROLES,
			.waits = {[PACE_OTHER] = ROLES + 2}},
		.run = pages_under_change},
	{.id = "lakebase.branch.create.two-at-once",
		.prose = "Two branches of one project can be created at the same time.",
		.evidence = "verified",
		.date = "2026-10",
		.source = "public programs; they create branches side by side",
		.level = LEVEL_MUST,
		.needs = "project",
		.cost = {.branches = 2,
			.requests = 2,
			.waits = {[PACE_BRANCH] = 2},
			.removals = {[PACE_BRANCH] = 2}},
		.run = two_branches_at_once},
	{.id = "lakebase.branch.create.one-winner",
		.prose = "Of several creates of the same id at the same time exactly one succeeds.",
		.evidence = "typed",
		.source = "published SDKs; an id is unique",
		.level = LEVEL_SHOULD,
		.needs = "project",
		.cost = {.branches = 1,
			.requests = MOST_AT_ONCE,
			.waits = {[PACE_BRANCH] = 1},
			.removals = {[PACE_BRANCH] = 1}},
		.run = one_winner},
	{.id = "lakebase.conflict.retry.ends",
		.prose = "A client that retries conflicts as the guide says gets through when the "
			 "internal "
			 "operation ends.",
		.evidence = "documented",
		.source = "the API guide; how conflicts are retried",
		.level = LEVEL_MOCK,
		.needs = "project",
		.mock_only = true,
		.run = conflict_ends},
	{.id = "lakebase.conflict.retry.library",
		.prose = "liblakebase gets a create through an internal operation, and waits for "
			 "it.",
		.evidence = "documented",
		.source = "the API guide; how conflicts are retried",
		.level = LEVEL_MOCK,
		.needs = "project",
		.mock_only = true,
		.run = library_gets_through},
	{0},
};
