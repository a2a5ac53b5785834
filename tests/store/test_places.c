/* SPDX-License-Identifier: Apache-2.0 */
/* Files in places that cannot be written, that are full, or that somebody else uses. */
#include "support_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

START_TEST(a_folder_that_is_missing_is_named)
{
	snprintf(file, sizeof file, "%s/none/state.db", folder);
	refused("No such file or directory");
	refused_path(folder, "cannot be opened");
}
END_TEST

/* Runs a check as a user for whom modes count; the superuser may write anywhere. */
static void as_nobody(void (*check)(void))
{
	int status;
	pid_t child;

	ck_assert_int_eq(chmod(folder, 0555), 0);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		if (geteuid() == 0 && setresuid(65534, 65534, 65534))
			_exit(9);
		check();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

/* In a child, where a failed assertion could not be told: the exit status tells. */
static void says_not_writable(void)
{
	struct err e = { 0 };
	struct store *s = NULL;

	if (store_open(&s, file, &e) != -1 || s)
		_exit(2);
	if (!strstr(e.message, "writable")) {
		fprintf(stderr, "%s\n", e.message);
		_exit(3);
	}
}

START_TEST(a_folder_that_cannot_be_written_is_refused)
{
	as_nobody(says_not_writable);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_refused)
{
	fill(1);
	ck_assert_int_eq(chmod(file, 0444), 0);
	as_nobody(says_not_writable);
}
END_TEST

static int put_many(struct err *e)
{
	static char doc[1000];
	int rc = store_begin(db, e);

	memset(doc, 'x', sizeof doc - 1);
	for (int i = 0; i < 2000 && !rc; i++) {
		char name[32];
		struct object o = thing(name, "big", "", i);

		snprintf(name, sizeof name, "big-%d", i);
		o.doc = doc;
		rc = store_put(db, st, &o, e);
	}
	if (!rc)
		return store_commit(db, e);
	store_rollback(db);
	return rc;
}

START_TEST(a_full_disk_loses_nothing)
{
	struct err e = { 0 };

	open_file();
	put(thing("projects/p", "project", "", 1));
	OK(db_exec(db, "PRAGMA max_page_count = 60", &e_));
	ck_assert_int_eq(put_many(&e), -1);
	ck_assert_int_eq(e.code, ERR_UNAVAILABLE);
	ck_assert_msg(strstr(e.message, "the disk is full") != NULL, "%s", e.message);
	ck_assert_str_eq(below_in(st, NULL), "projects/p");
	put(thing("projects/q", "project", "", 2)); /* what still fits is still taken */
	OK(db_exec(db, "PRAGMA max_page_count = 100000", &e_));
	ck_assert_int_eq(put_many(&e), 0);
	reopen();
	ck_assert_str_eq(doc_in(st, "projects/q"), "projects/q");
	ck_assert_ptr_nonnull(doc_in(st, "big-1999"));
}
END_TEST

START_TEST(a_log_that_cannot_grow_loses_nothing)
{
	struct rlimit was, small;
	struct err e = { 0 };

	open_file();
	put(thing("projects/p", "project", "", 1));
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = (struct rlimit){ .rlim_cur = 300000, .rlim_max = was.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	ck_assert_int_eq(put_many(&e), -1);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &was), 0);
	ck_assert_int_eq(e.code, ERR_UNAVAILABLE);
	ck_assert_msg(strstr(e.message, "nothing was changed") != NULL, "%s", e.message);
	ck_assert_str_eq(below_in(st, NULL), "projects/p");
	ck_assert_int_eq(put_many(&e), 0);
	reopen();
	ck_assert_str_eq(doc_in(st, "projects/p"), "projects/p");
	ck_assert_ptr_nonnull(doc_in(st, "big-1999"));
}
END_TEST

/* ---- two servers, one file ---- */

/* Runs `holder` in a child, returns when it says that it holds the file. */
static pid_t hold(void (*holder)(void), int *release)
{
	int ready[2], go[2];
	char c;
	pid_t child;

	ck_assert_int_eq(pipe(ready) | pipe(go), 0);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		close(go[1]);
		holder();
		if (write(ready[1], "x", 1) != 1 || read(go[0], &c, 1) < 0)
			_exit(1);
		_exit(0);
	}
	close(ready[1]);
	close(go[0]);
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	close(ready[0]);
	*release = go[1];
	return child;
}

static void let_go(pid_t child, int release)
{
	int status;

	close(release);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

static void hold_as_server(void)
{
	open_file();
}

static void hold_as_reader(void)
{
	sqlite3 *r = raw_open();
	sqlite3_stmt *q;

	sqlite3_prepare_v2(r, "SELECT * FROM state", -1, &q, NULL);
	sqlite3_step(q);
}

START_TEST(a_second_server_is_refused_until_the_first_has_gone)
{
	static void (*const holders[])(void) = { hold_as_server, hold_as_reader };

	fill(10);
	for (size_t i = 0; i < ARRAY_SIZE(holders); i++) {
		int release;
		pid_t child = hold(holders[i], &release);

		refused("another lakebase-mock, is using the file");
		let_go(child, release);
		open_file();
		ck_assert_str_eq(doc_in(st, "projects/project-000001"), "projects/project-000001");
		close_file();
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { a_folder_that_is_missing_is_named,
		a_folder_that_cannot_be_written_is_refused,
		a_file_that_cannot_be_written_is_refused, a_full_disk_loses_nothing,
		a_log_that_cannot_grow_loses_nothing,
		a_second_server_is_refused_until_the_first_has_gone, NULL };

	return run_tests_between("places", tests, make_folder, tear_down);
}
