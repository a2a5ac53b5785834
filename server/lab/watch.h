/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changed in a workspace, for a page that watches it: names of objects that were written, and
 * rows of the journal that were corrected. Kept only while somebody asks, and bounded; who has not
 * asked for too long learns that it must read everything again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/when.h"

enum { WATCH_EVENTS = 4096, MAX_WATCHES = 16 };

struct lab;
struct space;

struct watch_event {
	char *name;   /* of an object; NULL: everything, or a row */
	uint64_t row; /* of the journal; 0: about an object */
	bool below;   /* all below the name is gone */
};

struct watch {
	struct space *space;
	uint64_t id;	 /* no other watch has had it, of this server or of one before it */
	int64_t state;	 /* the one whose writes are noted */
	uint64_t next;	 /* number of the next event */
	uint64_t handed; /* rows before this one have been handed out: corrections matter */
	usec asked;	 /* monotonic */
	struct watch_event events[WATCH_EVENTS];
};

/* The watch of that space, begun when there is none; the one that waits longest gives way to it.
 * NULL: out of memory. */
struct watch *watch_of(struct lab *lab, struct space *s, int64_t state);

/* The event of that number; NULL when it is forgotten or has not happened yet. */
const struct watch_event *watch_event(const struct watch *w, uint64_t number);

/* A row has changed after it was written. */
void watch_row(struct space *s, uint64_t row);

/* Listens to the store on behalf of all watches (store_listener). */
void watch_wrote(void *lab, int64_t state, const char *name, bool below);

/* Ends the watch of a space, if there is one; and all that nobody has asked for a while. */
void watch_end(struct lab *lab, struct space *s);
void watch_tidy(struct lab *lab);
