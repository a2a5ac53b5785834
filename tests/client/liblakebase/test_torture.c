/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation fails once, in turn: of the library (wrapped by the linker) and of jansson. A run
 * either succeeds or says so; it never crashes, and a sanitizer sees what leaks. Reading JSON fails as
 * a whole: jansson's own parser (2.14) does not survive a lost allocation at every place.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "support/run.h"
#include "support/starve.h"

static struct fake f;
static int (*transport)(void *, const struct lakebase_http_request *, struct lakebase_http_answer *);

/* The service is not part of what is tortured. */
static int undisturbed(
	void *context, const struct lakebase_http_request *r, struct lakebase_http_answer *a)
{
	int rc;

	starving.on = false;
	rc = transport(context, r, a);
	starving.on = true;
	return rc;
}

/* ---- the stories ---- */

#define OP "projects/p/operations/1"
#define RESOURCE "{\"name\":\"projects/p\",\"status\":{\"display_name\":\"x\"}}"

static const struct step lifecycle[] = {
	{ "GET /oidc", 200, "{\"token_endpoint\":\"https://fake.example.com/t\"}" },
	{ "POST /t", 200, "{\"access_token\":\"access\",\"expires_in\":3600}" },
	{ "POST", 0, "reset" }, { "GET", 404, "{}" }, { "POST", 503, "<html>" },
	{ "POST", 200, OPERATION(OP) }, { "GET", 200, DONE(OP, RESOURCE) }, { "GET", 200, RESOURCE },
	{ "PATCH", 200, OPERATION(OP) }, { "GET", 200, DONE(OP, RESOURCE) },
	{ "GET", 200, "{\"projects\":[{\"name\":\"a\"}],\"next_page_token\":\"t\"}" },
	{ "GET", 200, "{\"projects\":[{\"name\":\"b\"}]}" }, { NULL } };

static int walk(struct lakebase *lb)
{
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *item = NULL;
	int rc = lakebase_list(&pages, lb, "projects", NULL);

	while (!rc && (rc = lakebase_pages_next(&item, pages)) == 0 && item)
		lakebase_doc_free(item);
	lakebase_pages_free(pages);
	return rc;
}

static int live(void)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct lakebase_doc *doc = NULL;
	struct lakebase *lb = NULL;
	char *mask = NULL;
	int rc;

	o.host = "fake.example.com";
	o.client_id = "id";
	o.client_secret = "secret";
	o.ignore_environment = true;
	o.ports = &f.ports;
	rc = lakebase_new(&lb, &o);
	if (!rc)
		rc = lakebase_create(&doc, lb, "projects/p", "{\"spec\":{\"display_name\":\"x\"}}",
			LAKEBASE_AND_WAIT);
	lakebase_doc_free(doc);
	doc = NULL;
	if (!rc)
		rc = lakebase_mask(&mask, "{\"spec\":{\"display_name\":\"y\"}}");
	if (!rc)
		rc = lakebase_update(&doc, lb, "projects/p", "{\"spec\":{\"display_name\":\"y\"}}", mask,
			LAKEBASE_AND_WAIT);
	lakebase_string_free(mask);
	mask = NULL;
	if (!rc)
		rc = lakebase_diff(&mask, "{\"spec\":{\"display_name\":\"z\"}}", doc);
	lakebase_string_free(mask);
	if (!rc)
		rc = walk(lb);
	lakebase_doc_free(doc);
	lakebase_free(lb);
	return rc;
}

static void done(void *context, int code, const struct lakebase_doc *d, const struct lakebase_error *e)
{
	(void)d;
	(void)e;
	*(int *)context = code;
}

static const struct step two_gets[] = { { "GET", 200, "{}" }, { "GET", 503, "{}" }, { "GET", 200, "{}" },
	{ NULL } };

static int together(void)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct lakebase_call_spec s = LAKEBASE_CALL_SPEC_INIT;
	struct lakebase_multi *m = NULL;
	struct lakebase *lb = NULL;
	int code[2] = { 0, 0 }, rc;

	o.host = "http://fake";
	o.token = "token";
	o.ignore_environment = true;
	o.ports = &f.ports;
	s.name = "projects/p";
	rc = lakebase_new(&lb, &o);
	if (!rc)
		rc = lakebase_multi_new(&m, lb, NULL);
	for (int i = 0; !rc && i < 2; i++)
		rc = lakebase_multi_add(NULL, m, &s, done, &code[i]);
	if (!rc)
		rc = lakebase_multi_run(m, -1);
	lakebase_multi_free(m);
	lakebase_free(lb);
	return rc ? rc : code[0] ? code[0] : code[1];
}

static void torture(int (*body)(void), const struct step *script, long least)
{
	int rc;

	json_set_alloc_funcs(__wrap_malloc, free);
	for (starving.fail_at = 1;; starving.fail_at++) {
		fake_start(&f, script);
		transport = f.ports.perform;
		f.ports.perform = undisturbed;
		starving.calls = 0;
		starving.on = true;
		rc = body();
		starving.on = false;
		fake_stop(&f);
		if (starving.calls < starving.fail_at)
			break;
		/* a lost allocation may be made good by a retry, but never passes for another error */
		ck_assert_msg(!*f.problem && (rc == 0 || rc == LAKEBASE_ENOMEM), "allocation %ld: %s: %s%s",
			starving.fail_at, lakebase_code_name(rc), lakebase_last_error()->message, f.problem);
	}
	json_set_alloc_funcs(malloc, free);
	ck_assert_int_eq(rc, 0);
	ck_assert_int_ge(starving.fail_at, least);
}

START_TEST(a_lifecycle_survives_every_lost_allocation)
{
	torture(live, lifecycle, 90);
}
END_TEST

START_TEST(so_do_calls_that_do_not_block)
{
	torture(together, two_gets, 25);
}
END_TEST

int main(void)
{
	return RUN_TESTS("torture", a_lifecycle_survives_every_lost_allocation,
		so_do_calls_that_do_not_block);
}
