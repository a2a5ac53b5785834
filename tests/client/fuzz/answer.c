/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever a server says: first byte the status, second the length of Retry-After, then that header and
 * the body. The reply is judged, and what is an operation or a resource is walked as a call would.
 */
#include <stdlib.h>
#include <string.h>

#include "client/liblakebase/fake.h"
#include "fuzz/fuzz.h"
#include "liblakebase/base.h"

static const char *body;
static size_t body_size;
static int status;
static char told[128];

static int answer(void *context, const struct lakebase_http_request *r, struct lakebase_http_answer *a)
{
	(void)context;
	(void)r;
	a->delivery = LAKEBASE_ANSWERED;
	a->status = status;
	memcpy(a->retry_after, told, sizeof(told));
	a->body = malloc(body_size + 1);
	if (!a->body)
		return -1;
	memcpy(a->body, body, body_size);
	a->body[body_size] = '\0';
	a->body_size = body_size;
	return 0;
}

static void try_calls(struct lakebase *lb)
{
	static const char spec[] =
		"{\"spec\":{\"display_name\":\"x\",\"ttl\":\"60s\",\"a\":{\"b\":[1]}}}";
	struct lakebase_doc *doc = NULL;
	struct lakebase_pages *pages = NULL;
	char *mask = NULL;

	if (lakebase_create(&doc, lb, "projects/p", spec, LAKEBASE_AND_WAIT) == 0) {
		if (lakebase_diff(&mask, spec, doc) == 0)
			lakebase_string_free(mask);
		lakebase_doc_free(doc);
	}
	lakebase_delete(NULL, lb, "projects/p", LAKEBASE_AND_WAIT);
	if (lakebase_list(&pages, lb, "projects", NULL) == 0)
		for (int i = 0; i < 5 && lakebase_pages_next(&doc, pages) == 0 && doc; i++)
			lakebase_doc_free(doc);
	lakebase_pages_free(pages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 200, 200, 204, 302, 400, 401, 403, 404, 409, 429, 500,
		503, 504 };
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	static struct fake f;
	static const struct step none[] = { { NULL } };
	struct lakebase *lb;
	size_t n;

	if (size < 2)
		return 0;
	status = statuses[data[0] % ARRAY_SIZE(statuses)];
	n = data[1] % sizeof(told);
	if (n > size - 2)
		n = size - 2;
	memset(told, 0, sizeof(told));
	memcpy(told, data + 2, n);
	body = (const char *)data + 2 + n;
	body_size = size - 2 - n;
	fake_start(&f, none);
	f.ports.perform = answer;
	o.wait_timeout_ms = 5000;
	o.retry.attempts = 3;
	lb = fake_client(&f, &o);
	if (lb)
		try_calls(lb);
	lakebase_free(lb);
	return 0;
}
