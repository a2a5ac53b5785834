/* SPDX-License-Identifier: Apache-2.0 */
/* Between the command line and the library: options, names, progress, errors. */
#pragma once

#include "lakebasectl/input/ctl.h"

/* Makes c->lb. 0 or an exit code after a message. */
int connect_client(struct ctl *c);
/* Reports the last error of the library with advice; the exit code for it. */
int failed(struct ctl *c);
void call_options(struct ctl *c, struct lakebase_call_options *o);
/* A name as the user gave it, written out. NULL after a message. lakebase_string_free() it. */
char *full_name(struct ctl *c, const struct lakebase_kind *kind, const char *name);
/* Appends all resources of the collection. 0 or an exit code after a message. */
int list_all(struct ctl *c, const char *collection, json_t *items);
/* Whether the host may be a mock, and may be asked things that only a mock knows. */
bool may_be_mock(const struct ctl *c);
