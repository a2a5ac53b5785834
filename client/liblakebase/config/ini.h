/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration files in INI form. */
#pragma once

#include "liblakebase/base.h"

struct lb_ini {
	struct lb_ini_entry {
		char *section, *key, *value;
	} *entries;
	size_t n;
};

/* Reads INI text. LAKEBASE_ECONFIG with the line. Free: lb_ini_done(), also after a failure. */
MUST_CHECK int lb_ini_parse(
	struct lb_ini *ini, const char *text, size_t size, struct lakebase_error *e);
void lb_ini_done(struct lb_ini *ini);
/* The last value of the key, or NULL. */
const char *lb_ini_get(const struct lb_ini *ini, const char *section, const char *key);
bool lb_ini_has(const struct lb_ini *ini, const char *section);
