/* SPDX-License-Identifier: Apache-2.0 */
#include "support/match/match.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "support/match/hole.h"

#define MORE "..."
#define ANY_ORDER "<any order>"

enum { PATH_MAX_TEXT = 512, SHOWN_BYTES = 1000 };

static bool compare(
	const struct match *m, const char *path, const json_t *pattern, const json_t *actual);

/* Copies a JSON string literal from `s`; returns what follows it. */
static const char *copy_string(const char *s, struct buf *out)
{
	const char *start = s++;

	while (*s && *s != '"')
		s += *s == '\\' && s[1] ? 2 : 1;
	if (*s)
		s++;
	buf_add(out, start, (size_t)(s - start));
	return s;
}

/* Makes the bare `...` of a pattern into JSON: a key in an object, an item in a list. */
static void unfold_dots(const char *s, struct buf *out)
{
	char nest[64];
	size_t depth = 0;

	while (*s) {
		if (*s == '"') {
			s = copy_string(s, out);
			continue;
		}
		if (text_starts(s, MORE, NULL)) {
			buf_adds(out, depth && nest[depth - 1] == '{' ? "\"" MORE "\":null"
								      : "\"" MORE "\"");
			s += strlen(MORE);
			continue;
		}
		if ((*s == '{' || *s == '[') && depth < sizeof(nest))
			nest[depth++] = *s;
		if ((*s == '}' || *s == ']') && depth)
			depth--;
		buf_add(out, s++, 1);
	}
}

int pattern_parse(const char *text, int line, json_t **ret, struct err *e)
{
	struct buf json = {0};
	json_error_t je = {.line = 1, .text = "nothing there"};
	json_t *v;

	unfold_dots(text, &json);
	v = json.data ? json_loads(json.data, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &je) : NULL;
	buf_done(&json);
	if (!v)
		return err_set(e, ERR_INVALID, "line %d: %s", line + je.line - 1, je.text);
	*ret = v;
	return 0;
}

static int check_text(const char *s, struct err *e)
{
	if (streq(s, ANY_ORDER))
		return 0;
	for (const char *p = strchr(s, '<'); p; p = strchr(p + 1, '<'))
		if (hole_misspelt(p))
			return err_set(e, ERR_INVALID, "'%s' is no hole", p);
	return 0;
}

int pattern_check(const json_t *pattern, struct err *e)
{
	const char *key;
	json_t *v;
	size_t i;

	if (json_is_string(pattern))
		return check_text(json_string_value(pattern), e);
	json_object_foreach ((json_t *)pattern, key, v) {
		if (pattern_check(v, e))
			return -1;
	}
	json_array_foreach (pattern, i, v) {
		if (streq(json_string_value(v), MORE) && i + 1 < json_array_size(pattern))
			return err_set(e, ERR_INVALID, "'...' must be the last item of a list");
		if (streq(json_string_value(v), ANY_ORDER) && i > 0)
			return err_set(
				e, ERR_INVALID, "'%s' must be the first item of a list", ANY_ORDER);
		if (pattern_check(v, e))
			return -1;
	}
	return 0;
}

bool match_text(const char *pattern, const char *s)
{
	const struct hole *h;
	size_t len, max;

	for (; *pattern; pattern++, s++) {
		h = hole_at(pattern, &len);
		if (h && h->text) {
			for (max = strlen(s) + 1; max-- > 0;)
				if (h->text(s, max) && match_text(pattern + len, s + max))
					return true;
			return false;
		}
		if (*pattern != *s)
			return false;
	}
	return *s == '\0';
}

/* A long one is cut: nobody reads it. */
static void add_value(struct buf *out, const json_t *v)
{
	size_t start;

	if (!v) {
		buf_adds(out, "nothing");
		return;
	}
	start = out->len;
	json_dump_callback(v, buf_dump_cb, out, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
	if (out->len > start + SHOWN_BYTES) {
		out->data[out->len = start + SHOWN_BYTES] = '\0';
		buf_adds(out, "...");
	}
}

static bool differ(
	const struct match *m, const char *path, const json_t *pattern, const json_t *actual)
{
	if (!m->diff)
		return false;
	buf_addf(m->diff, "  %s: expected ", *path ? path : "body");
	add_value(m->diff, pattern);
	buf_adds(m->diff, ", saw ");
	add_value(m->diff, actual);
	buf_adds(m->diff, "\n");
	return false;
}

/* A field may be news of another date; an item of a list that should not be there never is. */
static bool unexpected(const struct match *m, const char *path, const json_t *actual, bool field)
{
	bool ok = field && m->extra_ok;
	struct buf *out = ok ? m->notes : m->diff;

	if (out) {
		buf_addf(out, "  %s: not expected, saw ", path);
		add_value(out, actual);
		buf_adds(out, "\n");
	}
	return ok;
}

/* `s` is what "<not TEXT>" excludes; `text` ends with the bracket. */
static bool is_that(const char *text, const char *s)
{
	size_t len = strlen(text) - 1;

	return strlen(s) == len && strncmp(s, text, len) == 0;
}

static bool compare_text(
	const struct match *m, const char *path, const json_t *pattern, const json_t *actual)
{
	const char *p = json_string_value(pattern);
	const struct hole *h;
	usec want, seen;
	size_t len;
	int computed = hole_instant(p, m->now, &want);
	const char *other;

	if (computed) {
		if (computed == 1 && json_is_string(actual) &&
			when_parse(json_string_value(actual), &seen) &&
			seen - want <= m->tolerance && want - seen <= m->tolerance)
			return true;
		return differ(m, path, pattern, actual);
	}
	if (text_starts(p, HOLE_NOT, &other) && p[strlen(p) - 1] == '>')
		return (json_is_string(actual) && !is_that(other, json_string_value(actual))) ||
		       differ(m, path, pattern, actual);
	h = hole_at(p, &len);
	if (h && !p[len])
		return hole_takes(h, actual) || differ(m, path, pattern, actual);
	if (json_is_string(actual) && match_text(p, json_string_value(actual)))
		return true;
	return differ(m, path, pattern, actual);
}

static bool compare_object(
	const struct match *m, const char *path, const json_t *pattern, const json_t *actual)
{
	bool same = true, more = json_object_get(pattern, MORE) != NULL;
	char at[PATH_MAX_TEXT];
	const char *key;
	json_t *v;

	if (!json_is_object(actual))
		return differ(m, path, pattern, actual);
	json_object_foreach ((json_t *)pattern, key, v) {
		if (streq(key, MORE))
			continue;
		snprintf(at, sizeof(at), "%s%s%s", path, *path ? "." : "", key);
		same &= compare(m, at, v, json_object_get(actual, key));
	}
	json_object_foreach ((json_t *)actual, key, v) {
		if (more || json_object_get(pattern, key))
			continue;
		snprintf(at, sizeof(at), "%s%s%s", path, *path ? "." : "", key);
		same &= unexpected(m, at, v, true);
	}
	return same;
}

/* The first item that the pattern takes and that `taken` does not hold yet, or -1. */
static int find_item(
	const struct match *m, const json_t *pattern, const json_t *actual, const bool *taken)
{
	struct match quiet = *m;

	quiet.diff = quiet.notes = NULL;
	for (size_t i = 0; i < json_array_size(actual); i++)
		if (!taken[i] && compare(&quiet, "", pattern, json_array_get(actual, i)))
			return (int)i;
	return -1;
}

static bool compare_unordered(
	const struct match *m, const char *path, const json_t *pattern, const json_t *actual)
{
	size_t n = json_array_size(pattern), num = json_array_size(actual);
	bool same = true,
	     more = n > 1 && streq(json_string_value(json_array_get(pattern, n - 1)), MORE);
	bool taken[256] = {false};
	char at[PATH_MAX_TEXT];

	if (num > ARRAY_SIZE(taken))
		return differ(m, path, pattern, actual);
	for (size_t i = 1; i < n - more; i++) {
		int found = find_item(m, json_array_get(pattern, i), actual, taken);

		snprintf(at, sizeof(at), "%s[?]", path);
		if (found >= 0)
			taken[found] = true;
		else
			same = differ(m, at, json_array_get(pattern, i), actual);
	}
	for (size_t i = 0; i < num && !more; i++) {
		snprintf(at, sizeof(at), "%s[%zu]", path, i);
		if (!taken[i])
			same &= unexpected(m, at, json_array_get(actual, i), false);
	}
	return same;
}

static bool compare_list(
	const struct match *m, const char *path, const json_t *pattern, const json_t *actual)
{
	size_t n = json_array_size(pattern), num = json_array_size(actual);
	bool same = true, more;
	char at[PATH_MAX_TEXT];

	if (!json_is_array(actual))
		return differ(m, path, pattern, actual);
	if (n && streq(json_string_value(json_array_get(pattern, 0)), ANY_ORDER))
		return compare_unordered(m, path, pattern, actual);
	more = n && streq(json_string_value(json_array_get(pattern, n - 1)), MORE);
	n -= more;
	for (size_t i = 0; i < n || (i < num && !more); i++) {
		snprintf(at, sizeof(at), "%s[%zu]", path, i);
		if (i < n)
			same &= compare(
				m, at, json_array_get(pattern, i), json_array_get(actual, i));
		else
			same &= unexpected(m, at, json_array_get(actual, i), false);
	}
	return same;
}

static bool compare(
	const struct match *m, const char *path, const json_t *pattern, const json_t *actual)
{
	if (json_is_string(pattern))
		return compare_text(m, path, pattern, actual);
	if (json_is_object(pattern))
		return compare_object(m, path, pattern, actual);
	if (json_is_array(pattern))
		return compare_list(m, path, pattern, actual);
	/* 1 and 1.0 are the same number */
	if (json_is_number(pattern) && json_is_number(actual) &&
		json_number_value(pattern) == json_number_value(actual))
		return true;
	return json_equal(pattern, actual) || differ(m, path, pattern, actual);
}

bool match_json(const struct match *m, const json_t *pattern, const json_t *actual)
{
	return compare(m, "", pattern, actual);
}
