/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/help.h"
#include "lakebasectl/kinds.h"

#include <stdlib.h>
#include <string.h>

static void put(FILE *out, const char *text, size_t n)
{
	fwrite(text, 1, n, out);
}

/* Breaks `text` at `width`, each line behind `indent` blanks. */
static void wrap(FILE *out, const char *text, int indent, int width)
{
	int column = 0;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (column && column + 1 + (int)n > width) {
			fputc('\n', out);
			column = 0;
		}
		if (!column)
			column = fprintf(out, "%*s", indent, "");
		else
			column += fprintf(out, " ");
		put(out, text, n);
		column += (int)n;
		text += n;
		text += strspn(text, " ");
	}
	fputc('\n', out);
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
		fprintf(out, "%-31s %s\n", left, o->help);
	}
}

static void put_names(FILE *out, const struct lakebase_kind *kind)
{
	char *full = NULL;

	if (lakebase_name_expand(&full, kind, sample_name(kind)) == 0)
		fprintf(out, "\nA name is short or full: %s is %s.\n", sample_name(kind), full);
	lakebase_string_free(full);
}

void help_command(FILE *out, const struct command *command)
{
	char *examples = command_examples(command);

	fprintf(out, "lakebasectl %s: %s\n\n", command->path, command->summary);
	fprintf(out, "Usage:\n  lakebasectl %s%s%s [OPTIONS]\n", command->path,
		*command->arguments ? " " : "", command->arguments);
	if (command->kind)
		put_names(out, command->kind);
	if (command->details) {
		fputc('\n', out);
		wrap(out, command->details, 0, 90);
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

		fprintf(out, "  %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
	free(examples);
}

static void put_command(FILE *out, const struct command *c)
{
	char left[96];

	snprintf(left, sizeof(left), "  %s %s", c->path, c->arguments);
	fprintf(out, "%-42s %s\n", left, c->summary);
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
		fprintf(out, "  %-14s create get%s%s delete%s\n", k->singular, k->listed ? " list" : "",
			k->updated ? " update" : "", k->undeleted ? " undelete" : "");
	}
}

void help_all(FILE *out, const struct commands *all)
{
	fprintf(out, "lakebasectl: the Databricks Lakebase control plane, and its mock, at the prompt\n\n"
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
	fprintf(out, "\nHost and credentials come from --host, DATABRICKS_HOST and DATABRICKS_TOKEN, "
		     "or ~/.databrickscfg;\nwith none of these, from a mock on http://127.0.0.1:4610.\n"
		     "Each command shows its options and examples with --help.\n");
}
