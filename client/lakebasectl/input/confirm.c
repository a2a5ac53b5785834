/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"
#include "lakebasectl/input/confirm.h"

#include <stdio.h>
#include <strings.h>
#include <unistd.h>

static bool somebody_is_there(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static bool ask(const char *question)
{
	char line[256], answer[16] = "";

	snprintf(line, sizeof(line), "%s", question);
	tame(line);
	fprintf(stderr, "%s [y/N] ", line);
	if (fgets(answer, sizeof(answer), stdin)
		&& (strncasecmp(answer, "y\n", 2) == 0 || strncasecmp(answer, "yes\n", 4) == 0))
		return true;
	note("Nothing was done.");
	return false;
}

bool confirm(const struct ctl *c, const char *question)
{
	return c->option[OPT_YES] || !somebody_is_there() || ask(question);
}

bool confirm_strictly(const struct ctl *c, const char *question)
{
	if (c->option[OPT_YES] || somebody_is_there())
		return confirm(c, question);
	complain("%s Nobody is there to be asked: --yes says so", question);
	return false;
}
