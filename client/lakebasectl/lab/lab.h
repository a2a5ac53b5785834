/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to the mock, as the table of commands describes them. */
#pragma once

#include "lakebasectl/input/ctl.h"

/* Sends the command's request, with `body` (taken over) or without. `more`: a further parameter. */
int lab_ask(struct ctl *c, json_t *body, const char *more, struct lakebase_doc **doc);
/* The answer: as the list that the command names, or as it is where it has no such list. */
int lab_show(struct ctl *c, const struct lakebase_doc *doc);
/* `route` with the filters of the command line and `more` behind them, as JSON. */
int lab_fetch(struct ctl *c, const char *route, const char *more, json_t **out);
int run_mock(struct ctl *c);
