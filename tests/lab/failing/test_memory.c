/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation of a request fails in turn, those of the server, of jansson and of SQLite. The
 * answer is then 500, and nothing has changed; or nobody needed it, and the answer is the usual one.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "lab/failing/disturb.h"
#include "support/starve.h"

static sqlite3_mem_methods real;

static void *sqlite_malloc(int n)
{
	return starve() ? NULL : real.xMalloc(n);
}

static void *sqlite_realloc(void *p, int n)
{
	return starve() ? NULL : real.xRealloc(p, n);
}

static void install(void)
{
	sqlite3_mem_methods mine;

	sqlite3_shutdown();
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
	mine = real;
	mine.xMalloc = sqlite_malloc;
	mine.xRealloc = sqlite_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &mine);
	json_set_alloc_funcs(__wrap_malloc, free);
}

static void prepare(void)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	r->app->check_replies = false; /* the check needs memory, too, and takes no for an answer */
}

static void arm(long n)
{
	starving = (struct starving){.on = n, .fail_at = n};
}

static long used(void)
{
	return starving.calls;
}

static bool told(int status, const char *text)
{
	return status == 500 && (strstr(text, "out of memory") || strstr(text, "cannot sign"));
}

static const struct disturbance memory = {.what = "allocation", .arm = arm, .used = used, .told = told,
	.look_every = 16, .deed_stays = true, .own = 1};

START_TEST(a_request_lives_through_each_allocation_failing)
{
	ck_assert_int_gt(disturb(&memory, day), 5000);
}
END_TEST

START_TEST(what_decides_by_looking_around_lives_through_it_too)
{
	set_for_corners();
	ck_assert_int_gt(disturb(&memory, corners), 1000);
}
END_TEST

START_TEST(others_are_let_in_or_told_of_the_failure)
{
	ck_assert_int_gt(disturb(&memory, guests), 2000);
}
END_TEST

/* With so long an address that the block of memory which is there does not take the login, too. */
START_TEST(a_code_is_no_worse_for_want_of_memory)
{
	char redirect[2000] = "http://localhost:1/", what[4096], body[4096], code[64];
	const char *at;
	long n = memory.own;

	memset(redirect + strlen(redirect), 'a', sizeof redirect - 1 - strlen(redirect));
	snprintf(what, sizeof what,
		"GET /oidc/v1/authorize?response_type=code&client_id=c&code_challenge_method=S256"
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri=%s", redirect);
	do {
		int status;

		rig_want(r, what, NULL, 302);
		at = strstr(rig_header(r, "Location"), "?code=");
		snprintf(code, sizeof code, "%s", at + strlen("?code="));
		snprintf(body, sizeof body,
			"grant_type=authorization_code&code=%s&client_id=c&redirect_uri=%s"
			"&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", code, redirect);
		response_done(&r->resp); /* with the memory that it kept */
		arm(++n);
		status = rig_ask(r, "POST /oidc/v1/token", body);
		starving.on = false;
		ck_assert_msg(status == 200 || told(status, r->resp.body.data), "%ld: %d %s", n, status,
			r->resp.body.data);
	} while (used() >= n);
	ck_assert_int_gt(n, 10);
}
END_TEST

int main(void)
{
	install();
	return CASES("lab-memory", prepare, {a_request_lives_through_each_allocation_failing},
		{what_decides_by_looking_around_lives_through_it_too},
		{others_are_let_in_or_told_of_the_failure}, {a_code_is_no_worse_for_want_of_memory});
}
