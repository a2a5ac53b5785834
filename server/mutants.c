/* SPDX-License-Identifier: Apache-2.0 */
#include "mutants.h"

#include <stdio.h>

#include "base/text.h"

#ifdef WITH_MUTANTS
#define X(name, breaks) { name, breaks },
static const struct {
	const char *name, *breaks;
} mutants[] = {
#include "mutants.inc"
};
#undef X

bool mutants_built(void)
{
	return true;
}

bool mutant_known(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(mutants); i++)
		if (streq(mutants[i].name, name))
			return true;
	return false;
}

int mutants_list(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mutants); i++)
		printf("%s\t%s\n", mutants[i].name, mutants[i].breaks);
	return 0;
}
#else
bool mutants_built(void)
{
	return false;
}

bool mutant_known(const char *name)
{
	(void)name;
	return false;
}

int mutants_list(void)
{
	fputs("lakebase-mock: mutants need a build with -Dmutants=true\n", stderr);
	return 2;
}
#endif
