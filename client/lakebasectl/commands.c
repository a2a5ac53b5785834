/* SPDX-License-Identifier: Apache-2.0 */
/* The command table with KIND written out, and how commands are found in it. */
#include "lakebasectl/ctl.h"

#include <stdlib.h>
#include <string.h>

const uint64_t global_options = O(HELP) | O(VERSION) | O(HOST) | O(PROFILE) | O(OUTPUT) | O(JSON)
	| O(VERBOSE) | O(QUIET) | O(RETRY_ATTEMPTS) | O(RETRY_MAX_DELAY) | O(RETRY_DEADLINE)
	| O(REQUEST_TIMEOUT);

static bool offers(const struct lakebase_kind *kind, const char *verb)
{
	if (strcmp(verb, "list") == 0)
		return kind->listed;
	if (strcmp(verb, "update") == 0)
		return kind->updated;
	if (strcmp(verb, "undelete") == 0)
		return kind->undeleted;
	return true;
}

/* "branch" for KIND, "branches" for KINDs, "an endpoint" for "a KIND". Lives as long as we do. */
static const char *written_out(const char *text, const struct lakebase_kind *kind)
{
	const char *at = strstr(text, "KIND");
	char *out, collection[64];
	bool plural = at && at[4] == 's', an;
	size_t n = 0;

	/* synced_tables are spoken of as synced tables */
	while (kind->collection[n]) {
		collection[n] = kind->collection[n] == '_' ? ' ' : kind->collection[n];
		n++;
	}
	collection[n] = '\0';
	an = at && at - text >= 2 && at[-2] == 'a' && strchr("aeiou", kind->singular[0]);
	if (!at || asprintf(&out, "%.*s%s%s%s", (int)(at - text) - an, text, an ? "n " : "",
			   plural ? collection : kind->singular, at + 4 + plural)
			< 0)
		return text;
	return out;
}

/* Which of the options make sense for the kind. */
static uint64_t fitting(uint64_t options, const struct lakebase_kind *kind)
{
	if (!(kind->flags & LAKEBASE_REPLACE_EXISTING))
		options &= ~O(REPLACE);
	if (!(kind->flags & LAKEBASE_PURGE))
		options &= ~O(PURGE);
	if (!(kind->flags & LAKEBASE_SHOW_DELETED))
		options &= ~O(SHOW_DELETED);
	if (strcmp(kind->collection, "roles") != 0)
		options &= ~O(REASSIGN);
	return options;
}

static struct command expanded(const struct command *row, const struct lakebase_kind *kind)
{
	struct command c = *row;

	c.kind = kind;
	c.path = written_out(row->path, kind);
	c.summary = written_out(row->summary, kind);
	c.options = fitting(row->options, kind);
	if (row->run == run_list)
		c.arguments = kind->parent ? "PARENT" : "";
	return c;
}

static bool is_per_kind(const struct command *row)
{
	return strncmp(row->path, "KIND ", 5) == 0;
}

/* Kind by kind, in the order of the kinds; then the other rows. */
const struct command *commands_all(size_t *n)
{
	static struct command all[160];
	static size_t num;

	*n = num;
	if (num)
		return all;
	for (const struct lakebase_kind *k = lakebase_kinds(); k->collection; k++)
		for (const struct command *row = command_table; row->path; row++)
			if (is_per_kind(row) && offers(k, row->path + 5) && num < ARRAY_SIZE(all))
				all[num++] = expanded(row, k);
	for (const struct command *row = command_table; row->path; row++)
		if (!is_per_kind(row) && num < ARRAY_SIZE(all))
			all[num++] = *row;
	*n = num;
	return all;
}

/* Whether the words of `path` begin `words`; how many they are. */
static size_t match(const char *path, const char *const *words, size_t n)
{
	size_t used = 0;

	while (*path) {
		size_t len = strcspn(path, " ");

		if (used == n || strlen(words[used]) != len || memcmp(words[used], path, len) != 0)
			return 0;
		used++;
		path += len;
		path += *path == ' ';
	}
	return used;
}

const struct command *command_find(const char *const *words, size_t n, size_t *used)
{
	const struct command *best = NULL, *all;
	size_t num;

	*used = 0;
	all = commands_all(&num);
	for (size_t i = 0; i < num; i++) {
		size_t m = match(all[i].path, words, n);

		if (m > *used) {
			*used = m;
			best = &all[i];
		}
	}
	return best;
}

const char *sample_name(const struct lakebase_kind *kind)
{
	static char name[256];
	const struct lakebase_kind *chain[8];
	size_t n = 0, len = 0;

	for (const struct lakebase_kind *k = kind; k && n < ARRAY_SIZE(chain);
		k = k->parent ? kind_named(k->parent) : NULL)
		chain[n++] = k;
	name[0] = '\0';
	while (n-- > 0) {
		snprintf(name + len, sizeof(name) - len, "%s%s", len ? "/" : "",
			look_of(chain[n])->sample_id);
		len = strlen(name);
	}
	return name;
}

/* Levenshtein with two rows; words here are short. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], n = strlen(b), diagonal, above;

	if (n >= ARRAY_SIZE(row))
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 1; j <= n; j++) {
			size_t best = diagonal + (a[i] != b[j - 1]);

			above = row[j];
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = above;
			row[j] = best;
		}
	}
	return row[n];
}

const char *nearest(const char *word, const char *const *names, size_t n)
{
	size_t least = strlen(word) / 3 + 2;
	const char *best = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = names[i] ? distance(word, names[i]) : SIZE_MAX;

		if (names[i] && word[0] && word[1] && strncmp(names[i], word, strlen(word)) == 0)
			return names[i]; /* it is only cut short */

		if (d < least) {
			least = d;
			best = names[i];
		}
	}
	return best;
}
