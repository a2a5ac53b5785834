/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "core/context/setting.h"
#include "support/run.h"

static void set(struct settings *s, const char *assignment)
{
	struct err e;

	ck_assert_msg(!settings_set(s, assignment, &e), "%s: %s", assignment, e.message);
}

static const char *refused(const char *assignment)
{
	static struct err e;
	struct settings s;

	settings_init(&s);
	ck_assert_msg(settings_set(&s, assignment, &e) == -1, "%s", assignment);
	ck_assert_int_eq(e.code, ERR_INVALID);
	return e.message;
}

START_TEST(defaults_are_those_of_the_newest_profile)
{
	struct settings s;

	settings_init(&s);
	ck_assert_str_eq(s.profile, profiles[0].name);
	ck_assert_int_eq(setting_int(&s, SETTING_MAX_PROJECTS), 1000);
	ck_assert(setting_bool(&s, SETTING_MASK_ABSENT));
	ck_assert(!setting_bool(&s, SETTING_ECHO_SPEC));
	ck_assert_int_eq(setting_span(&s, SETTING_PROJECT_RETENTION), 7 * 86400 * USEC_SECOND);
	ck_assert_str_eq(setting_str(&s, SETTING_HOST_OVERRIDE), "");
	for (int i = 0; i < SETTING__N; i++) {
		ck_assert_str_eq(s.v[i].origin, "default");
		ck_assert_str_eq(s.v[i].s, setting_info((enum setting)i)->def);
	}
}
END_TEST

START_TEST(a_setting_takes_values_of_its_type)
{
	struct settings s;

	settings_init(&s);
	set(&s, "max_projects=3");
	set(&s, "echo_spec=1");
	set(&s, "project_retention=90s");
	set(&s, "host_suffix=db.example.com");
	set(&s, "host_override=");
	ck_assert_int_eq(setting_int(&s, SETTING_MAX_PROJECTS), 3);
	ck_assert(setting_bool(&s, SETTING_ECHO_SPEC));
	ck_assert_int_eq(setting_span(&s, SETTING_PROJECT_RETENTION), 90 * USEC_SECOND);
	ck_assert_str_eq(setting_str(&s, SETTING_HOST_SUFFIX), "db.example.com");
	ck_assert_str_eq(s.v[SETTING_MAX_PROJECTS].origin, "set");
}
END_TEST

START_TEST(wrong_values_are_refused_and_change_nothing)
{
	char text[200] = "host_suffix=";
	struct settings s, before;
	struct err e;

	ck_assert_str_eq(refused("max_projects=many"),
		"setting max_projects must be a whole number from 0 to 1000000000, got 'many'");
	refused("max_projects=-1");
	refused("max_projects=");
	refused("echo_spec=yes");
	refused("project_retention=a week");
	refused("host_suffix=a b");
	refused("host_suffix=a\r\nX-Injected:1");
	memset(text + 12, 'x', 128);
	refused(text);
	settings_init(&s);
	before = s;
	ck_assert_int_eq(settings_set(&s, "max_projects=many", &e), -1);
	ck_assert(!memcmp(&s, &before, sizeof s));
}
END_TEST

START_TEST(an_unknown_key_names_the_nearest)
{
	ck_assert_str_eq(refused("max_project=3"),
		"unknown setting 'max_project'; did you mean 'max_projects'?");
	ck_assert_str_eq(refused("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq=3"),
		"unknown setting 'qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'; "
		"`lakebase-mock reference configuration` lists them");
	ck_assert_str_eq(refused("max_projects"),
		"setting max_projects needs a value: max_projects=1000");
	refused("=3");
	refused("");
}
END_TEST

START_TEST(every_profile_can_be_chosen)
{
	struct settings s;
	struct err e;

	settings_init(&s);
	for (const struct profile *p = profiles; p->name; p++) {
		ck_assert_msg(!settings_profile(&s, p->name, &e), "%s", e.message);
		ck_assert_str_eq(s.profile, p->name);
		ck_assert_msg(p == profiles || strcmp(p->name, p[-1].name) < 0, "newest first");
	}
}
END_TEST

START_TEST(a_profile_is_a_whole_and_yields_to_what_the_user_set)
{
	struct settings s;
	struct err e;

	settings_init(&s);
	set(&s, "max_cu=7");
	ck_assert(!settings_profile(&s, "2026-07-25", &e));
	ck_assert(setting_bool(&s, SETTING_ECHO_SPEC));
	ck_assert(!setting_bool(&s, SETTING_MASK_ABSENT));
	ck_assert_str_eq(s.v[SETTING_ECHO_SPEC].origin, "profile");
	ck_assert(!settings_profile(&s, "2026-04-15", &e));
	ck_assert(!setting_bool(&s, SETTING_ECHO_SPEC)); /* nothing is left of July */
	ck_assert_int_eq(setting_int(&s, SETTING_ENDPOINT_ID_MIN), 3);
	ck_assert_int_eq(setting_int(&s, SETTING_MAX_CU), 7);
}
END_TEST

START_TEST(an_unknown_profile_names_those_there_are)
{
	struct settings s;
	struct err e;

	settings_init(&s);
	ck_assert_int_eq(settings_profile(&s, "2026-08-21", &e), -1);
	ck_assert_str_eq(e.message, "unknown profile '2026-08-21'; there are 2026-11-28, "
				    "2026-11-01, 2026-08-20, 2026-07-25, 2026-04-15");
	ck_assert_str_eq(s.profile, profiles[0].name);
}
END_TEST

START_TEST(the_ends_of_a_range_belong_to_it)
{
	static const char *const good[] = { "max_projects=0", "max_projects=1000000000",
		"default_suspension=60s", "default_suspension=7d", "project_retention=0s",
		"host_suffix=!", "host_suffix=~", "cdf_tables=a", "cdf_tables=a,b,c", "pg_versions=9",
		"pg_versions=1,0", "echo_spec=0", "echo_spec=true", "echo_spec=false" };
	static const char *const bad[] = { "max_projects=1000000001", "default_suspension=59s",
		"default_suspension=604801s", "default_suspension=8d", "host_suffix=a ",
		"host_suffix=a\x7f", "host_suffix=\x1f", "host_suffix=\xc3\xa9", "cdf_tables=",
		"cdf_tables=a,", "cdf_tables=,a", "cdf_tables=a,,b", "cdf_tables=a, b",
		"pg_versions=", "pg_versions=16,", "pg_versions=16,x", "pg_versions=16:",
		"pg_versions=/" };
	struct settings s;

	settings_init(&s);
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		set(&s, good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		refused(bad[i]);
	ck_assert_str_eq(refused("echo_spec=2"),
		"setting echo_spec must be 1, 0, true or false, got '2'");
	ck_assert_str_eq(refused("default_suspension=1s"),
		"setting default_suspension must be 60 seconds to 7 days, got '1s'");
	ck_assert_str_eq(refused("project_retention=x"),
		"setting project_retention must be a duration such as 300ms, 5s, 2m, 26h or 7d, "
		"got 'x'");
	ck_assert_str_eq(refused("pg_versions=x"),
		"setting pg_versions must be whole numbers joined by commas, got 'x'");
	ck_assert_str_eq(refused("cdf_tables=a b"),
		"setting cdf_tables must be names joined by commas, without blanks, got 'a b'");
	ck_assert_str_eq(refused("host_suffix=a b"),
		"setting host_suffix must be printable ASCII without blanks, got 'a b'");
}
END_TEST

START_TEST(a_value_fits_up_to_its_last_byte)
{
	char text[200] = "host_suffix=";
	struct settings s;

	settings_init(&s);
	memset(text + 12, 'x', sizeof s.v[0].s - 1);
	set(&s, text);
	ck_assert_str_eq(setting_str(&s, SETTING_HOST_SUFFIX), text + 12);
	text[12 + sizeof s.v[0].s - 1] = 'x';
	refused(text);
}
END_TEST

START_TEST(an_item_is_in_a_list_as_a_whole)
{
	struct settings s;

	settings_init(&s);
	set(&s, "pg_versions=16,17,180");
	ck_assert(setting_lists(&s, SETTING_PG_VERSIONS, "16"));
	ck_assert(setting_lists(&s, SETTING_PG_VERSIONS, "17"));
	ck_assert(setting_lists(&s, SETTING_PG_VERSIONS, "180"));
	ck_assert(!setting_lists(&s, SETTING_PG_VERSIONS, "18"));
	ck_assert(!setting_lists(&s, SETTING_PG_VERSIONS, "1"));
	ck_assert(!setting_lists(&s, SETTING_PG_VERSIONS, "1800"));
	ck_assert(!setting_lists(&s, SETTING_PG_VERSIONS, "16,17"));
	ck_assert(!setting_lists(&s, SETTING_PG_VERSIONS, ""));
}
END_TEST

START_TEST(a_profile_is_worth_what_it_says)
{
	static const struct {
		const char *profile, *versions;
		enum setting id;
		int64_t value, next; /* of the profile, and of the newest */
	} rows[] = {
		{ "2026-11-01", "16,17", SETTING_CLEAR_ABSENT, 0, 1 },
		{ "2026-08-20", "16,17", SETTING_MASK_ABSENT, 0, 1 },
		{ "2026-07-25", "16,17", SETTING_MASK_ABSENT, 0, 1 },
		{ "2026-07-25", "16,17", SETTING_ECHO_SPEC, 1, 0 },
		{ "2026-04-15", "16,17", SETTING_MASK_ABSENT, 0, 1 },
		{ "2026-04-15", "16,17", SETTING_ENDPOINT_ID_MIN, 3, 1 },
		{ "2026-04-15", "16,17", SETTING_REUSE_BRANCH_ID, 0, 1 },
		{ "2026-04-15", "16,17", SETTING_MAX_CU, 32, 64 },
		{ "2026-04-15", "16,17", SETTING_MAX_CU_SPREAD, 8, 16 },
		{ "2026-04-15", "16,17", SETTING_DEFAULT_SUSPENSION, 300 * USEC_SECOND,
			86400 * USEC_SECOND },
	};
	struct settings s;
	struct err e;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		settings_init(&s);
		ck_assert_int_eq(setting_int(&s, rows[i].id), rows[i].next);
		ck_assert_str_eq(setting_str(&s, SETTING_PG_VERSIONS), "16,17,18");
		ck_assert(!settings_profile(&s, rows[i].profile, &e));
		ck_assert_int_eq(setting_int(&s, rows[i].id), rows[i].value);
		ck_assert_str_eq(setting_str(&s, SETTING_PG_VERSIONS), rows[i].versions);
	}
}
END_TEST

int main(void)
{
	return RUN_TESTS("setting", the_ends_of_a_range_belong_to_it,
		a_value_fits_up_to_its_last_byte, an_item_is_in_a_list_as_a_whole,
		a_profile_is_worth_what_it_says, defaults_are_those_of_the_newest_profile,
		a_setting_takes_values_of_its_type, wrong_values_are_refused_and_change_nothing,
		an_unknown_key_names_the_nearest, every_profile_can_be_chosen,
		a_profile_is_a_whole_and_yields_to_what_the_user_set,
		an_unknown_profile_names_those_there_are);
}
