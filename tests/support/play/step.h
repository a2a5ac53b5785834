/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the player. */
#pragma once

#include "support/play/play.h"

/* Sends `out` as the caller `as` and leaves the reply in p->last. */
MUST_CHECK int play_exchange(struct play *p, struct outgoing *out, const char *as, struct err *e);

enum verdict play_step(struct play *p, const struct scenario *s, const struct step *t);
