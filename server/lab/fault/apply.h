/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of action does to the answer (apply.c). */
#pragma once

#include "lab/serving.h"

void apply_error(struct serving *s, const struct fault *f);
void apply_conflict(struct serving *s, const struct fault *f);
void apply_throttle(struct serving *s, const struct fault *f);
void apply_unavailable(struct serving *s, const struct fault *f);
void apply_expire_token(struct serving *s, const struct fault *f);
void apply_reset(struct serving *s, const struct fault *f);
void apply_close(struct serving *s, const struct fault *f);
void apply_hang(struct serving *s, const struct fault *f);
void apply_truncate(struct serving *s, const struct fault *f);
void apply_dribble(struct serving *s, const struct fault *f);
void apply_garbage(struct serving *s, const struct fault *f);
void apply_nothing(struct serving *s, const struct fault *f);
