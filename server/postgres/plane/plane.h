/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The port by which the control plane tells the databases what it does, and asks: struct data_plane.
 *
 *   plane.c        the port, and what is short
 *   changes.c      what has changed
 *   prepare.c      what is asked before a request is served
 *   trial.c        whether PostgreSQL takes settings
 *   tables.c       which tables there are
 *   carry.c        the data of branches and snapshots
 *   workspaces.c   the data of whole workspaces
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/err.h"

struct ctx;
struct draft;
struct pg;
struct workspace;

/* No server of an earlier run is there any more: every endpoint of the database sleeps. */
MUST_CHECK int plane_restart(struct pg *pg, struct err *e);

/* Enters itself as the world's data plane. */
void plane_open(struct pg *pg);

/* Before the first transaction, and after the last. -1 when out of memory. */
MUST_CHECK int changes_open(struct pg *pg, struct err *e);
void changes_close(struct pg *pg);

void trials_free(struct pg *pg);

/* ---- for the files of this room; core/resource/data_plane.h says what a `void *pg` is asked ---- */

/* `changed` and `ended` */
void changes_note(void *pg, struct workspace *ws, const char *name);
void changes_ended(void *pg, struct workspace *ws, bool committed);

/* `prepare` */
uint64_t prepare_request(void *pg, struct workspace *ws, const char *rpc, const char *path,
	const char *body, size_t body_len);

/* Asks PostgreSQL whether it takes them: the job, 0 when that is known, or cannot be asked. */
uint64_t trial_start(struct pg *pg, int major, const json_t *settings);

/* `check_settings`: refuses what may not be set, and what a trial has found bad. */
MUST_CHECK int trial_check(void *pg, int major, const json_t *settings, struct err *e);

/* Looks what tables the database above that path has, if its server is awake: the job, or 0. */
uint64_t tables_look(struct pg *pg, struct workspace *ws, const char *path);

/* `tables` */
json_t *tables_list(void *pg, struct workspace *ws, const char *branch, const char *database,
	const char *schema);

/* `copies`, `copy`, `copying` */
bool carry_copies(void *pg, struct ctx *c, struct draft *d);
uint64_t carry_copy(void *pg, struct ctx *c, struct draft *d, const char *operation, struct err *e);
bool carry_copying(void *pg, struct workspace *ws, const char *operation);

/* The transaction is over: what was staged begins, or is forgotten. */
void carry_ended(struct pg *pg, struct workspace *ws, bool committed);

/* Snapshots below that name: the data of those that are gone goes, too. */
void carry_check_snapshots(struct pg *pg, struct workspace *ws, const char *name);

/* `carry`, `place`, `forget`, `dropped` */
uint64_t workspaces_carry(void *pg, const char *ws, const char *snapshot);
void workspaces_place(void *pg, uint64_t job, const char *ws, const char *snapshot);
void workspaces_forget(void *pg, const char *ws, const char *snapshot);
void workspaces_dropped(void *pg, const char *ws);
