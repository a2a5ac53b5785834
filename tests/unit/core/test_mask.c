/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/field/path.h"
#include "core/mask/mask.h"
#include "support/json.h"
#include "support/run.h"
#include "support/tables.h"
#include "support/torture.h"

static struct arena arena;

/* The refusal of `text` against the body, or NULL. */
static const char *refusal(const struct message *m, const char *text, const char *body,
	unsigned flags)
{
	json_auto_t *doc = json_quoted(body);
	static struct err e;
	struct mask *k;
	int r = mask_parse(&k, m, text, doc, flags, &arena, &e);

	arena_done(&arena);
	if (!r)
		return NULL;
	ck_assert_int_eq(e.code, ERR_INVALID);
	return e.message;
}

static void takes(const char *text, const char *body)
{
	const char *why = refusal(&table_thing, text, body, 0);

	ck_assert_msg(!why, "%s: %s", text, why);
}

static void unknown(const char *text, const char *path)
{
	char wanted[FIELD_PATH_SIZE];
	const char *why = refusal(&table_thing, text, "{}", 0);

	snprintf(wanted, sizeof wanted, "Unknown field path in update_mask: '%s'", path);
	ck_assert_msg(why, "%s", text);
	ck_assert_str_eq(why, wanted);
}

static void missing(const char *text, const char *body, const char *path)
{
	char wanted[FIELD_PATH_SIZE];
	const char *why = refusal(&table_thing, text, body, 0);

	snprintf(wanted, sizeof wanted,
		"Field '%s' is in update_mask but not provided in request", path);
	ck_assert_msg(why, "%s", text);
	ck_assert_str_eq(why, wanted);
}

/* Applies to {'title':'old',...} and expects status and aux to become so. */
static void applies(const char *text, const char *body, const char *status, const char *aux)
{
	json_auto_t *doc = json_quoted(body), *s = NULL, *x = NULL;
	struct mask *k;
	struct err e;

	s = json_quoted("{'title':'old','count':7,'on':true,'expire_time':'2026-01-01T00:00:00Z',"
			"'tags':[{'key':'k'}],'kind':'KIND_A','settings':{'limit':1,"
			"'timeout':'300s'}}");
	x = json_quoted("{'ttl':'60s','group':{'min':1,'max':1}}");
	ck_assert_msg(!mask_parse(&k, &table_thing, text, doc, 0, &arena, &e), "%s", e.message);
	ck_assert(!mask_apply(k, &table_thing_spec, &table_thing_status, doc, s, x, &e));
	expect_json(s, status);
	expect_json(x, aux);
	arena_done(&arena);
}

START_TEST(the_accepted_paths_follow_from_the_table)
{
	static const char body[] =
		"{'spec':{'title':'t','count':0,'bytes':1,'on':false,'tags':[],'levels':[],"
		"'ttl':'1s','settings':{'limit':1,'never':true,'params':{}},'group':{'min':1,"
		"'max':1},'plan':{},'old':''}}";
	static const char *const accepted[] = { "*", "spec", "initial", "spec.title", "spec.count",
		"spec.bytes", "spec.on", "spec.tags", "spec.levels", "spec.expiration",
		"spec.settings", "spec.settings.limit", "spec.settings.suspension",
		"spec.settings.params", "spec.group", "spec.group.min", "spec.group.max", "spec.plan",
		"spec.old" };

	for (size_t i = 0; i < ARRAY_SIZE(accepted); i++)
		takes(accepted[i], body);
}
END_TEST

START_TEST(every_other_path_is_unknown)
{
	static const char *const refused[] = { "name", "create_time", "status", "status.title",
		"title", "initial.limit", "spec.kind", "spec.extra", "spec.owner", "spec.ttl",
		"spec.expire_time", "spec.no_expiry", "expiration", "spec.suspension",
		"spec.settings.never", "spec.settings.timeout", "spec.settings.params.a",
		"spec.tags[0]", "spec.tags.key", "spec.plan.name", "spec.title.x",
		"spec.nothing", "spec.", ".spec", "spec..title", "spec.*", "Spec", "specTitle",
		" spec", "spec ", "**" };

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		unknown(refused[i], refused[i]);
	unknown("spec,", "");
	unknown(",spec", "");
	unknown("spec,,spec", "");
}
END_TEST

START_TEST(a_long_unknown_path_is_cut_between_characters)
{
	static char text[3000];
	const char *why;

	for (size_t i = 0; i + 4 < sizeof text; i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	why = refusal(&table_thing, text, "{}", 0);
	ck_assert(why && text_utf8_ok(why, strlen(why)));
	memset(text, 'x', 300);
	for (size_t len = 1; len <= 300; len++) {
		text[len] = '\0';
		ck_assert_ptr_nonnull(refusal(&table_thing, text, "{}", 0));
		text[len] = 'x';
	}
}
END_TEST

START_TEST(an_empty_mask_is_refused)
{
	static const char wanted[] = "Field 'update_mask' is required and must contain at least one "
				     "subfield with a non-default value!";

	ck_assert_str_eq(refusal(&table_thing, NULL, "{}", 0), wanted);
	ck_assert_str_eq(refusal(&table_thing, "", "{}", 0), wanted);
}
END_TEST

START_TEST(the_first_unknown_path_comes_before_what_is_missing)
{
	unknown("spec.title,spec.b,spec.a", "spec.b");
	unknown("spec.settings,spec.settings.limit,nothing", "nothing");
	missing("spec.count,spec.title", "{'spec':{}}", "spec.count");
}
END_TEST

START_TEST(a_named_leaf_must_be_in_the_body)
{
	missing("spec.title", "{}", "spec.title");
	missing("spec.title", "{'spec':{'count':1}}", "spec.title");
	missing("spec.title", "{'spec':{'title':null}}", "spec.title");
	missing("spec.tags", "{'spec':{}}", "spec.tags");
	missing("spec.plan", "{'spec':{}}", "spec.plan");
	missing("spec.expiration", "{'spec':{'title':'t'}}", "spec.expiration");
	missing("spec.settings.limit", "{'spec':{'settings':{}}}", "spec.settings.limit");
	missing("spec", "{}", "spec");
	takes("spec", "{'spec':{}}");
	takes("spec.on", "{'spec':{'on':false}}");
	takes("spec.tags", "{'spec':{'tags':[]}}");
	takes("spec.expiration", "{'spec':{'no_expiry':true}}");
}
END_TEST

START_TEST(a_group_needs_itself_and_its_oneofs)
{
	missing("spec.settings", "{'spec':{}}", "spec.settings");
	missing("spec.settings", "{'spec':{'settings':{'limit':1}}}", "spec.settings.suspension");
	takes("spec.settings", "{'spec':{'settings':{'never':true}}}");
}
END_TEST

START_TEST(a_group_and_its_child_make_a_union_unless_it_stands_alone)
{
	static const char body[] = "{'spec':{'settings':{'limit':2,'never':true}}}";

	ck_assert_str_eq(refusal(&table_thing, "spec.group.min,spec.group", "{}", 0),
		"Field path 'spec.group.min' in update_mask overlaps with 'spec.group'");
	takes("spec.settings,spec.settings.limit", body);
	takes("spec.settings.suspension,spec.settings", body);
	missing("spec.settings,spec.settings.limit", "{'spec':{'settings':{'limit':2}}}",
		"spec.settings.suspension");
	applies("spec.settings,spec.settings.limit", body,
		"{'title':'old','count':7,'on':true,'expire_time':'2026-01-01T00:00:00Z',"
		"'tags':[{'key':'k'}],'kind':'KIND_A','settings':{'limit':2,'never':true}}",
		"{'ttl':'60s','group':{'min':1,'max':1}}");
	takes("spec,spec.title", "{'spec':{'title':'t'}}");
	takes("spec.title,spec.title", "{'spec':{'title':'t'}}");
}
END_TEST

START_TEST(what_terraform_sends_is_tolerated)
{
	applies("initial,spec", "{'spec':{'count':8}}",
		"{'title':'old','count':8,'on':true,'expire_time':'2026-01-01T00:00:00Z',"
		"'tags':[{'key':'k'}],'kind':'KIND_A','settings':{'limit':1,'timeout':'300s'}}",
		"{'ttl':'60s','group':{'min':1,'max':1}}");
}
END_TEST

START_TEST(absent_lists_and_maps_are_cleared_when_told)
{
	json_auto_t *doc = json_quoted("{'spec':{}}"), *s = json_quoted("{'tags':[{'key':'k'}],"
		"'settings':{'limit':1,'params':{'a':'b'}}}"), *x = json_object();
	struct mask *k;
	struct err e;

	missing("spec.tags", "{'spec':{}}", "spec.tags");
	ck_assert_str_eq(refusal(&table_thing, "spec.tags,spec.title", "{'spec':{}}",
				 MASK_ABSENT_CLEARS),
		"Field 'spec.title' is in update_mask but not provided in request");
	ck_assert(!mask_parse(&k, &table_thing, "spec.tags,spec.settings.params", doc,
		MASK_ABSENT_CLEARS, &arena, &e));
	ck_assert(!mask_apply(k, &table_thing_spec, &table_thing_status, doc, s, x, &e));
	expect_json(s, "{'settings':{'limit':1}}");
	arena_done(&arena);
}
END_TEST

START_TEST(a_zero_counts_only_under_its_own_name)
{
	static const char rest[] = "{'title':'old','count':%d,'on':true,'expire_time':"
				   "'2026-01-01T00:00:00Z','tags':[{'key':'k'}],'kind':'KIND_A',"
				   "'settings':{'limit':1,'timeout':'300s'}}";
	char kept[300], set[300];

	snprintf(kept, sizeof kept, rest, 7);
	snprintf(set, sizeof set, rest, 0);
	applies("spec", "{'spec':{'count':0,'group':{'min':0}}}", kept,
		"{'ttl':'60s','group':{'min':1,'max':1}}");
	applies("spec.group", "{'spec':{'group':{'min':0,'max':2}}}", kept,
		"{'ttl':'60s','group':{'min':1,'max':2}}");
	applies("spec.count,spec.group.min", "{'spec':{'count':0,'group':{'min':0}}}", set,
		"{'ttl':'60s','group':{'min':0,'max':1}}");
}
END_TEST

START_TEST(everything_needs_every_leaf_but_lists)
{
	static const char *const steps[][2] = {
		{ "{}", "spec.title" },
		{ "{'spec':{'title':'t'}}", "spec.count" },
		{ "{'spec':{'title':'t','count':1,'bytes':1,'on':true}}", "spec.expiration" },
		{ "{'spec':{'title':'t','count':1,'bytes':1,'on':true,'ttl':'1s'}}",
			"spec.settings.limit" },
		{ "{'spec':{'title':'t','count':1,'bytes':1,'on':true,'ttl':'1s','settings':"
		  "{'limit':1}}}", "spec.settings.suspension" },
		{ "{'spec':{'title':'t','count':1,'bytes':1,'on':true,'ttl':'1s','settings':"
		  "{'limit':1,'never':true,'params':{}},'group':{'min':1}}}", "spec.group.max" },
		{ "{'spec':{'title':'t','count':1,'bytes':1,'on':true,'ttl':'1s','settings':"
		  "{'limit':1,'never':true,'params':{}},'group':{'min':1,'max':1}}}",
			"spec.plan" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		missing("*", steps[i][0], steps[i][1]);
	applies("*", "{'spec':{'title':'t','count':0,'bytes':1,'on':false,'no_expiry':true,"
		     "'settings':{'limit':2,'never':true,'params':{'a':'b'}},"
		     "'group':{'min':2,'max':2},'plan':{'name':'p'}}}",
		"{'title':'t','count':0,'bytes':1,'on':false,'kind':'KIND_A','settings':{'limit':2,"
		"'never':true,'params':{'a':'b'}}}",
		"{'no_expiry':true,'group':{'min':2,'max':2},'plan':{'name':'p'}}");
}
END_TEST

START_TEST(only_what_is_named_changes)
{
	applies("spec.title", "{'spec':{'title':'new','count':9,'on':false}}",
		"{'title':'new','count':7,'on':true,'expire_time':'2026-01-01T00:00:00Z',"
		"'tags':[{'key':'k'}],'kind':'KIND_A','settings':{'limit':1,'timeout':'300s'}}",
		"{'ttl':'60s','group':{'min':1,'max':1}}");
	applies("spec.on,spec.count", "{'spec':{'count':0,'on':false}}",
		"{'title':'old','count':0,'on':false,'expire_time':'2026-01-01T00:00:00Z',"
		"'tags':[{'key':'k'}],'kind':'KIND_A','settings':{'limit':1,'timeout':'300s'}}",
		"{'ttl':'60s','group':{'min':1,'max':1}}");
}
END_TEST

START_TEST(a_member_of_a_oneof_ends_the_others)
{
	applies("spec.expiration,spec.settings.suspension",
		"{'spec':{'no_expiry':true,'settings':{'never':true,'limit':9}}}",
		"{'title':'old','count':7,'on':true,'tags':[{'key':'k'}],'kind':'KIND_A',"
		"'settings':{'limit':1,'never':true}}",
		"{'no_expiry':true,'group':{'min':1,'max':1}}");
}
END_TEST

START_TEST(spec_is_a_lenient_patch)
{
	/* the immutable is ignored, messages are merged, lists replaced */
	applies("spec", "{'spec':{'kind':'KIND_B','tags':[{'key':'a'},{'key':'b'}],"
			"'settings':{'limit':3},'group':{'max':4}}}",
		"{'title':'old','count':7,'on':true,'expire_time':'2026-01-01T00:00:00Z',"
		"'tags':[{'key':'a'},{'key':'b'}],'kind':'KIND_A','settings':{'limit':3,"
		"'timeout':'300s'}}",
		"{'ttl':'60s','group':{'min':1,'max':4}}");
	/* an empty list clears, and leaves nothing to show */
	applies("spec", "{'spec':{'tags':[]}}",
		"{'title':'old','count':7,'on':true,'expire_time':'2026-01-01T00:00:00Z',"
		"'kind':'KIND_A','settings':{'limit':1,'timeout':'300s'}}",
		"{'ttl':'60s','group':{'min':1,'max':1}}");
}
END_TEST

START_TEST(a_create_takes_everything)
{
	json_auto_t *spec = json_quoted(
		"{'title':'t','kind':'KIND_B','ttl':'60s','plan':{'name':'p'},"
		"'settings':{'never':true},'extra':7,'tags':[],'group':{}}");
	json_auto_t *status = json_object(), *aux = json_object();
	struct err e;

	ck_assert(!spec_apply(&table_thing_spec, &table_thing_status, spec, status, aux, &e));
	expect_json(status, "{'title':'t','kind':'KIND_B','settings':{'never':true}}");
	expect_json(aux, "{'ttl':'60s','plan':{'name':'p'},'extra':7}");
	ck_assert(!spec_apply(&table_thing_spec, &table_thing_status, NULL, status, aux, &e));
	expect_json(aux, "{'ttl':'60s','plan':{'name':'p'},'extra':7}");
}
END_TEST

START_TEST(the_store_shares_nothing_with_the_request)
{
	json_auto_t *spec = json_quoted("{'tags':[{'key':'k'}]}");
	json_auto_t *status = json_object(), *aux = json_object();
	struct err e;

	ck_assert(!spec_apply(&table_thing_spec, &table_thing_status, spec, status, aux, &e));
	json_array_clear(json_object_get(status, "tags"));
	expect_json(spec, "{'tags':[{'key':'k'}]}");
}
END_TEST

START_TEST(before_the_change_of_august_absent_fields_were_ignored)
{
	json_auto_t *doc = json_quoted("{'spec':{'count':1}}"), *status = NULL, *aux = json_object();
	struct mask *k;
	struct err e;

	status = json_quoted("{'title':'old','tags':[{'key':'k'}]}");
	ck_assert(!mask_parse(&k, &table_thing, "spec.title,spec.count,*", doc, MASK_ABSENT_IGNORED,
		&arena, &e));
	ck_assert(!mask_apply(k, &table_thing_spec, &table_thing_status, doc, status, aux, &e));
	expect_json(status, "{'title':'old','count':1,'tags':[{'key':'k'}]}");
	arena_done(&arena);
	ck_assert_ptr_nonnull(refusal(&table_thing, "spec.nothing", "{}", MASK_ABSENT_IGNORED));
}
END_TEST

START_TEST(without_spec_what_is_absent_is_cleared)
{
	json_auto_t *doc = json_quoted("{'note':'new'}"), *stored = NULL, *aux = json_object();
	struct mask *k;
	struct err e;

	stored = json_quoted("{'name':'n','schedule':[{'key':'k'}],'note':'old'}");
	ck_assert(!mask_parse(&k, &table_flat, "schedule", doc, 0, &arena, &e));
	ck_assert(!mask_apply(k, &table_flat, &table_flat, doc, stored, aux, &e));
	expect_json(stored, "{'name':'n','note':'old'}");
	ck_assert(!mask_parse(&k, &table_flat, "*", doc, 0, &arena, &e));
	ck_assert(!mask_apply(k, &table_flat, &table_flat, doc, stored, aux, &e));
	expect_json(stored, "{'name':'n','note':'new'}");
	expect_json(aux, "{}");
	arena_done(&arena);
	ck_assert_ptr_nonnull(refusal(&table_flat, "name", "{}", 0));
	ck_assert_ptr_nonnull(refusal(&table_flat, "spec", "{}", 0));
}
END_TEST

START_TEST(a_spec_that_is_a_whole_is_named_as_a_whole)
{
	static const struct field fields[] = {
		{ "spec", T_MESSAGE, F_INPUT | F_WHOLE, &table_thing_spec },
		{ NULL },
	};
	static const struct message whole = { "Whole", fields };

	ck_assert_ptr_null(refusal(&whole, "spec", "{'spec':{}}", 0));
	ck_assert_ptr_null(refusal(&whole, "*", "{'spec':{}}", 0));
	ck_assert_str_eq(refusal(&whole, "*", "{}", 0),
		"Field 'spec' is in update_mask but not provided in request");
	ck_assert_str_eq(refusal(&whole, "spec.title", "{'spec':{'title':'t'}}", 0),
		"Unknown field path in update_mask: 'spec.title'");
}
END_TEST

START_TEST(a_mask_can_be_asked)
{
	json_auto_t *doc = json_quoted("{'spec':{'title':'t','settings':{'never':true}}}");
	struct mask *k;
	struct err e;

	ck_assert(!mask_parse(&k, &table_thing, "spec.title,spec.settings,spec.title", doc, 0, &arena,
		&e));
	ck_assert_uint_eq(mask_len(k), 2);
	ck_assert(mask_names(k, "spec.title") && mask_names(k, "spec.settings"));
	ck_assert(!mask_names(k, "spec.settings.limit") && !mask_names(k, "spec"));
	ck_assert(!mask_has_spec(k));
	ck_assert(!mask_parse(&k, &table_thing, "initial,spec", doc, 0, &arena, &e));
	ck_assert(mask_has_spec(k) && !mask_names(k, "spec.title"));
	ck_assert(!mask_parse(&k, &table_thing, "*", doc, MASK_ABSENT_IGNORED, &arena, &e));
	ck_assert(mask_names(k, "spec.title") && !mask_has_spec(k));
	arena_done(&arena);
}
END_TEST

static int apply(void *arg, struct err *e)
{
	json_auto_t *status = json_object(), *aux = json_object();

	if (!status || !aux)
		return err_oom(e);
	return spec_apply(&table_thing_spec, &table_thing_status, arg, status, aux, e);
}

START_TEST(no_allocation_fails_unnoticed)
{
	json_auto_t *spec = json_quoted("{'title':'t','plan':{'name':'p'},'ttl':'60s','tags':[{"
					"'key':'k'}],'settings':{'limit':0.5,'never':true}}");

	ck_assert_int_gt(torture(apply, spec, BLAME_MEMORY), 10);
}
END_TEST

int main(void)
{
	return RUN_TESTS("mask", the_accepted_paths_follow_from_the_table,
		every_other_path_is_unknown, a_long_unknown_path_is_cut_between_characters,
		an_empty_mask_is_refused, the_first_unknown_path_comes_before_what_is_missing,
		a_named_leaf_must_be_in_the_body, a_group_needs_itself_and_its_oneofs,
		a_group_and_its_child_make_a_union_unless_it_stands_alone,
		absent_lists_and_maps_are_cleared_when_told,
		a_zero_counts_only_under_its_own_name, what_terraform_sends_is_tolerated,
		everything_needs_every_leaf_but_lists, only_what_is_named_changes,
		a_member_of_a_oneof_ends_the_others, spec_is_a_lenient_patch,
		a_create_takes_everything, the_store_shares_nothing_with_the_request,
		before_the_change_of_august_absent_fields_were_ignored,
		without_spec_what_is_absent_is_cleared,
		a_spec_that_is_a_whole_is_named_as_a_whole, a_mask_can_be_asked,
		no_allocation_fails_unnoticed);
}
