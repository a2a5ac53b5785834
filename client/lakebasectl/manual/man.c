/* SPDX-License-Identifier: Apache-2.0 */
/* lakebasectl(1), from the table of commands. */
#include "lakebasectl/manual/man.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text in troff: backslashes and hyphens are escaped, a leading dot or quote is shielded. */
static void text(const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", stdout);
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\e", stdout);
		else if (*s == '-')
			fputs("\\-", stdout);
		else
			putchar(*s);
	}
}

static void paragraph(const char *s)
{
	text(s);
	putchar('\n');
}

/* The global options with a NULL command. */
static void options(const struct command *command)
{
	for (int i = 0; i < OPT__N; i++) {
		const struct option_info *o = &option_table[i];

		if (command ? !option_in(command->options, i) || !command_takes(command, i)
			    : !option_in(global_options, i))
			continue;
		fputs(".TP\n\\fB", stdout);
		if (o->letter)
			printf("\\-%c\\fR, \\fB", o->letter);
		text("--");
		text(o->name);
		fputs("\\fR", stdout);
		if (o->value)
			printf(" \\fI%s\\fR", o->value);
		putchar('\n');
		paragraph(o->help);
	}
}

static void put_example(const char *line, size_t n)
{
	char *out = NULL, *rest, *one;
	size_t size = 0;
	FILE *f = open_memstream(&out, &size);

	if (!f)
		return;
	command_put_example(f, line, n, 70);
	fclose(f);
	for (rest = out; (one = strsep(&rest, "\n")) && *one;)
		paragraph(one);
	free(out);
}

static void command(const struct command *c)
{
	char *examples = command_examples(c);

	printf(".SS ");
	text(c->path);
	printf(" %s\n", c->arguments);
	printf("%c", c->summary[0] >= 'a' && c->summary[0] <= 'z' ? c->summary[0] - 32 : c->summary[0]);
	text(c->summary + 1);
	printf(".\n");
	for (const char *p = c->details; p && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char one[2048];

		snprintf(one, sizeof(one), "%.*s", (int)strcspn(p, "\n"), p);
		printf(".PP\n");
		paragraph(one);
	}
	options(c);
	printf(".PP\n.nf\n");
	for (char *line = examples; line && *line;) {
		size_t n = strcspn(line, "\n");

		put_example(line, n);
		line += n + (line[n] == '\n');
	}
	printf(".fi\n");
	free(examples);
}

static const char *const sections[][2] = {
	{ "NAMES",
		"Name a resource by its full path, such as projects/shop/branches/dev. Where the kind is "
		"known, the ids are enough: branch get shop/dev." },
	{ "OUTPUT",
		"Results are tables on a terminal, and JSON elsewhere; --output changes that. A command "
		"prints its result, and nothing else, on standard output. Progress and errors go to "
		"standard error. With NO_COLOR there are no colours." },
	{ "ENVIRONMENT",
		"DATABRICKS_HOST, DATABRICKS_TOKEN, DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET, "
		"DATABRICKS_AUTH_TYPE, DATABRICKS_CONFIG_PROFILE, DATABRICKS_CONFIG_FILE, SSL_CERT_FILE, "
		"and the proxy variables that curl reads. NO_COLOR." },
	{ "FILES", "~/.databrickscfg: profiles with host and credentials." },
};

int run_man(struct ctl *c)
{
	printf(".TH LAKEBASECTL 1 \"\" \"lakebase %s\" \"Lakebase\"\n", LAKEBASE_VERSION);
	printf(".SH NAME\nlakebasectl \\- a command line for Databricks Lakebase and its mock\n"
	       ".SH SYNOPSIS\n.B lakebasectl\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n");
	printf(".SH DESCRIPTION\n");
	paragraph("Creates, reads, changes and deletes Lakebase resources. It waits for operations, and "
		  "retries where that is safe. The commands that begin with mock control lakebase-mock. "
		  "Without any configuration, a mock on http://127.0.0.1:4610 is used.");
	printf(".SH OPTIONS\nEvery command takes these.\n");
	options(NULL);
	printf(".SH COMMANDS\n");
	for (size_t i = 0; i < c->commands->n; i++)
		command(&c->commands->rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		printf(".SH \"%s\"\n", sections[i][0]);
		paragraph(sections[i][1]);
	}
	printf(".SH \"EXIT STATUS\"\n");
	for (const struct exit_info *e = exit_table; e->means; e++) {
		printf(".TP\n%d\n", e->code);
		paragraph(e->means);
	}
	printf(".SH \"SEE ALSO\"\n");
	paragraph("lakebase(3), lakebase-mock(1), psql(1)");
	return ferror(stdout) ? EXIT_INTERNAL : EXIT_OK;
}
