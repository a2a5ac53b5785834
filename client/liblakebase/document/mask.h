/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of update masks. */
#pragma once

#include "liblakebase/text.h"

/* Adds the path that stands for `leaf` in a mask, once. */
void lb_mask_add(struct lb_buf *mask, const char *leaf);
