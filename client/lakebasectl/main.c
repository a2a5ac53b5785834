/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/say.h"
#include "lakebasectl/input/confirm.h"
#include "lakebasectl/input/parse.h"
#include "lakebasectl/manual/complete.h"
#include "lakebasectl/manual/help.h"
#include "lakebasectl/table.h"

#include <stdio.h>
#include <string.h>

static void refused(const struct commands *all, const struct refusal *why)
{
	switch (why->kind) {
	case REFUSED:
		complain("%s", why->message);
		if (*why->advice)
			fprintf(stderr, "%s\n", why->advice); /* of the command line, not of a server */
		break;
	case REFUSED_EMPTY:
		help_all(stderr, all);
		break;
	case REFUSED_GROUP:
		complain("'%s' needs one word more", why->group);
		help_group(stderr, all, why->group);
		break;
	}
}

static int help(const struct ctl *c, const char *group)
{
	if (c->command) {
		help_command(stdout, c->command);
	} else if (*group) {
		printf("lakebasectl %s COMMAND [OPTIONS], with one of:\n", group);
		help_group(stdout, c->commands, group);
	} else {
		help_all(stdout, c->commands);
	}
	return EXIT_OK;
}

static bool sure(const struct ctl *c)
{
	char question[256];

	if (!c->command->loses)
		return true;
	snprintf(question, sizeof(question), "%s%s%.150s?", c->command->loses, c->num_args ? " " : "",
		c->num_args ? c->args[0] : "");
	return confirm(c, question);
}

int main(int argc, char **argv)
{
	static struct commands all;
	struct ctl c = { .commands = &all };
	struct refusal why;
	int rc;

	commands_expand(&all, command_table);
	if (argc > 1 && strcmp(argv[1], "__complete") == 0)
		return complete(&all, argc - 2, argv + 2);
	rc = parse(&c, &why, argc, argv);
	if (rc) {
		refused(&all, &why);
		return rc;
	}
	output_open(&c.out, c.option[OPT_JSON] ? "json" : c.option[OPT_OUTPUT]);
	if (c.option[OPT_HELP])
		rc = help(&c, why.group);
	else if (c.option[OPT_VERSION])
		rc = printf("lakebasectl %s\n", LAKEBASE_VERSION) < 0 ? EXIT_INTERNAL : EXIT_OK;
	else
		rc = sure(&c) ? c.command->run(&c) : EXIT_API;
	lakebase_free(c.lb);
	/* a full disk or a closed pipe must not look like success */
	if (fflush(stdout) && rc == EXIT_OK) {
		complain("cannot write the result");
		rc = EXIT_INTERNAL;
	}
	return rc;
}
