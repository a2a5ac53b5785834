/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "store/db.h"

static int64_t rows(const char *table)
{
	int64_t n;
	char sql[80];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	OK(db_int(db, sql, &n, &e_));
	return n;
}

static int64_t state_of(const char *ws)
{
	int64_t state;

	return OK(store_workspace_get(db, ws, &state, &e_)) ? state : 0;
}

static int64_t unshare(const char *ws)
{
	int64_t state;

	OK(store_unshare(db, ws, &state, &e_));
	ck_assert_int_eq(state, state_of(ws));
	return state;
}

static void point(const char *ws, int64_t state)
{
	OK(store_workspace_put(db, ws, state, &e_));
}

static int64_t snapshot_state(const char *ws, const char *name)
{
	struct snapshot n;

	return OK(store_snapshot_get(db, ws, name, &scraps, &n, &e_)) ? n.state : 0;
}

static void add_snapshot(const char *ws, const char *name)
{
	struct snapshot n;

	OK(store_snapshot_add(db, ws, name, 5, &n, &e_));
}

/* Sets the doc of "x" in a workspace, as a request does. */
static void set_x(const char *ws, const char *doc)
{
	struct object o = thing("x", "k", "", 1);

	o.doc = doc;
	put_in(unshare(ws), o);
}

#define X(ws) doc_in(state_of(ws), "x")

static void sweep_all(void)
{
	while (OK(store_sweep(db, 1000, &e_)))
		;
}

/* ---- states ---- */

START_TEST(a_state_remembers_its_clock_and_counter)
{
	struct state_info in = { .seq = 7, .clock_mode = 2, .clock_factor = 0.25,
		.clock_wall = INT64_C(1893456000000001), .clock_now = -62135596800000000 };
	struct state_info out;

	OK(store_state_new(db, &in, &e_));
	ck_assert_int_gt(in.id, st);
	OK(store_state_get(db, in.id, &out, &e_));
	ck_assert(out.id == in.id && out.seq == 7 && out.clock_mode == 2 &&
		  out.clock_factor == 0.25 && out.clock_wall == in.clock_wall &&
		  out.clock_now == in.clock_now);
	in.seq = 8;
	in.clock_now = 1;
	OK(store_state_put(db, &in, &e_));
	OK(store_state_get(db, in.id, &out, &e_));
	ck_assert(out.seq == 8 && out.clock_now == 1);
	OK(store_state_get(db, st, &out, &e_));
	ck_assert_int_eq(out.seq, 0);
}
END_TEST

START_TEST(an_unknown_state_is_an_error)
{
	struct state_info info = { .id = 999, .clock_factor = 1 };
	struct err e;

	ck_assert_int_eq(store_state_get(db, 999, &info, &e), -1);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_int_eq(store_state_put(db, &info, &e), -1);
	ck_assert_int_eq(store_workspace_put(db, "new", 999, &e), -1);
	ck_assert_int_eq(store_workspace_put(db, "w", 999, &e), -1);
	ck_assert_int_eq(state_of("w"), st);
	ck_assert_int_eq(state_of("new"), 0);
}
END_TEST

START_TEST(the_number_of_a_state_is_never_used_again)
{
	int64_t last = new_state();

	point("v", last);
	OK(store_workspace_drop(db, "v", &e_));
	sweep_all();
	ck_assert_int_eq(rows("state"), 1);
	ck_assert_int_gt(new_state(), last);
}
END_TEST

/* ---- workspaces ---- */

static int add_word(void *arg, const char *word)
{
	buf_addf(arg, "%s ", word);
	return 0;
}

static int stop(void *arg, const char *word)
{
	add_word(arg, word);
	return 1;
}

START_TEST(workspaces_are_listed_by_name)
{
	struct buf b = { 0 };

	point("z", st);
	point("a", st);
	point("W", st);
	OK(store_workspace_each(db, add_word, &b, &e_));
	ck_assert_str_eq(b.data, "W a w z ");
	buf_clear(&b);
	ck_assert_int_eq(OK(store_workspace_each(db, stop, &b, &e_)), 0);
	ck_assert_str_eq(b.data, "W ");
	buf_done(&b);
}
END_TEST

START_TEST(an_absent_workspace_is_not_found)
{
	struct err e;
	int64_t state;

	ck_assert_int_eq(state_of("W"), 0);
	ck_assert_int_eq(store_unshare(db, "none", &state, &e), -1);
	ck_assert_int_eq(OK(store_workspace_drop(db, "none", &e_)), 0);
}
END_TEST

START_TEST(a_state_of_ones_own_is_not_copied)
{
	ck_assert_int_eq(unshare("w"), st);
	ck_assert_int_eq(unshare("w"), st);
	ck_assert_int_eq(rows("state"), 1);
}
END_TEST

START_TEST(a_write_to_a_fork_leaves_the_original)
{
	set_x("w", "1");
	point("fork", st);
	ck_assert_int_eq(rows("object"), 1);
	ck_assert_str_eq(X("fork"), "1");
	set_x("fork", "2");
	ck_assert_str_eq(X("w"), "1");
	ck_assert_str_eq(X("fork"), "2");
	ck_assert_int_eq(state_of("w"), st);
	ck_assert_int_eq(unshare("w"), st); /* nobody shares it any more */
}
END_TEST

START_TEST(a_write_to_the_original_leaves_its_forks)
{
	set_x("w", "1");
	point("f1", st);
	point("f2", st);
	set_x("w", "2");
	ck_assert_int_ne(state_of("w"), st);
	ck_assert_str_eq(X("f1"), "1");
	set_x("f1", "3");
	ck_assert_str_eq(X("f2"), "1");
	ck_assert_int_eq(unshare("f2"), st);
	ck_assert_str_eq(X("w"), "2");
}
END_TEST

START_TEST(a_copy_has_every_column_and_the_clock)
{
	struct object o = { .name = "n", .kind = "k", .parent = "p", .seq = 4, .doc = "d",
		.aux = "{}", .due = 5, .event = "ev", .scope = "s", .alias = "al", .deleted = 9 };
	struct state_info info = { .id = st, .seq = 40, .clock_mode = 1, .clock_factor = 3,
		.clock_wall = 50, .clock_now = 60 };
	struct object got;
	int64_t copy, resources, bytes;

	put(o);
	put(thing("projects/p", "project", "", 1));
	OK(store_state_put(db, &info, &e_));
	point("fork", st);
	copy = unshare("fork");
	ck_assert_int_ne(copy, st);
	ck_assert_int_eq(OK(store_get_deleted(db, copy, "n", &scraps, &got, &e_)), 1);
	ck_assert(streq(got.kind, "k") && streq(got.parent, "p") && got.seq == 4 && got.due == 5 &&
		  streq(got.doc, "d") && streq(got.aux, "{}") && streq(got.event, "ev") &&
		  streq(got.scope, "s") && streq(got.alias, "al") && got.deleted == 9);
	OK(store_state_get(db, copy, &info, &e_));
	ck_assert(info.seq == 40 && info.clock_mode == 1 && info.clock_factor == 3 &&
		  info.clock_wall == 50 && info.clock_now == 60);
	OK(store_state_measure(db, copy, &resources, &bytes, &e_));
	ck_assert(resources == 1 && bytes == (int64_t)strlen("projects/p"));
}
END_TEST

/* ---- snapshots ---- */

START_TEST(a_snapshot_can_be_restored_twice)
{
	set_x("w", "1");
	add_snapshot("w", "base");
	set_x("w", "2");
	for (int i = 0; i < 2; i++) {
		point("w", snapshot_state("w", "base"));
		ck_assert_str_eq(X("w"), "1");
		set_x("w", "3");
		ck_assert_str_eq(X("w"), "3");
	}
	ck_assert_str_eq(doc_in(snapshot_state("w", "base"), "x"), "1");
	sweep_all();
	ck_assert_int_eq(rows("state"), 2);
	ck_assert_int_eq(rows("object"), 2);
}
END_TEST

START_TEST(a_snapshot_tells_what_it_holds)
{
	struct snapshot n;

	put(thing("projects/p", "project", "", 1));
	put(thing("projects/p/operations/1", "operation", "projects/p", 2));
	OK(store_snapshot_add(db, "w", "base", 77, &n, &e_));
	ck_assert(streq(n.name, "base") && n.state == st && n.time == 77 && n.resources == 1 &&
		  n.bytes == 10);
	n = (struct snapshot){ 0 };
	ck_assert_int_eq(OK(store_snapshot_get(db, "w", "base", &scraps, &n, &e_)), 1);
	ck_assert(streq(n.name, "base") && n.state == st && n.time == 77 && n.resources == 1 &&
		  n.bytes == 10);
	ck_assert_int_eq(OK(store_snapshot_get(db, "w", "Base", &scraps, &n, &e_)), 0);
	ck_assert_int_eq(OK(store_snapshot_get(db, "other", "base", &scraps, &n, &e_)), 0);
}
END_TEST

START_TEST(a_taken_name_is_refused_and_the_transaction_goes_on)
{
	struct snapshot n;
	struct err e;

	OK(store_begin(db, &e_));
	add_snapshot("w", "base");
	ck_assert_int_eq(store_snapshot_add(db, "w", "base", 9, &n, &e), -1);
	ck_assert_int_eq(e.code, ERR_RES_EXISTS);
	add_snapshot("w", "other");
	OK(store_commit(db, &e_));
	ck_assert_int_eq(rows("snapshot"), 2);
}
END_TEST

static int add_snapshot_name(void *arg, const struct snapshot *n)
{
	return add_word(arg, n->name);
}

START_TEST(snapshots_are_listed_by_name_and_workspace)
{
	struct buf b = { 0 };

	point("v", new_state());
	add_snapshot("w", "b");
	add_snapshot("w", "a");
	add_snapshot("v", "c");
	OK(store_snapshot_each(db, "w", add_snapshot_name, &b, &e_));
	ck_assert_str_eq(b.data, "a b ");
	OK(store_snapshot_drop(db, "w", "b", &e_));
	ck_assert_int_eq(OK(store_snapshot_drop(db, "w", "none", &e_)), 0);
	buf_clear(&b);
	OK(store_snapshot_each(db, "w", add_snapshot_name, &b, &e_));
	ck_assert_str_eq(b.data, "a ");
	buf_done(&b);
}
END_TEST

/* ---- what nobody points at ---- */

START_TEST(a_reset_leaves_the_rows_to_the_sweep)
{
	struct err e;
	int64_t fresh;

	for (int i = 0; i < 100; i++)
		put(thing(arena_printf(&scraps, "n%d", i), "k", "", i));
	fresh = new_state();
	put_in(fresh, thing("new", "k", "", 1));
	point("w", fresh);
	ck_assert_int_eq(rows("object"), 101);
	ck_assert_int_eq(store_workspace_put(db, "v", st, &e), -1); /* it is gone already */
	ck_assert_int_eq(OK(store_sweep(db, 30, &e_)), 1);
	ck_assert_int_eq(rows("object"), 71);
	ck_assert_int_eq(OK(store_sweep(db, 1000, &e_)), 0);
	ck_assert_int_eq(rows("object"), 1);
	ck_assert_int_eq(rows("state"), 1);
	ck_assert_int_eq(OK(store_sweep(db, 30, &e_)), 0);
	ck_assert_str_eq(below_in(fresh, NULL), "new");
}
END_TEST

START_TEST(a_sweep_ends_whatever_the_budget)
{
	int slices = 0;

	for (int i = 0; i < 10; i++) {
		char ws[] = { (char)('a' + i), 0 };

		point(ws, new_state());
		set_x(ws, "1");
		OK(store_workspace_drop(db, ws, &e_));
	}
	while (OK(store_sweep(db, 1, &e_)))
		ck_assert_int_lt(++slices, 100);
	ck_assert_int_eq(rows("object"), 0);
	ck_assert_int_eq(rows("state"), 1);
}
END_TEST

START_TEST(dropping_a_workspace_takes_its_snapshots_and_leaves_those_of_others)
{
	set_x("w", "1");
	add_snapshot("w", "s1");
	set_x("w", "2");
	add_snapshot("w", "s2");
	set_x("w", "3");
	point("fork", snapshot_state("w", "s2"));
	add_snapshot("fork", "mine");
	OK(store_workspace_drop(db, "w", &e_));
	ck_assert_int_eq(state_of("w"), 0);
	ck_assert_int_eq(snapshot_state("w", "s1"), 0);
	sweep_all();
	ck_assert_int_eq(rows("state"), 1);
	ck_assert_int_eq(rows("snapshot"), 1);
	ck_assert_str_eq(X("fork"), "2");
}
END_TEST

START_TEST(what_a_snapshot_alone_holds_goes_with_it)
{
	set_x("w", "1");
	add_snapshot("w", "s");
	set_x("w", "2");
	OK(store_snapshot_drop(db, "w", "s", &e_));
	sweep_all();
	ck_assert_int_eq(rows("state"), 1);
	ck_assert_str_eq(X("w"), "2");
}
END_TEST

START_TEST(pointing_where_it_points_already_changes_nothing)
{
	set_x("w", "1");
	point("w", st);
	sweep_all();
	ck_assert_str_eq(X("w"), "1");
}
END_TEST

/* ---- transactions ---- */

START_TEST(a_rollback_leaves_nothing)
{
	set_x("w", "1");
	OK(store_begin(db, &e_));
	set_x("w", "2");
	add_snapshot("w", "s");
	point("fork", st);
	set_x("fork", "3");
	point("w", new_state());
	store_rollback(db);
	ck_assert_str_eq(X("w"), "1");
	ck_assert_int_eq(state_of("w"), st);
	ck_assert_int_eq(state_of("fork"), 0);
	ck_assert_int_eq(rows("snapshot"), 0);
	ck_assert_int_eq(rows("state"), 1);
	ck_assert_int_eq(OK(store_sweep(db, 100, &e_)), 0);
}
END_TEST

START_TEST(transactions_do_not_nest)
{
	struct err e;

	store_rollback(db); /* none is open: nothing happens */
	ck_assert_int_eq(store_commit(db, &e), -1);
	OK(store_begin(db, &e_));
	ck_assert_int_eq(store_begin(db, &e), -1);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	set_x("w", "1");
	OK(store_commit(db, &e_));
	ck_assert_str_eq(X("w"), "1");
}
END_TEST

START_TEST(a_transaction_that_failed_can_only_be_rolled_back)
{
	struct object o = thing("x", "k", "", 1);
	struct err e;
	struct arena a = { 0 };

	OK(store_begin(db, &e_));
	set_x("w", "1");
	ck_assert_int_eq(store_put(db, 999, &o, &e), -1);
	ck_assert_int_eq(store_put(db, st, &o, &e), -1);
	ck_assert_int_eq(store_get(db, st, "x", &a, &o, &e), -1);
	ck_assert_int_eq(store_commit(db, &e), -1);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_ptr_null(X("w"));
	OK(store_begin(db, &e_));
	set_x("w", "2");
	OK(store_commit(db, &e_));
	ck_assert_str_eq(X("w"), "2");
	arena_done(&a);
}
END_TEST

START_TEST(a_commit_that_fails_leaves_no_transaction)
{
	struct object o = thing("x", "k", "", 1);
	struct err e;

	OK(store_begin(db, &e_));
	OK(db_exec(db, "PRAGMA defer_foreign_keys = ON", &e_));
	OK(store_put(db, 999, &o, &e_)); /* which only the commit finds wrong */
	ck_assert_int_eq(store_commit(db, &e), -1);
	ck_assert_int_eq(sqlite3_get_autocommit(db->db), 1);
	ck_assert_int_eq(rows("object"), 0);
	OK(store_begin(db, &e_));
	OK(store_commit(db, &e_));
}
END_TEST

START_TEST(what_its_work_answers_ends_a_transaction)
{
	struct object o = thing("x", "k", "", 1);
	struct err e;

	OK(store_begin(db, &e_));
	set_x("w", "1");
	OK(store_end(db, 0, &e_));
	ck_assert_str_eq(X("w"), "1");
	OK(store_begin(db, &e_));
	set_x("w", "2");
	ck_assert_int_eq(store_end(db, err_set(&e, ERR_NOT_FOUND, "no such thing"), &e), -1);
	ck_assert_int_eq(e.code, ERR_NOT_FOUND);
	ck_assert_str_eq(e.message, "no such thing");
	ck_assert_str_eq(X("w"), "1");
	OK(store_begin(db, &e_));
	OK(db_exec(db, "PRAGMA defer_foreign_keys = ON", &e_));
	OK(store_put(db, 999, &o, &e_)); /* which only the commit finds wrong */
	ck_assert_int_eq(store_end(db, 0, &e), -1);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_int_eq(sqlite3_get_autocommit(db->db), 1);
	ck_assert_str_eq(X("w"), "1");
}
END_TEST

int main(void)
{
	return RUN_STORE_TESTS("states", a_state_remembers_its_clock_and_counter,
		an_unknown_state_is_an_error, the_number_of_a_state_is_never_used_again,
		workspaces_are_listed_by_name, an_absent_workspace_is_not_found,
		a_state_of_ones_own_is_not_copied, a_write_to_a_fork_leaves_the_original,
		a_write_to_the_original_leaves_its_forks, a_copy_has_every_column_and_the_clock,
		a_snapshot_can_be_restored_twice, a_snapshot_tells_what_it_holds,
		a_taken_name_is_refused_and_the_transaction_goes_on,
		snapshots_are_listed_by_name_and_workspace, a_reset_leaves_the_rows_to_the_sweep,
		a_sweep_ends_whatever_the_budget,
		dropping_a_workspace_takes_its_snapshots_and_leaves_those_of_others,
		what_a_snapshot_alone_holds_goes_with_it,
		pointing_where_it_points_already_changes_nothing, a_rollback_leaves_nothing,
		transactions_do_not_nest, a_transaction_that_failed_can_only_be_rolled_back,
		a_commit_that_fails_leaves_no_transaction,
		what_its_work_answers_ends_a_transaction);
}
