/* SPDX-License-Identifier: Apache-2.0 */
/* Which route takes a request, and which tables cannot be one. */
#include "api/route/route.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "support/run.h"

#define ROUTE(rpc, method, path) {rpc, method, path, .evidence = EVIDENCE_TYPED}
#define TAKES(routes, method, path, rpc) ck_assert_str_eq(taken(&(routes), method, path), rpc)

static const struct resource *const no_resources[] = {NULL};
static struct arena arena;
static struct route_args args;
static struct err e;

static const struct route table[] = {
	ROUTE("Get", "GET", "/a/{id}"),
	ROUTE("Deep", "GET", "/a/{id}/b/{other}"),
	ROUTE("Undelete", "POST", "/a/{id}/undelete"),
	ROUTE("Own", "GET", "/a/own"),
	ROUTE("Delete", "DELETE", "/a/{other}"),
	{0},
};
static const struct route more[] = {
	{"Tail", "GET", "/files/{path}", .flags = ROUTE_TAIL},
	{0},
};

static const char *taken(const struct routes *r, const char *method, const char *path)
{
	const struct route *route = routes_match(r, method, path, &arena, &args);

	return route ? route->rpc : "none";
}

START_TEST(method_and_path_choose_the_route)
{
	static const struct route *const tables[] = {table, more, NULL};
	struct routes r;

	ck_assert(!routes_build(&r, tables, no_resources, &e));
	ck_assert_uint_eq(r.num, 6);
	TAKES(r, "GET", "/a/x", "Get");
	ck_assert_int_eq(args.num, 1);
	ck_assert_str_eq(args.name[0], "id");
	ck_assert_str_eq(args.value[0], "x");
	TAKES(r, "GET", "/a/own", "Own");
	TAKES(r, "DELETE", "/a/own", "Delete");
	TAKES(r, "POST", "/a/x/undelete", "Undelete");
	TAKES(r, "GET", "/a/x/b/%41%2f", "Deep");
	ck_assert_int_eq(args.num, 2);
	ck_assert_str_eq(args.name[1], "other");
	ck_assert_str_eq(args.value[1], "A/");
	TAKES(r, "GET", "/files/a/b/c", "Tail");
	ck_assert_str_eq(args.value[0], "a/b/c");
	routes_done(&r);
}
END_TEST

START_TEST(what_no_route_takes)
{
	static const char *const none[] = {"", "/", "/a", "/a/", "/a/x/", "/a/x/b", "/a/x/b/", "/b/x",
		"/a/x/c/y", "/a/x/undelete", "/ax", "a/x", "/a/%", "/a/%00", "/A/x", NULL};
	static const struct route *const tables[] = {table, NULL};
	struct routes r;

	ck_assert(!routes_build(&r, tables, no_resources, &e));
	for (int i = 0; none[i]; i++)
		ck_assert_msg(!routes_match(&r, "GET", none[i], &arena, &args), "%s", none[i]);
	TAKES(r, "PUT", "/a/x", "none");
	TAKES(r, "get", "/a/x", "none");
	ck_assert_ptr_null(routes_by_rpc(&r, "Gets"));
	ck_assert_str_eq(routes_by_rpc(&r, "Undelete")->path, "/a/{id}/undelete");
	routes_done(&r);
}
END_TEST

START_TEST(each_use_is_counted)
{
	static const struct route *const tables[] = {table, NULL};
	struct routes r;
	unsigned long sum = 0;

	ck_assert(!routes_build(&r, tables, no_resources, &e));
	for (int i = 0; i < 3; i++)
		TAKES(r, "GET", "/a/own", "Own");
	TAKES(r, "GET", "/none", "none");
	for (size_t i = 0; i < r.num; i++) {
		ck_assert_uint_eq(r.hits[i], streq(r.all[i].rpc, "Own") ? 3 : 0);
		sum += r.hits[i];
	}
	ck_assert_uint_eq(sum, 3);
	routes_done(&r);
}
END_TEST

/* Another name of an argument, another table: the first two of the three, or the last two. */
START_TEST(two_that_take_the_same_are_refused)
{
	static const struct route twice[][4] = {
		{ROUTE("A", "GET", "/x/{a}/y"), ROUTE("B", "GET", "/x/{b}/y"), ROUTE("C", "GET", "/z")},
		{ROUTE("C", "GET", "/a"), ROUTE("A", "PUT", "/x/{a}"), ROUTE("B", "PUT", "/x/{bb}")},
		{ROUTE("A", "GET", "/x"), ROUTE("B", "GET", "/x")},
	};
	const struct route *tables[] = {NULL, NULL, NULL};
	struct routes r;

	for (size_t i = 0; i < sizeof twice / sizeof *twice; i++) {
		tables[0] = twice[i];
		ck_assert_int_eq(routes_build(&r, tables, no_resources, &e), -1);
		ck_assert_int_eq(e.code, ERR_INTERNAL);
		ck_assert_msg(strstr(e.message, " match the same path"), "%s", e.message);
		routes_done(&r);
	}
	tables[0] = tables[1] = table;
	ck_assert_int_eq(routes_build(&r, tables, no_resources, &e), -1);
	routes_done(&r);
}
END_TEST

START_TEST(other_methods_lengths_and_literals_are_other_routes)
{
	static const struct route apart[] = {
		ROUTE("A", "GET", "/x/{a}"),
		ROUTE("B", "PUT", "/x/{a}"),
		ROUTE("C", "GET", "/x/{a}/y"),
		ROUTE("D", "GET", "/x/{a}/z"),
		ROUTE("E", "GET", "/x/{a}/yy"),
		ROUTE("F", "GET", "/x/y"),
		ROUTE("G", "GET", "/x"),
		{0},
	};
	static const struct route *const tables[] = {apart, NULL};
	struct routes r;

	ck_assert_msg(!routes_build(&r, tables, no_resources, &e), "%s", e.message);
	TAKES(r, "GET", "/x/1/y", "C");
	TAKES(r, "GET", "/x/1/yy", "E");
	TAKES(r, "GET", "/x/1/z", "D");
	TAKES(r, "GET", "/x", "G");
	routes_done(&r);
}
END_TEST

START_TEST(paths_of_one_rpc_stay_in_the_order_of_their_table)
{
	static const struct route three[] = {
		ROUTE("B", "GET", "/b/{a}"),
		ROUTE("A", "GET", "/z/{a}"),
		ROUTE("A", "GET", "/y/{a}"),
		{0},
	};
	static const struct route *const tables[] = {three, NULL};
	struct routes r;

	ck_assert_msg(!routes_build(&r, tables, no_resources, &e), "%s", e.message);
	ck_assert_str_eq(r.all[0].path, "/z/{a}");
	ck_assert_str_eq(r.all[1].path, "/y/{a}");
	routes_done(&r);
}
END_TEST

START_TEST(a_path_has_so_long_a_segment_and_so_many_arguments)
{
	static const struct route most[] = {
		ROUTE("Eight", "GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}"),
		ROUTE("Nine", "GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}"),
		{0},
	};
	static const struct route *const tables[] = {table, most, NULL};
	char path[MAX_NAME_BYTES + 8] = "/a/";
	struct routes r;

	ck_assert(!routes_build(&r, tables, no_resources, &e));
	memset(path + 3, 'x', MAX_NAME_BYTES);
	TAKES(r, "GET", path, "Get");
	path[MAX_NAME_BYTES + 3] = 'x';
	TAKES(r, "GET", path, "none");
	TAKES(r, "GET", "/1/2/3/4/5/6/7/8", "Eight");
	ck_assert_int_eq(args.num, 8);
	ck_assert_str_eq(args.value[7], "8");
	TAKES(r, "GET", "/1/2/3/4/5/6/7/8/9", "none");
	routes_done(&r);
}
END_TEST

static void tear_down(void)
{
	arena_done(&arena);
}

int main(void)
{
	const TTest *const tests[] = {method_and_path_choose_the_route, what_no_route_takes,
		each_use_is_counted, two_that_take_the_same_are_refused,
		other_methods_lengths_and_literals_are_other_routes,
		paths_of_one_rpc_stay_in_the_order_of_their_table,
		a_path_has_so_long_a_segment_and_so_many_arguments, NULL};

	return run_tests_between("route", tests, NULL, tear_down);
}
