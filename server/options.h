/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: one table of options. Flag > environment > --config file > default; an unknown
 * key of any of them is an error that names the nearest one.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

enum option_id {
	OPT_LISTEN,
	OPT_PORT_FILE,
	OPT_END_WITH_STDIN,
	OPT_DB,
	OPT_FIXTURE,
	OPT_SCENARIO,
	OPT_SEED,
	OPT_PROFILE,
	OPT_SET,
	OPT_CLOCK,
	OPT_LRO,
	OPT_AUTH,
	OPT_STRICT,
	OPT_JOURNAL,
	OPT_NO_SEQ_HEADER,
	OPT_FAIL_ON_UNFIRED,
	OPT_MAX_WORKSPACES,
	OPT_ADMIN_TOKEN,
	OPT_ALLOW_HOST,
	OPT_TLS_CERT,
	OPT_TLS_KEY,
	OPT_TLS_SELF_SIGNED,
	OPT_LOG,
	OPT_LOG_LEVEL,
	OPT_LOG_BODIES,
	OPT_CHECK_REPLIES,
	OPT_POSTGRES,
	OPT_POSTGRES_PORT,
	OPT_POSTGRES_HOSTS,
	OPT_POSTGRES_DATA,
	OPT_POSTGRES_USER,
	OPT_POSTGRES_TLS_CA,
	OPT_CONFIG,
	OPT__N,
};

struct option {
	const char *name; /* "port-file": --port-file, LAKEBASE_MOCK_PORT_FILE, "port-file" */
	const char *arg;  /* "PATH"; NULL: a switch */
	const char *def;  /* NULL: none */
	bool repeat;
	const char *help;
};

extern const struct option options[OPT__N];

enum { MAX_REPEATS = 64 };

struct settings_read {
	const char *value[OPT__N]; /* NULL: not given and no default */
	const char *origin[OPT__N];
	const char *list[OPT__N][MAX_REPEATS + 1]; /* of the repeatable ones; NULL-terminated */
	int num[OPT__N];
};

/* Reads argv (after the command), the environment and the config file. Strings are borrowed or
 * kept for the life of the process. ERR_INVALID with a message for the user. */
MUST_CHECK int options_read(struct settings_read *ret, int argc, char **argv, struct err *e);

bool option_on(const struct settings_read *s, enum option_id id);

/* The options as --help shows them. */
void options_help(void);
