/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation of SQLite fails in turn, once alone and once with all that follow. Some it can
 * do without; whatever it reports must come out as an error, undo the whole transaction, and leave
 * a store that works as soon as there is memory again.
 */
#include "support.h"

#include "base/memory/pool.h"
#include "store/db.h"

static long calls, fail_at;
static bool for_good; /* all later allocations fail, too */
static sqlite3_mem_methods real;

static bool fails(void)
{
	calls++;
	return fail_at && (for_good ? calls >= fail_at : calls == fail_at);
}

static void *failing_malloc(int n)
{
	return fails() ? NULL : real.xMalloc(n);
}

static void *failing_realloc(void *p, int n)
{
	return fails() ? NULL : real.xRealloc(p, n);
}

static void install(void)
{
	sqlite3_mem_methods mine;

	store_use_pool();
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real), SQLITE_OK);
	mine = real;
	mine.xMalloc = failing_malloc;
	mine.xRealloc = failing_realloc;
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &mine), SQLITE_OK);
}

static int ignore(void *arg, const struct object *o)
{
	*(int64_t *)arg += (int64_t)strlen(o->doc);
	return 0;
}

static int ignore_snapshot(void *arg, const struct snapshot *n)
{
	*(int64_t *)arg += (int64_t)strlen(n->name);
	return 0;
}

static int ignore_name(void *arg, const char *ws)
{
	*(int64_t *)arg += (int64_t)strlen(ws);
	return 0;
}

static int write_all(struct err *e)
{
	struct state_info info = { .clock_factor = 1 };
	struct object o = thing("big", "k", "", 3);
	char doc[9000]; /* longer than a page */
	struct snapshot n;
	int64_t state;

	memset(doc, 'x', sizeof doc - 1);
	doc[sizeof doc - 1] = '\0';
	o.doc = doc;
	o.scope = o.alias = "scope/a";
	o.due = 5;
	return store_unshare(db, "fork", &state, e) || store_put(db, state, &o, e) ||
	       store_put(db, state, &o, e) || store_mark(db, state, "a", 0, 7, e) ||
	       store_drop(db, state, "b", 0, e) || store_drop_below(db, state, "a", e) ||
	       store_prune_operations(db, state, 9, e) ||
	       store_snapshot_add(db, "fork", "snap", 1, &n, e) ||
	       store_state_new(db, &info, e) || store_workspace_put(db, "new", info.id, e) ||
	       store_state_put(db, &info, e) || store_clear(db, info.id, NULL, e) ||
	       store_snapshot_drop(db, "w", "none", e) || store_workspace_drop(db, "new", e);
}

static int read_all(struct err *e)
{
	struct page_query q = { .parent = "", .kind = "k", .limit = 5, .deleted = true };
	struct state_info info;
	struct object o;
	struct buf b = { 0 };
	int64_t n, size = 0;
	usec due;
	int rc = store_get_reserved(db, st, "alias/a", &scraps, &o, e) < 0 ||
		 store_get_deleted(db, st, "a", &scraps, &o, e) < 0 ||
		 store_get_due(db, st, 99, &scraps, &o, e) < 0 ||
		 store_get_lock(db, st, "x/y/z", &scraps, &o, e) < 0 ||
		 store_copy_doc(db, st, "a", "k", &b, e) < 0 ||
		 store_page(db, st, &q, ignore, &size, e) ||
		 store_each_below(db, st, NULL, ignore, &size, e) ||
		 store_count(db, st, "", "k", 9, &n, e) || store_next_due(db, st, &due, e) ||
		 store_state_get(db, st, &info, e) ||
		 store_workspace_each(db, ignore_name, &size, e) ||
		 store_snapshot_each(db, "w", ignore_snapshot, &size, e);

	buf_done(&b);
	return rc;
}

static int attempt(struct err *e)
{
	int rc = store_begin(db, e);

	if (!rc)
		rc = write_all(e) || read_all(e);
	if (!rc)
		return store_commit(db, e);
	store_rollback(db);
	return -1;
}

/* What attempt() found must be there again. */
static void undo(void)
{
	OK(store_workspace_drop(db, "fork", &e_));
	OK(store_workspace_put(db, "fork", st, &e_));
	while (OK(store_sweep(db, 1000, &e_)))
		;
}

static void check_untouched(void)
{
	struct object o;
	int64_t state;

	ck_assert_int_eq(sqlite3_get_autocommit(db->db), 1);
	ck_assert_str_eq(doc_in(st, "a"), "a");
	ck_assert_str_eq(doc_in(st, "b"), "b");
	ck_assert_int_eq(OK(store_get_reserved(db, st, "big", &scraps, &o, &e_)), 0);
	ck_assert_int_eq(OK(store_workspace_get(db, "fork", &state, &e_)), 1);
	ck_assert_int_eq(state, st);
	ck_assert_int_eq(OK(store_workspace_get(db, "new", &state, &e_)), 0);
}

static void torture_transaction(bool later_too)
{
	long failed = 0;

	install();
	open_memory();
	put(thing("a", "k", "", 1));
	put(thing("b", "k", "", 2));
	OK(store_workspace_put(db, "fork", st, &e_));
	for (fail_at = 1;; fail_at++) {
		struct err e = { 0 };
		long target = fail_at;
		int rc;

		for_good = later_too;
		calls = 0;
		rc = attempt(&e);
		fail_at = 0;
		if (rc)
			check_untouched();
		else
			undo();
		arena_done(&scraps);
		fail_at = target;
		failed += rc != 0;
		ck_assert_msg(!rc || e.code, "allocation %ld failed without an error", target);
		if (calls < target && !rc)
			break;
	}
	ck_assert_int_gt(failed, 20);
	fail_at = 0;
	close_memory();
}

START_TEST(a_transaction_lives_through_each_allocation_failing)
{
	torture_transaction(false);
}
END_TEST

START_TEST(a_transaction_lives_through_memory_running_out)
{
	torture_transaction(true);
}
END_TEST

START_TEST(its_memory_comes_from_the_pool)
{
	sqlite3_mem_methods m;
	void *p;

	store_use_pool();
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &m), SQLITE_OK);
	ck_assert(m.xFree == pool_free);
	open_memory();
	p = sqlite3_malloc(100);
	memset(p, 'x', 100);
	p = sqlite3_realloc(p, 1000);
	ck_assert_ptr_nonnull(p);
	ck_assert_int_eq(((char *)p)[99], 'x');
	ck_assert_uint_ge(sqlite3_msize(p), 1000);
	sqlite3_free(p);
	close_memory();
}
END_TEST

START_TEST(opening_lives_through_each_allocation_failing)
{
	bool opened = false;
	long failed = 0;

	install();
	/* in steps: it makes thousands, most of them in the parser */
	for (long at = 1; !opened; at += 1 + at / 20) {
		struct err e = { 0 };
		int rc;

		calls = 0;
		fail_at = at;
		rc = store_open(&db, NULL, &e);
		fail_at = 0;
		opened = calls < at;
		ck_assert_msg(!opened || !rc, "undisturbed: %s", e.message);
		ck_assert_msg(!rc || e.code, "allocation %ld failed without an error", at);
		failed += rc != 0;
		if (!rc) {
			st = new_state(); /* it works */
			store_close(STEAL(db));
		}
		ck_assert_int_eq(sqlite3_memory_used(), 0);
	}
	ck_assert_int_gt(failed, 50);
}
END_TEST

int main(void)
{
	return RUN_TESTS("memory", a_transaction_lives_through_each_allocation_failing,
		a_transaction_lives_through_memory_running_out, its_memory_comes_from_the_pool,
		opening_lives_through_each_allocation_failing);
}
