/* SPDX-License-Identifier: Apache-2.0 */
/* Clients: made of options, environment and profile. */
#include "liblakebase/call/token.h"
#include "liblakebase/client.h"
#include "liblakebase/config/config.h"
#include "liblakebase/error.h"
#include "liblakebase/retry/retry.h"
#include "liblakebase/text.h"
#include "liblakebase/transport/curl.h"
#include "liblakebase/transport/ports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *system_getenv(const char *name)
{
#ifdef __linux__
	return secure_getenv(name);
#else
	return issetugid() ? NULL : getenv(name);
#endif
}

static int take_numbers(struct lakebase *lb, const struct lakebase_options *o, struct lakebase_error *e)
{
	if (o->request_timeout_ms < 0 || o->wait_timeout_ms < 0)
		return lb_error_set(e, LAKEBASE_EINVALID, "options: a timeout is negative");
	lb->request_timeout = o->request_timeout_ms ? o->request_timeout_ms : 60000;
	lb->wait_timeout = o->wait_timeout_ms ? o->wait_timeout_ms : 600000;
	lb->retry = o->retry;
	return lb_retry_fill(&lb->retry, e);
}

static int take_strings(struct lakebase *lb, const struct lakebase_options *o, struct lakebase_error *e)
{
	struct lb_buf b = { 0 };

	for (const char *p = o->user_agent; p && *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return lb_error_set(e, LAKEBASE_EINVALID,
				"options.user_agent holds a control character");
	lb_buf_printf(&b, "%s%sliblakebase/%s", o->user_agent ? o->user_agent : "",
		o->user_agent ? " " : "", LAKEBASE_VERSION);
	lb->user_agent = lb_buf_take(&b);
	if (!lb->user_agent)
		return lb_error_oom(e);
	if (lb_config_resolve(&lb->config, o, system_getenv, e))
		return e->code;
	if (!lb->config.token)
		return 0;
	lb_buf_printf(&b, "Bearer %s", lb->config.token);
	lb->auth.header = lb_buf_take(&b);
	return lb->auth.header ? 0 : lb_error_oom(e);
}

int lakebase_new(struct lakebase **out, const struct lakebase_options *options)
{
	static const struct lakebase_options defaults = LAKEBASE_OPTIONS_INIT;
	const struct lakebase_options *o = options ? options : &defaults;
	struct lakebase *lb;
	struct lakebase_error e;

	*out = NULL;
	if (o->version != LAKEBASE_OPTIONS_VERSION)
		return lb_fail(LAKEBASE_EINVALID, "begin with LAKEBASE_OPTIONS_INIT");
	lb = calloc(1, sizeof(*lb));
	if (!lb)
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	lb_ports_fill(&lb->ports, o->ports);
	lb->on_decision = o->on_decision;
	lb->on_exchange = o->on_exchange;
	lb->context = o->context;
	if (take_numbers(lb, o, &e) || take_strings(lb, o, &e)
		|| (!lb->ports.perform && lb_curl_new(&lb->curl, lb, &e))) {
		lakebase_free(lb);
		return lb_error_publish(&e);
	}
	*out = lb;
	return 0;
}

void lakebase_free(struct lakebase *lb)
{
	if (!lb)
		return;
	lb_curl_free(lb->curl);
	lb_auth_done(&lb->auth);
	lb_config_done(&lb->config);
	free(lb->user_agent);
	free(lb);
}

const char *lakebase_host(const struct lakebase *lb)
{
	return lb->config.host;
}
