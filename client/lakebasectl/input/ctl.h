/* SPDX-License-Identifier: Apache-2.0 */
/* A command line, taken apart: what every handler is given. */
#pragma once

#include "lakebase.h"
#include "lakebasectl/input/command.h"
#include "lakebasectl/output/output.h"

enum { MAX_ARGS = 64, MAX_SETS = 64 };

struct ctl {
	const struct commands *commands;
	const struct command *command;
	const char *args[MAX_ARGS];
	size_t num_args;
	const char *option[OPT__N]; /* "" for a switch; NULL: not given */
	const char *sets[MAX_SETS];
	size_t num_sets;
	struct lakebase *lb;
	struct output out;
	bool fallback; /* nothing was configured: the mock on the default port is meant */
	char no_host[600]; /* then: what was looked for */
	char subject[1100]; /* the full name of what the command is about, or "" */
	bool answered, probed, met_tls; /* see speaks_tls() in request/client.c */
};
