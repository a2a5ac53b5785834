/* SPDX-License-Identifier: Apache-2.0 */
#include "core/wording/evidence.h"

#define X(id, name, doc) name,
static const char *const names[] = { EVIDENCE_TABLE(X) };
#undef X

const char *evidence_name(enum evidence e)
{
	return names[e];
}
