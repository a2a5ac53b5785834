/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/output/yaml.h"
#include "lakebasectl/base/base.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Words that YAML takes for something else than text. */
static bool means_more(const char *text)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on", "off", "null", "y", "n" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/* A word that needs no quotes in any version of YAML. All else is written as in JSON, which is YAML. */
static bool is_plain(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	static const char more[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-./@";

	return *text && strchr(letters, *text) && strspn(text, more) == strlen(text) && !means_more(text);
}

static int put_scalar(FILE *out, const json_t *v)
{
	const char *text = json_string_value(v);
	char *quoted;

	if (text && is_plain(text))
		return fputs(text, out);
	/* all that is not ASCII is escaped: no byte of a server moves the cursor */
	quoted = json_dumps(v, JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_COMPACT);
	if (!quoted)
		return EOF;
	for (const char *p = quoted; *p; p++)
		if (*p == 0x7f)
			fputs("\\x7f", out);
		else
			fputc(*p, out);
	free(quoted);
	return 0;
}

static int put_key(FILE *out, const char *key)
{
	json_t *text = json_string(key);
	int rc = put_scalar(out, text);

	json_decref(text);
	return rc;
}

static bool is_block(const json_t *v)
{
	return json_array_size(v) || json_object_size(v);
}

/* `started`: the first line is begun already, behind a dash. */
static void put(FILE *out, const json_t *v, int depth, bool started)
{
	const char *key;
	json_t *child;
	size_t i;

	json_object_foreach((json_t *)v, key, child) {
		fprintf(out, "%*s", started ? 0 : 2 * depth, "");
		started = false;
		put_key(out, key);
		fputc(':', out);
		fputc(is_block(child) ? '\n' : ' ', out);
		put(out, child, depth + 1, false);
	}
	json_array_foreach(v, i, child) {
		fprintf(out, "%*s- ", started ? 0 : 2 * depth, "");
		started = false;
		put(out, child, depth + 1, true);
	}
	if (!is_block(v)) {
		put_scalar(out, v);
		fputc('\n', out);
	}
}

int yaml_put(FILE *out, const json_t *json)
{
	put(out, json, 0, false);
	return ferror(out) ? -1 : 0;
}
