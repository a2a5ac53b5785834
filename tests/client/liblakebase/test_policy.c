/* SPDX-License-Identifier: Apache-2.0 */
/* When a request is sent again: waits, Retry-After, and where it ends. */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "liblakebase/retry/retry.h"
#include "support/run.h"

static const struct lakebase_retry guide = { 12, 5, 100, 30000, 300000 };

START_TEST(waits_double_to_the_cap_and_are_drawn_below)
{
	static const int64_t most[] = { 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000 };

	for (int i = 0; i < (int)ARRAY_SIZE(most); i++) {
		ck_assert_int_eq(lb_retry_delay(&guide, i + 1, -1, 0.0), 0);
		ck_assert_int_eq(lb_retry_delay(&guide, i + 1, -1, 0.5), most[i] / 2);
		ck_assert(lb_retry_delay(&guide, i + 1, -1, 0.999999) < most[i]);
		ck_assert(lb_retry_delay(&guide, i + 1, -1, 0.999999) >= most[i] - 1);
	}
	ck_assert_int_eq(lb_retry_delay(&guide, 1000000, -1, 0.5), 15000);
}
END_TEST

START_TEST(told_waits_are_kept_capped_and_spread)
{
	/* never earlier than told */
	for (double chance = 0; chance < 1; chance += 0.1) {
		ck_assert(lb_retry_delay(&guide, 1, 3000, chance) >= 3000);
		ck_assert(lb_retry_delay(&guide, 1, 3000, chance) <= 3100);
		/* a day is not kept, but the cap is */
		ck_assert(lb_retry_delay(&guide, 1, 86400000, chance) >= 30000);
		ck_assert(lb_retry_delay(&guide, 12, 86400000, chance) <= 31000);
	}
	/* "at once", said again and again, still backs off */
	ck_assert_int_eq(lb_retry_delay(&guide, 8, 0, 0.5), 6400);
	ck_assert(lb_retry_delay(&guide, 1, 3000, 0.1) != lb_retry_delay(&guide, 1, 3000, 0.9));
}
END_TEST

START_TEST(retry_after_is_read_strictly)
{
	static const char date[] = "Thu, 01 Jan 2026 00:00:00 GMT";
	static const struct {
		const char *value;
		int64_t ms;
	} rows[] = {
		{ "0", 0 }, { "3", 3000 }, { "86400", 86400000 },
		{ "", -1 }, { "-5", -1 }, { "+5", -1 }, { "3.5", -1 }, { "5s", -1 }, { " 5", -1 },
		{ "soon", -1 }, { "0x10", -1 }, { "Infinity", -1 }, { "1e3", -1 },
		{ "Thu, 01 Jan 2026 00:00:05 GMT", 5000 },
		{ "Thursday, 01-Jan-26 00:00:05 GMT", 5000 },
		{ "Wed, 31 Dec 2025 23:59:00 GMT", 0 },
		{ "Thu, 01 Jan 99999 00:00:00 GMT", 40000000000 },
		{ "Thu, 99 Foo 2026 00:00:00 GMT", -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_msg(lb_retry_after(rows[i].value, date, 0) == rows[i].ms, "'%s' is %lld",
			rows[i].value, (long long)lb_retry_after(rows[i].value, date, 0));
	/* absurd numbers are a long time, not an overflow */
	ck_assert(lb_retry_after("99999999999999999999999999", date, 0) > 86400000);
	/* without a Date, our own clock counts */
	ck_assert_int_eq(lb_retry_after("Thu, 01 Jan 2026 00:00:05 GMT", "", 1767225600000), 5000);
}
END_TEST

static int run(struct fake *f, const struct step *script, struct lakebase_retry retry, const char *method)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct lakebase *lb;
	int rc;

	fake_start(f, script);
	f->repeat_last = true;
	o.retry = retry;
	lb = fake_client(f, &o);
	rc = lakebase_request(NULL, lb, method, "/x", NULL, NULL);
	lakebase_free(lb);
	ck_assert_str_eq(f->problem, "");
	fake_stop(f);
	return rc;
}

START_TEST(attempts_end_it)
{
	static const struct step script[] = { { "GET", 503, "{}" }, { NULL } };
	static struct fake f;
	int64_t total = 0;

	ck_assert_int_eq(run(&f, script, (struct lakebase_retry){ 0 }, "GET"), LAKEBASE_EUNAVAILABLE);
	ck_assert_int_eq(lakebase_last_error()->attempts, 12);
	ck_assert_uint_eq(f.num_pauses, 11);
	ck_assert_int_eq(f.decisions[LAKEBASE_RETRY], 11);
	ck_assert_int_eq(f.decisions[LAKEBASE_GIVE_UP], 1);
	for (size_t i = 0; i < f.num_pauses; i++) {
		ck_assert(!i || f.pauses[i] >= f.pauses[i - 1]);
		total += f.pauses[i];
	}
	ck_assert(total < 60000);
	ck_assert_ptr_nonnull(strstr(lakebase_last_error()->message, "gave up after 12 requests"));
	ck_assert_int_eq(run(&f, script, (struct lakebase_retry){ .attempts = 1 }, "GET"),
		LAKEBASE_EUNAVAILABLE);
	ck_assert_int_eq(lakebase_last_error()->attempts, 1);
	ck_assert_uint_eq(f.num_pauses, 0);
}
END_TEST

START_TEST(a_deadline_ends_it_without_a_last_sleep)
{
	static const struct step script[] = { { "GET", 503, "{}" }, { NULL } };
	static const struct step told[] = { { "GET", 503, "{}", "20" }, { NULL } };
	static struct fake f;
	struct lakebase_retry r = { .attempts = 1000, .deadline_ms = 10000 };

	ck_assert_int_eq(run(&f, script, r, "GET"), LAKEBASE_EUNAVAILABLE);
	ck_assert(f.now - 1700000000000 <= 10000);
	/* a wait that would pass the deadline is not begun */
	ck_assert_int_eq(run(&f, told, r, "GET"), LAKEBASE_EUNAVAILABLE);
	ck_assert_uint_eq(f.num_pauses, 0);
	ck_assert_int_eq(lakebase_last_error()->attempts, 1);
}
END_TEST

START_TEST(retry_after_is_obeyed_between_requests)
{
	static const struct step script[] = { { "POST", 429, "{}", "2" }, { "POST", 503, "{}", "junk" },
		{ "POST", 503, "{}", "86400" }, { "POST", 200, "{}" }, { NULL } };
	static struct fake f;

	ck_assert_int_eq(run(&f, script, (struct lakebase_retry){ 0 }, "POST"), 0);
	ck_assert_uint_eq(f.num_pauses, 3);
	ck_assert(f.pauses[0] >= 2000 && f.pauses[0] <= 2100);
	ck_assert_int_eq(f.pauses[1], 100); /* half of 200: the junk says nothing */
	ck_assert(f.pauses[2] >= 30000 && f.pauses[2] <= 30400);
}
END_TEST

START_TEST(connecting_gives_up_sooner)
{
	static const struct step script[] = { { "GET", 0, "refused", NULL, LAKEBASE_NOT_SENT }, { NULL } };
	static struct fake f;

	ck_assert_int_eq(run(&f, script, (struct lakebase_retry){ 0 }, "GET"), LAKEBASE_ECONNECT);
	ck_assert_int_eq(lakebase_last_error()->attempts, 5);
	ck_assert(f.now - 1700000000000 < 2000);
}
END_TEST

static int wait_for(struct fake *f, const struct step *script, int64_t timeout)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase *lb;
	int rc;

	fake_start(f, script);
	f->repeat_last = true;
	lb = fake_client(f, NULL);
	o.wait_timeout_ms = timeout;
	rc = lakebase_operation_wait(NULL, lb, "projects/p/operations/1", &o);
	lakebase_free(lb);
	ck_assert_str_eq(f->problem, "");
	return rc;
}

START_TEST(no_wait_is_endless)
{
	static const struct step stuck[] = { { "GET", 200, "{\"done\":false}" }, { NULL } };
	static const struct step down[] = { { "GET", 503, "{}" }, { NULL } };
	static const struct step gone[] = { { "GET", 404, "{}" }, { NULL } };
	static struct fake f;

	ck_assert_int_eq(wait_for(&f, stuck, 0), LAKEBASE_ETIMEOUT);
	ck_assert_int_eq(f.now - 1700000000000 > 600000, 1);
	ck_assert(f.now - 1700000000000 < 600000 + 1000);
	/* polls come quickly at first, and never more often than every 2.5 s in the long run */
	ck_assert(f.sent_at[1] - f.sent_at[0] <= 200);
	ck_assert_uint_lt(f.num_requests, 600000 / 2500);
	fake_stop(&f);
	ck_assert_int_eq(wait_for(&f, down, 5000), LAKEBASE_ETIMEOUT);
	ck_assert(f.now - 1700000000000 < 5000 + 1000);
	fake_stop(&f);
	ck_assert_int_eq(wait_for(&f, gone, 0), LAKEBASE_ENOTFOUND);
	ck_assert(f.now - 1700000000000 < 60000);
	fake_stop(&f);
}
END_TEST

static int stop_at_third(void *context, const struct lakebase_progress *p)
{
	(void)context;
	ck_assert_str_eq(p->operation, "projects/p/operations/1");
	return p->polls == 3;
}

START_TEST(progress_may_stop_a_wait)
{
	static const struct step stuck[] = { { "GET", 200, "{\"done\":false}" }, { NULL } };
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	static struct fake f;
	struct lakebase *lb;

	fake_start(&f, stuck);
	f.repeat_last = true;
	lb = fake_client(&f, NULL);
	o.on_progress = stop_at_third;
	ck_assert_int_eq(lakebase_operation_wait(NULL, lb, "projects/p/operations/1", &o),
		LAKEBASE_ECANCELLED);
	ck_assert_uint_eq(f.num_requests, 3);
	lakebase_free(lb);
	fake_stop(&f);
}
END_TEST

/* Every verdict has a row, and the guide's rule for the final ones holds. */
START_TEST(the_policy_covers_every_verdict)
{
	static const enum lb_verdict final[] = { LB_REFUSED, LB_UNAUTHENTICATED, LB_DENIED, LB_NOT_FOUND,
		LB_EXISTS };

	for (int v = 0; v < LB__VERDICTS; v++)
		ck_assert_ptr_nonnull(lb_policies[v].reason);
	for (size_t i = 0; i < ARRAY_SIZE(final); i++) {
		ck_assert_int_eq(lb_policies[final[i]].again, LB_NEVER);
		ck_assert(!lb_policies[final[i]].wait_survives);
	}
}
END_TEST

int main(void)
{
	return RUN_TESTS("policy", waits_double_to_the_cap_and_are_drawn_below,
		told_waits_are_kept_capped_and_spread, retry_after_is_read_strictly, attempts_end_it,
		a_deadline_ends_it_without_a_last_sleep, retry_after_is_obeyed_between_requests,
		connecting_gives_up_sooner, no_wait_is_endless, progress_may_stop_a_wait,
		the_policy_covers_every_verdict);
}
