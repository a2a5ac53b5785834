/* SPDX-License-Identifier: Apache-2.0 */
/* Clients, and the driver that blocks. */
#include "liblakebase/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct lakebase_call_options lakebase_and_wait = {
	.version = LAKEBASE_CALL_OPTIONS_VERSION,
	.flags = LAKEBASE_WAIT,
};

int64_t lb_now(const struct lakebase *lb)
{
	return lb->ports.now(lb->ports.context);
}

static const char *system_getenv(const char *name)
{
	return secure_getenv(name);
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
