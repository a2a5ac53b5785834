/* SPDX-License-Identifier: Apache-2.0 */
/* Short words for the store tests. Each fails the test when the store fails. */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/context/store.h"
#include "support/run.h"

/* The call must succeed; shows the message when not. */
#define OK(call)                                                                                   \
	({                                                                                         \
		struct err e_ = { 0 };                                                             \
		int rc_ = (call);                                                                  \
		ck_assert_msg(rc_ >= 0, "%s: %s", #call, e_.message);                              \
		rc_;                                                                               \
	})

/* A database in memory, and a workspace "w" with a state of its own. */
static struct store *db;
static int64_t st;
static struct arena scraps;

static inline int64_t new_state(void)
{
	struct state_info info = { .clock_factor = 1 };

	OK(store_state_new(db, &info, &e_));
	return info.id;
}

static inline void open_memory(void)
{
	OK(store_open(&db, NULL, &e_));
	st = new_state();
	OK(store_workspace_put(db, "w", st, &e_));
}

static inline void close_memory(void)
{
	arena_done(&scraps);
	store_close(STEAL(db));
}

static inline struct object thing(const char *name, const char *kind, const char *parent, int64_t seq)
{
	return (struct object){ .name = name, .kind = kind, .parent = parent, .seq = seq,
		.doc = name, .due = USEC_NEVER };
}

static inline void put_in(int64_t state, struct object o)
{
	OK(store_put(db, state, &o, &e_));
}

static inline void put(struct object o)
{
	put_in(st, o);
}

/* The doc of the object in that state, or NULL. */
static inline const char *doc_in(int64_t state, const char *name)
{
	struct object o;

	return OK(store_get_reserved(db, state, name, &scraps, &o, &e_)) ? o.doc : NULL;
}

static inline int add_name(void *arg, const struct object *o)
{
	struct buf *b = arg;

	buf_addf(b, "%s%s", b->len ? " " : "", o->name);
	if (o->deleted)
		buf_addf(b, "(%d)", (int)o->deleted);
	return 0;
}

/* The names that a query finds, with a blank between them. */
static inline const char *page_in(int64_t state, struct page_query q)
{
	struct buf b = { 0 };
	const char *names;

	if (!q.limit)
		q.limit = INT64_MAX;
	OK(store_page(db, state, &q, add_name, &b, &e_));
	names = arena_strdup(&scraps, b.data ? b.data : "");
	buf_done(&b);
	return names;
}

static inline const char *below_in(int64_t state, const char *name)
{
	struct buf b = { 0 };
	const char *names;

	OK(store_each_below(db, state, name, add_name, &b, &e_));
	names = arena_strdup(&scraps, b.data ? b.data : "");
	buf_done(&b);
	return names;
}

/* The main() of a program whose tests use the database in memory. */
#define RUN_STORE_TESTS(suite, ...)                                                                \
	run_tests_between(suite, (const TTest *const[]){ __VA_ARGS__, NULL }, open_memory,         \
		close_memory)
