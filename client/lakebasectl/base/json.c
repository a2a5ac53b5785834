/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

json_t *read_json(const char *what)
{
	json_error_t why;
	json_t *json;
	const char *from = what;

	if (strcmp(what, "-") == 0) {
		json = json_loadf(stdin, JSON_REJECT_DUPLICATES, &why);
		from = "standard input";
	} else if (what[0] == '@') {
		FILE *f = fopen(what + 1, "re");

		if (!f) {
			complain("cannot read %s: %s", what + 1, strerror(errno));
			return NULL;
		}
		json = json_loadf(f, JSON_REJECT_DUPLICATES, &why);
		fclose(f);
		from = what + 1;
	} else {
		json = json_loads(what, JSON_REJECT_DUPLICATES, &why);
	}
	if (!json)
		complain("%.60s: line %d, column %d: %s", from, why.line, why.column, why.text);
	return json;
}

json_t *json_of(const struct lakebase_doc *doc)
{
	char *text = NULL;
	json_t *json;

	if (lakebase_doc_print(&text, doc, false))
		return NULL;
	json = json_loads(text, JSON_DECODE_ANY, NULL);
	lakebase_string_free(text);
	return json;
}

const json_t *at(const json_t *json, const char *path)
{
	char key[96];
	int64_t index;

	while (json && *path) {
		size_t n = strcspn(path, ".");

		snprintf(key, sizeof(key), "%.*s", (int)n, path);
		if (json_is_array(json))
			json = parse_integer(key, 0, INT32_MAX, &index) ? json_array_get(json, (size_t)index)
									: NULL;
		else
			json = json_object_get(json, key);
		path += n;
		path += *path == '.';
	}
	return json;
}
