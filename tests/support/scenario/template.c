/* SPDX-License-Identifier: Apache-2.0 */
#include "support/scenario/template.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { WORD_MAX = 128, FILL_MAX = 3 << 20 };

int variable_set(struct variables *v, const char *name, const char *value)
{
	const char *copy = arena_strdup(v->arena, value);

	if (!copy)
		return -1;
	for (size_t i = 0; i < v->num; i++) {
		if (streq(v->list[i].name, name)) {
			v->list[i].value = copy;
			return 0;
		}
	}
	if (v->num == v->cap) {
		size_t cap = v->cap ? 2 * v->cap : 16;
		struct variable *list = arena_alloc(v->arena, cap * sizeof(*list));

		if (!list)
			return -1;
		if (v->num)
			memcpy(list, v->list, v->num * sizeof(*list));
		v->list = list;
		v->cap = cap;
	}
	name = arena_strdup(v->arena, name);
	if (!name)
		return -1;
	v->list[v->num++] = (struct variable){name, copy};
	return 0;
}

const char *variable_get(const struct variables *v, const char *name)
{
	for (size_t i = 0; i < v->num; i++)
		if (streq(v->list[i].name, name))
			return v->list[i].value;
	return NULL;
}

static void add_value(struct buf *out, enum template_mode mode, const char *s)
{
	switch (mode) {
	case TEMPLATE_PLAIN:
		buf_adds(out, s);
		break;
	case TEMPLATE_URL:
		for (; *s; s++) {
			if (isalnum((unsigned char)*s) || strchr("-._~/", *s))
				buf_add(out, s, 1);
			else
				buf_addf(out, "%%%02X", (unsigned char)*s);
		}
		break;
	case TEMPLATE_JSON:
		for (; *s; s++) {
			if (*s == '"' || *s == '\\')
				buf_addf(out, "\\%c", *s);
			else if ((unsigned char)*s < 0x20)
				buf_addf(out, "\\u%04x", (unsigned char)*s);
			else
				buf_add(out, s, 1);
		}
		break;
	}
}

static bool count_of(const char *s, long *ret)
{
	int64_t n;

	if (!text_int(s, 1, FILL_MAX, &n))
		return false;
	*ret = (long)n;
	return true;
}

/* {{now}}, {{now +2h}}, {{now -5m}} */
static bool expand_now(const struct variables *v, const char *rest, char out[WHEN_SIZE])
{
	usec by = 0;

	while (*rest == ' ')
		rest++;
	if (*rest && ((*rest != '+' && *rest != '-') || !span_parse(rest + 1, &by)))
		return false;
	when_format((v->now / USEC_SECOND) * USEC_SECOND + (*rest == '-' ? -by : by), out);
	return true;
}

static bool expand_builtin(const struct variables *v, const char *word, struct buf *out)
{
	char when[WHEN_SIZE];
	const char *rest;
	long n;

	if (streq(word, "prefix")) {
		buf_adds(out, v->prefix);
		return true;
	}
	if (text_starts(word, "fill ", &rest) && count_of(rest, &n)) {
		while (n-- > 0)
			buf_adds(out, "x");
		return true;
	}
	if (text_starts(word, "id ", &rest) && count_of(rest, &n)) {
		buf_adds(out, v->prefix);
		for (n -= (long)strlen(v->prefix); n > 0; n--)
			buf_adds(out, "x");
		return true;
	}
	if (text_starts(word, "user ", &rest)) {
		buf_addf(out, "%s@%s", rest, v->domain);
		return true;
	}
	if (text_starts(word, "now", &rest) && expand_now(v, rest, when)) {
		buf_adds(out, when);
		return true;
	}
	return false;
}

bool template_builtin(const char *word)
{
	struct variables v = {.prefix = "", .domain = ""};
	struct buf out = {0};
	bool known = expand_builtin(&v, word, &out);

	buf_done(&out);
	return known;
}

/* The word of the {{word}} at `s`; returns what follows it, or NULL when it does not end. */
static const char *word_at(const char *s, char word[static WORD_MAX])
{
	const char *end = strstr(s, "}}");

	if (!end || end - s - 2 >= WORD_MAX)
		return NULL;
	snprintf(word, WORD_MAX, "%.*s", (int)(end - s - 2), s + 2);
	return end + 2;
}

int template_expand(const struct variables *v, enum template_mode mode, const char *text,
	struct buf *out, struct err *e)
{
	char word[WORD_MAX];

	while (*text) {
		const char *open = strstr(text, "{{"), *value, *next;

		buf_add(out, text, open ? (size_t)(open - text) : strlen(text));
		if (!open)
			break;
		next = word_at(open, word);
		if (!next)
			return err_set(e, ERR_INVALID, "a {{ without its }}");
		value = variable_get(v, word);
		if (value)
			add_value(out, mode, value);
		else if (!expand_builtin(v, word, out))
			return err_set(e, ERR_INVALID, "there is no variable {{%s}}", word);
		text = next;
	}
	return out->failed ? err_oom(e) : 0;
}

int template_each(const char *text, int (*use)(void *arg, const char *word), void *arg)
{
	char word[WORD_MAX];
	int rc;

	while ((text = strstr(text, "{{"))) {
		const char *next = word_at(text, word);

		if (!next)
			return use(arg, text);
		rc = use(arg, word);
		if (rc)
			return rc;
		text = next;
	}
	return 0;
}
