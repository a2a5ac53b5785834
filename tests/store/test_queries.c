/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "store/db.h"

/* ---- lists ---- */

static const struct page_query projects = { .parent = "", .kind = "project" };

/* p5(1) has seq 5 and was deleted, and so on. */
static void put_projects(void)
{
	static const struct {
		const char *name;
		int seq, deleted;
	} rows[] = { { "zeta", 1, 0 }, { "alpha", 3, 0 }, { "old", 2, 1 }, { "mid", 4, 0 },
		{ "gone", 5, 9 }, { "late", 6, 0 } };

	for (size_t i = ARRAY_SIZE(rows); i--;) {
		struct object o = thing(rows[i].name, "project", "", rows[i].seq);

		o.deleted = rows[i].deleted;
		put(o);
	}
	put(thing("b2", "branch", "zeta", 8));
	put(thing("b1", "branch", "zeta", 7));
	put(thing("op", "operation", "zeta", 9));
	put(thing("other", "branch", "alpha", 10));
}

START_TEST(a_list_goes_by_age_and_leaves_the_deleted_out)
{
	put_projects();
	ck_assert_str_eq(page_in(st, projects), "zeta alpha mid late");
	ck_assert_str_eq(page_in(st, (struct page_query){ .parent = "zeta", .kind = "branch" }),
		"b1 b2");
	ck_assert_str_eq(page_in(st, (struct page_query){ .parent = "none", .kind = "branch" }), "");
}
END_TEST

START_TEST(deleted_ones_are_merged_in_their_place)
{
	struct page_query q = projects;

	put_projects();
	q.deleted = true;
	ck_assert_str_eq(page_in(st, q), "zeta old(1) alpha mid gone(9) late");
	q.limit = 3;
	ck_assert_str_eq(page_in(st, q), "zeta old(1) alpha");
	q.after = 3;
	ck_assert_str_eq(page_in(st, q), "mid gone(9) late");
	q.limit = 2;
	q.after = 4;
	ck_assert_str_eq(page_in(st, q), "gone(9) late");
}
END_TEST

START_TEST(pages_join_without_gap_or_overlap)
{
	struct page_query q = projects;

	put_projects();
	q.limit = 2;
	ck_assert_str_eq(page_in(st, q), "zeta alpha");
	q.after = 3;
	/* what comes and goes between two pages does not disturb the rest */
	OK(store_drop(db, st, "alpha", OBJECT_LIVE, &e_));
	put(thing("new", "project", "", 11));
	ck_assert_str_eq(page_in(st, q), "mid late");
	q.after = 6;
	ck_assert_str_eq(page_in(st, q), "new");
	q.after = 11;
	ck_assert_str_eq(page_in(st, q), "");
}
END_TEST

START_TEST(kind_and_parent_may_be_any)
{
	put_projects();
	ck_assert_str_eq(page_in(st, (struct page_query){ .parent = "zeta" }), "b1 b2 op");
	ck_assert_str_eq(page_in(st, (struct page_query){ .kind = "branch" }), "b1 b2 other");
	ck_assert_str_eq(page_in(st, (struct page_query){ .after = 5, .limit = 3 }), "late b1 b2");
	ck_assert_str_eq(page_in(st, (struct page_query){ .deleted = true }),
		"zeta old(1) alpha mid gone(9) late b1 b2 op other");
}
END_TEST

START_TEST(a_restored_object_is_listed_where_it_was)
{
	put_projects();
	OK(store_mark(db, st, "gone", 9, OBJECT_LIVE, &e_));
	OK(store_mark(db, st, "zeta", OBJECT_LIVE, 12, &e_));
	ck_assert_str_eq(page_in(st, projects), "alpha mid gone late");
}
END_TEST

static int take_two(void *arg, const struct object *o)
{
	struct buf *b = arg;

	add_name(b, o);
	return b->len > 6;
}

START_TEST(a_reader_may_stop_and_begin_anew)
{
	struct page_query q = { .parent = "", .kind = "project", .limit = INT64_MAX };
	struct buf b = { 0 };

	put_projects();
	for (int i = 0; i < 2; i++) {
		buf_clear(&b);
		ck_assert_int_eq(OK(store_page(db, st, &q, take_two, &b, &e_)), 0);
		ck_assert_str_eq(b.data, "zeta alpha");
	}
	buf_clear(&b);
	ck_assert_int_eq(OK(store_each_below(db, st, NULL, take_two, &b, &e_)), 0);
	ck_assert_str_eq(b.data, "alpha b1");
	buf_done(&b);
}
END_TEST

static int read_inside(void *arg, const struct object *o)
{
	int *seen = arg;
	struct object got;
	struct buf b = { 0 };

	OK(store_get(db, st, o->name, &scraps, &got, &e_));
	OK(store_copy_doc(db, st, o->name, "project", &b, &e_));
	ck_assert_str_eq(b.data, o->name);
	buf_done(&b);
	++*seen;
	return 0;
}

static int list_inside(void *arg, const struct object *o)
{
	struct page_query q = { .parent = "", .kind = "project", .limit = 1 };
	struct err *e = arg;
	int seen = 0;

	(void)o;
	return store_page(db, st, &q, read_inside, &seen, e);
}

START_TEST(a_reader_may_look_at_objects_but_not_list_within_a_list)
{
	struct page_query q = { .parent = "", .kind = "project", .limit = INT64_MAX };
	struct err inner = { 0 };
	int seen = 0;

	put_projects();
	OK(store_page(db, st, &q, read_inside, &seen, &e_));
	ck_assert_int_eq(seen, 4);
	OK(store_page(db, st, &q, list_inside, &inner, &e_));
	ck_assert_int_eq(inner.code, ERR_INTERNAL);
}
END_TEST

START_TEST(counting_ends_at_the_limit)
{
	static const struct {
		const char *parent, *kind;
		int64_t limit, n;
	} rows[] = { { "", "project", 100, 4 }, { "", "project", 3, 3 }, { "", "project", 0, 0 },
		{ "zeta", "branch", 100, 2 }, { "zeta", "role", 100, 0 }, { "x", "branch", 9, 0 } };
	int64_t n;

	put_projects();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		OK(store_count(db, st, rows[i].parent, rows[i].kind, rows[i].limit, &n, &e_));
		ck_assert_int_eq(n, rows[i].n);
	}
}
END_TEST

/* ---- what is due ---- */

static void put_due(const char *name, int64_t seq, usec due, int64_t deleted)
{
	struct object o = thing(name, "k", "", seq);

	o.due = due;
	o.deleted = deleted;
	put(o);
}

/* The names of what is due at `upto`, in order, taking each away. */
static const char *drain(usec upto)
{
	struct buf b = { 0 };
	struct object o;
	const char *names;

	while (OK(store_get_due(db, st, upto, &scraps, &o, &e_))) {
		add_name(&b, &o);
		put_due(o.name, o.seq, USEC_NEVER, o.deleted);
	}
	names = arena_strdup(&scraps, b.data ? b.data : "");
	buf_done(&b);
	return names;
}

START_TEST(what_is_due_comes_in_the_order_of_time_then_age)
{
	usec next;

	OK(store_next_due(db, st, &next, &e_));
	ck_assert(next == USEC_NEVER);
	put_due("late", 1, 300, 0);
	put_due("second", 9, 100, 0);
	put_due("first", 2, 100, 0);
	put_due("purge", 3, 200, 7);
	put_due("never", 4, USEC_NEVER, 0);
	put_due("long ago", 5, -5, 0);
	OK(store_next_due(db, st, &next, &e_));
	ck_assert_int_eq(next, -5);
	ck_assert_str_eq(drain(-6), "");
	ck_assert_str_eq(drain(99), "long ago");
	OK(store_next_due(db, st, &next, &e_));
	ck_assert_int_eq(next, 100);
	ck_assert_str_eq(drain(200), "first second purge(7)");
	ck_assert_str_eq(drain(USEC_NEVER), "late");
	OK(store_next_due(db, st, &next, &e_));
	ck_assert(next == USEC_NEVER);
}
END_TEST

START_TEST(what_is_due_elsewhere_does_not_matter)
{
	struct object o = thing("x", "k", "", 1);
	usec next;

	o.due = 1;
	put_in(new_state(), o);
	OK(store_next_due(db, st, &next, &e_));
	ck_assert(next == USEC_NEVER);
	ck_assert_str_eq(drain(100), "");
}
END_TEST

/* ---- what is locked ---- */

static void lock(const char *scope)
{
	struct object o = thing(scope, "operation", "", 1);

	o.scope = scope;
	put(o);
}

static const char *locked_by(const char *scope)
{
	struct object o;

	return OK(store_get_lock(db, st, scope, &scraps, &o, &e_)) ? o.scope : "";
}

START_TEST(a_lock_covers_itself_what_is_above_and_what_is_below)
{
	static const char *const rows[][2] = {
		{ "projects/a/branches/b", "projects/a/branches/b" },
		{ "projects/a/branches/b/endpoints/e", "projects/a/branches/b" },
		{ "projects/a/branches/b/endpoints/e/x/y", "projects/a/branches/b" },
		{ "projects/a", "projects/a/branches/b" },
		{ "projects", "projects/a/branches/b" },
		{ "projects/a/branches/b0", "" },
		{ "projects/a/branches/b-2", "" },
		{ "projects/a/branches/b.2/endpoints/e", "" },
		{ "projects/a/branches/bb", "" },
		{ "projects/a/branches/B", "" },
		{ "projects/a/branches/c", "" },
		{ "projects/a-b", "" },
		{ "projects/a0", "" },
		{ "projects/a%", "" },
		{ "projects/aa/branches/b", "" },
		{ "catalogs/a", "" },
	};

	ck_assert_str_eq(locked_by("projects/a"), "");
	lock("projects/a/branches/b");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_msg(streq(locked_by(rows[i][0]), rows[i][1]), "%s is locked by '%s'",
			rows[i][0], locked_by(rows[i][0]));
	ck_assert_str_eq(rows[0][0], locked_by("projects/a/branches/b"));
}
END_TEST

START_TEST(the_nearest_lock_is_named)
{
	lock("projects/a");
	lock("projects/a/branches/b");
	lock("projects/a/branches/b/endpoints/e");
	ck_assert_str_eq(locked_by("projects/a"), "projects/a");
	ck_assert_str_eq(locked_by("projects/a/branches/b"), "projects/a/branches/b");
	ck_assert_str_eq(locked_by("projects/a/branches/c"), "projects/a");
	OK(store_drop(db, st, "projects/a", OBJECT_LIVE, &e_));
	ck_assert_str_eq(locked_by("projects/a/branches/c"), "");
	ck_assert_str_eq(locked_by("projects/a"), "projects/a/branches/b");
}
END_TEST

START_TEST(a_lock_ends_with_its_scope)
{
	struct object o = thing("op", "operation", "", 1);

	o.scope = "catalogs/c";
	put(o);
	ck_assert_str_eq(locked_by("catalogs/c"), "catalogs/c");
	o.scope = NULL;
	put(o);
	ck_assert_str_eq(locked_by("catalogs/c"), "");
	ck_assert_str_eq(locked_by(""), "");
}
END_TEST

/* ---- how it is found ---- */

/* Statements that may sort, or read a table from end to end: rare, or asked for everything. */
static bool may_be_slow(int id)
{
	switch (id) {
	case STMT_PAGE_ANY:
	case STMT_STATE_ORPHANS_OF_WORKSPACE:
	case STMT_STATE_ORPHANS_FIND:
	case STMT_WORKSPACE_EACH:
		return true;
	}
	return false;
}

START_TEST(every_statement_uses_an_index)
{
	int looked_at = 0;

	for (int id = STMT_STATE_GET; id < STMT__N; id++) {
		char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", store_sql[id]);
		sqlite3_stmt *q;

		ck_assert_int_eq(sqlite3_prepare_v2(db->db, sql, -1, &q, NULL), SQLITE_OK);
		while (sqlite3_step(q) == SQLITE_ROW) {
			const char *step = (const char *)sqlite3_column_text(q, 3);

			looked_at++;
			ck_assert_msg(may_be_slow(id) || strstr(step, "SCAN (subquery") ||
					      (!strstr(step, "TEMP B-TREE") &&
						      !strstr(step, "SCAN ")),
				"%s: %s", store_sql[id], step);
		}
		sqlite3_finalize(q);
		sqlite3_free(sql);
	}
	ck_assert_int_gt(looked_at, 30);
}
END_TEST

START_TEST(counting_reads_no_rows)
{
	static const enum stmt counting[] = { STMT_COUNT, STMT_STATE_MEASURE };

	for (size_t i = 0; i < ARRAY_SIZE(counting); i++) {
		char *plan = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", store_sql[counting[i]]);
		bool covered = false;
		sqlite3_stmt *q;

		ck_assert_int_eq(sqlite3_prepare_v2(db->db, plan, -1, &q, NULL), SQLITE_OK);
		while (sqlite3_step(q) == SQLITE_ROW)
			covered |= strstr((const char *)sqlite3_column_text(q, 3),
					   "COVERING INDEX object_live") != NULL;
		ck_assert_msg(covered, "%s", plan);
		sqlite3_finalize(q);
		sqlite3_free(plan);
	}
}
END_TEST

START_TEST(the_engine_has_a_name)
{
	ck_assert(text_starts(store_engine(), "SQLite 3.", NULL));
}
END_TEST

int main(void)
{
	return RUN_STORE_TESTS("queries", a_list_goes_by_age_and_leaves_the_deleted_out,
		deleted_ones_are_merged_in_their_place, pages_join_without_gap_or_overlap,
		kind_and_parent_may_be_any, a_restored_object_is_listed_where_it_was,
		a_reader_may_stop_and_begin_anew,
		a_reader_may_look_at_objects_but_not_list_within_a_list, counting_ends_at_the_limit,
		what_is_due_comes_in_the_order_of_time_then_age,
		what_is_due_elsewhere_does_not_matter,
		a_lock_covers_itself_what_is_above_and_what_is_below, the_nearest_lock_is_named,
		a_lock_ends_with_its_scope, every_statement_uses_an_index, counting_reads_no_rows,
		the_engine_has_a_name);
}
