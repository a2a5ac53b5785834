/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request needs fails it: at its first use, at its second, ... until it is not used that
 * often. Each time either nobody needed it, and all is as usual; or the answer tells of it, and
 * nothing has changed. At last the request is made undisturbed, and does what it always does.
 */
#pragma once

#include "lab/cases.h"

struct asked {
	/* as rig_ask() takes them; '*' stands for the operation begun last, '~' for the uid shown last */
	const char *what, *body;
	const char *as;		      /* NULL: the admin; otherwise another's token */
	const char *undo, *undo_body; /* brings back what PUT /_mock/state does not */
	int pass;		      /* so many seconds go by before it */
	const char *old; /* part of an answer that shows what was before: not to see what fell due is fine */
	int status;	 /* 0: 200 or 201 */
};

struct disturbance {
	const char *what;     /* fails: "allocation" */
	void (*arm)(long n);  /* from now on, its n-th use fails; 0: none does */
	long (*used)(void);   /* how often it was used since */
	bool (*told)(int status, const char *text); /* is this the answer that tells of it? */
	int look_every;  /* so many failures: to compare the states costs more than the request */
	bool deed_stays; /* under /_mock an answer may fail after the deed */
	int own; /* uses that the rig itself makes for a request with a body */
};

/* A long day: requests in an order in which each finds what it needs. The last one is NULL. */
extern const struct asked day[];

/*
 * What the long day leaves out: ids that the server makes up, refusals that write, whatever looks
 * around before it decides. Few endpoints may be active at once, which is set first.
 */
extern const struct asked corners[];
void set_for_corners(void);

/* What others may do, and what they ask before and beside it. */
extern const struct asked guests[];

/* Of all workspaces: what the file holds and what the server believes of it, which must agree. Free
 * it. */
char *whole(void);

/* Disturbs each of the requests, and makes it; returns how many answers told of a failure. */
int disturb(const struct disturbance *d, const struct asked *requests);
