/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/context/plan.h"
#include "support/run.h"

static struct plan parsed(const char *text)
{
	struct plan p;
	struct err e;

	ck_assert_msg(!plan_parse(text, &p, &e), "%s: %s", text, e.message);
	return p;
}

START_TEST(every_plan_comes_back_as_it_was_written)
{
	static const char *const all[] = { "sync", "first-poll", "after:5s", "after:0.300s",
		"after-polls:3", "fail:INTERNAL_ERROR:no capacity", "fail:ABORTED:a:b:c:5s",
		"fail:QUOTA_EXCEEDED:5s", "fail:X::", "fail:X::5s", "fail:X:late:5s:0s", "stuck",
		"vanish:10s", "late-visible:2", "done-not-ready:33s", "no-response" };
	char out[PLAN_TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct plan p = parsed(all[i]);

		ck_assert_str_eq(plan_format(&p, out), all[i]);
	}
}
END_TEST

START_TEST(a_failure_has_a_code_a_message_and_perhaps_a_time)
{
	struct plan p = parsed("fail:INTERNAL_ERROR:region us-1: no capacity:30s");

	ck_assert_int_eq(p.kind, PLAN_FAIL);
	ck_assert_str_eq(p.code, "INTERNAL_ERROR");
	ck_assert_str_eq(p.message, "region us-1: no capacity");
	ck_assert_int_eq(p.span, 30 * USEC_SECOND);
	p = parsed("fail:INTERNAL_ERROR:wait: long");
	ck_assert_str_eq(p.message, "wait: long");
	ck_assert_int_eq(p.span, 0);
}
END_TEST

START_TEST(durations_and_counts_are_read)
{
	ck_assert_int_eq(parsed("after:2m").span, 120 * USEC_SECOND);
	ck_assert_int_eq(parsed("after-polls:0").n, 0);
	ck_assert_int_eq(parsed("late-visible:7").n, 7);
	ck_assert_str_eq(parsed("fail:X::5s").message, ":5s");
	ck_assert_int_eq(parsed("fail:X::5s").span, 0);
	ck_assert_str_eq(parsed("fail:X:m:5s").message, "m");
}
END_TEST

START_TEST(the_longest_failure_fits_its_text)
{
	char text[PLAN_TEXT_SIZE], out[PLAN_TEXT_SIZE];
	char code[64] = "", message[256] = "";
	struct plan p;

	memset(code, 'C', 63);
	memset(message, 'm', 255);
	snprintf(text, sizeof text, "fail:%s:%s:315576000000s", code, message);
	p = parsed(text);
	ck_assert_str_eq(plan_format(&p, out), text);
}
END_TEST

START_TEST(what_is_not_a_plan_is_refused)
{
	static const char *const bad[] = { "", ":", "syn", "sync:", "sync:1", "stuck:1s", "after",
		"after:", "after:soon", "after:-1s", "after-polls", "after-polls:-1",
		"after-polls:x", "after-polls:1000001", "fail", "fail:", "fail:CODE", "fail:CODE:",
		"fail::message", "fail:code:message", "vanish", "late-visible:1s",
		"fail:X:\xff" };
	struct err e;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct plan p = { .n = 99 };

		ck_assert_msg(plan_parse(bad[i], &p, &e) == -1, "%s", bad[i]);
		ck_assert_int_eq(e.code, ERR_INVALID);
		ck_assert_int_eq(p.n, 99); /* untouched */
	}
}
END_TEST

START_TEST(the_refusal_says_what_to_write)
{
	struct plan p;
	struct err e;

	ck_assert_int_eq(plan_parse("first-pol", &p, &e), -1);
	ck_assert_msg(strstr(e.message, "unknown operation plan 'first-pol', did you mean "
					"'first-poll'?; write sync, "), "%s", e.message);
	ck_assert_int_eq(plan_parse("after:x", &p, &e), -1);
	ck_assert_str_eq(e.message, "plan 'after' needs a duration, as in after:5s");
}
END_TEST

START_TEST(counts_and_texts_have_an_end)
{
	char text[PLAN_TEXT_SIZE + 8], message[300] = "", code[80] = "";
	struct plan p;
	struct err e;

	ck_assert_int_eq(parsed("after-polls:1000000").n, 1000000);
	memset(message, 'm', 256);
	snprintf(text, sizeof text, "fail:X:%s", message);
	ck_assert_int_eq(plan_parse(text, &p, &e), -1);
	ck_assert_str_eq(e.message, "the message of plan 'fail' must be UTF-8 of at most 255 bytes");
	snprintf(text, sizeof text, "fail:X:%.255s", message);
	ck_assert_uint_eq(strlen(parsed(text).message), 255);
	memset(code, 'C', 64);
	snprintf(text, sizeof text, "fail:%s:m", code);
	ck_assert_int_eq(plan_parse(text, &p, &e), -1);
	ck_assert_str_eq(e.message, "plan 'fail' needs an error code and a message, as in "
				    "fail:INTERNAL_ERROR:no capacity:30s");
	ck_assert_int_eq(plan_parse("stuck:1s", &p, &e), -1);
	ck_assert_str_eq(e.message, "plan 'stuck' takes no argument");
	ck_assert_int_eq(plan_parse("late-visible:x", &p, &e), -1);
	ck_assert_str_eq(e.message,
		"plan 'late-visible' needs a number of polls up to 1000000, as in late-visible:3");
	ck_assert_int_eq(plan_parse("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
				 "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
				 &p, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.message,
		"'qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'; write sync"));
}
END_TEST

int main(void)
{
	return RUN_TESTS("plan", counts_and_texts_have_an_end, every_plan_comes_back_as_it_was_written,
		a_failure_has_a_code_a_message_and_perhaps_a_time, durations_and_counts_are_read,
		the_longest_failure_fits_its_text, what_is_not_a_plan_is_refused,
		the_refusal_says_what_to_write);
}
