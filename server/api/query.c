/* SPDX-License-Identifier: Apache-2.0 */
#include "api/query.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static void as_it_came(const char *text, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		out[i] = text[i] & 0x80 ? '?' : text[i];
	out[len] = '\0';
}

static int read_one(
	struct parameter *ret, const char *text, size_t len, struct arena *a, struct err *e)
{
	const char *eq = memchr(text, '=', len);
	size_t key_len = eq ? (size_t)(eq - text) : len, value_len = eq ? len - key_len - 1 : 0;
	char *key = arena_alloc(a, key_len + 1), *value = arena_alloc(a, value_len + 1);

	if (!key || !value)
		return err_oom(e);
	*ret = (struct parameter){ .key = key, .value = value };
	if (!text_unescape(text, key_len, true, key))
		as_it_came(text, key_len, key);
	if (!eq || text_unescape(eq + 1, value_len, true, value))
		return 0;
	value[0] = '\0';
	ret->bad = arena_strndup(a, eq + 1, text_utf8_fit(eq + 1, value_len));
	return ret->bad ? 0 : err_oom(e);
}

int parameters_read(struct parameters *ret, const char *text, size_t len, struct arena *a,
	struct err *e)
{
	size_t n = 1;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '&';
	if (n > MAX_QUERY_PARAMS)
		return err_set(e, ERR_INVALID, "There are more than %d parameters.", MAX_QUERY_PARAMS);
	*ret = (struct parameters){ arena_alloc(a, n * sizeof *ret->all), 0 };
	if (!ret->all)
		return err_oom(e);
	while (len) {
		const char *end = memchr(text, '&', len);

		n = end ? (size_t)(end - text) : len;
		if (n && read_one(&ret->all[ret->num++], text, n, a, e))
			return -1;
		n += end != NULL;
		text += n;
		len -= n;
	}
	return 0;
}

const char *parameters_get(const struct parameters *p, const char *key)
{
	for (int i = 0; i < p->num; i++)
		if (streq(p->all[i].key, key))
			return p->all[i].value;
	return NULL;
}
