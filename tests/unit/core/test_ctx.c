/* SPDX-License-Identifier: Apache-2.0 */
/* What the server makes up: identifiers that look like those of the service and follow from the seed. */
#include "core/context/ctx.h"

#include <string.h>

#include "base/text.h"
#include "support/run.h"

static struct arena arena;
static struct world world;
static struct workspace ws;

static struct ctx fresh(uint64_t seed, const char *workspace)
{
	world = (struct world){.seed = seed};
	ws = (struct workspace){.seq = 0};
	strcpy(ws.name, workspace); /* allowed: short, and ours */
	return (struct ctx){.world = &world, .ws = &ws, .arena = &arena};
}

/* `shape`: x is a hexadecimal digit, a a lower-case letter or a digit, w some letters, all else itself. */
static void looks(const char *text, const char *shape)
{
	static const char hex[] = "0123456789abcdef", any[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	const char *t = text;

	for (const char *s = shape; *s; s++) {
		size_t n = *s == 'w' ? strspn(t, any) : 1;
		bool good = *t && (*s == 'x'   ? strchr(hex, *t) != NULL
				   : *s == 'a' ? strchr(any, *t) != NULL
				   : *s == 'w' ? n > 2
					       : *t == *s);

		ck_assert_msg(good, "%s is not like %s", text, shape);
		t += n;
	}
	ck_assert_msg(!*t, "%s is not like %s", text, shape);
}

START_TEST(a_uuid_is_one_of_version_8)
{
	struct ctx c = fresh(42, "default");
	const char *first = ctx_uuid(&c, "project", 1);

	for (int i = 1; i < 100; i++)
		looks(ctx_uuid(&c, "project", i), "xxxxxxxx-xxxx-8xxx-xxxx-xxxxxxxxxxxx");
	for (int i = 1; i < 100; i++)
		ck_assert(strchr("89ab", ctx_uuid(&c, "project", i)[19]));
	ck_assert_str_eq(ctx_uuid(&c, "project", 1), first);
	ck_assert_str_ne(ctx_uuid(&c, "project", 2), first);
	ck_assert_str_ne(ctx_uuid(&c, "branch", 1), first);
	c = fresh(43, "default");
	ck_assert_str_ne(ctx_uuid(&c, "project", 1), first);
	c = fresh(42, "other");
	ck_assert_str_ne(ctx_uuid(&c, "project", 1), first);
}
END_TEST

/* Each digit comes from bits of its own: none is always like another. */
START_TEST(all_digits_differ_from_each_other)
{
	struct ctx c = fresh(42, "default");

	for (int i = 0; i < 36; i++)
		for (int j = 0; j < i; j++) {
			bool same = true;

			for (int n = 1; n < 50 && same; n++) {
				const char *text = ctx_uuid(&c, "x", n);

				same = text[i] == text[j];
			}
			ck_assert_msg(!same || ctx_uuid(&c, "x", 1)[i] == '-', "digits %d and %d", i, j);
		}
}
END_TEST

START_TEST(a_slug_has_two_words_and_eight_characters)
{
	struct ctx c = fresh(42, "default");
	const char *first = ctx_slug(&c, "br", 1);

	for (int i = 1; i < 100; i++)
		looks(ctx_slug(&c, "br", i), "br-w-w-mkaaaaaa");
	ck_assert_str_eq(ctx_slug(&c, "br", 1), first);
	ck_assert_str_ne(ctx_slug(&c, "br", 2), first);
	ck_assert_str_ne(ctx_slug(&c, "ep", 1) + 2, first + 2);
}
END_TEST

START_TEST(each_refusal_has_a_trace_of_its_own)
{
	struct ctx c = fresh(42, "default");
	const char *first = ctx_trace(&c);

	looks(first, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	ck_assert_str_ne(ctx_trace(&c), first);
	ck_assert_int_eq(ctx_seq(&c), 1);
	ck_assert_int_eq(ctx_seq(&c), 2);
}
END_TEST

static void tear_down(void)
{
	arena_done(&arena);
}

int main(void)
{
	const TTest *const tests[] = {a_uuid_is_one_of_version_8, all_digits_differ_from_each_other,
		a_slug_has_two_words_and_eight_characters, each_refusal_has_a_trace_of_its_own, NULL};

	return run_tests_between("ctx", tests, NULL, tear_down);
}
