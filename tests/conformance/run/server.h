/* SPDX-License-Identifier: Apache-2.0 */
/* The mocks that a run starts for itself, one for each command line that cases ask for. */
#pragma once

#include <sys/types.h>

#include "conformance/options.h"

struct server {
	char key[512]; /* the extra words of its command line */
	char url[256];
	pid_t pid; /* 0: not ours */
	struct server *next;
};

/*
 * Starts `o->mock` with o->mock_args and `words` (NULL-terminated, may be NULL) on a free port and
 * waits until it is ready. The server dies with us, however we end.
 */
MUST_CHECK int server_start(struct server **list, const struct options *o, const char *const *words,
	struct server **ret, struct err *e);

/* One that runs already. */
MUST_CHECK int server_known(
	struct server **list, const char *url, struct server **ret, struct err *e);

/* Ends those that were started. */
void servers_stop(struct server *list);
