/* SPDX-License-Identifier: Apache-2.0 */
/* A table by hash, against a plain array that holds the same. */
#include <check.h>
#include <stdlib.h>

#include "base/macros.h"
#include "base/memory/table.h"
#include "support/run.h"

enum { KEYS = 500, STEPS = 20000 };

struct entry {
	uint64_t key;
	uint64_t value;
};

/* Most share the slot where they would like to be, in a table of any size up to a thousand. */
static uint64_t key_of(int i)
{
	return i % 3 ? (uint64_t)(i + 1) << 32 : (uint64_t)i * 3 + 1;
}

static void all_alike(const struct table *t, const uint64_t *values)
{
	size_t num = 0;

	for (int i = 0; i < KEYS; i++) {
		const struct entry *e = table_get(t, key_of(i));

		ck_assert_uint_eq(e ? e->value : 0, values[i]);
		num += values[i] != 0;
	}
	ck_assert_uint_eq(t->num, num);
}

START_TEST(it_holds_what_was_put_into_it_and_not_taken_out)
{
	struct table t = TABLE_OF(struct entry);
	uint64_t values[KEYS] = {0};
	unsigned luck = 7;

	ck_assert_ptr_null(table_get(&t, 1));
	for (unsigned n = 1; n <= STEPS; n++) {
		int i = (int)((luck = luck * 1103515245 + 12345) >> 8) % KEYS;
		struct entry *e = table_get(&t, key_of(i));

		if (e && luck & 1 << 30) {
			table_drop(&t, e);
			values[i] = 0;
		} else {
			e = e ? e : table_add(&t, key_of(i));
			ck_assert_uint_eq(e->key, key_of(i));
			e->value = values[i] = n;
		}
		if (n % 500 == 0)
			all_alike(&t, values);
	}
	table_clear(&t);
	ck_assert_uint_eq(t.num, 0);
	ck_assert_ptr_null(table_get(&t, key_of(1)));
	ck_assert_ptr_nonnull(table_add(&t, key_of(1)));
	table_clear(&t);
}
END_TEST

START_TEST(a_new_entry_is_zero_also_where_another_was)
{
	struct table t = TABLE_OF(struct entry);
	struct entry *e = table_add(&t, 5);

	e->value = 9;
	table_drop(&t, e);
	e = table_add(&t, 5);
	ck_assert_uint_eq(e->value, 0);
	table_clear(&t);
}
END_TEST

START_TEST(the_last_slot_and_the_first_are_neighbours)
{
	struct table t = TABLE_OF(struct entry);
	uint64_t last = 63; /* of 64 slots */

	for (uint64_t i = 1; i <= 4; i++)
		((struct entry *)table_add(&t, i << 32 | last))->value = i;
	table_drop(&t, table_get(&t, (uint64_t)2 << 32 | last));
	for (uint64_t i = 1; i <= 4; i++) {
		const struct entry *e = table_get(&t, i << 32 | last);

		ck_assert_uint_eq(e ? e->value : 2, i);
	}
	table_clear(&t);
}
END_TEST

int main(void)
{
	return RUN_TESTS("table", it_holds_what_was_put_into_it_and_not_taken_out,
		a_new_entry_is_zero_also_where_another_was,
		the_last_slot_and_the_first_are_neighbours);
}
