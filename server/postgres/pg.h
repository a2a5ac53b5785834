/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data plane: a real PostgreSQL behind every endpoint. A branch has a cluster of its own, a
 * folder in the data folder; its server runs only while an endpoint of it is awake.
 *
 * Its rooms, each of which sees those above it only:
 *
 *   protocol/   messages, passwords and certificates, by themselves
 *   machine/    this machine: PostgreSQL's programs, processes, the data folder; jobs
 *   server/     one database server, SQL of our own, the template that all clusters start as
 *   roles/      roles and databases between API and SQL
 *   cluster/    the cluster of a branch: woken, watched, copied, put to sleep
 *   front/      where clients come in
 *   plane/      what the control plane tells and asks
 *
 * Here all of it is opened and closed.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

struct app;
struct event_base;
struct lab;
struct pg;

struct pg_options {
	const char *const *postgres; /* --postgres: "auto" and folders; NULL-terminated */
	const char *db;		     /* --db, or NULL: the data folder is a temporary one */
	const char *data;	     /* --postgres-data, or NULL */
	const char *user;	     /* --postgres-user, or NULL */
	const char *listen;	     /* --listen */
	const char *port, *hosts;    /* --postgres-port, --postgres-hosts */
	const char *tls_ca;	     /* --postgres-tls-ca, or NULL */
	struct app *app;
	struct lab *lab;
	struct event_base *base;
	int priority; /* of events that move data */
	/* Something that a waiting request may wait for has happened. */
	void (*poke)(void *arg);
	void *poke_arg;
};

/*
 * Finds PostgreSQL, opens the data folder, ends servers that an earlier run has left there.
 * ERR_INVALID with a message for the user when one of them cannot be.
 */
MUST_CHECK int pg_open(struct pg **ret, const struct pg_options *o, struct err *e);

/* Ends all servers, also while it is shut down; removes a temporary data folder. */
void pg_close(struct pg *pg);

/* What the ready line tells: {"versions":["17.6"],...}. New reference, NULL when out of memory. */
json_t *pg_ready(const struct pg *pg);

/* The data folder. */
const char *pg_data(const struct pg *pg);

/* The port, for the front to add its own functions to. */
struct data_plane *pg_plane(struct pg *pg);
