/* SPDX-License-Identifier: Apache-2.0 */
/* Who to talk to, and as whom: from options, environment and profile. */
#pragma once

#include "liblakebase/base.h"

struct lb_config {
	char *host, *token, *client_id, *client_secret, *profile, *config_file, *ca_bundle, *auth_type;
	char *seen; /* what was read of a file, or why nothing was; NULL: none was looked for */
};

/* Where variables come from: getenv() outside tests. */
typedef const char *(*lb_getenv_fn)(const char *name);

/*
 * Fills *c from `o`, from the environment as `env` tells it, and from a profile. LAKEBASE_ECONFIG says
 * what is missing or cannot be read, LAKEBASE_EINVALID which option is wrong. Free: lb_config_done(),
 * also after a failure.
 */
MUST_CHECK int lb_config_resolve(struct lb_config *c, const struct lakebase_options *o,
	lb_getenv_fn env, struct lakebase_error *e);
void lb_config_done(struct lb_config *c);
