/* SPDX-License-Identifier: Apache-2.0 */
/* What a client holds between calls. */
#pragma once

#include "lakebase_ports.h"
#include "liblakebase/base.h"
#include "liblakebase/call/token.h"
#include "liblakebase/config/config.h"

struct lb_curl;

struct lakebase {
	struct lb_config config;
	struct lb_auth auth;
	struct lakebase_retry retry;
	int64_t request_timeout, wait_timeout;
	char *user_agent;
	int (*on_decision)(void *, const struct lakebase_decision *);
	void (*on_exchange)(void *, const struct lakebase_exchange *);
	void *context;
	struct lakebase_ports ports;
	struct lb_curl *curl;
};

/* The time by the port: milliseconds since 1970. */
static inline int64_t lb_now(const struct lakebase *lb)
{
	return lb->ports.now(lb->ports.context);
}
