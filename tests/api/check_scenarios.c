/* SPDX-License-Identifier: Apache-2.0 */
/* Reads every scenario: the first mistake is told as file:line. */
#include <stdio.h>
#include <stdlib.h>

#include "support/scenario/scenario.h"

int main(int argc, char **argv)
{
	struct suite suite;
	struct err e;
	size_t steps = 0;

	if (argc != 2 || suite_read(&suite, argv[1], &e)) {
		fprintf(stderr, "%s\n", argc == 2 ? e.message : "usage: check_scenarios DIR");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < suite.num_cases; i++)
		steps += suite.cases[i].num_steps;
	printf("%zu cases, %zu steps, %zu setups\n", suite.num_cases, steps, suite.num_setups);
	suite_done(&suite);
	return EXIT_SUCCESS;
}
