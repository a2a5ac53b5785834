/* SPDX-License-Identifier: Apache-2.0 */
/* The ports of lakebase_ports.h as the system provides them. */
#pragma once

#include "lakebase_ports.h"
#include "liblakebase/base.h"

/* Fills what `given` (may be NULL) leaves open, except perform. */
void lb_ports_fill(struct lakebase_ports *ports, const struct lakebase_ports *given);
