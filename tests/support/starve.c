/* SPDX-License-Identifier: Apache-2.0 */
#include "support/starve.h"

#include <jansson.h>
#include <string.h>

struct starving starving;

bool starve(void)
{
	return starving.on && ++starving.calls == starving.fail_at;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
json_t *__real_json_loadb(const char *text, size_t len, size_t flags, json_error_t *why);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
json_t *__wrap_json_loadb(const char *text, size_t len, size_t flags, json_error_t *why);
json_t *__wrap_json_loads(const char *text, size_t flags, json_error_t *why);

void *__wrap_malloc(size_t n)
{
	return starve() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return starve() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return starve() ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *s)
{
	return starve() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
	return starve() ? NULL : __real_strndup(s, n);
}

/* The parser of jansson (2.14) reads beyond its buffer when that cannot grow, so it fails as a whole. */
json_t *__wrap_json_loadb(const char *text, size_t len, size_t flags, json_error_t *why)
{
	bool before = starving.on, fails = starve();
	json_t *json = NULL;

	starving.on = false;
	if (!fails) {
		json = __real_json_loadb(text, len, flags, why);
	} else if (why) {
		memset(why, 0, sizeof *why);
		why->text[JSON_ERROR_TEXT_LENGTH - 1] = json_error_out_of_memory;
	}
	starving.on = before;
	return json;
}

json_t *__wrap_json_loads(const char *text, size_t flags, json_error_t *why)
{
	return __wrap_json_loadb(text, strlen(text), flags, why);
}
