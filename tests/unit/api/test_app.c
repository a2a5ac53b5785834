/* SPDX-License-Identifier: Apache-2.0 */
/* A server is opened as its options say, or says which of them is wrong; and what is written of its
 * routes. */
#include "api/app.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/openapi/openapi.h"
#include "base/limits.h"
#include "base/text.h"
#include "core/wording/wording.h"
#include "support/run.h"

static const char *const none[] = {"max_projects=many", NULL};

static const struct {
	struct app_options options;
	const char *told;
} bad[] = {
	{{.profile = "2026-04-16"}, "unknown profile '2026-04-16'"},
	{{.assignments = none}, "setting max_projects must be"},
	{{.plan = "soon"}, "unknown operation plan 'soon'"},
	{{.clock = "noon"}, "unknown clock 'noon'"},
	{{.db = "/nowhere/at/all.db"}, "/nowhere/at/all.db"},
};

START_TEST(an_option_that_is_none_is_told)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct app *a = NULL;
		struct err e;

		ck_assert_int_eq(app_open(&a, &bad[i].options, &e), -1);
		ck_assert_ptr_null(a);
		ck_assert_msg(strstr(e.message, bad[i].told), "%s", e.message);
	}
}
END_TEST

START_TEST(without_options_all_is_as_usual)
{
	const struct app_options o = {0};
	char plan[PLAN_TEXT_SIZE];
	struct app *a;
	struct err e;

	ck_assert_msg(!app_open(&a, &o, &e), "%s", e.message);
	ck_assert_str_eq(a->world.settings.profile, profiles[0].name);
	ck_assert_str_eq(plan_format(&a->world.plan, plan), "first-poll");
	ck_assert_str_eq(clock_mode_name(a->clock.mode), "real");
	ck_assert_int_eq(a->max_workspaces, MAX_WORKSPACES);
	ck_assert_int_eq(app_num_workspaces(a), 1);
	ck_assert(!a->principals && !a->check_replies && !a->world.strict);
	app_close(a);
	app_close(NULL);
}
END_TEST

START_TEST(each_option_says_something_of_its_own)
{
	static const char *const set[] = {"max_projects=7", "max_cu=9", NULL};
	const struct app_options o = {.seed = 5, .profile = "2026-04-15", .assignments = set,
		.clock = "manual:2026-01-31T12:00:00Z", .plan = "after:5s", .auth = AUTH_STRICT,
		.strict = true, .check_replies = true, .max_workspaces = 3};
	char plan[PLAN_TEXT_SIZE], now[WHEN_SIZE];
	struct app *a;
	struct err e;

	ck_assert_msg(!app_open(&a, &o, &e), "%s", e.message);
	ck_assert_uint_eq(a->world.seed, 5);
	ck_assert_str_eq(a->world.settings.profile, "2026-04-15");
	ck_assert_int_eq(setting_int(&a->world.settings, SETTING_MAX_PROJECTS), 7);
	ck_assert_int_eq(setting_int(&a->world.settings, SETTING_MAX_CU), 9);
	ck_assert_int_eq(setting_int(&a->world.settings, SETTING_MAX_CU_SPREAD), 8);
	ck_assert_str_eq(plan_format(&a->world.plan, plan), "after:5s");
	ck_assert_str_eq(when_format(app_now_in(a, "default"), now), "2026-01-31T12:00:00Z");
	ck_assert_int_eq(a->max_workspaces, 3);
	ck_assert(a->check_replies && a->world.strict && a->auth == AUTH_STRICT);
	app_close(a);
}
END_TEST

/* As the reference writes a route. */
static bool is_told(const struct buf *reference, const struct route *route)
{
	char row[300];

	snprintf(row, sizeof row, "| `%s %s` | %s | ", route->method, route->path, route->rpc);
	return strstr(reference->data, row);
}

START_TEST(every_route_is_in_every_document)
{
	const struct app_options o = {0};
	struct buf reference = {0};
	json_t *openapi, *routes;
	struct app *a;
	struct err e;

	ck_assert_msg(!app_open(&a, &o, &e), "%s", e.message);
	reference_markdown(a, &reference);
	openapi = openapi_document(a);
	routes = routes_document(a);
	ck_assert_uint_eq(json_array_size(json_object_get(routes, "routes")), a->routes.num);
	for (size_t i = 0; i < a->routes.num; i++) {
		const struct route *route = &a->routes.all[i];
		const json_t *path = json_object_get(json_object_get(openapi, "paths"), route->path);
		char method[16] = "";

		for (size_t k = 0; route->method[k]; k++)
			method[k] = (char)tolower((unsigned char)route->method[k]);
		ck_assert_msg(is_told(&reference, route), "%s %s", route->method, route->path);
		ck_assert_msg(!json_object_get(path, method) == !route->fn, "%s %s", route->method,
			route->path);
	}
	for (int i = 0; i < SAY__N; i++)
		ck_assert_msg(strstr(reference.data, wording_text((enum wording)i)), "%s",
			wording_text((enum wording)i));
	json_decref(openapi);
	json_decref(routes);
	buf_done(&reference);
	app_close(a);
}
END_TEST

int main(void)
{
	return RUN_TESTS("app", an_option_that_is_none_is_told, without_options_all_is_as_usual,
		each_option_says_something_of_its_own, every_route_is_in_every_document);
}
