/* SPDX-License-Identifier: Apache-2.0 */
/* A call as data: what was asked, how it stands, how it ended. machine.h turns it. */
#pragma once

#include <jansson.h>

#include "lakebase_ports.h"
#include "liblakebase/base.h"
#include "liblakebase/client.h"
#include "liblakebase/retry/answer.h"

enum lb_phase {
	LB_PHASE_CALL,	    /* the request itself */
	LB_PHASE_RECONCILE, /* has the lost one been applied? */
	LB_PHASE_POLL,	    /* the operation */
	LB_PHASE_SETTLE,    /* the resource, until it is ready */
	LB_PHASE_DISCOVER,  /* where tokens come from */
	LB_PHASE_TOKEN,
	LB__PHASES
};

struct lakebase_call {
	struct lakebase *lb;
	/* what is asked for */
	enum lakebase_verb verb;
	char *method, *path, *body; /* path with its query */
	char *name;		    /* of the resource, when there is one */
	json_t *asked;		    /* of a creation or update */
	unsigned flags;
	bool unnamed;	/* a creation that leaves the id to the service */
	bool safe;	/* may be sent again though it may have been applied */
	bool operation; /* the answer is an operation */
	int64_t wait_timeout;
	int (*on_progress)(void *, const struct lakebase_progress *);
	void *progress_context;
	/* how it stands */
	enum lb_phase phase, sending;
	int attempts;	     /* requests sent by now */
	int tries;	     /* of those, in the phase that counts (CALL, RECONCILE, auth) */
	int failures;	     /* in a row */
	int connect_failures;
	int polls, missing;  /* polls by now; answers in a row that did not know the operation */
	bool seen;	     /* the operation has been read once */
	bool maybe_applied;  /* an earlier try may have had its effect */
	bool resultless;     /* the operation vanished, or ended without saying how */
	bool retried, refreshed, cancelled, over;
	int64_t began, due, wait_began, wait_until;
	enum lb_verdict cause; /* why it is being reconciled */
	char *operation_name;
	struct lakebase_http_request request;
	char *url, *authorization, *form; /* what `request` points to */
	int64_t sent_at;
	/* how it ended */
	int code;
	struct lakebase_error error;
	json_t *result;
	/* for driver/multi.c */
	void *driver; /* its struct member */
};

/* Whether the call makes sense. LAKEBASE_EINVALID says why not. */
MUST_CHECK int lb_call_check(const struct lakebase_call_spec *spec, struct lakebase_error *e);
MUST_CHECK int lb_call_new(struct lakebase_call **out, struct lakebase *lb,
	const struct lakebase_call_spec *spec, struct lakebase_error *e);
void lb_call_free(struct lakebase_call *c);
