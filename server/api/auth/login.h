/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logins in a browser, between the redirect and the request for the token. A code is random, good
 * once and for ten minutes of the workspace's clock; it is kept in memory only, so none outlives
 * the server. What it buys is signed and needs no memory: auth_issue().
 */
#pragma once

#include "api/auth/auth.h"

struct logins;

/* NULL: out of memory. */
struct logins *logins_new(void);
void logins_free(struct logins *l);

struct login {
	struct identity who;
	const char *client, *redirect, *scope, *challenge;
};

/* The code of a login, good while that is kept; what it is made of is copied. NULL with *e. */
const char *login_remember(struct app *a, const struct login *login, struct err *e);

/* Uses the code up: 1; 0 when there is none, or it has expired; -1 with *e, and it is still there. Strings
 * are in the arena. */
MUST_CHECK int login_take(struct app *a, const char *code, struct arena *arena, struct login *ret,
	struct err *e);

/* A page that asks who logs in, and asks again with that as login_hint. */
struct call;
MUST_CHECK int login_page(struct call *call, struct err *e);
