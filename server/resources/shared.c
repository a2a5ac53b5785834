/* SPDX-License-Identifier: Apache-2.0 */
#include "resources/shared.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

static const struct field settings_fields[] = {
	{ "pg_settings", T_STRING, F_MAP | F_WHOLE, VERIFIED,
		.doc = "Postgres parameters, as strings; replaced as a whole." },
	{ 0 },
};
const struct message pg_settings_group = { "EndpointSettings", settings_fields };

const char *number(struct ctx *c, double v)
{
	return v == floor(v) ? arena_printf(c->arena, "%.0f", v) : arena_printf(c->arena, "%g", v);
}

static bool cu_ok(double cu, double max)
{
	return cu == 0.5 || (cu >= 1 && cu <= max && cu == floor(cu));
}

static int check_limits(struct ctx *c, const char *prefix, const json_t *s, struct err *e)
{
	static const char *const names[] = { "autoscaling_limit_min_cu",
		"autoscaling_limit_max_cu" };
	double max_cu = (double)setting_int(&c->world->settings, SETTING_MAX_CU);
	double fixed = (double)setting_int(&c->world->settings, SETTING_MAX_FIXED_CU);
	double spread = (double)setting_int(&c->world->settings, SETTING_MAX_CU_SPREAD);
	double v[2] = { doc_num(s, names[0], 1), doc_num(s, names[1], 1) };

	for (int i = 0; i < 2; i++) {
		if (!cu_ok(v[i], v[0] == v[1] ? fixed : max_cu))
			return err_say(e, SAY_CU_VALUE,
				arena_printf(c->arena, "%s%s", prefix, names[i]),
				number(c, max_cu), number(c, fixed), number(c, v[i]));
	}
	if (v[0] > v[1])
		return err_say(e, SAY_CU_ORDER);
	if (v[1] - v[0] > spread)
		return err_say(e, SAY_CU_SPREAD, number(c, spread));
	return 0;
}

static int check_suspension(
	struct ctx *c, const char *prefix, const json_t *s, const json_t *kept, struct err *e)
{
	usec timeout;

	if (json_is_false(json_object_get(kept, "no_suspension")))
		return err_say(e, SAY_NO_SUSPENSION_FALSE);
	if (!doc_span(s, "suspend_timeout_duration", &timeout))
		return 0;
	if (timeout >= 60 * USEC_SECOND && timeout <= 604800 * USEC_SECOND)
		return 0;
	return err_say(e, SAY_SUSPEND_RANGE,
		arena_printf(c->arena, "%ssuspend_timeout_duration", prefix), "60s", "604800s",
		doc_str(s, "suspend_timeout_duration"));
}

int compute_check(struct ctx *c, const char *prefix, const json_t *settings, const json_t *kept,
	struct err *e)
{
	if (check_limits(c, prefix, settings, e))
		return -1;
	return check_suspension(c, prefix, settings, kept, e);
}

struct wanted {
	const char *except, *path, *value;
	const char *hint; /* stands in every document with that value, and in few others */
	struct arena *arena;
	struct err *e;
	bool found, failed;
};

/* What a document shows as it is; "" when it would be written with escapes. */
static const char *plain(const char *value)
{
	const char *p = value;

	while (*p && !iscntrl((unsigned char)*p) && *p != '"' && *p != '\\')
		p++;
	return *p ? "" : value;
}

static int compare(void *arg, const struct object *o)
{
	struct wanted *w = arg;
	json_t *doc;

	if (streq(o->name, w->except) || !strstr(o->doc, w->hint))
		return 0;
	w->failed = doc_load(&doc, o->doc, w->arena, w->e) != 0;
	w->found = !w->failed && streq(doc_str(json_object_get(doc, "status"), w->path), w->value);
	return w->failed || w->found;
}

int sibling_with(struct ctx *c, const struct resource *res, const char *parent, const char *except,
	const char *path, const char *value, struct err *e)
{
	struct wanted w = { except, path, value, plain(value), c->arena, e, false, false };
	struct page_query q = { .parent = parent, .kind = res->kind, .limit = INT64_MAX };

	if (store_page(c->world->store, c->ws->state, &q, compare, &w, e) || w.failed)
		return -1;
	return w.found;
}
