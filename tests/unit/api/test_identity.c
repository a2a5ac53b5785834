/* SPDX-License-Identifier: Apache-2.0 */
/* Who a token says that somebody is. */
#include "api/auth/auth.h"

#include <string.h>

#include "base/text.h"
#include "support/run.h"

static struct arena arena;
static struct err e;

static struct app *server(const char *db)
{
	const struct app_options o = {
		.db = db, .seed = 42, .auth = AUTH_STRICT, .clock = "manual:2026-01-01T00:00:00Z"};
	struct app *a;

	ck_assert_msg(!app_open(&a, &o, &e), "%s", e.message);
	return a;
}

/* 0, or the code of the refusal. */
static int ask(struct app *a, const char *token, struct identity *who)
{
	struct request req = {.method = "GET", .path = "/", .query = "",
		.authorization = arena_printf(&arena, "Bearer %s", token)};

	return auth_identify(a, &req, &arena, who, &e) ? (int)e.code : 0;
}

START_TEST(an_issued_token_cannot_be_made_from_the_seed)
{
	struct app *a = server(NULL);
	const char *hex = "736f6d65626f6479"; /* somebody */
	int64_t expiry = 1800000000;
	struct identity who = {"default", {.name = "somebody", .kind = CALLER_SP}}, got;

	/* as the seal once was: 32 bits that follow from what anybody knows */
	ck_assert_int_eq(ask(a,
				 arena_printf(&arena, "mockoauth-%lld-%s-%08x", (long long)expiry, hex,
					 (uint32_t)text_prf(42, "somebody", (uint64_t)expiry, 41)),
				 &got),
		ERR_BAD_TOKEN);
	ck_assert_int_eq(ask(a, auth_issue(a, &who, expiry * USEC_SECOND, &arena, &e), &got), 0);
	ck_assert_str_eq(got.caller.name, "somebody");
	ck_assert_int_eq(got.caller.kind, CALLER_SP);
	app_close(a);
}
END_TEST

START_TEST(an_issued_token_is_good_until_it_expires_on_the_clock)
{
	struct app *a = server(NULL);
	struct identity who = {"w2", {.name = "u@example.com", .kind = CALLER_USER}}, got;
	struct workspace *ws = app_workspace(a, "w2", true, &e);
	const char *token = auth_issue(a, &who, app_now(a, ws) + USEC_SECOND, &arena, &e);

	ck_assert_int_eq(ask(a, token, &got), 0);
	ck_assert_str_eq(got.workspace, "w2");
	ck_assert_str_eq(got.caller.name, "u@example.com");
	ck_assert(!got.caller.admin);
	ws->clock.now += USEC_SECOND;
	ck_assert_int_eq(ask(a, token, &got), ERR_BAD_TOKEN);
	app_close(a);
}
END_TEST

START_TEST(an_issued_token_tells_the_admin_from_others_of_that_name)
{
	struct app *a = server(NULL);
	struct identity who = {"w2", {.name = "admin@example.com", .kind = CALLER_USER}}, got;

	ck_assert_int_eq(ask(a, auth_issue(a, &who, 1800000000 * USEC_SECOND, &arena, &e), &got), 0);
	ck_assert(got.caller.admin && got.caller.kind == CALLER_USER);
	who.caller.kind = CALLER_SP;
	ck_assert_int_eq(ask(a, auth_issue(a, &who, 1800000000 * USEC_SECOND, &arena, &e), &got), 0);
	ck_assert(!got.caller.admin && got.caller.kind == CALLER_SP);
	app_close(a);
}
END_TEST

/* Somebody; NULL: refused. */
static void names(struct app *a, const char *token, const char *workspace, const char *name)
{
	struct identity got;
	int code = ask(a, token, &got);

	ck_assert_msg(code == (workspace ? 0 : ERR_BAD_TOKEN), "%s: %d", token, code);
	if (!workspace)
		return;
	ck_assert(got.known && got.caller.kind == CALLER_USER);
	ck_assert_str_eq(got.workspace, workspace);
	ck_assert_str_eq(got.caller.name, name);
	ck_assert_int_eq(got.caller.admin, streq(name, "admin@example.com"));
}

static char *letters(int n)
{
	char *text = arena_alloc(&arena, (size_t)n + 1);

	return memset(text, 'a', (size_t)n);
}

START_TEST(a_mock_token_names_a_workspace_and_a_user)
{
	struct app *a = server(NULL);
	const char *longest = letters(WORKSPACE_NAME_MAX), *user = letters(255);

	names(a, "mock-w", "w", "admin@example.com");
	names(a, "mock-w.", "w", "admin@example.com");
	names(a, "mock-w.admin", "w", "admin@example.com");
	names(a, "  mock-a_B-1", "a_B-1", "admin@example.com");
	names(a, "mock-w.bob", "w", "bob@example.com");
	names(a, "mock-w.bob@example.org", "w", "bob@example.org");
	names(a, "mock-w.a b.c\xc3\xa9", "w", "a b.c\xc3\xa9@example.com");
	names(a, arena_printf(&arena, "mock-%s", longest), longest, "admin@example.com");
	names(a, arena_printf(&arena, "mock-%sa", longest), NULL, NULL);
	names(a, arena_printf(&arena, "mock-%sa.b", longest), NULL, NULL);
	names(a, arena_printf(&arena, "mock-w.%s", user), "w",
		arena_printf(&arena, "%s@example.com", user));
	names(a, arena_printf(&arena, "mock-w.%sa", user), NULL, NULL);
	names(a, "mock-", NULL, NULL);
	names(a, "mock-.bob", NULL, NULL);
	names(a, "mock-!", NULL, NULL);
	names(a, "mock-w!", NULL, NULL);
	names(a, "mock-w!.bob", NULL, NULL);
	names(a, "mock-w.\x1f", NULL, NULL);
	names(a, "mock-w.bob\x7f", NULL, NULL);
	names(a, "mock-w.\xff", NULL, NULL);
	names(a, "dapi", NULL, NULL);
	app_close(a);
}
END_TEST

START_TEST(an_oauth_client_may_name_a_workspace)
{
	ck_assert_str_eq(auth_client_workspace("mock-w.robot", &arena), "w");
	ck_assert_str_eq(auth_client_workspace("mock-w", &arena), "default");
	ck_assert_str_eq(auth_client_workspace("mock-!.robot", &arena), "default");
	ck_assert_str_eq(auth_client_workspace("robot.w", &arena), "default");
	ck_assert_str_eq(auth_client_workspace("", &arena), "default");
}
END_TEST

static void tear_down(void)
{
	arena_done(&arena);
}

int main(void)
{
	const TTest *const tests[] = {an_issued_token_cannot_be_made_from_the_seed,
		an_issued_token_is_good_until_it_expires_on_the_clock,
		an_issued_token_tells_the_admin_from_others_of_that_name,
		a_mock_token_names_a_workspace_and_a_user, an_oauth_client_may_name_a_workspace, NULL};

	return run_tests_between("identity", tests, NULL, tear_down);
}
