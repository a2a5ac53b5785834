/* SPDX-License-Identifier: Apache-2.0 */
/* Is the resource that is there the one that was asked for? */
#pragma once

#include <jansson.h>

#include "liblakebase/base.h"

/*
 * Whether `found`, read from the service, is what `asked` would have made. When not, `why` names the
 * first difference: "spec.pg_version is 16, not 17".
 */
bool lb_compare(const json_t *asked, const json_t *found, char *why, size_t size);
/* Seconds of "604800s" and the like. */
bool lb_duration(const char *text, double *seconds);
/* Seconds since 1970 of an RFC 3339 time. */
bool lb_instant(const char *text, double *seconds);
