/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lab without a socket: requests go to front_serve(), and what the wire would have done is read
 * from the response. Wall time is a variable.
 */
#pragma once

#include <check.h>
#include <jansson.h>

#include "admin/front.h"
#include "api/app.h"

struct rig {
	struct app *app;
	struct lab *lab;
	struct response resp; /* of the latest request */
	json_t *doc;	      /* its body as JSON; NULL when it is none */
	enum lab_verdict verdict;
	uint64_t connection; /* every request has its own, unless a test says otherwise */
	const char *user_agent, *mock_call, *admin_token;
	bool expired;
	bool keep_pending; /* nothing is told of the answer: the test calls lab_delivered() */
	usec now; /* monotonic; 0: as it is */
};

#define RIG_START INT64_C(1767225600000000) /* 2026-01-01T00:00:00Z */

/* Monotonic instant at which the answer of the latest request has left, or what a test says. */
extern usec rig_told;

/* Wall time of all rigs. */
extern usec rig_wall;

/* An empty server: seed 42, manual clock at RIG_START, no log. */
struct rig *rig_open(void);
struct rig *rig_open_with(uint64_t seed, size_t journal_rows, const char *db, const char *clock);
void rig_close(struct rig *r);

/*
 * Sends "METHOD /path?query" with a body (NULL: none; single quotes stand for double ones) as the
 * bearer of `token` (NULL: none), and tells the journal what the wire carried. Returns the status
 * that the client sees, 0 when there is no whole answer.
 */
int rig_ask_as(struct rig *r, const char *token, const char *what, const char *body);

/* As the admin of workspace `default`; for /_mock without a token. */
int rig_ask(struct rig *r, const char *what, const char *body);

/* Fails the test when the status is another. */
void rig_want(struct rig *r, const char *what, const char *body, int status);

/* 400, naming `key`. */
void rig_refuses(struct rig *r, const char *what, const char *body, const char *key);

/* The exact bytes of GET /_mock/state. Free it. */
char *rig_state(struct rig *r);

/* What GET /_mock/state gives goes in by PUT, and comes out as it was; `about` names the moment. */
void rig_round_trip(struct rig *r, const char *about);

/* A value of the latest answer, by dotted path; numbers count list items. Fails when absent. */
json_t *rig_at(struct rig *r, const char *path);
const char *rig_str(struct rig *r, const char *path);
json_int_t rig_int(struct rig *r, const char *path);

/* Value of a response header, or NULL. */
const char *rig_header(struct rig *r, const char *name);

/* Removes a database, and what SQLite has put beside it. */
void rig_remove(const char *db);
