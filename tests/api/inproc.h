/* SPDX-License-Identifier: Apache-2.0 */
/* The server without sockets as a target of cases: an app and a lab, the clock standing still. */
#pragma once

#include "admin/front.h"
#include "api/app.h"
#include "support/play/play.h"

struct inproc {
	struct target target;
	struct app *app;
	struct lab *lab;
	const char *const *words; /* of its command line */
	uint64_t ordinal;
	struct inproc *next;
};

/*
 * The server that `words` (NULL-terminated, may be NULL) describe, out of *list or made new; it
 * aborts on a reply that breaks its own schema. Understands --set, --auth, --lro, --strict and
 * --profile.
 */
MUST_CHECK int inproc_open(
	struct inproc **list, const char *const *words, struct inproc **ret, struct err *e);
void inproc_close(struct inproc *list);
