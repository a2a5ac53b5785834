/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: fetched, kept, renewed, and never shown. */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "liblakebase/base.h"
#include "support/run.h"

#define FIND "GET /oidc/.well-known/oauth-authorization-server"
#define FOUND "{\"token_endpoint\":\"https://fake.example.com/oidc/v1/token\"}"
#define TOKEN "POST /oidc/v1/token"
#define FIRST "{\"access_token\":\"first-access\",\"expires_in\":3600}"
#define SECOND "{\"access_token\":\"second-access\",\"expires_in\":3600}"
#define X "GET /x"
#define SECRET "very-secret"

static struct fake f;

static struct lakebase *begin(const struct step *script)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;

	fake_start(&f, script);
	o.client_id = "client";
	o.client_secret = SECRET;
	return fake_client(&f, &o);
}

static void end(struct lakebase *lb)
{
	ck_assert_str_eq(f.problem, "");
	ck_assert_ptr_null(strstr(f.log, SECRET));
	ck_assert_ptr_null(strstr(f.log, "first-access"));
	ck_assert_ptr_null(strstr(lakebase_last_error()->message, SECRET));
	ck_assert_ptr_null(strstr(lakebase_last_error()->message, "first-access"));
	lakebase_free(lb);
	fake_stop(&f);
}

static int get(struct lakebase *lb)
{
	return lakebase_request(NULL, lb, "GET", "/x", NULL, NULL);
}

START_TEST(a_token_is_fetched_once_and_renewed_before_its_end)
{
	static const struct step script[] = { { FIND, 200, FOUND }, { TOKEN, 200, FIRST }, { X, 200, "{}" },
		{ X, 200, "{}" }, { TOKEN, 200, SECOND }, { X, 200, "{}" }, { NULL } };
	struct lakebase *lb = begin(script);

	ck_assert_int_eq(get(lb), 0);
	ck_assert_str_eq(f.authorization[0], "");
	ck_assert_str_eq(f.authorization[1], "Basic Y2xpZW50OnZlcnktc2VjcmV0");
	ck_assert_str_eq(f.authorization[2], "Bearer first-access");
	f.now += 3500 * 1000;
	ck_assert_int_eq(get(lb), 0);
	f.now += 60 * 1000; /* 40 s before its end */
	ck_assert_int_eq(get(lb), 0);
	ck_assert_str_eq(f.authorization[5], "Bearer second-access");
	end(lb);
}
END_TEST

START_TEST(a_token_that_ends_early_is_renewed_once)
{
	static const struct step script[] = { { FIND, 404, "{}" }, { TOKEN, 200, FIRST },
		{ X, 403, "{\"error_code\":403,\"message\":\"Invalid access token first-access\"}" },
		{ TOKEN, 200, SECOND }, { X, 200, "{}" },
		/* and once more, but not for ever */
		{ X, 401, "{}" }, { TOKEN, 200, FIRST }, { X, 401, "{}" }, { NULL } };
	struct lakebase *lb = begin(script);

	ck_assert_int_eq(get(lb), 0);
	ck_assert_int_eq(f.decisions[LAKEBASE_REFRESH], 1);
	ck_assert_uint_eq(f.num_pauses, 0);
	ck_assert_int_eq(get(lb), LAKEBASE_EAUTH);
	end(lb);
}
END_TEST

START_TEST(a_missing_permission_is_not_mistaken_for_an_old_token)
{
	static const struct step script[] = { { FIND, 200, FOUND }, { TOKEN, 200, FIRST },
		{ X, 403, FAULT("PERMISSION_DENIED", "not yours") }, { NULL } };
	struct lakebase *lb = begin(script);

	ck_assert_int_eq(get(lb), LAKEBASE_EDENIED);
	end(lb);
}
END_TEST

START_TEST(the_weather_of_the_token_endpoint_is_survived)
{
	static const struct step script[] = { { FIND, 503, "{}" }, { FIND, 200, FOUND },
		{ TOKEN, 429, "{}", "1" }, { TOKEN, 0, "reset" }, { TOKEN, 200, FIRST }, { X, 200, "{}" },
		{ NULL } };
	struct lakebase *lb = begin(script);

	ck_assert_int_eq(get(lb), 0);
	end(lb);
}
END_TEST

START_TEST(a_refused_client_is_said_plainly)
{
	static const struct step script[] = { { FIND, 200, FOUND },
		{ TOKEN, 401,
			"{\"error\":\"invalid_client\",\"error_description\":\"wrong " SECRET "\"}" },
		{ NULL } };
	struct lakebase *lb = begin(script);

	ck_assert_int_eq(get(lb), LAKEBASE_EAUTH);
	ck_assert_str_eq(lakebase_last_error()->message,
		"the OAuth client is refused: invalid_client: wrong ***");
	end(lb);
}
END_TEST

START_TEST(the_secret_goes_to_no_other_host_in_the_clear)
{
	static const struct step script[] = {
		{ FIND, 200, "{\"token_endpoint\":\"http://evil.example.com/token\"}" }, { NULL } };
	struct lakebase *lb = begin(script);

	ck_assert_int_eq(get(lb), LAKEBASE_EAUTH);
	end(lb);
}
END_TEST

START_TEST(a_token_with_a_line_break_is_none)
{
	static const struct step script[] = { { FIND, 200, FOUND },
		{ TOKEN, 200, "{\"access_token\":\"a\\r\\nX: y\"}" }, { NULL } };
	struct lakebase *lb = begin(script);

	ck_assert_int_eq(get(lb), LAKEBASE_EANSWER);
	end(lb);
}
END_TEST

static void count(void *context, int code, const struct lakebase_doc *result, const struct lakebase_error *e)
{
	(void)result;
	(void)e;
	*(int *)context += code == 0;
}

START_TEST(many_calls_fetch_one_token)
{
	static const struct step script[] = { { FIND, 200, FOUND }, { TOKEN, 200, FIRST }, { X, 200, "{}" },
		{ X, 200, "{}" }, { X, 200, "{}" }, { NULL } };
	struct lakebase_call_spec s = LAKEBASE_CALL_SPEC_INIT;
	struct lakebase *lb = begin(script);
	struct lakebase_multi *m;
	int done = 0;

	s.verb = LAKEBASE_VERB_REQUEST;
	s.method = "GET";
	s.name = "/x";
	ck_assert_int_eq(lakebase_multi_new(&m, lb, NULL), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(lakebase_multi_add(NULL, m, &s, count, &done), 0);
	ck_assert_int_eq(lakebase_multi_run(m, -1), 0);
	ck_assert_int_eq(done, 3);
	lakebase_multi_free(m);
	end(lb);
}
END_TEST

START_TEST(secrets_are_struck_out_of_what_servers_say)
{
	static const struct step script[] = { { X, 400, FAULT("X", "s3cret-token and s3cret-token") },
		{ X, 0, "cannot send s3cret-token" }, { NULL } };
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct lakebase *lb;

	fake_start(&f, script);
	o.retry.attempts = 1;
	lb = fake_client(&f, &o);
	ck_assert_int_eq(get(lb), LAKEBASE_EREFUSED);
	ck_assert_str_eq(lakebase_last_error()->message, "*** and ***");
	ck_assert_int_eq(get(lb), LAKEBASE_ELOST);
	ck_assert_str_eq(lakebase_last_error()->message, "cannot send ***");
	lakebase_free(lb);
	fake_stop(&f);
}
END_TEST

int main(void)
{
	return RUN_TESTS("auth", a_token_is_fetched_once_and_renewed_before_its_end,
		a_token_that_ends_early_is_renewed_once,
		a_missing_permission_is_not_mistaken_for_an_old_token,
		the_weather_of_the_token_endpoint_is_survived, a_refused_client_is_said_plainly,
		the_secret_goes_to_no_other_host_in_the_clear, a_token_with_a_line_break_is_none,
		many_calls_fetch_one_token, secrets_are_struck_out_of_what_servers_say);
}
