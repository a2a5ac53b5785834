/* SPDX-License-Identifier: Apache-2.0 */
#include "liblakebase/call/call.h"
#include "liblakebase/document/doc.h"
#include "liblakebase/document/name.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <stdlib.h>
#include <string.h>

struct lakebase_pages {
	struct lakebase *lb;
	char *name, *query, *key; /* the caller's query; the key of the list in a page */
	struct lakebase_call_options options;
	char *token;		   /* of the page to come; NULL after the last */
	struct lakebase_doc *page; /* the one being walked */
	size_t next;
	bool begun;
};

static void free_pages(struct lakebase_pages **p)
{
	lakebase_pages_free(*p);
}

int lakebase_list(struct lakebase_pages **out, struct lakebase *lb, const char *name,
	const struct lakebase_call_options *options)
{
	struct lakebase_pages *p CLEANUP(free_pages) = calloc(1, sizeof(*p));
	static const struct lakebase_call_options defaults = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase_call_spec s = LAKEBASE_CALL_SPEC_INIT;
	struct lakebase_error e;
	struct lb_name n;

	*out = NULL;
	if (!p)
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	p->lb = lb;
	p->options = options ? *options : defaults;
	s.verb = LAKEBASE_VERB_LIST;
	s.name = name;
	s.options = p->options;
	if (lb_call_check(&s, &e) || lb_name_split(&n, name, &e))
		return lb_error_publish(&e);
	p->name = strdup(name);
	p->key = strdup(n.collection);
	p->query = strdup(p->options.query ? p->options.query : "");
	if (!p->name || !p->key || !p->query)
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	/* "cdf-configs" are listed under "cdf_configs" */
	for (char *c = p->key; *c; c++)
		if (*c == '-')
			*c = '_';
	*out = p;
	p = NULL;
	return 0;
}

static int fetch(struct lakebase_pages *p)
{
	struct lakebase_call_spec s = LAKEBASE_CALL_SPEC_INIT;
	struct lakebase_doc *page = NULL;
	struct lb_buf query = { 0 };
	const char *token;
	char *next = NULL;
	int rc;

	lb_buf_puts(&query, p->query);
	if (p->token) {
		lb_buf_printf(&query, "%spage_token=", query.size ? "&" : "");
		lb_buf_escape(&query, p->token, "");
	}
	if (query.failed) {
		lb_buf_done(&query);
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	}
	s.verb = LAKEBASE_VERB_LIST;
	s.name = p->name;
	s.options = p->options;
	s.options.query = query.text;
	rc = lakebase_perform(&page, p->lb, &s);
	lb_buf_done(&query);
	if (rc)
		return rc;
	token = lakebase_doc_string(page, "next_page_token");
	if (token && *token && lb_same(token, p->token)) {
		lakebase_doc_free(page);
		return lb_fail(LAKEBASE_EANSWER, "the list of %s repeats its page token: it would never end",
			p->name);
	}
	next = token && *token ? strdup(token) : NULL;
	if (token && *token && !next) {
		lakebase_doc_free(page);
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	}
	free(p->token);
	p->token = next;
	p->page = page;
	p->next = 0;
	p->begun = true;
	return 0;
}

int lakebase_pages_next(struct lakebase_doc **out, struct lakebase_pages *p)
{
	json_t *item;
	int rc;

	*out = NULL;
	for (;;) {
		item = p->page ? json_array_get(json_object_get(p->page->json, p->key), p->next) : NULL;
		if (item)
			break;
		lakebase_doc_free(p->page);
		p->page = NULL;
		if (p->begun && !p->token)
			return 0;
		/* a page may be empty and not the last */
		rc = fetch(p);
		if (rc)
			return rc;
	}
	if (lb_doc_wrap(out, json_incref(item)))
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	p->next++;
	return 0;
}

void lakebase_pages_free(struct lakebase_pages *p)
{
	if (!p)
		return;
	lakebase_doc_free(p->page);
	free(p->name);
	free(p->query);
	free(p->key);
	free(p->token);
	free(p);
}
