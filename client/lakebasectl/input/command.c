/* SPDX-License-Identifier: Apache-2.0 */
/* The command table with KIND written out, and how commands are found in it. */
#include "lakebasectl/input/command.h"
#include "lakebasectl/input/fields.h"
#include "lakebasectl/input/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static struct command expanded(const struct command *row, const struct lakebase_kind *kind)
{
	struct command c = *row;

	c.kind = kind;
	c.path = written_out(row->path, kind);
	c.summary = written_out(row->summary, kind);
	if (row->loses)
		c.loses = written_out(row->loses, kind);
	if (strcmp(row->path, "KIND list") == 0)
		c.arguments = kind->parent ? "PARENT" : "";
	return c;
}

static bool is_per_kind(const struct command *row)
{
	return strncmp(row->path, "KIND ", 5) == 0;
}

void commands_expand(struct commands *all, const struct command *table)
{
	all->n = 0;
	for (const struct lakebase_kind *k = lakebase_kinds(); k->collection; k++)
		for (const struct command *row = table; row->path; row++)
			if (is_per_kind(row) && offers(k, row->path + 5) && all->n < ARRAY_SIZE(all->rows))
				all->rows[all->n++] = expanded(row, k);
	for (const struct command *row = table; row->path; row++)
		if (!is_per_kind(row) && all->n < ARRAY_SIZE(all->rows))
			all->rows[all->n++] = *row;
}

/* Which of the options of a row make sense for its kind. */
static bool fits(int id, const struct lakebase_kind *kind)
{
	switch (id) {
	case OPT_REPLACE:
		return kind->flags & LAKEBASE_REPLACE_EXISTING;
	case OPT_PURGE:
		return kind->flags & LAKEBASE_PURGE;
	case OPT_SHOW_DELETED:
		return kind->flags & LAKEBASE_SHOW_DELETED;
	case OPT_TTL:
	case OPT_NO_EXPIRY:
		return fields_has(kind, "spec.ttl");
	case OPT_REASSIGN:
		return strcmp(kind->collection, "roles") == 0;
	default:
		return true;
	}
}

bool command_takes(const struct command *command, int id)
{
	if (option_in(global_options, id))
		return true;
	return command && option_in(command->options, id) && (!command->kind || fits(id, command->kind));
}

/* Whether `word` is the one of a path, or what people are used to instead. */
static bool is_word(const char *word, const char *path, size_t len)
{
	static const char *const aliases[][2] = { { "ls", "list" }, { "rm", "delete" } };

	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (strcmp(word, aliases[i][0]) == 0)
			word = aliases[i][1];
	return strlen(word) == len && memcmp(word, path, len) == 0;
}

/* Whether the words of `path` begin `words`; how many they are. */
static size_t match(const char *path, const char *const *words, size_t n)
{
	size_t used = 0;

	while (*path) {
		size_t len = strcspn(path, " ");

		if (used == n || !is_word(words[used], path, len))
			return 0;
		used++;
		path += len;
		path += *path == ' ';
	}
	return used;
}

const struct command *command_find(
	const struct commands *all, const char *const *words, size_t n, size_t *used)
{
	const struct command *best = NULL;

	*used = 0;
	for (size_t i = 0; i < all->n; i++) {
		size_t m = match(all->rows[i].path, words, n);

		if (m > *used) {
			*used = m;
			best = &all->rows[i];
		}
	}
	return best;
}

static void put_sets(FILE *f, const char *sets)
{
	for (const char *p = sets; *p;) {
		size_t n = strcspn(p, " ");

		fprintf(f, "%s--set %.*s", p == sets ? "" : " ", (int)n, p);
		p += n;
		p += *p == ' ';
	}
}

/* Replaces {path}, {name}, {parent}, {sets}, {change}; NULL when out of memory. */
static char *fill_in(const char *text, const struct command *command)
{
	const struct lakebase_kind *kind = command->kind;
	char *out = NULL, *name = NULL, *parent = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&out, &size);

	if (!f)
		return NULL;
	name = strdup(kind ? sample_name(kind) : "");
	parent = strdup(kind && kind->parent ? sample_name(kind_named(kind->parent)) : "");
	while (*text && name && parent) {
		if (strncmp(text, "{path}", 6) == 0) {
			fprintf(f, "%s", command->path);
			text += 6;
		} else if (strncmp(text, "{name}", 6) == 0) {
			fprintf(f, "%s", name);
			text += 6;
		} else if (strncmp(text, "{parent}", 8) == 0) {
			fprintf(f, "%s", parent);
			text += 8;
		} else if (strncmp(text, "{sets}", 6) == 0) {
			put_sets(f, look_of(kind)->sample_sets);
			text += 6;
		} else if (strncmp(text, "{change}", 8) == 0) {
			put_sets(f, look_of(kind)->sample_change);
			text += 8;
		} else {
			fputc(*text++, f);
		}
	}
	free(name);
	free(parent);
	fclose(f);
	return out;
}

/* Lines that are commands of ours get our name in front; a pipe or redirection says it itself. */
char *command_examples(const struct command *command)
{
	char *filled = fill_in(command->examples, command), *out = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&out, &size);

	if (!filled || !f) {
		free(filled);
		if (f)
			fclose(f);
		free(out);
		return NULL;
	}
	for (char *line = filled; *line;) {
		size_t n = strcspn(line, "\n");
		bool ours = memmem(line, n, "lakebasectl", 11) == NULL;

		/* "list " of a kind without a parent leaves a blank */
		while (n && line[n - 1] == ' ')
			n--;
		fprintf(f, "%s%.*s\n", ours ? "lakebasectl " : "", (int)n, line);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	fclose(f);
	free(filled);
	return out;
}

void command_put_example(FILE *out, const char *line, size_t n, int width)
{
	int column = 0;

	fputs("  ", out);
	while (n) {
		size_t word = 0;

		/* an option and its value stay together */
		do
			word++;
		while (word < n && !(line[word] == ' ' && (line[word + 1] == '-' || line[word + 1] == '|')));
		if (column && column + (int)word > width - 2) {
			fputs(" \\\n     ", out);
			column = 3;
		}
		fwrite(line, 1, word, out);
		column += (int)word;
		line += word;
		n -= word;
	}
	fputc('\n', out);
}
