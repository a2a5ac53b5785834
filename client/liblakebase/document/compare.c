/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the resource that is there the one that was asked for? The service does not return `spec`; it
 * returns `status`, which repeats the effective values under the same names, filled up with defaults
 * and normalised. So each leaf of the spec is looked up in status. What status does not show cannot
 * speak against it.
 */
#include "liblakebase/document/compare.h"
#include "liblakebase/document/doc.h"
#include "liblakebase/document/mask.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <curl/curl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool lb_duration(const char *text, double *seconds)
{
	char *end;

	if ((*text < '0' || *text > '9') && *text != '-')
		return false;
	*seconds = strtod(text, &end);
	return end != text && end[0] == 's' && !end[1];
}

bool lb_instant(const char *text, double *seconds)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	double fraction = 0;
	char date[64], zone[8] = "GMT", *end;
	time_t t;

	for (size_t i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return false;
	end = (char *)text + strlen(shape);
	if (*end == '.')
		fraction = strtod(end, &end);
	if (strlen(end) == 6 && end[3] == ':')
		snprintf(zone, sizeof(zone), "%.3s%.2s", end, end + 4);
	else if (strcmp(end, "Z") != 0)
		return false;
	/* "20260131 12:00:00 +0100": a form that curl reads */
	snprintf(date, sizeof(date), "%.4s%.2s%.2s %.8s %s", text, text + 5, text + 8, text + 11, zone);
	t = curl_getdate(date, NULL);
	if (t == -1)
		return false;
	*seconds = (double)t + fraction;
	return true;
}

struct walk {
	const json_t *found; /* the whole resource */
	char *why;	     /* the first difference, for people */
	size_t size;
	struct lb_buf *mask; /* all of them, as paths of an update; NULL: not wanted */
};

static void differ(struct walk *w, const char *path, const json_t *found, const json_t *asked)
{
	char *is, *want;

	if (w->mask)
		lb_mask_add(w->mask, path);
	if (*w->why)
		return;
	is = found ? lb_json_text(found, false) : NULL;
	want = lb_json_text(asked, false);
	snprintf(w->why, w->size, "spec.%s is %.100s, not %.100s", path + strlen("spec."),
		is ? is : "not set", want ? want : "?");
	lb_tame(w->why);
	free(is);
	free(want);
}

/* "17" and 17, "300s" and "300.000s", "…00Z" and "…00.000Z" are the same. */
static bool same_scalar(const json_t *asked, const json_t *found)
{
	const char *a = json_string_value(asked), *f = json_string_value(found);
	double x, y;
	char *end;

	if (json_equal(asked, found))
		return true;
	if (json_is_number(asked) && json_is_number(found))
		return fabs(json_number_value(asked) - json_number_value(found)) < 1e-9;
	if (a && json_is_number(found)) {
		x = strtod(a, &end);
		return end != a && !*end && fabs(x - json_number_value(found)) < 1e-9;
	}
	if (!a || !f)
		return false;
	if (lb_duration(a, &x) && lb_duration(f, &y))
		return fabs(x - y) < 1e-3;
	if (lb_instant(a, &x) && lb_instant(f, &y))
		return fabs(x - y) < 1e-3;
	return false;
}

static bool in_array(const json_t *array, const json_t *value)
{
	size_t i;
	json_t *v;

	json_array_foreach(array, i, v)
		if (json_equal(v, value))
			return true;
	return false;
}

static bool same_array(const json_t *asked, const json_t *found)
{
	size_t i;
	json_t *v;

	if (!json_is_array(found))
		return json_array_size(asked) == 0;
	if (json_array_size(asked) != json_array_size(found))
		return false;
	json_array_foreach(asked, i, v)
		if (!in_array(found, v))
			return false;
	return true;
}

/* ---- fields that the service shows in another way than it takes them ---- */

/* Each says whether `asked` is borne out by `status`, the object beside which it would stand. */

static bool same_ttl(const struct walk *w, const json_t *status, const json_t *asked)
{
	const char *end = json_string_value(json_object_get(status, "expire_time"));
	const char *made = json_string_value(json_object_get(w->found, "create_time"));
	double ttl, from, to;

	if (!end)
		return false;
	if (!made || !json_is_string(asked) || !lb_duration(json_string_value(asked), &ttl)
		|| !lb_instant(made, &from) || !lb_instant(end, &to))
		return true;
	return fabs(to - from - ttl) < 2;
}

static bool same_expire_time(const struct walk *w, const json_t *status, const json_t *asked)
{
	const json_t *end = json_object_get(status, "expire_time");

	(void)w;
	return end && same_scalar(asked, end);
}

static bool same_no_expiry(const struct walk *w, const json_t *status, const json_t *asked)
{
	(void)w;
	return !json_is_true(asked) || !json_object_get(status, "expire_time");
}

static bool same_no_suspension(const struct walk *w, const json_t *status, const json_t *asked)
{
	const char *after = json_string_value(json_object_get(status, "suspend_timeout_duration"));

	(void)w;
	return !json_is_true(asked) || !after || strcmp(after, "0s") == 0;
}

static const struct special {
	const char *key;
	bool (*same)(const struct walk *w, const json_t *status, const json_t *asked);
} specials[] = {
	{ "ttl", same_ttl },
	{ "expire_time", same_expire_time },
	{ "no_expiry", same_no_expiry },
	{ "no_suspension", same_no_suspension },
};

static const struct special *special_of(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(specials); i++)
		if (strcmp(key, specials[i].key) == 0)
			return &specials[i];
	return NULL;
}

static void walk(struct walk *w, const char *prefix, const json_t *asked, const json_t *status)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)asked, key, value) {
		const struct special *special = special_of(key);
		json_t *found = json_object_get(status, key);
		char path[512];

		snprintf(path, sizeof(path), "%s.%s", prefix, key);
		if (special) {
			if (!special->same(w, status, value))
				differ(w, path, found, value);
		} else if (!found || json_is_null(value)) {
			continue;
		} else if (json_is_object(value)) {
			walk(w, path, value, found);
		} else if (json_is_array(value) ? !same_array(value, found)
						: !same_scalar(value, found)) {
			differ(w, path, found, value);
		}
	}
}

static bool compare(struct walk *w, const json_t *asked)
{
	const json_t *status = json_object_get(w->found, "status");

	*w->why = '\0';
	/* a soft-deleted one keeps its name, and is nobody's creation of just now */
	if (json_object_get(w->found, "delete_time") || json_object_get(status, "delete_time")) {
		snprintf(w->why, w->size,
			"it is deleted, and keeps its name until it is purged or restored");
		return false;
	}
	walk(w, "spec", json_object_get(asked, "spec"),
		status ? status : json_object_get(w->found, "spec"));
	return !*w->why;
}

bool lb_compare(const json_t *asked, const json_t *found, char *why, size_t size)
{
	struct walk w = { found, why, size, NULL };

	return compare(&w, asked);
}

int lakebase_diff(char **mask, const char *body, const struct lakebase_doc *found)
{
	struct lb_buf paths = { 0 };
	char why[256];
	struct walk w = { found->json, why, sizeof(why), &paths };
	json_t *asked;
	int rc = lb_doc_read(&asked, body);

	*mask = NULL;
	if (rc)
		return rc;
	if (!compare(&w, asked) && !paths.size && !paths.failed) {
		json_decref(asked);
		lb_buf_done(&paths);
		return lb_fail(LAKEBASE_EEXISTS, "%s", why);
	}
	json_decref(asked);
	*mask = lb_buf_take(&paths);
	return *mask ? 0 : lb_fail(LAKEBASE_ENOMEM, "out of memory");
}
