/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of action as a table: where each can act, what it takes, what it does. */
#pragma once

#include "core/field/field.h"
#include "lab/serving.h"

enum action_flag {
	ACT_REPLACES = 1 << 0, /* in phase `before` it answers in the place of the handler */
	ACT_ANSWERS = 1 << 1,  /* something is sent, so headers make sense */
	ACT_READS = 1 << 2,    /* only requests that read */
	ACT_STARTS = 1 << 3,   /* only requests that start an operation */
	ACT_CUTS = 1 << 4,     /* established connections to databases: `after`, no phase */
	ACT_GARBLES = 1 << 5,  /* the body cannot be read */
};

struct action_kind {
	const char *name;
	unsigned phases; /* bits 1 << enum phase */
	unsigned flags;	 /* enum action_flag */
	const struct message *fields;
	const char *where; /* in words: which phases, and why */
	int (*read)(struct action *a, const json_t *doc, struct err *e); /* NULL: nothing to read */
	void (*apply)(struct serving *s, const struct fault *f);
};

/* Ends with a row without a name. */
extern const struct action_kind action_kinds[]; /* actions.c */

/* Of a rule as it is written. (parse.c) */
extern const struct message fault_rule_message;

/* Of the action delay; also of a delay beside another action. */
extern const struct message fault_delay_message;

/* Those of connections to databases, by enum connect_rpc. (connect_actions.c) */
extern const struct action_kind *const connect_action_kinds[];

/* The one of that name, or NULL. */
const struct action_kind *action_kind(const struct action_kind *kinds, const char *name);

/* Readers of what an action says (read.c). Each borrows strings from `doc`. */
int read_error(struct action *a, const json_t *doc, struct err *e);
int read_sql_error(struct action *a, const json_t *doc, struct err *e);
/* `after` of an established connection. */
int read_after(struct action *a, const json_t *doc, struct err *e);
int read_retry_after(struct action *a, const json_t *doc, struct err *e);
int read_hang(struct action *a, const json_t *doc, struct err *e);
int read_bytes(struct action *a, const json_t *doc, struct err *e);
int read_dribble(struct action *a, const json_t *doc, struct err *e);
int read_delay(struct action *a, const json_t *doc, struct err *e);
int read_garbage(struct action *a, const json_t *doc, struct err *e);
int read_plan(struct action *a, const json_t *doc, struct err *e);
/* A `delay` beside another action: a duration, or an object as of the action delay. */
int read_extra_delay(struct action *a, const json_t *doc, struct err *e);
/* `headers`: names and values that can be sent. */
int read_headers(struct action *a, const json_t *doc, struct err *e);
