/* SPDX-License-Identifier: Apache-2.0 */
/* The driver that blocks, and the calls of lakebase.h, each a spec and nothing else. */
#include "liblakebase/call/call.h"
#include "liblakebase/call/machine.h"
#include "liblakebase/call/outcome.h"
#include "liblakebase/document/doc.h"
#include "liblakebase/error.h"
#include "liblakebase/transport/curl.h"

#include <stdio.h>
#include <stdlib.h>

const struct lakebase_call_options lakebase_and_wait = {
	.version = LAKEBASE_CALL_OPTIONS_VERSION,
	.flags = LAKEBASE_WAIT,
};

/* ---- the driver that blocks ---- */

static void exchange(struct lakebase *lb, struct lakebase_call *c)
{
	struct lakebase_http_answer answer = { .delivery = LAKEBASE_LOST };
	int rc;

	if (lb->ports.perform)
		rc = lb->ports.perform(lb->ports.context, &c->request, &answer);
	else
		rc = lb_curl_perform(lb->curl, &c->request, &answer);
	if (rc) {
		free(answer.body);
		lb_call_oom(c);
	} else {
		lb_call_answer(c, &answer);
	}
}

static void drive(struct lakebase *lb, struct lakebase_call *c)
{
	enum lb_step step;
	int64_t pause;

	while ((step = lb_call_step(c)) != LB_DONE) {
		if (step == LB_SEND) {
			exchange(lb, c);
			continue;
		}
		pause = c->due - lb_now(lb);
		if (pause > 0 && lb->ports.sleep(lb->ports.context, pause))
			lb_call_abort(c, LAKEBASE_ECANCELLED, "cancelled during a pause");
	}
}

int lakebase_perform(
	struct lakebase_doc **out, struct lakebase *lb, const struct lakebase_call_spec *spec)
{
	struct lakebase_error e;
	struct lakebase_call *c;
	int rc;

	if (out)
		*out = NULL;
	if (lb_call_new(&c, lb, spec, &e))
		return lb_error_publish(&e);
	drive(lb, c);
	rc = c->code;
	if (rc) {
		lb_error_publish(&c->error);
	} else {
		rc = lb_doc_wrap(out, c->result);
		c->result = NULL;
		if (rc)
			lb_fail(rc, "out of memory");
	}
	lb_call_free(c);
	return rc;
}

/* ---- the calls, each a spec and nothing else ---- */

static struct lakebase_call_spec spec_of(
	enum lakebase_verb verb, const char *name, const struct lakebase_call_options *options)
{
	struct lakebase_call_spec s = LAKEBASE_CALL_SPEC_INIT;

	s.verb = verb;
	s.name = name;
	if (options)
		s.options = *options;
	return s;
}

int lakebase_create(struct lakebase_doc **out, struct lakebase *lb, const char *name, const char *body,
	const struct lakebase_call_options *options)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_CREATE, name, options);

	s.body = body;
	return lakebase_perform(out, lb, &s);
}

int lakebase_get(struct lakebase_doc **out, struct lakebase *lb, const char *name)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_GET, name, NULL);

	return lakebase_perform(out, lb, &s);
}

int lakebase_update(struct lakebase_doc **out, struct lakebase *lb, const char *name, const char *body,
	const char *mask, const struct lakebase_call_options *options)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_UPDATE, name, options);

	s.body = body;
	s.mask = mask;
	return lakebase_perform(out, lb, &s);
}

int lakebase_delete(struct lakebase_doc **out, struct lakebase *lb, const char *name,
	const struct lakebase_call_options *options)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_DELETE, name, options);

	return lakebase_perform(out, lb, &s);
}

int lakebase_undelete(struct lakebase_doc **out, struct lakebase *lb, const char *name,
	const struct lakebase_call_options *options)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_UNDELETE, name, options);

	return lakebase_perform(out, lb, &s);
}

int lakebase_credential(
	struct lakebase_doc **out, struct lakebase *lb, const char *endpoint, int ttl_s)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_CREDENTIAL, endpoint, NULL);
	json_t *body = json_pack("{s:s}", "endpoint", endpoint);
	char ttl[32], *text = NULL;
	int rc;

	if (out)
		*out = NULL;
	snprintf(ttl, sizeof(ttl), "%ds", ttl_s);
	if (body && (!ttl_s || json_object_set_new(body, "ttl", json_string(ttl)) == 0))
		text = lb_json_text(body, false);
	json_decref(body);
	if (!text)
		return lb_fail(LAKEBASE_ENOMEM, "out of memory");
	s.body = text;
	rc = lakebase_perform(out, lb, &s);
	free(text);
	return rc;
}

static int permissions(struct lakebase_doc **out, struct lakebase *lb, enum lakebase_verb verb,
	const char *project, const char *body)
{
	struct lakebase_call_spec s = spec_of(verb, project, NULL);

	s.body = body;
	return lakebase_perform(out, lb, &s);
}

int lakebase_permissions_get(struct lakebase_doc **out, struct lakebase *lb, const char *project)
{
	return permissions(out, lb, LAKEBASE_VERB_PERMISSIONS_GET, project, NULL);
}

int lakebase_permissions_update(
	struct lakebase_doc **out, struct lakebase *lb, const char *project, const char *body)
{
	return permissions(out, lb, LAKEBASE_VERB_PERMISSIONS_UPDATE, project, body);
}

int lakebase_permissions_set(
	struct lakebase_doc **out, struct lakebase *lb, const char *project, const char *body)
{
	return permissions(out, lb, LAKEBASE_VERB_PERMISSIONS_SET, project, body);
}

int lakebase_operation_get(struct lakebase_doc **out, struct lakebase *lb, const char *name)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_OPERATION_WAIT, name, NULL);
	struct lakebase_error e;

	if (out)
		*out = NULL;
	if (lb_call_check(&s, &e))
		return lb_error_publish(&e);
	return lakebase_get(out, lb, name);
}

int lakebase_operation_wait(struct lakebase_doc **out, struct lakebase *lb, const char *name,
	const struct lakebase_call_options *options)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_OPERATION_WAIT, name, options);

	return lakebase_perform(out, lb, &s);
}

int lakebase_request(struct lakebase_doc **out, struct lakebase *lb, const char *method,
	const char *path, const char *body, const struct lakebase_call_options *options)
{
	struct lakebase_call_spec s = spec_of(LAKEBASE_VERB_REQUEST, path, options);

	s.method = method;
	s.body = body;
	return lakebase_perform(out, lb, &s);
}
