/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each operation of the store costs, in memory and in a file, with few and with many objects.
 * Not a test: it prints. Usage: bench_store [FOLDER]; a database is made in it and removed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/context/store.h"

static struct store *db;
static struct arena scraps;
static struct err e;
static struct buf out;
static char doc[1200], path[512];

#define MUST(call)                                                                                 \
	do {                                                                                       \
		if ((call) < 0) {                                                                  \
			fprintf(stderr, "%s: %s\n", #call, e.message);                             \
			exit(70);                                                                  \
		}                                                                                  \
	} while (0)

static const char *project(int i)
{
	return arena_printf(&scraps, "projects/project-%06d", i);
}

static void fill(int64_t st, int n)
{
	MUST(store_begin(db, &e));
	for (int i = 0; i < n; i++) {
		struct object o = { .name = project(i), .kind = "project", .parent = "",
			.seq = i + 1, .doc = doc, .due = USEC_NEVER };

		MUST(store_put(db, st, &o, &e));
		arena_reset(&scraps);
	}
	MUST(store_commit(db, &e));
}

static int64_t new_workspace(const char *ws)
{
	struct state_info info = { .clock_factor = 1 };

	MUST(store_state_new(db, &info, &e));
	MUST(store_workspace_put(db, ws, info.id, &e));
	return info.id;
}

static int64_t unshare(const char *ws)
{
	int64_t state;

	MUST(store_begin(db, &e));
	MUST(store_unshare(db, ws, &state, &e));
	MUST(store_commit(db, &e));
	return state;
}

static int take(void *arg, const struct object *o)
{
	int *left = arg;

	buf_adds(&out, o->doc);
	return --*left == 0;
}

static void say(const char *what, int objects, usec started, int times)
{
	printf("%-34s %7d objects %10.2f us\n", what, objects,
		(double)(monotonic_now() - started) / times);
}

static void read_some(int64_t st, int objects)
{
	enum { TIMES = 200000, PAGES = 5000 };
	usec t = monotonic_now();

	for (int i = 0; i < TIMES; i++) {
		char name[40];

		snprintf(name, sizeof name, "projects/project-%06d", i * 7919 % objects);
		buf_clear(&out);
		MUST(store_copy_doc(db, st, name, "project", &out, &e));
	}
	say("copy a document", objects, t, TIMES);

	t = monotonic_now();
	for (int i = 0; i < PAGES; i++) {
		struct page_query q = { .parent = "", .kind = "project", .limit = INT64_MAX };
		int left = 10;

		buf_clear(&out);
		MUST(store_page(db, st, &q, take, &left, &e));
	}
	say("first page of 10", objects, t, PAGES);

	t = monotonic_now();
	for (int i = 0; i < PAGES; i++) {
		struct page_query q = { .parent = "", .kind = "project", .limit = INT64_MAX,
			.deleted = true, .after = objects / 2 };
		int left = 10;

		buf_clear(&out);
		MUST(store_page(db, st, &q, take, &left, &e));
	}
	say("page in the middle, deleted too", objects, t, PAGES);
}

static void write_some(int64_t st, int objects)
{
	enum { TIMES = 5000 };
	usec t = monotonic_now();

	for (int i = 0; i < TIMES; i++) {
		const char *name = project(objects + i);
		struct object o = { .name = name, .kind = "project", .parent = "",
			.seq = objects + i, .doc = doc, .due = USEC_NEVER };
		struct object op = { .name = arena_printf(&scraps, "%s/operations/%d", name, i),
			.kind = "operation", .parent = name, .seq = objects + i, .doc = doc,
			.due = i, .event = "operation_done", .scope = name };

		MUST(store_begin(db, &e));
		MUST(store_put(db, st, &o, &e));
		MUST(store_put(db, st, &op, &e));
		MUST(store_commit(db, &e));
		arena_reset(&scraps);
	}
	say("transaction of two new rows", objects, t, TIMES);

	t = monotonic_now();
	for (int i = 0; i < TIMES; i++) {
		const char *name = project(objects + i);
		struct object op = { .name = arena_printf(&scraps, "%s/operations/%d", name, i),
			.kind = "operation", .parent = name, .seq = objects + i, .doc = doc,
			.due = USEC_NEVER };

		MUST(store_begin(db, &e));
		MUST(store_put(db, st, &op, &e));
		MUST(store_commit(db, &e));
		arena_reset(&scraps);
	}
	say("transaction of one replaced row", objects, t, TIMES);
}

static void share_some(int64_t st, int objects)
{
	struct snapshot n;
	int64_t got;
	usec t = monotonic_now();

	MUST(store_begin(db, &e));
	MUST(store_workspace_put(db, "fork", st, &e));
	MUST(store_commit(db, &e));
	say("fork", objects, t, 1);

	t = monotonic_now();
	unshare("fork");
	say("first write after a fork", objects, t, 1);

	t = monotonic_now();
	MUST(store_begin(db, &e));
	MUST(store_snapshot_add(db, "w", "s", 0, &n, &e));
	MUST(store_commit(db, &e));
	say("snapshot", objects, t, 1);
	MUST(store_snapshot_drop(db, "w", "s", &e));

	t = monotonic_now();
	MUST(store_begin(db, &e));
	new_workspace("fork");
	MUST(store_commit(db, &e));
	say("reset", objects, t, 1);

	t = monotonic_now();
	got = 1;
	for (int slices = 1; got == 1; slices++) {
		got = store_sweep(db, 256, &e);
		MUST(got);
		if (got == 0)
			say("one slice of the sweep after it", objects, t, slices);
	}
}

static void run(const char *file, int objects)
{
	int64_t st;

	printf("-- %s\n", file ? "file" : "memory");
	MUST(store_open(&db, file, &e));
	st = new_workspace("w");
	fill(st, objects);
	read_some(st, objects);
	share_some(st, objects);
	write_some(unshare("w"), objects);
	store_close(db);
	if (file)
		unlink(file);
}

int main(int argc, char **argv)
{
	static const int sizes[] = { 10, 1000, 10000, 100000 };

	memset(doc, 'x', sizeof doc - 1);
	snprintf(path, sizeof path, "%s/bench-store.%d.db", argc > 1 ? argv[1] : "/tmp",
		(int)getpid());
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		run(NULL, sizes[i]);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		run(path, sizes[i]);
	arena_done(&scraps);
	buf_done(&out);
	return 0;
}
