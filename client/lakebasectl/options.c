/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/options.h"

#define X(id, name, letter, value, choices, query, help) \
	[OPT_##id] = { name, letter, value, choices, query, help },
const struct option_info option_table[OPT__N] = { OPTIONS(X) };
#undef X

const option_set global_options = OPTION_SET(OPT_HELP, OPT_VERSION, OPT_HOST, OPT_PROFILE, OPT_OUTPUT,
	OPT_JSON, OPT_VERBOSE, OPT_QUIET, OPT_RETRY_ATTEMPTS, OPT_RETRY_MAX_DELAY, OPT_RETRY_DEADLINE,
	OPT_REQUEST_TIMEOUT);

bool option_in(option_set set, int id)
{
	for (; set && *set != OPT__N; set++)
		if (*set == id)
			return true;
	return false;
}
