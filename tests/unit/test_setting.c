/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "core/setting.h"
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
		"unknown setting 'qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'");
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

START_TEST(an_unknown_profile_names_the_nearest)
{
	struct settings s;
	struct err e;

	settings_init(&s);
	ck_assert_int_eq(settings_profile(&s, "2026-08-21", &e), -1);
	ck_assert_str_eq(e.message, "unknown profile '2026-08-21'; did you mean '2026-08-20'");
	ck_assert_str_eq(s.profile, profiles[0].name);
}
END_TEST

int main(void)
{
	return RUN_TESTS("setting", defaults_are_those_of_the_newest_profile,
		a_setting_takes_values_of_its_type, wrong_values_are_refused_and_change_nothing,
		an_unknown_key_names_the_nearest, every_profile_can_be_chosen,
		a_profile_is_a_whole_and_yields_to_what_the_user_set,
		an_unknown_profile_names_the_nearest);
}
