/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/ctl.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int help(const struct ctl *c, int argc, char **argv)
{
	const char *words[8] = { NULL };
	const struct command *command = c->command;
	char prefix[96] = "";
	size_t n = 0, used, num;

	for (int i = 1; i < argc && n < ARRAY_SIZE(words); i++)
		if (argv[i][0] != '-' && strcmp(argv[i], "help") != 0)
			words[n++] = argv[i];
	if (!command)
		command = command_find(words, n, &used);
	if (command) {
		help_command(stdout, command);
		return EXIT_OK;
	}
	for (size_t i = 0; i < n && i < 2; i++)
		snprintf(prefix + strlen(prefix), sizeof(prefix) - strlen(prefix), "%s%s", i ? " " : "",
			words[i]);
	for (size_t i = 0; n && i < (commands_all(&num), num); i++)
		if (strncmp(commands_all(&num)[i].path, prefix, strlen(prefix)) == 0) {
			printf("lakebasectl %s COMMAND [OPTIONS], with one of:\n", prefix);
			help_group(stdout, prefix);
			return EXIT_OK;
		}
	help_all(stdout);
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	struct ctl c = {
		.terminal = isatty(STDOUT_FILENO),
	};
	int rc;

	if (argc > 1 && strcmp(argv[1], "__complete") == 0)
		return complete(argc - 2, argv + 2);
	c.colour = c.terminal && !getenv("NO_COLOR") && getenv("TERM") && strcmp(getenv("TERM"), "dumb") != 0;
	rc = parse(&c, argc, argv);
	if (rc)
		return rc;
	if (c.option[OPT_HELP])
		rc = help(&c, argc, argv);
	else if (c.option[OPT_VERSION])
		rc = printf("lakebasectl %s\n", LAKEBASE_VERSION) < 0 ? EXIT_INTERNAL : EXIT_OK;
	else
		rc = c.command->run(&c);
	lakebase_free(c.lb);
	/* a full disk or a closed pipe must not look like success */
	if (fflush(stdout) && rc == EXIT_OK) {
		complain("cannot write the result");
		rc = EXIT_INTERNAL;
	}
	return rc;
}
