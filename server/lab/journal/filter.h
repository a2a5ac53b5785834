/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows of the journal are asked for. */
#pragma once

#include "lab/space.h"

struct filter {
	const char *rpc, *method, *path, *caller, *fault; /* globs but for method; NULL: any */
	int status_from, status_to;			  /* 0, 0: any */
	int64_t call;					  /* 0: any */
	int64_t since; /* rows after this number; -1: not given */
	/* rows from..until-1 only, even of calls that go on outside; 0: no bound */
	uint64_t from, until;
	int64_t limit; /* -1: all */
	bool partial;
};

/* Whether a row passes by what it says; its number is not looked at. */
bool filter_matches(const struct filter *f, const struct row *r);

/* The first row to look at. */
uint64_t filter_first(const struct filter *f, const struct journal *j);

/* 409 JOURNAL_INCOMPLETE when rows that were asked for have been dropped, unless `partial`. */
MUST_CHECK int filter_complete(const struct filter *f, const struct journal *j, struct err *e);

/* Appends the row as a JSON object. (json.c) */
void row_json(const struct row *r, uint64_t seq, struct buf *out);

/* The whole journal as HAR 1.2. `first` to `last` are rows; only those that match. */
void journal_har(const struct journal *j, const struct filter *f, uint64_t first,
	const char *version, struct buf *out);
