/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/target/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "conformance/target/created.h"
#include "conformance/target/weather.h"

enum { MAX_HEADERS = 64, REQUEST_SECONDS = 60 };

/* ---- one exchange ---- */

struct exchange {
	struct buf text;
	struct arena *arena;
	struct pair headers[MAX_HEADERS];
	size_t num_headers;
	int sendings;
};

/* curl itself sends a request again when a kept connection turns out to be dead, a POST as well. Whether
 * that is wise is for us to say. */
static int before_sending(void *arg, char *a, char *b, int c, int d)
{
	struct exchange *x = arg;

	(void)a, (void)b, (void)c, (void)d;
	return ++x->sendings > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;

	buf_add(&x->text, data, size * n);
	return x->text.failed ? 0 : size * n;
}

static size_t on_header(char *data, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	char *colon = memchr(data, ':', size * n);
	size_t len = size * n;

	while (len && strchr("\r\n ", data[len - 1]))
		len--;
	if (!colon || x->num_headers == MAX_HEADERS)
		return size * n;
	x->headers[x->num_headers].name = arena_strndup(x->arena, data, (size_t)(colon - data));
	colon += 1 + strspn(colon + 1, " ");
	x->headers[x->num_headers++].value = arena_strndup(
		x->arena, colon, data + len > colon ? (size_t)(data + len - colon) : 0);
	return size * n;
}

static bool sets_header(const struct outgoing *out, const char *name)
{
	for (size_t i = 0; i < out->num_headers; i++)
		if (strcasecmp(out->headers[i].name, name) == 0)
			return true;
	return false;
}

static struct curl_slist *headers_of(const struct outgoing *out, struct arena *a)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (size_t i = 0; i < out->num_headers; i++)
		list = curl_slist_append(list,
			arena_printf(a, "%s: %s", out->headers[i].name, out->headers[i].value));
	if (out->token && !sets_header(out, "Authorization"))
		list = curl_slist_append(
			list, arena_printf(a, "Authorization: Bearer %s", out->token));
	if (out->body && !sets_header(out, "Content-Type"))
		list = curl_slist_append(list, "Content-Type: application/json");
	return list;
}

/* A signal ends a request, too. */
static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct http_target *h = arg;

	(void)a, (void)b, (void)c, (void)d;
	return !h->cleaning && atomic_load(&h->shared->stop);
}

static long most_ms(const struct http_target *h)
{
	/* a mock answers at once, however loaded the machine is that it runs on */
	double most =
		h->target.mock ? REQUEST_SECONDS : patience_of(h->shared->options, h->url, false);
	double left = h->deadline > 0 && !h->cleaning ? h->deadline - seconds_now() : most;

	most = most < REQUEST_SECONDS ? most : REQUEST_SECONDS;
	most = left < most ? left : most;
	return most < 0.1 ? 100 : (long)(1000 * most);
}

static void prepare(struct http_target *h, const struct outgoing *out, struct exchange *x,
	struct curl_slist *headers)
{
	CURL *c = h->curl;

	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, arena_printf(x->arena, "%s%s", h->url, out->target));
	curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, most_ms(h));
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, h);
	curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, before_sending);
	curl_easy_setopt(c, CURLOPT_PREREQDATA, x);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "lakebase-conformance");
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, x);
	if (url_is_loopback(h->url)) /* a proxy has no way to this machine's own loopback */
		curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	if (h->shared->options->cacert)
		curl_easy_setopt(c, CURLOPT_CAINFO, h->shared->options->cacert);
	if (out->body || streq(out->method, "POST") || streq(out->method, "PATCH") ||
		streq(out->method, "PUT")) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)out->body_len);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, out->body ? out->body : "");
	}
	if (streq(out->method, "HEAD"))
		curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, out->method);
}

static int may_send(struct http_target *h, struct err *e)
{
	struct shared *s = h->shared;
	const struct options *o = s->options;

	if (h->cleaning)
		return 0;
	if (atomic_load(&s->stop))
		h->over = "interrupted";
	else if (o->budget_calls && atomic_load(&s->calls) >= o->budget_calls)
		h->over = "the budget of calls is used up";
	else if (o->budget_minutes > 0 && seconds_now() - s->started > 60 * o->budget_minutes)
		h->over = "the budget of minutes is used up";
	return h->over ? err_set(e, ERR_TIMEOUT, "%s", h->over) : 0;
}

/* One attempt. -1 with *e when there was no answer, and *code says why. */
static int attempt(struct http_target *h, const struct outgoing *out, struct incoming *in,
	struct arena *a, CURLcode *code, struct err *e)
{
	struct exchange x = {.arena = a};
	struct curl_slist *headers;
	long status = 0;

	*code = CURLE_OK;
	if (may_send(h, e))
		return -1;
	atomic_fetch_add(&h->shared->calls, 1);
	headers = headers_of(out, a);
	prepare(h, out, &x, headers);
	*code = curl_easy_perform(h->curl);
	curl_slist_free_all(headers);
	if (*code != CURLE_OK) {
		buf_done(&x.text);
		if (x.sendings > 1)
			*code = CURLE_RECV_ERROR; /* the first one, as far as anybody knows */
		else if (*code == CURLE_ABORTED_BY_CALLBACK)
			h->over = "interrupted";
		if (h->probing)
			return err_set(e, ERR_UNAVAILABLE, "cannot reach %s: %s", h->url,
				curl_easy_strerror(*code));
		return err_set(e, ERR_UNAVAILABLE, "%s %s: %s", out->method, out->target,
			curl_easy_strerror(*code));
	}
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	in->status = (int)status;
	in->len = x.text.len;
	in->text = arena_strndup(a, x.text.data ? x.text.data : "", x.text.len);
	in->headers = arena_alloc(a, (x.num_headers + 1) * sizeof(struct pair));
	if (in->headers)
		memcpy((void *)in->headers, x.headers, x.num_headers * sizeof(struct pair));
	in->num_headers = in->headers ? x.num_headers : 0;
	buf_done(&x.text);
	return in->text ? 0 : err_oom(e);
}

static int exchange(struct target *t, const struct outgoing *out, struct incoming *in,
	struct arena *a, struct err *e)
{
	struct http_target *h = container_of(t, struct http_target, target);
	double since = seconds_now();
	CURLcode code;
	int rc;

	for (int n = 1;; n++) {
		*in = (struct incoming){0};
		rc = attempt(h, out, in, a, &code, e);
		if (!weather_passes(h, out, in, code, n, since))
			break;
	}
	return h->over && rc == 0 ? err_set(e, ERR_TIMEOUT, "%s", h->over) : rc;
}

/* On this machine it is asked again after 2 ms, elsewhere after half a second; ever more rarely. */
static bool pause_for(struct target *t, int n)
{
	struct http_target *h = container_of(t, struct http_target, target);
	double now = seconds_now();
	bool near = t->mock || url_is_loopback(h->url);
	double wait = near ? 0.002 : 0.5, most = near ? 0.1 : 10;

	if (n == 1)
		h->waiting_since = now;
	if (now - h->waiting_since > patience_of(h->shared->options, h->url, t->mock))
		return false;
	while (n-- > 1 && wait < most)
		wait *= 2;
	wait = wait < most ? wait : most;
	if (h->deadline > 0 && !h->cleaning && now + wait > h->deadline)
		return false;
	/* after a signal the next request says why it is not sent */
	wait_seconds(h->shared, wait, h->cleaning);
	return true;
}

static int creating(struct target *t, const char *name, struct err *e)
{
	struct http_target *h = container_of(t, struct http_target, target);

	/* Without our stem it may be somebody else's, and the create will be refused. */
	if (!h->shared->stem || !strstr(name, h->shared->stem) ||
		(h->made && created_has(h->made, name)) ||
		(h->lent && h->made != h->lent && created_has(h->lent, name)))
		return 0;
	if (h->made && created_add(h->made, name))
		return err_oom(e);
	if (h->shared->journal && journal_created(h->shared->journal, name, e))
		return -1;
	return 1;
}

/* What was refused in so many words was not created; of all else nobody knows. */
static void created(struct target *t, const char *name, int status)
{
	struct http_target *h = container_of(t, struct http_target, target);
	struct err e;

	if (h->doubt || status < 400 || status >= 500 || status == 408 || status == 409 ||
		status == 429)
		return;
	if (h->made)
		created_drop(h->made, name);
	if (h->shared->journal && journal_removed(h->shared->journal, name, &e))
		fprintf(stderr, "%s\n", e.message);
}

static const char *token(struct target *t, const char *as)
{
	const struct http_target *h = container_of(t, struct http_target, target);
	const struct options *o = h->shared->options;
	size_t n = as ? strlen(as) : 0;

	if (!as && o->token_each)
		return h->own_token;
	if (!as)
		return o->token ? o->token : "conformance";
	for (size_t i = 0; i < o->tokens.num; i++)
		if (strncmp(o->tokens.w[i], as, n) == 0 && o->tokens.w[i][n] == '=')
			return o->tokens.w[i] + n + 1;
	return NULL;
}

int http_target_init(
	struct http_target *h, struct shared *shared, const char *url, bool mock, struct err *e)
{
	size_t len = strlen(url);

	*h = (struct http_target){.shared = shared};
	h->target = (struct target){.send = exchange,
		.pause = pause_for,
		.creating = creating,
		.created = created,
		.token = token,
		.mock = mock,
		.exact = mock,
		.admin = "admin@example.com",
		.prefix = ""};
	while (len && url[len - 1] == '/')
		len--;
	snprintf(h->url, sizeof(h->url), "%.*s", (int)len, url);
	h->curl = curl_easy_init();
	return h->curl ? 0 : err_oom(e);
}

void http_target_done(struct http_target *h)
{
	curl_easy_cleanup(h->curl);
	h->curl = NULL;
}

int http_probe(struct http_target *h, struct err *e)
{
	struct outgoing out = {.method = "GET", .target = "/_mock/health"};
	struct incoming in = {0};
	struct arena a = {0};
	json_t *body;
	int rc = h->target.send(&h->target, &out, &in, &a, e) ? -1 : 0;

	if (rc == 0 && in.status == 200) {
		body = json_loadb(in.text, in.len, 0, NULL);
		rc = json_is_integer(json_object_get(body, "schema"));
		json_decref(body);
	}
	arena_done(&a);
	return rc;
}

int http_whoami(struct http_target *h, const char *as, char *name, size_t size, struct err *e)
{
	struct outgoing out = {.method = "GET",
		.target = "/api/2.0/preview/scim/v2/Me",
		.token = token(&h->target, as)};
	struct incoming in = {0};
	struct arena a = {0};
	json_t *body;
	const char *user;
	int rc = h->target.send(&h->target, &out, &in, &a, e);

	if (rc == 0) {
		body = json_loadb(in.text, in.len, 0, NULL);
		user = json_string_value(json_object_get(body, "userName"));
		snprintf(name, size, "%s", user ? user : "");
		if (!user)
			rc = err_set(e, ERR_DENIED,
				"GET %s says %d and no userName: is the token good?", out.target,
				in.status);
		json_decref(body);
	}
	arena_done(&a);
	return rc;
}
