/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs: what a request that was answered with "wait" asks for again by its number. */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "core/resource/data_plane.h"

struct job;
struct pg;

/* Runs until job_end(). Borrowed: it is forgotten some time after its end. NULL: out of memory. */
struct job *job_new(struct pg *pg);

/* Its number, which is never 0. */
uint64_t job_id(const struct job *j);

/* Once. `why` NULL: it went well; copied. Who waits is told. */
void job_end(struct job *j, const char *why);

/* struct data_plane's `job`: how it is; *e is filled for JOB_FAILED, also for a number that is
 * forgotten or none. */
enum job_state job_look(void *pg, uint64_t id, struct err *e);

void jobs_free(struct pg *pg);
