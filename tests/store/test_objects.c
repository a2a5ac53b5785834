/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

START_TEST(an_object_comes_back_as_it_was_put)
{
	struct object o = { .name = "projects/p", .kind = "project", .parent = "", .seq = 3,
		.doc = "{\"name\":\"projects/p\",\"x\":\"\u00e9\"}", .aux = "{\"a\":1}", .due = 77,
		.event = "purged", .scope = "projects/p", .alias = "projects/uid" };
	struct object got;

	put(o);
	ck_assert_int_eq(OK(store_get(db, st, "projects/p", &scraps, &got, &e_)), 1);
	ck_assert_str_eq(got.name, o.name);
	ck_assert_str_eq(got.kind, o.kind);
	ck_assert_str_eq(got.parent, o.parent);
	ck_assert_str_eq(got.doc, o.doc);
	ck_assert_str_eq(got.aux, o.aux);
	ck_assert_str_eq(got.event, o.event);
	ck_assert_str_eq(got.scope, o.scope);
	ck_assert_str_eq(got.alias, o.alias);
	ck_assert_int_eq(got.seq, 3);
	ck_assert_int_eq(got.deleted, OBJECT_LIVE);
	ck_assert_int_eq(got.due, 77);
}
END_TEST

START_TEST(what_an_object_lacks_comes_back_as_nothing)
{
	struct object got;

	put(thing("projects/p", "project", "", 1));
	ck_assert_int_eq(OK(store_get(db, st, "projects/p", &scraps, &got, &e_)), 1);
	ck_assert_ptr_null(got.aux);
	ck_assert_ptr_null(got.event);
	ck_assert_ptr_null(got.scope);
	ck_assert_ptr_null(got.alias);
	ck_assert(got.due == USEC_NEVER);
}
END_TEST

START_TEST(putting_again_replaces_every_column)
{
	struct object o = { .name = "n", .kind = "k", .parent = "p", .seq = 1, .doc = "1",
		.aux = "{}", .due = 5, .event = "ev", .scope = "s", .alias = "al" };
	struct object got;

	put(o);
	o = (struct object){ .name = "n", .kind = "k2", .parent = "p2", .seq = 2, .doc = "22",
		.due = USEC_NEVER };
	put(o);
	ck_assert_int_eq(OK(store_get(db, st, "n", &scraps, &got, &e_)), 1);
	ck_assert_str_eq(got.kind, "k2");
	ck_assert_str_eq(got.parent, "p2");
	ck_assert_str_eq(got.doc, "22");
	ck_assert_int_eq(got.seq, 2);
	ck_assert(got.due == USEC_NEVER && !got.aux && !got.event && !got.scope && !got.alias);
	ck_assert_ptr_null(doc_in(st, "al"));
	ck_assert_str_eq(page_in(st, (struct page_query){ 0 }), "n");
}
END_TEST

START_TEST(states_do_not_see_each_other)
{
	int64_t other = new_state();

	put(thing("projects/p", "project", "", 1));
	ck_assert_ptr_null(doc_in(other, "projects/p"));
	put_in(other, thing("projects/q", "project", "", 1));
	ck_assert_ptr_null(doc_in(st, "projects/q"));
	ck_assert_str_eq(page_in(st, (struct page_query){ .parent = "", .kind = "project" }),
		"projects/p");
}
END_TEST

/* Puts "n" as deletion `deleted`, its doc telling which one it is. */
static void put_deleted(int64_t deleted, const char *doc)
{
	struct object o = thing("n", "branch", "p", 1);

	o.deleted = deleted;
	o.doc = doc;
	put(o);
}

START_TEST(a_reserved_object_is_found_only_when_asked_for)
{
	struct object o;

	put_deleted(OBJECT_RESERVED, "reserved");
	ck_assert_int_eq(OK(store_get(db, st, "n", &scraps, &o, &e_)), 0);
	ck_assert_int_eq(OK(store_get_reserved(db, st, "n", &scraps, &o, &e_)), 1);
	ck_assert_int_eq(o.deleted, OBJECT_RESERVED);
	ck_assert_int_eq(OK(store_get_deleted(db, st, "n", &scraps, &o, &e_)), 0);
}
END_TEST

START_TEST(of_the_deleted_the_newest_is_found_and_never_by_get)
{
	struct object o;

	put_deleted(7, "seventh");
	put_deleted(12, "twelfth");
	put_deleted(9, "ninth");
	ck_assert_ptr_null(doc_in(st, "n"));
	ck_assert_int_eq(OK(store_get_deleted(db, st, "n", &scraps, &o, &e_)), 1);
	ck_assert_str_eq(o.doc, "twelfth");
	put_deleted(OBJECT_LIVE, "live");
	ck_assert_str_eq(doc_in(st, "n"), "live");
	OK(store_drop(db, st, "n", 12, &e_));
	ck_assert_int_eq(OK(store_get_deleted(db, st, "n", &scraps, &o, &e_)), 1);
	ck_assert_str_eq(o.doc, "ninth");
	ck_assert_str_eq(doc_in(st, "n"), "live");
}
END_TEST

START_TEST(marking_changes_nothing_but_the_mark)
{
	struct object o = { .name = "n", .kind = "k", .parent = "p", .seq = 4, .doc = "d",
		.aux = "{}", .due = 5, .event = "ev", .scope = "s", .alias = "al" };
	struct object got;

	put(o);
	OK(store_mark(db, st, "n", OBJECT_LIVE, 9, &e_));
	ck_assert_ptr_null(doc_in(st, "n"));
	ck_assert_str_eq(page_in(st, (struct page_query){ .parent = "p", .kind = "k" }), "");
	ck_assert_int_eq(OK(store_get_deleted(db, st, "n", &scraps, &got, &e_)), 1);
	ck_assert_int_eq(got.deleted, 9);
	ck_assert(got.seq == 4 && got.due == 5 && streq(got.doc, "d") && streq(got.aux, "{}") &&
		  streq(got.event, "ev") && streq(got.scope, "s") && streq(got.alias, "al"));
	OK(store_mark(db, st, "n", 9, OBJECT_LIVE, &e_));
	ck_assert_str_eq(doc_in(st, "n"), "d");
	OK(store_mark(db, st, "absent", OBJECT_LIVE, 9, &e_));
}
END_TEST

START_TEST(a_mark_never_overwrites_another_row)
{
	struct err e;

	put_deleted(OBJECT_LIVE, "live");
	put_deleted(5, "old");
	ck_assert_int_eq(store_mark(db, st, "n", 5, OBJECT_LIVE, &e), -1);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_str_eq(doc_in(st, "n"), "live");
}
END_TEST

START_TEST(an_alias_is_a_second_name)
{
	struct object o = thing("projects/p/branches/b/operations/1", "operation", "", 1);
	struct object got;

	o.alias = "projects/p/operations/1";
	put(o);
	ck_assert_int_eq(OK(store_get(db, st, o.alias, &scraps, &got, &e_)), 1);
	ck_assert_str_eq(got.name, o.name);
	/* a name goes before an alias */
	put(thing("projects/p/operations/1", "operation", "", 2));
	ck_assert_int_eq(OK(store_get(db, st, o.alias, &scraps, &got, &e_)), 1);
	ck_assert_int_eq(got.seq, 2);
	/* and what is deleted has none */
	OK(store_drop(db, st, "projects/p/operations/1", OBJECT_LIVE, &e_));
	OK(store_mark(db, st, o.name, OBJECT_LIVE, 5, &e_));
	ck_assert_int_eq(OK(store_get_reserved(db, st, o.alias, &scraps, &got, &e_)), 0);
}
END_TEST

START_TEST(copying_a_doc_wants_name_and_kind)
{
	struct buf out = { 0 };

	put(thing("projects/p", "project", "", 1));
	put_deleted(OBJECT_RESERVED, "reserved");
	put_deleted(8, "gone");
	buf_adds(&out, "<");
	ck_assert_int_eq(OK(store_copy_doc(db, st, "projects/p", "project", &out, &e_)), 1);
	ck_assert_int_eq(OK(store_copy_doc(db, st, "projects/p", "branch", &out, &e_)), 0);
	ck_assert_int_eq(OK(store_copy_doc(db, st, "projects/", "project", &out, &e_)), 0);
	ck_assert_int_eq(OK(store_copy_doc(db, st, "projects/P", "project", &out, &e_)), 0);
	ck_assert_int_eq(OK(store_copy_doc(db, st + 1, "projects/p", "project", &out, &e_)), 0);
	ck_assert_int_eq(OK(store_copy_doc(db, st, "n", "branch", &out, &e_)), 1);
	ck_assert_str_eq(out.data, "<projects/preserved");
	OK(store_drop(db, st, "n", OBJECT_RESERVED, &e_));
	ck_assert_int_eq(OK(store_copy_doc(db, st, "n", "branch", &out, &e_)), 0);
	buf_done(&out);
}
END_TEST

/* Names on both sides of every border of "below projects/a". */
static const char *const traps[] = { "projects/a", "projects/a-b", "projects/a-b/branches/x",
	"projects/a.b", "projects/a/branches/x", "projects/a/branches/x/endpoints/e", "projects/a0",
	"projects/a0/branches/x", "projects/ab", "projects/a\u00e9/branches/x", "projects/A/branches/x",
	"projects/a%/branches/x", "projects/a_/branches/x" };

static void set_traps(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(traps); i++)
		put(thing(traps[i], "branch", "", (int64_t)i));
}

START_TEST(below_is_below_and_not_beside)
{
	set_traps();
	ck_assert_str_eq(below_in(st, "projects/a"),
		"projects/a/branches/x projects/a/branches/x/endpoints/e");
	ck_assert_str_eq(below_in(st, "projects/a%"), "projects/a%/branches/x");
	ck_assert_str_eq(below_in(st, "projects/a_"), "projects/a_/branches/x");
	ck_assert_str_eq(below_in(st, "projects/zz"), "");
}
END_TEST

START_TEST(dropping_below_leaves_neighbours_itself_and_operations)
{
	struct object o = thing("projects/a/branches/old", "branch", "", 50);

	set_traps();
	o.deleted = 9;
	put(o);
	put(thing("projects/a/operations/1", "operation", "projects/a", 51));
	OK(store_drop_below(db, st, "projects/a", &e_));
	ck_assert_str_eq(below_in(st, "projects/a"), "projects/a/operations/1");
	for (size_t i = 0; i < ARRAY_SIZE(traps); i++)
		ck_assert_msg(!doc_in(st, traps[i]) == text_starts(traps[i], "projects/a/", NULL),
			"%s", traps[i]);
}
END_TEST

START_TEST(each_below_goes_by_name_and_sees_everything)
{
	struct object o = thing("b", "branch", "", 2);

	put(thing("c", "operation", "", 1));
	o.deleted = 3;
	put(o);
	o.deleted = OBJECT_LIVE;
	put(o);
	put(thing("a", "permission", "", 3));
	ck_assert_str_eq(below_in(st, NULL), "a b b(3) c");
}
END_TEST

START_TEST(pruning_takes_finished_operations_and_nothing_else)
{
	struct object o;

	for (int i = 1; i <= 6; i++) {
		o = thing(arena_printf(&scraps, "op%d", i), i == 2 ? "branch" : "operation", "", i);
		o.scope = i == 3 ? "projects/p" : NULL;
		put(o);
	}
	OK(store_prune_operations(db, st, 4, &e_));
	ck_assert_str_eq(below_in(st, NULL), "op2 op3 op5 op6");
}
END_TEST

START_TEST(clearing_counts_what_it_removes)
{
	int64_t other = new_state(), removed = -1;

	set_traps();
	put_deleted(5, "x");
	put_in(other, thing("projects/p", "project", "", 1));
	OK(store_clear(db, st, &removed, &e_));
	ck_assert_int_eq(removed, ARRAY_SIZE(traps) + 1);
	OK(store_clear(db, st, NULL, &e_));
	ck_assert_str_eq(below_in(st, NULL), "");
	ck_assert_str_eq(doc_in(other, "projects/p"), "projects/p");
}
END_TEST

START_TEST(measuring_counts_live_resources)
{
	int64_t resources = -1, bytes = -1;

	OK(store_state_measure(db, st, &resources, &bytes, &e_));
	ck_assert(resources == 0 && bytes == 0);
	put(thing("12345", "project", "", 1));
	put(thing("123", "branch", "12345", 2));
	put(thing("op", "operation", "", 3));
	put(thing("pm", "permission", "", 4));
	put(thing("mt", "maintenance", "", 5));
	put(thing("pr", "principal", "", 6));
	put_deleted(5, "x");
	OK(store_state_measure(db, st, &resources, &bytes, &e_));
	ck_assert(resources == 2 && bytes == 8);
}
END_TEST

START_TEST(large_documents_are_kept_whole)
{
	size_t size = 3 << 20;
	char *big = arena_alloc(&scraps, size + 1);
	struct object o = thing("big", "k", "", 1);
	struct buf out = { 0 };

	memset(big, 'x', size);
	big[size / 2] = 'y';
	o.doc = big;
	put(o);
	ck_assert_int_eq(OK(store_copy_doc(db, st, "big", "k", &out, &e_)), 1);
	ck_assert(out.len == size && !memcmp(out.data, big, size));
	buf_done(&out);
}
END_TEST

START_TEST(a_deleted_state_takes_no_objects)
{
	struct object o = thing("n", "k", "", 1);
	struct err e;

	ck_assert_int_eq(store_put(db, st + 1000, &o, &e), -1);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
}
END_TEST

int main(void)
{
	return RUN_STORE_TESTS("objects", an_object_comes_back_as_it_was_put,
		what_an_object_lacks_comes_back_as_nothing, putting_again_replaces_every_column,
		states_do_not_see_each_other, a_reserved_object_is_found_only_when_asked_for,
		of_the_deleted_the_newest_is_found_and_never_by_get,
		marking_changes_nothing_but_the_mark, a_mark_never_overwrites_another_row,
		an_alias_is_a_second_name, copying_a_doc_wants_name_and_kind,
		below_is_below_and_not_beside,
		dropping_below_leaves_neighbours_itself_and_operations,
		each_below_goes_by_name_and_sees_everything,
		pruning_takes_finished_operations_and_nothing_else, clearing_counts_what_it_removes,
		measuring_counts_live_resources, large_documents_are_kept_whole,
		a_deleted_state_takes_no_objects);
}
