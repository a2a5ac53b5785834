/* SPDX-License-Identifier: Apache-2.0 */
/* A list over all of its pages. */
#pragma once

#include "support/play/play.h"

/*
 * Sends `out`, a list, and whatever pages follow; p->last becomes one page that holds the items which the
 * case has made (by its prefix, or its project), in the order of the list. An error ends the walk and is
 * the reply. -1 with *e: no answer.
 */
MUST_CHECK int play_walk(struct play *p, struct outgoing *out, const char *as, struct err *e);
