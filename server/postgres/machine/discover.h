/* SPDX-License-Identifier: Apache-2.0 */
/* Which PostgreSQL this machine has, and the template of each (server/template.h). */
#pragma once

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/queue.h>

#include "base/err.h"

struct pg;

enum template_state { TEMPLATE_NONE, TEMPLATE_MAKING, TEMPLATE_READY };

/* Who waits for a template; it belongs to who waits, and stays where it is while it is queued. */
struct template_wait {
	STAILQ_ENTRY(template_wait) link;
	void (*done)(void *arg, const char *why); /* NULL: it is there */
	void *arg;
	bool queued;
};

STAILQ_HEAD(template_waits, template_wait);

struct version {
	char bin[PATH_MAX];  /* folder of initdb and postgres as they were found */
	char text[32];	     /* "17.6" */
	int major;
	/* the template */
	enum template_state state;
	char template[PATH_MAX]; /* its data folder */
	char postgres[PATH_MAX]; /* the program to run: with our extension beside it */
	struct template_waits waits;
};

enum { MAX_VERSIONS = 16 };

/* Fills pg->versions as --postgres says, newest first. ERR_INVALID when there is none, or a folder
 * holds none. */
MUST_CHECK int discover(struct pg *pg, struct err *e);

/* The one for a project's version: itself, the nearest newer, else the newest. Never NULL; borrowed,
 * as long as `pg`. */
struct version *version_for(struct pg *pg, int major);

/* The versions found, as a list of texts. New reference, NULL when out of memory. */
json_t *versions_json(const struct pg *pg);
