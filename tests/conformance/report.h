/* SPDX-License-Identifier: Apache-2.0 */
/* What came out, in four formats. */
#pragma once

#include <stdio.h>

#include "conformance/case/case.h"
#include "conformance/target/created.h"

struct run_facts {
	const char *target, *prefix;
	bool mock, interrupted;
	unsigned long seed;
	double seconds;
	long calls;
	const struct created *left; /* made, and still there */
	bool unproven;		    /* nobody could tell what is left */
};

/* A line of the text format for one case, as soon as it is over; only what is not as expected
 * unless `verbose`. */
void report_case(FILE *f, const struct test_case *c, bool verbose);

/* The whole result. Text: the last line only. */
void report(FILE *f, enum format format, const struct plan_cases *p, const struct run_facts *facts);

/* DIR/results.json, junit.xml, results.tap, results.txt. */
MUST_CHECK int report_files(
	const char *dir, const struct plan_cases *p, const struct run_facts *facts, struct err *e);

/* True for pass, skip and xfail. */
bool verdict_expected(enum verdict v);
