/* SPDX-License-Identifier: Apache-2.0 */
/* A target that is reached over HTTP. */
#pragma once

#include <curl/curl.h>
#include <stdatomic.h>

#include "conformance/options.h"
#include "support/play/play.h"

/* What all workers share. */
struct shared {
	const struct options *options;
	double started; /* monotonic seconds */
	atomic_long calls;
	atomic_bool stop;	 /* Ctrl-C */
	int wake;		 /* becomes readable with `stop`, and stays so */
	const char *stem;	 /* that all names of this run begin with: "lbc-1a2b3c4d-" */
	struct journal *journal; /* of what was created; NULL: none is kept */
};

struct http_target {
	struct target target;
	struct shared *shared;
	CURL *curl;
	char url[512];
	double waiting_since;
	double deadline;	    /* of the case: no wait goes beyond; 0: there is none */
	bool cleaning;		    /* goes on in spite of budget, deadline and Ctrl-C */
	bool probing;		    /* whoever is not there need not be waited for */
	bool doubt;		    /* a change was sent again that may have been applied before */
	char weather[128];	    /* the last thing that was no answer */
	const char *over;	    /* why nothing more is sent; NULL: goes on */
	struct created *made;	    /* where names are kept; may be NULL */
	const struct created *lent; /* what is there for several cases, and stays; may be NULL */
	char own_token[96];	    /* of the case, with --token-each */
	void *worker;		    /* of the runner */
};

/* `url` is copied. On a mock the admin is known; elsewhere http_whoami() asks. */
MUST_CHECK int http_target_init(
	struct http_target *h, struct shared *shared, const char *url, bool mock, struct err *e);
void http_target_done(struct http_target *h);

/* 1 when a mock answers there, 0 when something else does, -1 when nothing does. */
int http_probe(struct http_target *h, struct err *e);

/* Fills `name` with the user name of the caller `as` (NULL: the admin), from scim Me. */
MUST_CHECK int http_whoami(
	struct http_target *h, const char *as, char *name, size_t size, struct err *e);
