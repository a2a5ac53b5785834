/* SPDX-License-Identifier: Apache-2.0 */
/* Names, the ids in them, and texts that mean something to Postgres. */
#include <string.h>

#include "base/memory/arena.h"
#include "base/text.h"
#include "core/crud/crud.h"
#include "core/field/path.h"
#include "support/run.h"

static struct world world;
static struct arena arena;
static struct ctx c = { .world = &world, .arena = &arena };

static void set_up(void)
{
	settings_init(&world.settings);
	world.strict = false;
}

static void tear_down(void)
{
	arena_done(&arena);
}

START_TEST(a_name_is_taken_apart)
{
	static const struct {
		const char *name, *id, *parent, *segment, *project;
	} rows[] = {
		{ "projects/p", "p", "", "projects", "projects/p" },
		{ "projects/p/branches/b", "b", "projects/p", "projects/p/branches", "projects/p" },
		{ "projects/p/branches/b/endpoints/e", "e", "projects/p/branches/b",
			"projects/p/branches/b/endpoints", "projects/p" },
		{ "catalogs/c", "c", "", "catalogs", "" },
		{ "projects", "projects", "", "", "" },
		{ "/x", "x", "", "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ck_assert_str_eq(name_id(rows[i].name), rows[i].id);
		ck_assert_str_eq(name_parent(&c, rows[i].name), rows[i].parent);
		ck_assert_str_eq(name_parent_segment(&c, rows[i].name), rows[i].segment);
		ck_assert_str_eq(name_project(&c, rows[i].name), rows[i].project);
	}
}
END_TEST

/* What is wrong with an id of that rule; NULL: nothing. */
static const char *wrong(enum id_rule rule, const char *id)
{
	static struct err e;
	struct resource r = { .kind = "thing", .id_field = "thing_id", .id_rule = rule };

	return id_check(&c, &r, id, &e) ? e.message : NULL;
}

static char *filled(size_t n, char ch)
{
	char *text = arena_alloc(&arena, n + 1);

	memset(text, ch, n);
	text[n] = '\0';
	return text;
}

START_TEST(ids_follow_their_rule_from_end_to_end)
{
	static const struct {
		enum id_rule rule;
		const char *id;
		bool good;
	} rows[] = {
		{ ID_DNS, "a", true }, { ID_DNS, "9", true }, { ID_DNS, "a-b", true },
		{ ID_DNS, "a--b", true }, { ID_DNS, "-a", false }, { ID_DNS, "a-", false },
		{ ID_DNS, "A", false }, { ID_DNS, "a_b", false }, { ID_DNS, "a.b", false },
		{ ID_LETTER, "a9", true }, { ID_LETTER, "9a", false }, { ID_LETTER, "a-", false },
		{ ID_LETTER, "-", false }, { ID_LETTER, "a_b", false },
		{ ID_SCHEMA, "a_9", true }, { ID_SCHEMA, "a-b", false }, { ID_SCHEMA, "9a", false },
		{ ID_SCHEMA, "_a", false },
		{ ID_CATALOG, "A_b-9", true }, { ID_CATALOG, "a.b", false },
		{ ID_CATALOG, "a/b", false }, { ID_CATALOG, "a b", false },
		{ ID_CATALOG, "a\tb", false },
		{ ID_TABLE, "a.b.c", true }, { ID_TABLE, "A b.c-d.e", true },
		{ ID_TABLE, "a.b", false }, { ID_TABLE, "a.b.c.d", false },
		{ ID_TABLE, ".b.c", false }, { ID_TABLE, "a..c", false }, { ID_TABLE, "a.b.", false },
		{ ID_TABLE, "..", false }, { ID_TABLE, "a/x.b.c", false },
		{ ID_TABLE, "a\n.b.c", false }, { ID_TABLE, "abc", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_msg(!wrong(rows[i].rule, rows[i].id) == rows[i].good, "%s", rows[i].id);
}
END_TEST

START_TEST(ids_have_a_longest_length)
{
	ck_assert_ptr_null(wrong(ID_DNS, filled(63, 'a')));
	ck_assert_ptr_nonnull(wrong(ID_DNS, filled(64, 'a')));
	ck_assert_ptr_null(wrong(ID_LETTER, filled(63, 'a')));
	ck_assert_ptr_nonnull(wrong(ID_LETTER, filled(64, 'a')));
	ck_assert_ptr_null(wrong(ID_SCHEMA, filled(63, 'a')));
	ck_assert_ptr_nonnull(wrong(ID_SCHEMA, filled(64, 'a')));
	ck_assert_ptr_null(wrong(ID_CATALOG, filled(255, 'a')));
	ck_assert_ptr_nonnull(wrong(ID_CATALOG, filled(256, 'a')));
	ck_assert_ptr_null(wrong(ID_TABLE, arena_printf(&arena, "a.b.%s", filled(763, 'a'))));
	ck_assert_ptr_nonnull(wrong(ID_TABLE, arena_printf(&arena, "a.b.%s", filled(764, 'a'))));
}
END_TEST

START_TEST(a_refusal_shows_the_rule)
{
	ck_assert_str_eq(wrong(ID_DNS, "A"),
		"Field thing_id must match pattern ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$, got 'A'.");
	ck_assert_str_eq(wrong(ID_LETTER, "A"),
		"Field thing_id must match pattern ^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$, got 'A'.");
	ck_assert_str_eq(wrong(ID_CATALOG, "a."),
		"Field thing_id must match pattern ^[^./ ]{1,255}$, got 'a.'.");
	ck_assert_str_eq(wrong(ID_CATALOG, ""),
		"Field 'thing_id' is required, expected non-default value (not \"\")!");
	ck_assert_str_eq(wrong(ID_CATALOG, NULL), wrong(ID_DNS, ""));
}
END_TEST

START_TEST(a_strict_server_wants_a_letter_first)
{
	ck_assert_ptr_null(wrong(ID_DNS, "9a"));
	world.strict = true;
	ck_assert_ptr_null(wrong(ID_DNS, "a9"));
	ck_assert_str_eq(wrong(ID_DNS, "9a"),
		"Field thing_id must match pattern ^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$, got '9a'.");
}
END_TEST

START_TEST(only_ids_of_endpoints_may_be_too_short)
{
	struct resource r = { .kind = "endpoint", .id_field = "endpoint_id", .id_rule = ID_DNS };
	struct err e;

	ck_assert(!settings_set(&world.settings, "endpoint_id_min=3", &e));
	ck_assert_ptr_null(wrong(ID_DNS, "ab"));
	ck_assert_int_eq(id_check(&c, &r, "abc", &e), 0);
	ck_assert_int_eq(id_check(&c, &r, "ab", &e), -1);
}
END_TEST

START_TEST(texts_have_the_shape_that_postgres_wants)
{
	static const struct {
		enum text_shape shape;
		const char *text;
		bool good;
	} rows[] = {
		{ SHAPE_ANY, "\x01", true }, { SHAPE_ANY, "", true },
		{ SHAPE_IDENTIFIER, "a", true }, { SHAPE_IDENTIFIER, "!", true },
		{ SHAPE_IDENTIFIER, "\xc3\xa9", true }, { SHAPE_IDENTIFIER, "", false },
		{ SHAPE_IDENTIFIER, "a b", false }, { SHAPE_IDENTIFIER, "a\x7f", false },
		{ SHAPE_IDENTIFIER, "a\x1f", false }, { SHAPE_IDENTIFIER, "a\"", false },
		{ SHAPE_IDENTIFIER, "a'", false }, { SHAPE_IDENTIFIER, "a`", false },
		{ SHAPE_IDENTIFIER, "a;", false }, { SHAPE_IDENTIFIER, "a,", false },
		{ SHAPE_PG_NAME, "pg", true }, { SHAPE_PG_NAME, "apg_", true },
		{ SHAPE_PG_NAME, "publi", true }, { SHAPE_PG_NAME, "pg_", false },
		{ SHAPE_PG_NAME, "pg_a", false }, { SHAPE_PG_NAME, "public", false },
		{ SHAPE_LSN, "0/0", true }, { SHAPE_LSN, "FFFFFFFF/abcdef01", true },
		{ SHAPE_LSN, "123456789/0", false }, { SHAPE_LSN, "0/123456789", false },
		{ SHAPE_LSN, "/0", false }, { SHAPE_LSN, "0/", false }, { SHAPE_LSN, "0", false },
		{ SHAPE_LSN, "", false }, { SHAPE_LSN, "0/0/0", false }, { SHAPE_LSN, "g/0", false },
		{ SHAPE_LSN, "0-0", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_msg(!shape_wanted(rows[i].shape, rows[i].text) == rows[i].good, "%s",
			rows[i].text);
	ck_assert_ptr_null(shape_wanted(SHAPE_IDENTIFIER, filled(63, 'a')));
	ck_assert_ptr_nonnull(shape_wanted(SHAPE_IDENTIFIER, filled(64, 'a')));
	ck_assert_ptr_null(shape_wanted(SHAPE_PG_NAME, filled(63, 'a')));
	ck_assert_ptr_nonnull(shape_wanted(SHAPE_PG_NAME, filled(64, 'a')));
}
END_TEST

START_TEST(a_wrong_shape_is_told_with_what_is_wanted)
{
	struct err e;

	ck_assert_int_eq(shape_check(SHAPE_LSN, "spec.lsn", "0/1", &e), 0);
	ck_assert_int_eq(shape_check(SHAPE_LSN, "spec.lsn", "x", &e), -1);
	ck_assert_str_eq(e.message, "Field 'spec.lsn' must be a position such as '0/1A2B3C', got 'x'.");
	ck_assert_int_eq(shape_check(SHAPE_PG_NAME, "spec.name", "public", &e), -1);
	ck_assert_str_eq(e.message, "Field 'spec.name' must be a Postgres name: at most 63 bytes, not "
				    "starting with 'pg_' and not 'public', got 'public'.");
	ck_assert_int_eq(shape_check(SHAPE_IDENTIFIER, "spec.name", "a b", &e), -1);
	ck_assert_str_eq(e.message,
		"Field 'spec.name' must be a plain identifier of at most 63 bytes, got 'a b'.");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { a_name_is_taken_apart,
		ids_follow_their_rule_from_end_to_end, ids_have_a_longest_length,
		a_refusal_shows_the_rule, a_strict_server_wants_a_letter_first,
		only_ids_of_endpoints_may_be_too_short, texts_have_the_shape_that_postgres_wants,
		a_wrong_shape_is_told_with_what_is_wanted, NULL };

	return run_tests_between("name", tests, set_up, tear_down);
}
