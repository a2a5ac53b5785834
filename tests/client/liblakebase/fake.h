/* SPDX-License-Identifier: Apache-2.0 */
/* A service made of a script: what each request gets, with a clock that only pauses move. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lakebase_ports.h"

/* One request that is expected, and what it gets. A script ends with a NULL `want`. */
struct step {
	const char *want; /* "POST /api/...", as far as it goes; "" anything */
	int status;	  /* 0: no answer */
	const char *body; /* NULL: empty; with status 0: how it failed */
	const char *retry_after;
	enum lakebase_delivery delivery; /* with status 0 */
	const char *date;		 /* the header */
};

enum { FAKE_REQUESTS = 2048, FAKE_PAUSES = 2048 };

struct fake {
	struct lakebase_ports ports;
	const struct step *script;
	bool repeat_last; /* the last step answers all further requests */
	size_t at;
	int64_t now;
	double chance;
	int64_t pauses[FAKE_PAUSES];
	size_t num_pauses;
	char *requests[FAKE_REQUESTS]; /* "METHOD PATH" */
	char authorization[FAKE_REQUESTS][96];
	int64_t sent_at[FAKE_REQUESTS];
	size_t num_requests;
	int decisions[8]; /* by kind */
	char log[65536];  /* of what the callbacks were told */
	char problem[512]; /* "" while all is as scripted */
};

/* Begins a script; chance is 0.5 throughout. */
void fake_start(struct fake *f, const struct step *script);
void fake_stop(struct fake *f);

/* A client of the fake with the token "s3cret-token"; *o (may be NULL) is completed. */
struct lakebase *fake_client(struct fake *f, struct lakebase_options *o);

#define OPERATION(name) "{\"name\":\"" name "\",\"done\":false}"
#define DONE(name, response) "{\"name\":\"" name "\",\"done\":true,\"response\":" response "}"
#define FAULT(code, message) "{\"error_code\":\"" code "\",\"message\":\"" message "\"}"
#define LOST(how) { .status = 0, .body = how, .delivery = LAKEBASE_LOST }
