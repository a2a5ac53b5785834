/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The INI dialect of ~/.databrickscfg: [section], `key = value` or `key: value`, comments on lines of
 * their own that begin with # or ;. Keys are lower-cased; a section may come back later and goes on.
 */
#include "liblakebase/config/ini.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void trim(const char **text, size_t *size)
{
	while (*size && isspace((unsigned char)**text)) {
		(*text)++;
		(*size)--;
	}
	while (*size && isspace((unsigned char)(*text)[*size - 1]))
		(*size)--;
}

/* An entry of its own for each section, with an empty key: so that an empty section is known too. */
static int add(struct lb_ini *ini, const char *section, const char *key, size_t key_size,
	const char *value, size_t value_size)
{
	struct lb_ini_entry *grown = ini->entries, *entry;

	if ((ini->n & (ini->n + 1)) == 0) {
		grown = realloc(ini->entries, (2 * ini->n + 2) * sizeof(*grown));
		if (!grown)
			return -1;
		ini->entries = grown;
	}
	entry = &ini->entries[ini->n];
	entry->section = strdup(section);
	entry->key = strndup(key, key_size);
	entry->value = strndup(value, value_size);
	ini->n++;
	if (!entry->section || !entry->key || !entry->value)
		return -1;
	for (char *p = entry->key; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return 0;
}

static int read_line(struct lb_ini *ini, const char *line, size_t size, char section[256], int number,
	struct lakebase_error *e)
{
	size_t key_size, value_size;
	const char *value;

	trim(&line, &size);
	if (!size || *line == '#' || *line == ';')
		return 0;
	if (*line == '[') {
		if (line[size - 1] != ']' || size < 3 || size - 2 >= 256)
			return lb_error_set(e, LAKEBASE_ECONFIG,
				"line %d: a section is written [NAME]", number);
		memcpy(section, line + 1, size - 2);
		section[size - 2] = '\0';
		return add(ini, section, "", 0, "", 0) ? lb_error_oom(e) : 0;
	}
	for (key_size = 0; key_size < size && line[key_size] != '=' && line[key_size] != ':';)
		key_size++;
	if (key_size == size || !key_size)
		return lb_error_set(e, LAKEBASE_ECONFIG,
			"line %d: expected [SECTION] or key = value", number);
	value = line + key_size + 1;
	value_size = size - key_size - 1;
	trim(&line, &key_size);
	trim(&value, &value_size);
	if (!*section)
		return lb_error_set(e, LAKEBASE_ECONFIG,
			"line %d: a key stands before the first [SECTION]", number);
	return add(ini, section, line, key_size, value, value_size) ? lb_error_oom(e) : 0;
}

int lb_ini_parse(struct lb_ini *ini, const char *text, size_t size, struct lakebase_error *e)
{
	const char *end = text + size;
	char section[256] = "";
	int number = 0, rc;

	*ini = (struct lb_ini){ 0 };
	if (size > LB_MAX_FILE)
		return lb_error_set(e, LAKEBASE_ECONFIG, "larger than %d bytes", LB_MAX_FILE);
	if (memchr(text, '\0', size))
		return lb_error_set(e, LAKEBASE_ECONFIG, "not a text file");
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)((eol ? eol : end) - text);

		rc = read_line(ini, text, line, section, ++number, e);
		if (rc)
			return rc;
		text = eol ? eol + 1 : end;
	}
	return 0;
}

void lb_ini_done(struct lb_ini *ini)
{
	for (size_t i = 0; i < ini->n; i++) {
		free(ini->entries[i].section);
		free(ini->entries[i].key);
		free(ini->entries[i].value);
	}
	free(ini->entries);
	*ini = (struct lb_ini){ 0 };
}

const char *lb_ini_get(const struct lb_ini *ini, const char *section, const char *key)
{
	for (size_t i = ini->n; i-- > 0;)
		if (strcmp(ini->entries[i].section, section) == 0
			&& strcmp(ini->entries[i].key, key) == 0)
			return ini->entries[i].value;
	return NULL;
}

bool lb_ini_has(const struct lb_ini *ini, const char *section)
{
	return lb_ini_get(ini, section, "") != NULL;
}
