/* SPDX-License-Identifier: Apache-2.0 */
#include "support/match/hole.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool all_of(const char *s, size_t len, const char *set)
{
	for (size_t i = 0; i < len; i++)
		if (!s[i] || !strchr(set, s[i]))
			return false;
	return len > 0;
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define BASE64URL LOWER DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"

static bool is_any(const char *s, size_t len)
{
	(void)s, (void)len;
	return true;
}

static bool is_str(const char *s, size_t len)
{
	(void)s;
	return len > 0;
}

static bool is_hex(const char *s, size_t len)
{
	return all_of(s, len, DIGITS "abcdef");
}

static bool is_HEX(const char *s, size_t len)
{
	return all_of(s, len, DIGITS "ABCDEF");
}

static bool is_word(const char *s, size_t len)
{
	return all_of(s, len, LOWER);
}

static bool is_alnum(const char *s, size_t len)
{
	return all_of(s, len, LOWER DIGITS);
}

/* A path segment: ids and the names of operations. */
static bool is_id(const char *s, size_t len)
{
	return all_of(s, len, BASE64URL "+=.");
}

static bool is_digits(const char *s, size_t len)
{
	return all_of(s, len, DIGITS);
}

static bool is_uuid(const char *s, size_t len)
{
	if (len != 36)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !is_hex(s + i, 1))
			return false;
	}
	return true;
}

static bool is_time(const char *s, size_t len)
{
	char text[WHEN_SIZE];
	usec t;

	if (len >= sizeof(text) || len == 0 || s[len - 1] != 'Z')
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)len, s);
	return when_parse(text, &t);
}

static bool is_span(const char *s, size_t len)
{
	char text[WHEN_SIZE];
	usec d;

	if (len >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)len, s);
	return span_parse_proto(text, &d);
}

static bool is_jwt(const char *s, size_t len)
{
	size_t dots = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '.')
			dots++;
		else if (!strchr(BASE64URL, s[i]))
			return false;
	}
	return len > 20 && dots == 2 && strncmp(s, "eyJ", 3) == 0;
}

static bool json_anything(const json_t *v)
{
	return v != NULL;
}

static bool json_int(const json_t *v)
{
	return json_is_integer(v);
}

static bool json_num(const json_t *v)
{
	return json_is_number(v);
}

static bool json_bool(const json_t *v)
{
	return json_is_boolean(v);
}

static bool json_object_any(const json_t *v)
{
	return json_is_object(v);
}

static bool json_array_any(const json_t *v)
{
	return json_is_array(v);
}

static bool json_absent(const json_t *v)
{
	return v == NULL;
}

const struct hole holes[] = {
	{"any", "anything; inside a text also nothing", is_any, json_anything},
	{"str", "a text that is not empty", is_str, NULL},
	{"int", "a whole number; inside a text, digits", is_digits, json_int},
	{"num", "a number", NULL, json_num},
	{"bool", "true or false", NULL, json_bool},
	{"object", "an object, whatever is in it", NULL, json_object_any},
	{"list", "a list, whatever is in it", NULL, json_array_any},
	{"absent", "the field must not be there", NULL, json_absent},
	{"uuid", "a UUID in lower case", is_uuid, NULL},
	{"time", "an instant in UTC: 2026-01-01T00:00:00Z, with or without a fraction", is_time,
		NULL},
	{"span", "a duration as protobuf writes it: 300s", is_span, NULL},
	{"hex", "lower-case hexadecimal digits", is_hex, NULL},
	{"HEX", "upper-case hexadecimal digits", is_HEX, NULL},
	{"word", "lower-case letters", is_word, NULL},
	{"alnum", "lower-case letters and digits", is_alnum, NULL},
	{"id", "one segment of a path", is_id, NULL},
	{"jwt", "a signed token of three parts", is_jwt, NULL},
	{NULL},
};

const struct hole *hole_at(const char *s, size_t *len)
{
	if (*s != '<')
		return NULL;
	for (const struct hole *h = holes; h->name; h++) {
		size_t n = strlen(h->name);

		if (strncmp(s + 1, h->name, n) == 0 && s[n + 1] == '>') {
			*len = n + 2;
			return h;
		}
	}
	return NULL;
}

bool hole_misspelt(const char *s)
{
	const char *end = *s == '<' ? strchr(s, '>') : NULL;
	size_t len;
	usec t;

	if (!end || !isalpha((unsigned char)s[1]) || hole_at(s, &len))
		return false;
	if (text_starts(s, "<time ", NULL))
		return hole_instant(s, 0, &t) != 1;
	if (text_starts(s, HOLE_NOT, NULL))
		return false;
	return true;
}

bool hole_takes(const struct hole *h, const json_t *v)
{
	if (h->value)
		return h->value(v);
	return json_is_string(v) && h->text(json_string_value(v), json_string_length(v));
}

int hole_instant(const char *pattern, usec now, usec *ret)
{
	char base[WHEN_SIZE], by[WHEN_SIZE];
	usec t, span;

	if (!text_starts(pattern, "<time ", NULL))
		return 0;
	/* read with bounds; the base may still be a {{variable}} when the format is checked */
	if (sscanf(pattern, "<time %39[^ ] %39[^>]>", base, by) != 2 ||
		(*by != '+' && *by != '-') || !span_parse(by + 1, &span))
		return -1;
	if (streq(base, "now") || base[0] == '{')
		t = now;
	else if (!when_parse(base, &t))
		return -1;
	*ret = *by == '-' ? t - span : t + span;
	return 1;
}
