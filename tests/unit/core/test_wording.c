/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "core/wording/wording.h"
#include "support/run.h"

START_TEST(the_arguments_stand_where_the_sentence_has_holes)
{
	struct err e;

	ck_assert_int_eq(err_say(&e, SAY_ID_PATTERN, "role_id", "^[a-z]$", "A"), -1);
	ck_assert_str_eq(e.message, "Field role_id must match pattern ^[a-z]$, got 'A'.");
	ck_assert_int_eq(e.code, ERR_INVALID);
	ck_assert_int_eq(e.detail, DETAIL_NONE);
	err_say(&e, SAY_REQUIRED, "project_id");
	ck_assert_str_eq(e.message,
		"Field 'project_id' is required, expected non-default value (not \"\")!");
}
END_TEST

START_TEST(an_argument_is_text_and_never_a_format)
{
	struct err e;

	err_say(&e, SAY_PROJECT_NOT_FOUND, "%s%n%s");
	ck_assert_str_eq(e.message, "Project with name '%s%n%s' not found");
	err_say(&e, SAY_PROJECT_NOT_FOUND, NULL);
	ck_assert_str_eq(e.message, "Project with name '' not found");
}
END_TEST

START_TEST(a_long_argument_is_cut_between_characters)
{
	char name[4000] = "";
	struct err e;

	for (size_t i = 0; i < sizeof name - 3; i += 3)
		memcpy(name + i, "\xe2\x82\xac", 3);
	for (int shift = 0; shift < 3; shift++) {
		err_say(&e, SAY_PROJECT_NOT_FOUND, name + 3 * 100 - shift);
		err_say(&e, SAY_ID_PATTERN, shift == 0 ? "" : shift == 1 ? "x" : "xx", name, "");
		ck_assert_uint_lt(strlen(e.message), sizeof e.message);
		ck_assert_uint_gt(strlen(e.message), sizeof e.message - 4);
		ck_assert(text_utf8_ok(e.message, strlen(e.message)));
	}
}
END_TEST

START_TEST(a_message_is_cut_at_its_last_byte)
{
	struct err e;
	char name[2 * sizeof e.message] = "";
	size_t frame;

	err_say(&e, SAY_PROJECT_NOT_FOUND, "");
	frame = strlen(e.message);
	memset(name, 'n', sizeof e.message - 1 - frame);
	err_say(&e, SAY_PROJECT_NOT_FOUND, name);
	ck_assert_uint_eq(strlen(e.message), sizeof e.message - 1);
	ck_assert_str_eq(e.message + strlen(e.message) - 11, "' not found");
	strcat(name, "n"); /* allowed: there is room for twice as many */
	err_say(&e, SAY_PROJECT_NOT_FOUND, name);
	ck_assert_uint_eq(strlen(e.message), sizeof e.message - 1);
	ck_assert_str_eq(e.message + strlen(e.message) - 10, "' not foun");
}
END_TEST

START_TEST(what_belongs_to_its_parent_says_so)
{
	struct err e;

	err_say(&e, SAY_BRANCH_ROOT, "projects/p/branches/production");
	ck_assert_int_eq(e.detail, DETAIL_MANAGED_BY_PARENT);
	err_say(&e, SAY_ENDPOINT_RW_DELETE, "x");
	ck_assert_int_eq(e.detail, DETAIL_MANAGED_BY_PARENT);
	err_say(&e, SAY_BRANCH_PROTECTED);
	ck_assert_int_eq(e.detail, DETAIL_NONE);
}
END_TEST

START_TEST(every_sentence_has_a_code_and_only_plain_holes)
{
	for (int w = 0; w < SAY__N; w++) {
		const char *text = wording_text((enum wording)w);

		ck_assert(*text && wording_id((enum wording)w));
		ck_assert_int_gt(wording_code((enum wording)w), ERR_NONE);
		ck_assert_int_ge(err_status(wording_code((enum wording)w)), 400);
		ck_assert_ptr_nonnull(evidence_name(wording_evidence((enum wording)w)));
		for (const char *p = text; (p = strchr(p, '%')); p++)
			ck_assert_msg(p[1] == 's', "%s", text);
	}
	ck_assert_str_eq(wording_id(SAY_CONFLICT), "CONFLICT");
	ck_assert_str_eq(evidence_name(EVIDENCE_VERIFIED), "verified");
}
END_TEST

int main(void)
{
	return RUN_TESTS("wording", the_arguments_stand_where_the_sentence_has_holes,
		an_argument_is_text_and_never_a_format, a_long_argument_is_cut_between_characters,
		a_message_is_cut_at_its_last_byte,
		what_belongs_to_its_parent_says_so, every_sentence_has_a_code_and_only_plain_holes);
}
