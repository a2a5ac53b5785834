/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the transport in these tests: a lab whose answers are asked for in the URL
 * and which remembers what it was asked and told. Linked in place of the real one.
 *
 *   /ok                   {"ok":true}
 *   /echo                 what arrived: method, path, query, length of the body, ...
 *   /wait?until=US&pokes=N  a long poll; ends after N times /poke (200) or in time (408)
 *   /poke                 {"ok":true}; wakes
 *   /block                holds up the whole server until fake_unblock()
 *   any other             as the query says:
 *     status=N size=N     size bytes of "0123456789" over and over
 *     kind=send|reset|close|hang  delay=US hang=US
 *     truncate=N reset=1  dribble=N every=US  wrong=1
 */
#pragma once

#include "admin/front.h"

struct fake_report {
	uint64_t seq;
	enum delivered how;
	int status;
	size_t bytes;
};

/* The lab of this process, as new. */
struct lab *fake_lab(void);

/* How many requests it has served, and how many of them of `path`. */
int fake_served(void);
int fake_served_path(const char *path);
/* Waits until it has served so many. */
void fake_await_served(int n);

/* Waits until /block holds the server up; lets it go on. */
void fake_await_block(void);
void fake_unblock(void);

/* How often long polls were asked, the first time included. */
int fake_asked_again(void);

int fake_idle_calls(void);

/* Waits until report number `n` (from 0) is there; fails the test otherwise. */
struct fake_report fake_report(int n);
int fake_num_reports(void);
