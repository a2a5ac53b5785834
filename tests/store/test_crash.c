/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 at random moments. A child works on a file and tells, through a pipe, each step that it
 * has committed, as a server would answer. Whatever it told must be there afterwards, and what it
 * was in the middle of must be there as a whole or not at all.
 */
#include "support_file.h"

#include <signal.h>
#include <sys/wait.h>

enum { ROUNDS = 40, THINGS = 20 };

/* ---- the work ---- */

static void must(bool ok, const struct err *e)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", e->message);
	_exit(1);
}

#define MUST(call)                                                                                 \
	({                                                                                         \
		struct err e_ = { 0 };                                                             \
		int rc_ = (call);                                                                  \
		must(rc_ >= 0, &e_);                                                               \
		rc_;                                                                               \
	})

/* Every object of the workspace, and its counter, say `step`: a torn write shows. */
static void write_step(const char *ws, int64_t step)
{
	struct state_info info;
	char doc[32];
	int64_t state;

	snprintf(doc, sizeof doc, "%lld", (long long)step);
	MUST(store_unshare(db, ws, &state, &e_));
	MUST(store_state_get(db, state, &info, &e_));
	info.seq = step;
	MUST(store_state_put(db, &info, &e_));
	for (int i = 0; i < THINGS; i++) {
		char name[16];
		struct object o = thing(name, "k", "", i);

		snprintf(name, sizeof name, "n%d", i);
		o.doc = doc;
		o.due = i % 3 ? USEC_NEVER : step;
		MUST(store_put(db, state, &o, &e_));
	}
}

static void reset(const char *ws)
{
	struct state_info info = { .clock_factor = 1 };

	MUST(store_state_new(db, &info, &e_));
	MUST(store_workspace_put(db, ws, info.id, &e_));
}

static void snapshot(const char *name)
{
	struct snapshot n;

	MUST(store_snapshot_drop(db, "w", name, &e_));
	MUST(store_snapshot_add(db, "w", name, 0, &n, &e_));
}

static void restore(const char *ws, const char *name)
{
	struct arena a = { 0 };
	struct snapshot n;

	if (MUST(store_snapshot_get(db, "w", name, &a, &n, &e_)))
		MUST(store_workspace_put(db, ws, n.state, &e_));
	arena_done(&a);
}

/* Besides the write to "w" that every step makes. */
static void do_more(int64_t step)
{
	int64_t state;

	switch (step % 7) {
	case 0:
		MUST(store_workspace_get(db, "w", &state, &e_));
		MUST(store_workspace_put(db, "fork", state, &e_));
		break;
	case 1:
		snapshot(step % 2 ? "odd" : "even");
		break;
	case 2:
		restore("fork", "odd");
		break;
	case 3:
		reset("fork");
		break;
	case 4:
		MUST(store_snapshot_drop(db, "w", "even", &e_));
		break;
	case 5:
		MUST(store_workspace_drop(db, "fork", &e_));
		reset("fork");
		write_step("fork", step);
		break;
	case 6:
		reset("w");
		break;
	}
}

static void work(int out)
{
	int64_t step = 0;
	struct state_info info;
	int64_t state;

	MUST(store_open(&db, file, &e_));
	if (MUST(store_workspace_get(db, "w", &state, &e_))) {
		MUST(store_state_get(db, state, &info, &e_));
		step = info.seq;
	}
	for (;;) {
		step++;
		MUST(store_begin(db, &e_));
		if (step == 1)
			reset("w");
		do_more(step);
		write_step("w", step);
		MUST(store_commit(db, &e_));
		if (write(out, &step, sizeof step) != sizeof step)
			_exit(1);
		MUST(store_sweep(db, 7, &e_));
	}
}

/* ---- the check ---- */

/* The step that a state shows; -1 when its parts disagree. */
static int64_t step_of(int64_t state)
{
	struct state_info info;
	int64_t found = 0;

	OK(store_state_get(db, state, &info, &e_));
	for (int i = 0; i < THINGS; i++) {
		const char *doc = doc_in(state, arena_printf(&scraps, "n%d", i));
		int64_t step = -1;

		if (!doc)
			continue;
		ck_assert(text_int(doc, 1, INT64_MAX, &step));
		ck_assert_int_eq(step, info.seq);
		found++;
	}
	ck_assert_msg(found == THINGS || (found == 0 && info.seq == 0), "%d of %d things at %d",
		(int)found, THINGS, (int)info.seq);
	return info.seq;
}

static int check_snapshot(void *arg, const struct snapshot *n)
{
	int *seen = arg;

	/* the very first may be of an empty workspace */
	ck_assert_int_eq(n->resources, step_of(n->state) ? THINGS : 0);
	++*seen;
	return 0;
}

static int64_t number(const char *sql)
{
	int64_t n;

	OK(db_int(db, sql, &n, &e_));
	return n;
}

/* Nothing is damaged, points nowhere or is left over. */
static void check_rows(void)
{
	ck_assert_int_eq(number("SELECT count(*) FROM pragma_integrity_check"
				" WHERE integrity_check <> 'ok'"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
	while (OK(store_sweep(db, 1000, &e_)))
		;
	ck_assert_int_eq(number("SELECT count(*) FROM state WHERE id NOT IN"
				" (SELECT state FROM workspace UNION SELECT state FROM snapshot)"),
		0);
	ck_assert_int_eq(number("SELECT count(*) FROM object WHERE state NOT IN"
				" (SELECT id FROM state)"),
		0);
}

static void check(int64_t told)
{
	int64_t state, step;
	int snapshots = 0;

	OK(store_open(&db, file, &e_));
	if (!OK(store_workspace_get(db, "w", &state, &e_))) {
		ck_assert_int_eq(told, 0);
	} else {
		step = step_of(state);
		ck_assert_msg(step == told || step == told + 1, "told %d, found %d", (int)told,
			(int)step);
		OK(store_snapshot_each(db, "w", check_snapshot, &snapshots, &e_));
		if (OK(store_workspace_get(db, "fork", &state, &e_)))
			step_of(state);
	}
	check_rows();
	store_close(STEAL(db));
	arena_done(&scraps);
}

/* A number below `limit`, another one for each round and use. */
static uint64_t chance(const char *use, int round, uint64_t limit)
{
	return text_prf(1, use, (uint64_t)round, 0) % limit;
}

/* Waits until it is time to kill: in every fourth round while the file is being opened, perhaps,
 * otherwise a moment after some steps. Adds what was told meanwhile. */
static void wait_for_moment(int round, int in, int64_t *told)
{
	uint64_t steps = round % 4 ? 1 + chance("steps", round, 30) : 0;

	for (; steps; steps--)
		ck_assert_int_eq(read(in, told, sizeof *told), sizeof *told);
	usleep((useconds_t)chance("moment", round, round % 4 ? 3000 : 15000)); /* allowed: any will do */
}

/* Lets a child work for a while and kills it; the last step it told. */
static int64_t run_and_kill(int round, int64_t told)
{
	int64_t step;
	int p[2], status;
	pid_t child;

	ck_assert_int_eq(pipe(p), 0);
	fflush(NULL);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		close(p[0]);
		work(p[1]);
	}
	close(p[1]);
	wait_for_moment(round, p[0], &told);
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "it ended by itself");
	while (read(p[0], &step, sizeof step) == sizeof step)
		told = step;
	close(p[0]);
	return told;
}

START_TEST(what_was_answered_survives_and_nothing_is_half_done)
{
	int64_t told = 0, was;
	int useful = 0;

	make_folder();
	for (int round = 0; round < ROUNDS; round++) {
		was = told;
		told = run_and_kill(round, told);
		check(told);
		useful += told > was;
		/* a step that was committed and not told is where the next child goes on */
		OK(store_open(&db, file, &e_));
		if (OK(store_workspace_get(db, "w", &st, &e_)))
			told = step_of(st);
		store_close(STEAL(db));
		arena_done(&scraps);
	}
	ck_assert_int_ge(useful, ROUNDS * 3 / 4); /* the children did get to work */
	remove_folder();
}
END_TEST

int main(void)
{
	return RUN_TESTS("crash", what_was_answered_survives_and_nothing_is_half_done);
}
