/* SPDX-License-Identifier: Apache-2.0 */
/* The database as a file: what survives, and every way in which it can be refused. */
#include "support_file.h"

#include <fcntl.h>

static void overwrite(off_t at, const char *bytes, size_t len)
{
	int fd = open(file, O_WRONLY);

	ck_assert_int_eq(pwrite(fd, bytes, len, at), (ssize_t)len);
	close(fd);
}

/* ---- what survives ---- */

START_TEST(everything_survives_a_close)
{
	struct state_info info;
	struct object o = thing("projects/p", "project", "", 1);
	struct snapshot n;

	open_file();
	info = (struct state_info){ .id = st, .seq = 5, .clock_mode = 1, .clock_factor = 2,
		.clock_wall = 3, .clock_now = 4 };
	OK(store_state_put(db, &info, &e_));
	o.due = 70;
	put(o);
	OK(store_snapshot_add(db, "w", "s", 9, &n, &e_));
	reopen();
	OK(store_state_get(db, st, &info, &e_));
	ck_assert(info.seq == 5 && info.clock_mode == 1 && info.clock_now == 4);
	ck_assert_int_eq(OK(store_get_due(db, st, 70, &scraps, &o, &e_)), 1);
	ck_assert_str_eq(o.name, "projects/p");
	ck_assert_int_eq(OK(store_snapshot_get(db, "w", "s", &scraps, &n, &e_)), 1);
	ck_assert_int_eq(n.time, 9);
}
END_TEST

START_TEST(what_was_not_committed_does_not)
{
	open_file();
	OK(store_begin(db, &e_));
	put(thing("projects/p", "project", "", 1));
	reopen();
	ck_assert_ptr_null(doc_in(st, "projects/p"));
}
END_TEST

START_TEST(a_sweep_goes_on_after_a_restart)
{
	int64_t n;

	open_file();
	put(thing("a", "k", "", 1));
	put(thing("b", "k", "", 2));
	OK(store_workspace_put(db, "w", new_state(), &e_));
	ck_assert_int_eq(OK(store_sweep(db, 1, &e_)), 1);
	reopen();
	ck_assert_int_eq(OK(store_sweep(db, 100, &e_)), 0);
	OK(db_int(db, "SELECT count(*) FROM object", &n, &e_));
	ck_assert_int_eq(n, 0);
}
END_TEST

START_TEST(a_state_that_nothing_ever_pointed_at_is_found_at_the_start)
{
	int64_t n;

	open_file();
	put_in(new_state(), thing("lost", "k", "", 1));
	ck_assert_int_eq(OK(store_sweep(db, 100, &e_)), 0);
	reopen();
	ck_assert_int_eq(OK(store_sweep(db, 100, &e_)), 0);
	OK(db_int(db, "SELECT count(*) FROM state", &n, &e_));
	ck_assert_int_eq(n, 1);
}
END_TEST

START_TEST(a_path_is_never_read_as_anything_else)
{
	refused_path("", "not the name of a database file");
	refused_path(":memory:", "not the name of a database file");
	ck_assert_int_eq(chdir(folder), 0);
	OK(store_open(&db, "file:x", &e_));
	close_file();
	ck_assert_int_eq(access("file:x", F_OK), 0);
}
END_TEST

/* ---- the schema ---- */

static char *schema_text(void)
{
	sqlite3_stmt *q;
	struct buf b = { 0 };

	ck_assert_int_eq(sqlite3_prepare_v2(db->db,
				 "SELECT type || ' ' || name || ' ' || coalesce(sql, '')"
				 " FROM sqlite_schema ORDER BY type, name",
				 -1, &q, NULL),
		SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		buf_addf(&b, "%s\n", (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	return b.data;
}

static char *read_whole(const char *path)
{
	struct buf b = { 0 };
	char part[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	ck_assert_msg(f != NULL, "%s is missing: dump a database of that version", path);
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	return b.data;
}

START_TEST(every_released_schema_is_brought_up_to_date)
{
	char *fresh;

	OK(store_open(&db, NULL, &e_));
	fresh = schema_text();
	close_file();
	for (int v = 1; v <= schema_version(); v++) {
		char *dump = read_whole(arena_printf(&scraps, "fixtures/db/v%d.sql", v));
		char *schema;
		struct object o;

		raw(dump);
		open_file();
		schema = schema_text();
		ck_assert_str_eq(schema, fresh);
		ck_assert_str_eq(page_in(st, (struct page_query){ .parent = "", .kind = "project" }),
			"projects/demo projects/second");
		ck_assert_int_eq(
			OK(store_get_due(db, st, USEC_NEVER, &scraps, &o, &e_)), 1);
		ck_assert_str_eq(o.event, "operation_done");
		ck_assert_int_eq(OK(store_workspace_get(db, "fork", &st, &e_)), 1);
		ck_assert_int_eq(OK(store_sweep(db, 100, &e_)), 0);
		close_file();
		unlink(file);
		free(schema);
		free(dump);
	}
	free(fresh);
}
END_TEST

START_TEST(a_newer_schema_is_refused_and_left_alone)
{
	sqlite3 *r;
	sqlite3_stmt *q;

	open_file();
	close_file();
	raw("PRAGMA user_version = 99");
	refused("newer lakebase-mock (schema 99");
	r = raw_open();
	sqlite3_prepare_v2(r, "PRAGMA user_version", -1, &q, NULL);
	sqlite3_step(q);
	ck_assert_int_eq(sqlite3_column_int(q, 0), 99);
	sqlite3_finalize(q);
	sqlite3_close(r);
}
END_TEST

START_TEST(the_database_of_another_program_is_left_alone)
{
	char *before, *after;

	raw("CREATE TABLE precious(x); INSERT INTO precious VALUES (1)");
	before = read_whole(file);
	refused("a database of another program");
	after = read_whole(file);
	ck_assert_str_eq(before, after); /* not even turned into one with a log */
	free(before);
	free(after);
	raw("PRAGMA application_id = 77; DROP TABLE precious");
	refused("a database of another program");
}
END_TEST

START_TEST(a_missing_table_is_reported)
{
	open_file();
	close_file();
	raw("DROP TABLE snapshot");
	refused("no such table");
}
END_TEST

/* ---- damage ---- */

START_TEST(what_is_no_database_is_refused)
{
	static const char text[] = "{\"this\":\"is a fixture, which somebody gave as --db\"}";
	FILE *f = fopen(file, "w");

	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < 100; i++)
		fputs(text, f);
	fclose(f);
	refused("no database, or damaged");
}
END_TEST

START_TEST(an_empty_file_is_a_new_database)
{
	fclose(fopen(file, "w"));
	open_file();
	put(thing("projects/p", "project", "", 1));
	reopen();
	ck_assert_str_eq(doc_in(st, "projects/p"), "projects/p");
}
END_TEST

START_TEST(a_damaged_page_is_found_at_the_start)
{
	static const char junk[512] = { 0x55, 0x55, 0x55, 0x55 };

	fill(500);
	overwrite(4096 * 20, junk, sizeof junk);
	refused("damaged");
}
END_TEST

START_TEST(a_file_cut_short_is_found_at_the_start)
{
	fill(500);
	ck_assert_int_eq(truncate(file, 4096 * 21), 0);
	refused("damaged");
}
END_TEST

START_TEST(damage_in_a_large_file_is_found_when_it_is_read)
{
	static const char junk[4096] = { 0x55 };
	struct err e = { 0 };
	int bad = 0;

	fill(30000);
	for (int page = 300; page < 600; page++)
		overwrite(4096 * page, junk, sizeof junk);
	open_file();
	for (int i = 0; i < 30000 && !bad; i += 7) {
		struct buf b = { 0 };
		char name[32];

		snprintf(name, sizeof name, "projects/project-%06d", i);
		bad = store_copy_doc(db, st, name, "project", &b, &e) < 0;
		buf_done(&b);
	}
	ck_assert(bad);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_msg(strstr(e.message, "damaged") != NULL, "%s", e.message);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { everything_survives_a_close,
		what_was_not_committed_does_not, a_sweep_goes_on_after_a_restart,
		a_state_that_nothing_ever_pointed_at_is_found_at_the_start,
		a_path_is_never_read_as_anything_else, every_released_schema_is_brought_up_to_date,
		a_newer_schema_is_refused_and_left_alone,
		the_database_of_another_program_is_left_alone, a_missing_table_is_reported,
		what_is_no_database_is_refused, an_empty_file_is_a_new_database,
		a_damaged_page_is_found_at_the_start, a_file_cut_short_is_found_at_the_start,
		damage_in_a_large_file_is_found_when_it_is_read, NULL };

	return run_tests_between("files", tests, make_folder, tear_down);
}
