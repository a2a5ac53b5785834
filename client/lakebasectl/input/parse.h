/* SPDX-License-Identifier: Apache-2.0 */
/* From the words of a command line to a command with its arguments and options. Prints nothing. */
#pragma once

#include "lakebasectl/input/ctl.h"

struct refusal {
	enum {
		REFUSED,	/* `message`, and `advice` below it */
		REFUSED_EMPTY,	/* there is no word at all */
		REFUSED_GROUP,	/* `group` begins commands, and is none */
	} kind;
	char message[512], advice[512], group[96];
};

/*
 * Fills *c, whose list of commands is set. 0, or EXIT_USAGE and *why. With --help the group that the
 * words name is left in why->group.
 */
int parse(struct ctl *c, struct refusal *why, int argc, char **argv);
