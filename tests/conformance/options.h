/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of lakebase-conformance. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { MAX_WORDS = 64, MAX_PARALLEL = 64 };

/* Exit codes; the README names them. */
enum { EXIT_AS_EXPECTED, EXIT_NOT_AS_EXPECTED, EXIT_USAGE, EXIT_UNREACHABLE };

enum command { CMD_RUN, CMD_SWEEP, CMD_DIFF };
enum format { FORMAT_TEXT, FORMAT_TAP, FORMAT_JUNIT, FORMAT_JSON };

/* Up to MAX_WORDS words of a repeatable option; NULL-terminated, borrowed from argv. */
struct words {
	const char *w[MAX_WORDS + 1];
	size_t num;
};

struct options {
	enum command command;
	const char *args[2]; /* of the command */
	const char *target;  /* NULL: start the mock */
	const char *token, *token_each;
	struct words tokens;			       /* "alice=TOKEN" */
	const char *source_table, *source_key, *group; /* what cases cannot make */
	struct words run, skip, known_failing;
	enum format format;
	const char *out, *record;
	bool list, dry_run, full, shuffle, plain, patch, verbose;
	int parallel;	/* 0: as many as fit */
	double timeout; /* seconds; 0: 10 on a mock, 300 elsewhere */
	unsigned long seed;
	bool real; /* --yes-this-is-real */
	struct words allow;
	long budget_calls; /* 0: no limit */
	double budget_minutes;
	const char *mock; /* the server's binary */
	struct words mock_args;
	const char *scenarios, *cacert;
};

/* Reads the command line; DATABRICKS_TOKEN is the default of --token. -1 with *e for a mistake. */
MUST_CHECK int options_read(struct options *ret, int argc, char **argv, struct err *e);

void options_help(void);

/* True for 127.0.0.0/8, ::1 and localhost. */
bool url_is_loopback(const char *url);

/* Copies the host of a URL, without the port. */
void url_host(const char *url, char *out, size_t size);
