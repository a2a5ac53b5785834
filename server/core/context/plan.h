/* SPDX-License-Identifier: Apache-2.0 */
/* How an operation goes on: the pacing that a test chooses. */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/when.h"

enum plan_kind {
	PLAN_SYNC,           /* done in the answer that starts it */
	PLAN_FIRST_POLL,     /* pending there, done for whoever looks next */
	PLAN_AFTER,          /* done `span` later */
	PLAN_AFTER_POLLS,    /* `n` polls see it pending, the next one sees it done */
	PLAN_FAIL,           /* fails `span` later with `code` and `message` */
	PLAN_STUCK,          /* never done */
	PLAN_VANISH,         /* never done; 404 from `span` later on */
	PLAN_LATE_VISIBLE,   /* 404 for `n` polls, then as first-poll */
	PLAN_DONE_NOT_READY, /* done at the first poll; the resource becomes ready `span` later */
	PLAN_NO_RESPONSE,    /* done at the first poll with neither response nor error */
};

struct plan {
	enum plan_kind kind;
	usec span;
	int n;
	char code[64]; /* error_code, "INTERNAL_ERROR" */
	char message[256];
};

/*
 * sync, first-poll, after:DURATION, after-polls:N, fail:CODE:MESSAGE[:DURATION], stuck,
 * vanish:DURATION, late-visible:N, done-not-ready:DURATION, no-response. In `fail`, the last part
 * is a duration only if it reads as one.
 */
MUST_CHECK int plan_parse(const char *text, struct plan *ret, struct err *e);

enum { PLAN_TEXT_SIZE = 400 };

/* The text that plan_parse() reads. */
char *plan_format(const struct plan *p, char out[static PLAN_TEXT_SIZE]);
