/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/manual/help.h"

#include <stdlib.h>
#include <string.h>

static void put(FILE *out, const char *text, size_t n)
{
	fwrite(text, 1, n, out);
}

enum { WIDTH = 80 };

/* Breaks `text` at WIDTH, each line behind `indent` blanks, the first behind what stands there already. */
static void wrap(FILE *out, const char *text, int indent, int column)
{
	while (*text) {
		size_t n = strcspn(text, " \n");

		if (column > indent && column + 1 + (int)n > WIDTH) {
			fputc('\n', out);
			column = 0;
		}
		if (column < indent)
			column += fprintf(out, "%*s", indent - column, "");
		else if (column > indent)
			column += fprintf(out, " ");
		put(out, text, n);
		column += (int)n;
		text += n;
		if (*text == '\n') {
			fputs("\n\n", out);
			column = 0;
		}
		text += strspn(text, " \n");
	}
	fputc('\n', out);
}

/* A word and what it means; the meaning begins at `column`, on the next line when the word is too long. */
static void put_two(FILE *out, const char *left, const char *right, int column)
{
	int n = fprintf(out, "%s", left);

	if (n >= column) {
		fputc('\n', out);
		n = 0;
	}
	wrap(out, right, column, n);
}

/* The global options with a NULL command. */
static void put_options(FILE *out, const struct command *command)
{
	for (int i = 0; i < OPT__N; i++) {
		const struct option_info *o = &option_table[i];
		char left[64], letter[8] = "    ";

		if (command ? !option_in(command->options, i) || !command_takes(command, i)
			    : !option_in(global_options, i))
			continue;
		if (o->letter)
			snprintf(letter, sizeof(letter), "-%c, ", o->letter);
		snprintf(left, sizeof(left), "  %s--%s%s%s", letter, o->name, o->value ? " " : "",
			o->value ? o->value : "");
		put_two(out, left, o->help, 30);
	}
}

static void put_exits(FILE *out)
{
	fputs("\nExit status:\n", out);
	for (const struct exit_info *e = exit_table; e->means; e++) {
		char left[16];

		snprintf(left, sizeof(left), "  %d", e->code);
		put_two(out, left, e->means, 6);
	}
}

static void put_names(FILE *out, const struct lakebase_kind *kind)
{
	char *full = NULL, text[512];

	if (lakebase_name_expand(&full, kind, sample_name(kind)) == 0) {
		snprintf(text, sizeof(text), "A name can be short or full: %s is %s.",
			sample_name(kind), full);
		fputc('\n', out);
		wrap(out, text, 0, 0);
	}
	lakebase_string_free(full);
}

void help_command(FILE *out, const struct command *command)
{
	char *examples = command_examples(command);

	char title[256];

	snprintf(title, sizeof(title), "lakebasectl %s: %s", command->path, command->summary);
	wrap(out, title, 0, 0);
	fputc('\n', out);
	fprintf(out, "Usage:\n  lakebasectl %s%s%s [OPTIONS]\n", command->path,
		*command->arguments ? " " : "", command->arguments);
	if (command->kind)
		put_names(out, command->kind);
	if (command->details) {
		fputc('\n', out);
		wrap(out, command->details, 0, 0);
	}
	if (command->options) {
		fprintf(out, "\nOptions:\n");
		put_options(out, command);
	}
	fprintf(out, "\nEverywhere:\n");
	put_options(out, NULL);
	fprintf(out, "\nExamples:\n");
	for (char *line = examples; line && *line;) {
		size_t n = strcspn(line, "\n");

		command_put_example(out, line, n, WIDTH - 2);
		line += n + (line[n] == '\n');
	}
	free(examples);
	put_exits(out);
}

static void put_command(FILE *out, const struct command *c)
{
	char left[96];

	snprintf(left, sizeof(left), "  %s %s", c->path, c->arguments);
	put_two(out, left, c->summary, 34);
}

void help_group(FILE *out, const struct commands *all, const char *prefix)
{
	const struct command *row = all->rows;
	size_t len = strlen(prefix);

	for (size_t i = 0; i < all->n; i++, row++)
		if (strncmp(row->path, prefix, len) == 0 && (!len || row->path[len] == ' '))
			put_command(out, row);
}

/* Kinds share their verbs: one line for each kind, instead of forty for all. */
static void put_kinds(FILE *out)
{
	for (const struct lakebase_kind *k = lakebase_kinds(); k->collection; k++) {
		char verbs[128];

		snprintf(verbs, sizeof(verbs), "create get describe wait%s%s delete%s",
			k->listed ? " list" : "",
			k->updated ? " update" : "", k->undeleted ? " undelete" : "");
		fprintf(out, "  %-14s %s\n", k->singular, verbs);
	}
}

void help_all(FILE *out, const struct commands *all)
{
	fprintf(out, "lakebasectl: a command line for Databricks Lakebase and its mock\n\n"
		     "Usage:\n  lakebasectl COMMAND [OPTIONS]\n\nResources:\n");
	put_kinds(out);
	fprintf(out, "\nMore of the API:\n");
	for (size_t i = 0; i < all->n; i++)
		if (!all->rows[i].kind && strncmp(all->rows[i].path, "mock ", 5) != 0)
			put_command(out, &all->rows[i]);
	fprintf(out, "\nThe mock:\n");
	help_group(out, all, "mock");
	fprintf(out, "\nEverywhere:\n");
	put_options(out, NULL);
	fputc('\n', out);
	wrap(out, "Host and credentials come from --host, DATABRICKS_HOST and DATABRICKS_TOKEN, or "
		  "~/.databrickscfg. Without any of these, a mock on http://127.0.0.1:4610 is "
		  "used. Add --help to a command to see its options and examples. ls is short for list, "
		  "rm for delete.", 0, 0);
	put_exits(out);
}
