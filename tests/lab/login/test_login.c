/* SPDX-License-Identifier: Apache-2.0 */
/* The login of a person in a browser: what a code buys, once, and what it does not. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"

/* RFC 7636, appendix B */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define HOME "http://localhost:8020"
#define ASK                                                                                        \
	"/oidc/v1/authorize?response_type=code&client_id=databricks-cli&state=s%20t"              \
	"&code_challenge_method=S256&code_challenge=" CHALLENGE "&redirect_uri=" HOME
#define SESSION "&scope=all-apis%20offline_access"

static const char *header(const char *name)
{
	for (size_t i = 0; i < r->resp.num_headers; i++)
		if (streq(r->resp.headers[i].name, name))
			return r->resp.headers[i].value;
	return "";
}

/* Where the browser is sent to. */
static const char *location(const char *more)
{
	static char text[1024];
	char what[1024];

	snprintf(what, sizeof what, "GET %s%s", ASK, more);
	rig_want(r, what, NULL, 302);
	snprintf(text, sizeof text, "%s", header("Location"));
	return text;
}

/* The code of a fresh login. */
static const char *fresh(const char *more)
{
	static char code[128];
	const char *at = location(more), *rest;

	ck_assert_msg(text_starts(at, HOME "?code=", &rest), "%s", at);
	snprintf(code, sizeof code, "%.*s", (int)strcspn(rest, "&"), rest);
	ck_assert_str_eq(rest + strlen(code), "&state=s%20t");
	return code;
}

static int exchange(const char *code, const char *client, const char *redirect, const char *verifier)
{
	char body[1024];

	snprintf(body, sizeof body,
		"grant_type=authorization_code&code=%s&client_id=%s&redirect_uri=%s&code_verifier=%s",
		code, client, redirect, verifier);
	return rig_ask(r, "POST /oidc/v1/token", body);
}

static void refused(int status, const char *error)
{
	ck_assert_int_eq(status, 400);
	ck_assert_str_eq(rig_str(r, "error"), error);
}

static int refresh(const char *token)
{
	char body[1024];

	snprintf(body, sizeof body, "grant_type=refresh_token&client_id=databricks-cli&refresh_token=%s",
		token);
	return rig_ask(r, "POST /oidc/v1/token", body);
}

static const char *keep(const char *path)
{
	static char kept[4][1024];
	static int n;
	char *text = kept[n++ % 4];

	snprintf(text, sizeof kept[0], "%s", rig_str(r, path));
	return text;
}

static void is_user(const char *token, const char *name)
{
	ck_assert_int_eq(rig_ask_as(r, token, "GET /api/2.0/preview/scim/v2/Me", NULL), 200);
	ck_assert_str_eq(rig_str(r, "userName"), name);
}

START_TEST(a_code_buys_one_session)
{
	const char *code = fresh(SESSION), *access;

	ck_assert_int_eq(exchange(code, "databricks-cli", HOME, VERIFIER), 200);
	ck_assert_str_eq(rig_str(r, "token_type"), "Bearer");
	ck_assert_int_eq(json_integer_value(rig_at(r, "expires_in")), 3600);
	ck_assert_str_eq(header("Cache-Control"), "no-store");
	access = keep("access_token");
	refused(exchange(code, "databricks-cli", HOME, VERIFIER), "invalid_grant");
	is_user(access, "admin@example.com");
}
END_TEST

START_TEST(only_its_owner_can_use_a_code)
{
	static const char *const others[][3] = { { "other", HOME, VERIFIER },
		{ "databricks-cli", HOME "/x", VERIFIER },
		{ "databricks-cli", HOME, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl" },
		{ "databricks-cli", HOME, CHALLENGE }, { "databricks-cli", HOME, "" },
		{ "databricks-cli", HOME, "short" } };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		const char *code = fresh(SESSION);

		refused(exchange(code, others[i][0], others[i][1], others[i][2]), "invalid_grant");
		/* a code that was tried is used */
		refused(exchange(code, "databricks-cli", HOME, VERIFIER), "invalid_grant");
	}
	refused(exchange("guess", "databricks-cli", HOME, VERIFIER), "invalid_grant");
	refused(exchange("", "databricks-cli", HOME, VERIFIER), "invalid_grant");
}
END_TEST

START_TEST(all_of_it_ends_on_the_clock)
{
	const char *code = fresh(SESSION), *access, *token;

	rig_want(r, "POST /_mock/clock/advance", "{'by':'10m'}", 200);
	refused(exchange(code, "databricks-cli", HOME, VERIFIER), "invalid_grant");
	ck_assert_int_eq(exchange(fresh(SESSION), "databricks-cli", HOME, VERIFIER), 200);
	access = keep("access_token");
	token = keep("refresh_token");
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1h'}", 200);
	ck_assert_int_eq(rig_ask_as(r, access, "GET /api/2.0/preview/scim/v2/Me", NULL), 403);
	ck_assert_int_eq(refresh(token), 200);
	is_user(keep("access_token"), "admin@example.com");
	rig_want(r, "POST /_mock/clock/advance", "{'by':'30d'}", 200);
	refused(refresh(token), "invalid_grant");
}
END_TEST

START_TEST(the_hint_says_who_and_where)
{
	static const struct {
		const char *hint, *name, *workspace;
	} rows[] = {
		{ "&login_hint=mock-other.ann", "ann@example.com", "other" },
		{ "&login_hint=mock-other", "admin@example.com", "other" },
		{ "&login_hint=bob%40example.org", "bob@example.org", "default" },
		{ "&login_hint=", "admin@example.com", "default" },
	};
	char what[100], token[100];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *code = fresh(rows[i].hint), *access;

		if (i == 0) /* a page can make a browser come here: that alone makes no workspace */
			ck_assert_int_eq(app_num_workspaces(r->app), 1);
		ck_assert_int_eq(exchange(code, "databricks-cli", HOME, VERIFIER), 200);
		access = keep("access_token");
		is_user(access, rows[i].name);
		snprintf(what, sizeof what, "POST /api/2.0/postgres/projects?project_id=p%zu", i);
		ck_assert_int_eq(rig_ask_as(r, access, what, "{}"), 200);
		snprintf(what, sizeof what, "GET /api/2.0/postgres/projects/p%zu", i);
		snprintf(token, sizeof token, "mock-%s", rows[i].workspace);
		ck_assert_int_eq(rig_ask_as(r, token, what, NULL), 200);
		ck_assert_str_eq(rig_str(r, "status.owner"), rows[i].name);
	}
	for (int gone = 0; gone < 2; gone++) { /* a session outlives its workspace */
		const char *code = fresh("&login_hint=mock-third" SESSION), *access, *again;

		ck_assert_int_eq(exchange(code, "databricks-cli", HOME, VERIFIER), 200);
		access = keep("access_token");
		again = keep("refresh_token");
		if (gone)
			rig_want(r, "DELETE /_mock/workspaces/third", NULL, 200);
		ck_assert_int_eq(refresh(again), 200);
		if (gone)
			rig_want(r, "DELETE /_mock/workspaces/third", NULL, 200);
		is_user(access, "admin@example.com");
	}
	ck_assert_str_eq(location("&login_hint=nobody"), HOME "?error=access_denied&state=s%20t");
}
END_TEST

START_TEST(a_session_refreshes_only_with_a_token_of_its_own)
{
	const char *access, *token;
	char altered[1024];

	ck_assert_int_eq(exchange(fresh(SESSION), "databricks-cli", HOME, VERIFIER), 200);
	access = keep("access_token");
	token = keep("refresh_token");
	ck_assert_int_eq(rig_ask_as(r, token, "GET /api/2.0/preview/scim/v2/Me", NULL), 200);
	ck_assert_str_eq(rig_str(r, "userName"), "admin@example.com"); /* any bearer is */
	refused(refresh(access), "invalid_grant");
	snprintf(altered, sizeof altered, "%s", token);
	altered[strlen(altered) - 1] ^= 1;
	refused(refresh(altered), "invalid_grant");
	snprintf(altered, sizeof altered,
		"grant_type=refresh_token&client_id=other&refresh_token=%s", token);
	refused(rig_ask(r, "POST /oidc/v1/token", altered), "invalid_grant");
	/* without offline_access there is none */
	ck_assert_int_eq(exchange(fresh("&scope=all-apis"), "databricks-cli", HOME, VERIFIER), 200);
	ck_assert_ptr_null(json_object_get(r->doc, "refresh_token"));
}
END_TEST

START_TEST(codes_go_to_this_machine_only)
{
	static const char *const good[] = { "http://localhost:1", "http://127.0.0.1:8020/cb?x=1",
		"http://[::1]:8020/", "http://localhost/", "http://localhost:65535/~x",
		"http://localhost:1/!" };
	static const char *const bad[] = { "http://evil.example", "https://localhost:8020",
		"http://localhost.evil.example:8020", "http://localhost:8020@evil.example",
		"http://localhost:", "http://localhost:80200000", "http://localhost:8020%0d%0aX:y",
		"http://localhost:8020%23f", "//localhost", "javascript:alert(1)", "",
		"http://localhost:655350", "http://localhost:1/%20", "http://localhost:1/%7f",
		"http://localhost:1/%c3%a9" };
	char what[600];

	for (size_t i = 0; i < ARRAY_SIZE(good) + ARRAY_SIZE(bad); i++) {
		bool ok = i < ARRAY_SIZE(good);

		snprintf(what, sizeof what,
			"GET /oidc/v1/authorize?response_type=code&client_id=c&code_challenge_method="
			"S256&code_challenge=" CHALLENGE "&redirect_uri=%s",
			ok ? good[i] : bad[i - ARRAY_SIZE(good)]);
		ck_assert_msg(rig_ask(r, what, NULL) == (ok ? 302 : 400), "%s", what);
	}
}
END_TEST

START_TEST(only_pkce_with_sha_256_will_do)
{
	static const char *const asked[] = {
		"response_type=code",
		"response_type=code&code_challenge=" CHALLENGE,
		"response_type=code&code_challenge_method=plain&code_challenge=" CHALLENGE,
		"response_type=code&code_challenge_method=S256&code_challenge=short",
		"response_type=code&code_challenge_method=S256",
		"response_type=code&code_challenge_method=S256&code_challenge=" CHALLENGE "A",
		"code_challenge_method=S256&code_challenge=" CHALLENGE,
		"response_type=token&code_challenge_method=S256&code_challenge=" CHALLENGE,
	};
	char what[600];

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		snprintf(what, sizeof what,
			"GET /oidc/v1/authorize?client_id=c&redirect_uri=" HOME "&%s", asked[i]);
		rig_want(r, what, NULL, 302);
		ck_assert_msg(text_starts(header("Location"), HOME "?error=", NULL), "%s", what);
	}
}
END_TEST

START_TEST(the_oldest_of_many_logins_gives_way)
{
	char first[128], last[128];

	snprintf(first, sizeof first, "%s", fresh(SESSION));
	for (int i = 0; i < 256; i++)
		snprintf(last, sizeof last, "%s", fresh(SESSION));
	refused(exchange(first, "databricks-cli", HOME, VERIFIER), "invalid_grant");
	ck_assert_int_eq(exchange(last, "databricks-cli", HOME, VERIFIER), 200);
}
END_TEST

/* Where only what was handed out or listed is taken. */
START_TEST(a_strict_server_knows_whom_it_lets_in)
{
	static const char me[] = "GET /api/2.0/preview/scim/v2/Me";

	ck_assert_int_eq(exchange(fresh(SESSION), "databricks-cli", HOME, VERIFIER), 200);
	r->app->auth = AUTH_STRICT;
	ck_assert_int_eq(rig_ask_as(r, keep("access_token"), me, NULL), 200);
	is_user("mock-default", "admin@example.com");
	is_user("mock-default.bob", "bob@example.com");
	ck_assert_int_eq(rig_ask_as(r, "dapi-ann", me, NULL), 403);
}
END_TEST

static int log_in_with(const char *authorization)
{
	char body[] = "grant_type=client_credentials";
	struct request req = {.method = "POST", .path = "/oidc/v1/token", .query = "", .body = body,
		.body_len = strlen(body), .authorization = authorization,
		.connection = ++r->connection, .ordinal = 1, .arrived = monotonic_now()};

	response_reset(&r->resp);
	front_serve(r->lab, &req, &r->resp);
	lab_delivered(r->lab, r->resp.seq, DELIVERED_FULL, r->resp.status, r->resp.body.len);
	return r->resp.status;
}

START_TEST(basic_credentials_are_a_client_and_a_secret)
{
	static const char *const bad[] = {"bm9jbGllbnQ=" /* noclient */, "OnNlY3JldA==" /* :secret */,
		"Y2xpZW50Og==" /* client: */, "//46c2VjcmV0" /* no UTF-8 */, "YWJjOmRlZg", "?", "",
		"YWJj!mRl"};
	char text[64];

	ck_assert_int_eq(log_in_with("Basic YWJjOmRlZg=="), 200); /* abc:def */
	ck_assert_int_eq(log_in_with("basic YWJjOmRl"), 200);
	ck_assert_int_eq(log_in_with("Bearer YWJjOmRl"), 401);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof text, "Basic %s", bad[i]);
		ck_assert_msg(log_in_with(text) == 401, "%s", text);
	}
}
END_TEST

/* Each row of a form that buys nothing, or a token of that name. */
START_TEST(a_form_has_what_its_grant_needs)
{
	static const char exchange_grant[] = "urn:ietf:params:oauth:grant-type:token-exchange";
	static const struct {
		const char *grant, *rest, *error, *name;
	} rows[] = {
		{exchange_grant, "", "invalid_request", NULL},
		{exchange_grant, "&subject_token=", "invalid_request", NULL},
		{exchange_grant, "&subject_token=t", NULL, "federated-client"},
		{exchange_grant, "&subject_token=t&client_id=", NULL, "federated-client"},
		{exchange_grant, "&subject_token=t&client_id=robot", NULL, "robot"},
		{"client_credentials", "", "invalid_client", NULL},
		{"client_credentials", "&client_id=robot", "invalid_client", NULL},
		{"client_credentials", "&client_id=robot&client_secret=", "invalid_client", NULL},
		{"client_credentials", "&client_secret=s", "invalid_client", NULL},
		{"client_credentials", "&client_id=&client_secret=s", "invalid_client", NULL},
		{"client_credentials", "&client_id=robot&client_secret=s", NULL, "robot"},
		{"refresh_token", "", "invalid_grant", NULL},
		{"refresh_token", "&refresh_token=", "invalid_grant", NULL},
		{"refresh_token", "&refresh_token=mockrefresh-", "invalid_grant", NULL},
		{"authorization_code", "", "invalid_grant", NULL},
		{"nothing", "", "unsupported_grant_type", NULL},
	};
	char body[256];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(body, sizeof body, "grant_type=%s%s", rows[i].grant, rows[i].rest);
		ck_assert_int_eq(rig_ask(r, "POST /oidc/v1/token", body),
			rows[i].name				       ? 200
			: streq(rows[i].error, "invalid_client") ? 401
								       : 400);
		if (rows[i].error) {
			ck_assert_msg(streq(rig_str(r, "error"), rows[i].error), "%s: %s", body,
				r->resp.body.data);
			continue;
		}
		ck_assert_str_eq(rig_str(r, "scope"), "all-apis");
		ck_assert_ptr_null(json_object_get(r->doc, "refresh_token"));
		is_user(keep("access_token"), rows[i].name);
	}
	rig_want(r, "POST /oidc/v1/token", "client_id=robot&client_secret=s", 400);
	ck_assert_str_eq(rig_str(r, "error"), "unsupported_grant_type");
}
END_TEST

START_TEST(a_code_needs_its_verifier)
{
	char body[512];

	snprintf(body, sizeof body,
		"grant_type=authorization_code&code=%s&client_id=databricks-cli&redirect_uri=" HOME,
		fresh(SESSION));
	refused(rig_ask(r, "POST /oidc/v1/token", body), "invalid_grant");
}
END_TEST

START_TEST(a_session_ends_after_thirty_days_to_the_second)
{
	const char *token;
	char body[1024];

	ck_assert_int_eq(exchange(fresh(SESSION), "databricks-cli", HOME, VERIFIER), 200);
	ck_assert_str_eq(rig_str(r, "scope"), "all-apis offline_access");
	token = keep("refresh_token");
	rig_want(r, "POST /_mock/clock/advance", "{'by':'2591999s'}", 200);
	snprintf(body, sizeof body, "grant_type=refresh_token&refresh_token=%s", token);
	ck_assert_int_eq(rig_ask(r, "POST /oidc/v1/token", body), 200); /* of the client that it names */
	ck_assert_str_eq(rig_str(r, "scope"), "all-apis offline_access");
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1s'}", 200);
	refused(refresh(token), "invalid_grant");
}
END_TEST

START_TEST(no_login_makes_one_workspace_too_many)
{
	const char *token, *code;

	ck_assert_int_eq(exchange(fresh("&login_hint=mock-second" SESSION), "databricks-cli", HOME, VERIFIER),
		200);
	token = keep("refresh_token");
	code = fresh("&login_hint=mock-second" SESSION);
	rig_want(r, "DELETE /_mock/workspaces/second", NULL, 200);
	r->app->max_workspaces = 1;
	rig_want(r, "POST /oidc/v1/token",
		"grant_type=client_credentials&client_id=mock-second.robot&client_secret=s", 400);
	ck_assert_str_eq(rig_str(r, "error_code"), "RESOURCE_LIMIT_EXCEEDED");
	ck_assert_int_eq(refresh(token), 400);
	ck_assert_str_eq(rig_str(r, "error_code"), "RESOURCE_LIMIT_EXCEEDED");
	ck_assert_int_eq(exchange(code, "databricks-cli", HOME, VERIFIER), 400);
	ck_assert_str_eq(rig_str(r, "error_code"), "RESOURCE_LIMIT_EXCEEDED");
	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "workspaces")), 1);
}
END_TEST

int main(void)
{
	return CASES("lab-login", NULL, {a_code_buys_one_session},
		{only_its_owner_can_use_a_code},
		{all_of_it_ends_on_the_clock},
		{the_hint_says_who_and_where},
		{a_session_refreshes_only_with_a_token_of_its_own},
		{codes_go_to_this_machine_only},
		{only_pkce_with_sha_256_will_do},
		{the_oldest_of_many_logins_gives_way},
		{a_strict_server_knows_whom_it_lets_in},
		{basic_credentials_are_a_client_and_a_secret},
		{a_form_has_what_its_grant_needs},
		{a_code_needs_its_verifier},
		{a_session_ends_after_thirty_days_to_the_second},
		{no_login_makes_one_workspace_too_many});
}
