/* SPDX-License-Identifier: Apache-2.0 */
/* What a response holds, and what the parameters of a request are. */
#include "api/message.h"

#include <stdio.h>
#include <string.h>

#include "api/query.h"
#include "base/limits.h"
#include "base/text.h"
#include "support/heap.h"
#include "support/run.h"

static struct response resp;
static struct arena arena;
static struct err e;

START_TEST(a_response_has_so_many_headers_and_no_more)
{
	char name[16];

	for (int i = 0; i < MAX_RESPONSE_HEADERS + 2; i++) {
		snprintf(name, sizeof name, "h%d", i);
		response_header(&resp, name, "v");
	}
	ck_assert_uint_eq(resp.num_headers, MAX_RESPONSE_HEADERS);
	ck_assert_str_eq(resp.headers[MAX_RESPONSE_HEADERS - 1].name, "h15");
	ck_assert_str_eq(resp.headers[0].name, "h0");
	ck_assert(!resp.body.failed);
}
END_TEST

START_TEST(a_header_that_cannot_be_kept_fails_the_body)
{
	response_header(&resp, "a", NULL);
	ck_assert(resp.body.failed);
	response_reset(&resp);
	response_header(&resp, NULL, "a");
	ck_assert(resp.body.failed);
	ck_assert_uint_eq(resp.num_headers, 0);
}
END_TEST

START_TEST(an_error_takes_the_place_of_what_was_said)
{
	buf_adds(&resp.body, "text");
	resp.content_type = "text/plain";
	err_set(&e, ERR_UNAUTHENTICATED, "who?");
	response_error(&resp, &e);
	ck_assert_int_eq(resp.status, 401);
	ck_assert_ptr_null(resp.content_type);
	ck_assert_str_eq(resp.body.data, "{\"error_code\":401,\"message\":\"who?\"}");
	ck_assert_uint_eq(resp.num_headers, 1);
	response_reset(&resp);
	err_set(&e, ERR_NOT_FOUND, "a \"thing\"");
	response_error(&resp, &e);
	ck_assert_str_eq(resp.body.data, "{\"error_code\":\"NOT_FOUND\",\"message\":\"a \\\"thing\\\"\"}");
	ck_assert_uint_eq(resp.num_headers, 0);
}
END_TEST

START_TEST(what_was_said_is_forgotten)
{
	size_t before = 0;

	for (int i = 0; i < 1000; i++) {
		buf_adds(&resp.body, "text");
		resp.status = 404;
		resp.content_type = "text/plain";
		response_header(&resp, "a", "b");
		ck_assert_ptr_nonnull(arena_alloc(&resp.arena, 60000));
		response_reset(&resp);
		ck_assert_int_eq(resp.status, 200);
		ck_assert_uint_eq(resp.body.len, 0);
		ck_assert_uint_eq(resp.num_headers, 0);
		ck_assert_ptr_null(resp.content_type);
		if (i == 9)
			before = heap_in_use();
	}
	ck_assert_uint_lt(heap_in_use(), before + 100000);
}
END_TEST

/* ---- parameters ---- */

static int given(struct parameters *p, const char *text)
{
	return parameters_read(p, text, strlen(text), &arena, &e);
}

static void is(const struct parameter *p, const char *key, const char *value, const char *bad)
{
	ck_assert_str_eq(p->key, key);
	ck_assert_str_eq(p->value, value);
	if (bad)
		ck_assert_str_eq(p->bad, bad);
	else
		ck_assert_ptr_null(p->bad);
}

START_TEST(parameters_are_pairs_in_their_order)
{
	struct parameters p;

	ck_assert_int_eq(given(&p, "&a=1&&b&=x&c=%41+%2b&a=2&d=&"), 0);
	ck_assert_int_eq(p.num, 6);
	is(&p.all[0], "a", "1", NULL);
	is(&p.all[1], "b", "", NULL);
	is(&p.all[2], "", "x", NULL);
	is(&p.all[3], "c", "A +", NULL);
	is(&p.all[4], "a", "2", NULL);
	is(&p.all[5], "d", "", NULL);
	ck_assert_str_eq(parameters_get(&p, "a"), "1");
	ck_assert_ptr_null(parameters_get(&p, "e"));
	ck_assert_int_eq(given(&p, ""), 0);
	ck_assert_int_eq(p.num, 0);
	ck_assert_int_eq(given(&p, "a"), 0);
	is(&p.all[0], "a", "", NULL);
}
END_TEST

START_TEST(what_cannot_be_unescaped_stands_as_it_came)
{
	struct parameters p;

	ck_assert_int_eq(given(&p, "%zz=%41&a=%ff&\xc3\x28~=1&b=\xc3\xa9%"), 0);
	ck_assert_int_eq(p.num, 4);
	is(&p.all[0], "%zz", "A", NULL);
	is(&p.all[1], "a", "", "%ff");
	is(&p.all[2], "?(~", "1", NULL);
	is(&p.all[3], "b", "", "\xc3\xa9%");
}
END_TEST

START_TEST(there_are_so_many_parameters_and_no_more)
{
	char text[4 * MAX_QUERY_PARAMS] = "a";
	struct parameters p;

	for (int i = 1; i < MAX_QUERY_PARAMS; i++)
		strcat(text, "&a"); /* allowed: there is room */
	ck_assert_int_eq(given(&p, text), 0);
	ck_assert_int_eq(p.num, MAX_QUERY_PARAMS);
	strcat(text, "&"); /* allowed: as above */
	ck_assert_int_eq(given(&p, text), -1);
	ck_assert_int_eq(e.code, ERR_INVALID);
}
END_TEST

static void set_up(void)
{
	response_reset(&resp);
}

static void tear_down(void)
{
	response_done(&resp);
	resp = (struct response){0};
	arena_done(&arena);
}

int main(void)
{
	const TTest *const tests[] = {a_response_has_so_many_headers_and_no_more,
		a_header_that_cannot_be_kept_fails_the_body, an_error_takes_the_place_of_what_was_said,
		what_was_said_is_forgotten, parameters_are_pairs_in_their_order,
		what_cannot_be_unescaped_stands_as_it_came, there_are_so_many_parameters_and_no_more, NULL};

	return run_tests_between("message", tests, set_up, tear_down);
}
