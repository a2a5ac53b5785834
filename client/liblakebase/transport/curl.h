/* SPDX-License-Identifier: Apache-2.0 */
/* One exchange over libcurl: one easy handle and what it needs. */
#pragma once

#include "lakebase_ports.h"
#include "liblakebase/base.h"

struct lb_curl;

/* LAKEBASE_ENOMEM, or LAKEBASE_ECONFIG when libcurl cannot start. */
MUST_CHECK int lb_curl_new(struct lb_curl **out, const struct lakebase *lb, struct lakebase_error *e);
void lb_curl_free(struct lb_curl *c);
/* One blocking exchange. 0, or -1 when out of memory. */
MUST_CHECK int lb_curl_perform(struct lb_curl *c, const struct lakebase_http_request *request,
	struct lakebase_http_answer *answer);
/* For a multi handle: prepare, let it run, then judge. */
MUST_CHECK int lb_curl_prepare(struct lb_curl *c, const struct lakebase_http_request *request);
int lb_curl_finish(struct lb_curl *c, int result, struct lakebase_http_answer *answer);
void *lb_curl_easy(struct lb_curl *c);
