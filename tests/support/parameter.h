/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cases need and cannot make: a table to sync ({{source_table}}), a group, other callers. A mock has
 * whatever is named; for another target somebody has to say what there is.
 */
#pragma once

#include "support/play/play.h"

/* Sets the variables of what the target has; users have addresses of their own there. */
MUST_CHECK int parameters_set(struct play *p);

/* True for the names of such variables, users apart. */
bool parameter_known(const char *word);

/* What a mock has for it; "" when there is no such parameter. */
const char *parameter_on_mock(const char *word);

/* True when the case, or a setup of it, needs what the target lacks; `option` names what would tell it. */
bool parameter_lacking(const struct target *t, const struct suite *suite, const struct scenario *s,
	char *option, size_t size);
