/* SPDX-License-Identifier: Apache-2.0 */
/* What a browser gets to see of a login, and where programs find it. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"

#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define HOME "http://localhost:8020"
#define ASK                                                                                        \
	"/oidc/v1/authorize?response_type=code&client_id=databricks-cli&state=s%20t"              \
	"&code_challenge_method=S256&code_challenge=" CHALLENGE "&redirect_uri=" HOME

START_TEST(the_browser_is_sent_back_with_a_page)
{
	rig_want(r, "GET " ASK, NULL, 302);
	ck_assert_str_eq(rig_header(r, "Cache-Control"), "no-store");
	ck_assert_str_eq(r->resp.content_type, "text/html; charset=utf-8");
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "Logged in."));
	/* what was in the address stays there, and no state is made up */
	rig_want(r, "GET /oidc/v1/authorize?response_type=code&client_id=c&code_challenge_method=S256"
		    "&code_challenge=" CHALLENGE "&redirect_uri=http://localhost:1/cb?x=1", NULL, 302);
	ck_assert(text_starts(rig_header(r, "Location"), "http://localhost:1/cb?x=1&code=", NULL));
	ck_assert_ptr_null(strstr(rig_header(r, "Location"), "state"));
}
END_TEST

START_TEST(a_login_is_asked_for_by_a_client_with_an_address)
{
	static const char *const bad[] = {"", "client_id=&redirect_uri=" HOME, "redirect_uri=" HOME,
		"client_id=c", "client_id=c&redirect_uri="};
	char what[512];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(what, sizeof what,
			"GET /oidc/v1/authorize?response_type=code&code_challenge_method=S256&code_challenge="
			CHALLENGE "&%s", bad[i]);
		rig_want(r, what, NULL, 400);
		ck_assert_str_eq(rig_str(r, "error"), "invalid_request");
	}
	rig_want(r, "GET " ASK "&login_hint=a%01%40b", NULL, 302);
	ck_assert_str_eq(rig_header(r, "Location"), HOME "?error=access_denied&state=s%20t");
}
END_TEST

START_TEST(a_page_may_ask_who_it_is)
{
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "login_page=true", &e));
	rig_want(r, "GET " ASK "&prompt=%3Cb%20a=%22'%26%3E", NULL, 200);
	ck_assert_str_eq(r->resp.content_type, "text/html; charset=utf-8");
	ck_assert_str_eq(rig_header(r, "Cache-Control"), "no-store");
	ck_assert_str_eq(rig_header(r, "Content-Security-Policy"),
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
	ck_assert_ptr_nonnull(strstr(r->resp.body.data,
		"<form>\n<input type=\"hidden\" name=\"client_id\" value=\"databricks-cli\">\n"
		"<input type=\"hidden\" name=\"code_challenge\" value=\"" CHALLENGE "\">\n"
		"<input type=\"hidden\" name=\"code_challenge_method\" value=\"S256\">\n"
		"<input type=\"hidden\" name=\"prompt\" value=\"&#60;b a=&#34;&#39;&#38;&#62;\">\n"
		"<input type=\"hidden\" name=\"redirect_uri\" value=\"" HOME "\">\n"
		"<input type=\"hidden\" name=\"response_type\" value=\"code\">\n"
		"<input type=\"hidden\" name=\"state\" value=\"s t\">\n"
		"<p><label>Who? <input name=\"login_hint\" value=\"mock-default\""));
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "<!doctype html>"));
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "</form>\n"));
	rig_want(r, "GET " ASK "&login_hint=mock-default", NULL, 302); /* it was answered */
}
END_TEST

static void discovered(const char *host, bool tls, const char *origin)
{
	struct request req = {.method = "GET", .path = "/.well-known/databricks-config", .query = "",
		.host = host, .tls = tls, .connection = ++r->connection, .ordinal = 1,
		.arrived = monotonic_now()};
	char expected[128];

	response_reset(&r->resp);
	front_serve(r->lab, &req, &r->resp);
	lab_delivered(r->lab, r->resp.seq, DELIVERED_FULL, r->resp.status, r->resp.body.len);
	snprintf(expected, sizeof expected, "\"oidc_endpoint\":\"%s/oidc\"", origin);
	ck_assert_msg(strstr(r->resp.body.data, expected), "%s", r->resp.body.data);
}

START_TEST(discovery_is_of_the_address_that_was_asked)
{
	discovered("mock.example:8443", true, "https://mock.example:8443");
	discovered("mock.example", false, "http://mock.example");
	discovered(NULL, false, "http://127.0.0.1:4610");
}
END_TEST

int main(void)
{
	return CASES("lab-browser", NULL, {the_browser_is_sent_back_with_a_page},
		{a_login_is_asked_for_by_a_client_with_an_address}, {a_page_may_ask_who_it_is},
		{discovery_is_of_the_address_that_was_asked});
}
