/* SPDX-License-Identifier: Apache-2.0 */
#include "support/json.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

json_t *json_quoted(const char *text)
{
	json_error_t error;
	char *copy = strdup(text);
	json_t *doc;

	ck_assert_ptr_nonnull(copy);
	for (char *p = copy; (p = strchr(p, '\''));)
		*p = '"';
	doc = json_loads(copy, JSON_DECODE_ANY, &error);
	ck_assert_msg(doc, "%s: %s", text, error.text);
	free(copy);
	return doc;
}

void expect_json(const json_t *doc, const char *text)
{
	json_auto_t *wanted = json_quoted(text);

	if (!json_equal(doc, wanted)) {
		char *got = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

		ck_abort_msg("got %s, wanted %s", got, text);
	}
}
