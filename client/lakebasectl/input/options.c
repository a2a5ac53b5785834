/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/text.h"
#include "lakebasectl/input/options.h"
#include "lakebasectl/output/output.h"

#include <stdlib.h>
#include <string.h>

#define X(id, name, letter, value, choices, query, check, help) \
	[OPT_##id] = { name, letter, value, choices, query, CHECK_##check, help },
const struct option_info option_table[OPT__N] = { OPTIONS(X) };
#undef X

const struct exit_info exit_table[] = {
	{ EXIT_OK, "done" },
	{ EXIT_API, "the service refused, a condition is not met, something differs, or you answered no" },
	{ EXIT_USAGE, "the command line or the configuration is wrong" },
	{ EXIT_UNREACHABLE, "the service cannot be reached, or its answer was lost" },
	{ EXIT_INTERNAL, "an error in the program itself, or no memory" },
	{ EXIT_OK, NULL },
};

const option_set global_options = OPTION_SET(OPT_HELP, OPT_VERSION, OPT_HOST, OPT_PROFILE, OPT_OUTPUT,
	OPT_JSON, OPT_VERBOSE, OPT_QUIET, OPT_RETRY_ATTEMPTS, OPT_RETRY_MAX_DELAY, OPT_RETRY_DEADLINE,
	OPT_REQUEST_TIMEOUT);

bool option_in(option_set set, int id)
{
	for (; set && *set != OPT__N; set++)
		if (*set == id)
			return true;
	return false;
}

static bool all_of(const char *list, const char *words)
{
	for (const char *p = list; *p;) {
		size_t n = strcspn(p, ",");
		char word[24] = " ";

		if (!n || n + 3 > sizeof(word))
			return false;
		memcpy(word + 1, p, n);
		word[n + 1] = ' ';
		if (!strstr(words, word))
			return false;
		p += n;
		p += *p == ',';
	}
	return *list != '\0';
}

static bool is_factor(const char *text)
{
	char *end;
	double v = strtod(text, &end); /* trailing text is refused below */

	return end != text && !*end && v > 0 && v <= 1e6;
}

static bool is_span(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return parse_time(text) >= 0 || (n && n < 7 && (strcmp(text + n, " calls") == 0
		|| strcmp(text + n, " call") == 0));
}

static bool is_workspace(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(text);
}

const char *option_refuses(const struct option_info *o, const char *value)
{
	int64_t n;

	switch (o->check) {
	case CHECK_ANY:
		return NULL;
	case CHECK_COUNT:
		return parse_integer(value, 1, 1000000, &n) ? NULL : "a whole number from 1 on";
	case CHECK_NUMBER:
		return parse_integer(value, 0, INT64_MAX, &n) ? NULL : "a whole number";
	case CHECK_FACTOR:
		return is_factor(value) ? NULL : "a number above 0";
	case CHECK_TIME:
		return parse_time(value) >= 0 ? NULL : "a time such as 500ms, 30s, 5m, 1h30m or 7d";
	case CHECK_SPAN:
		return is_span(value) ? NULL : "a time such as 5s, or a number of calls such as '3 calls'";
	case CHECK_INSTANT:
		return parse_instant(value) ? NULL : "an instant such as 2026-01-31T12:00:00Z";
	case CHECK_STATUS:
		return parse_status(value) ? NULL : "a status such as 409, or 4xx";
	case CHECK_WORKSPACE:
		return is_workspace(value) ? NULL : "a name of a-z, 0-9, - and _";
	case CHECK_PARTS:
		return all_of(value, " faults clock principals journal ")
			? NULL
			: "a list of faults, clock, principals, journal";
	case CHECK_FORMAT:
		return output_knows(value)
			? NULL
			: "one of: table json yaml name, or fields such as name,status.current_state";
	case CHECK_ASSIGNMENT:
		return strchr(value, '=') && *value != '=' ? NULL : "FIELD=VALUE";
	}
	return NULL;
}
