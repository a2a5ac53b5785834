/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens. A personal access token is a header and nothing more. With OAuth client credentials one call
 * fetches a token on its way, shortly before the old one ends; other calls of the client wait for it.
 */
#include "liblakebase/call/auth.h"
#include "liblakebase/call/outcome.h"
#include "liblakebase/error.h"
#include "liblakebase/retry/retry.h"
#include "liblakebase/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_oauth(const struct lakebase *lb)
{
	return !lb->config.token;
}

static int basic(struct lakebase_call *c)
{
	const struct lb_config *config = &c->lb->config;
	struct lb_buf pair = { 0 }, header = { 0 };

	lb_buf_printf(&pair, "%s:%s", config->client_id, config->client_secret);
	lb_buf_puts(&header, "Basic ");
	if (!pair.failed)
		lb_buf_base64(&header, pair.text, pair.size);
	header.failed = header.failed || pair.failed;
	lb_buf_done(&pair);
	free(c->authorization);
	c->authorization = lb_buf_take(&header);
	return c->authorization ? 0 : -1;
}

static int ask_for_token(struct lakebase_call *c)
{
	static const char form[] = "grant_type=client_credentials&scope=all-apis";

	c->sending = LB_PHASE_TOKEN;
	if (basic(c) || lb_call_request(c, "POST", c->lb->auth.token_url, form))
		return -1;
	c->request.content_type = "application/x-www-form-urlencoded";
	return 0;
}

static int ask_for_address(struct lakebase_call *c)
{
	c->sending = LB_PHASE_DISCOVER;
	lb_free_string(&c->authorization);
	return lb_call_request(c, "GET", "/oidc/.well-known/oauth-authorization-server", NULL);
}

enum lb_auth_need lb_auth_prepare(struct lakebase_call *c)
{
	struct lb_auth *auth = &c->lb->auth;

	if (!is_oauth(c->lb) || (auth->header && (!auth->renew_at || lb_now(c->lb) < auth->renew_at)))
		return LB_AUTH_READY;
	if (auth->fetching && auth->fetching != c)
		return LB_AUTH_WAIT;
	auth->fetching = c;
	if (auth->token_url ? ask_for_token(c) : ask_for_address(c))
		return LB_AUTH_FAILED;
	return LB_AUTH_SEND;
}

/* The secret goes nowhere but over TLS or to the configured host. */
static bool is_trusted(const struct lakebase *lb, const char *url)
{
	size_t n = strlen(lb->config.host);

	return lb_starts(url, "https://") || (lb_starts(url, lb->config.host) && url[n] == '/');
}

static void take_address(struct lakebase_call *c, const struct lb_reply *r)
{
	const char *url = json_string_value(json_object_get(r->body, "token_endpoint"));
	struct lb_buf b = { 0 };

	if (url && !is_trusted(c->lb, url)) {
		lb_error_set(&c->error, LAKEBASE_EAUTH,
			"the token endpoint %.200s is neither HTTPS nor on %s: the secret is not sent there",
			url, c->lb->config.host);
		lb_call_end(c, LAKEBASE_EAUTH);
		return;
	}
	if (url)
		lb_buf_puts(&b, url);
	else
		lb_buf_printf(&b, "%s/oidc/v1/token", c->lb->config.host);
	c->lb->auth.token_url = lb_buf_take(&b);
	if (!c->lb->auth.token_url)
		lb_call_oom(c);
}

static void take_token(struct lakebase_call *c, const struct lb_reply *r)
{
	const char *token = json_string_value(json_object_get(r->body, "access_token"));
	json_int_t life = json_integer_value(json_object_get(r->body, "expires_in"));
	struct lb_buf b = { .ceiling = LB_MAX_TOKEN };
	int64_t early;

	if (!token || !*token || strpbrk(token, "\r\n \t")) {
		lb_error_set(&c->error, LAKEBASE_EANSWER,
			"the token endpoint answered without a usable access_token");
		lb_call_end(c, LAKEBASE_EANSWER);
		return;
	}
	lb_buf_printf(&b, "Bearer %s", token);
	free(c->lb->auth.header);
	c->lb->auth.header = lb_buf_take(&b);
	if (!c->lb->auth.header) {
		lb_call_oom(c);
		return;
	}
	if (life > 1000000000)
		life = 1000000000;
	/* a minute early, or a quarter of a short life */
	early = life < 240 ? life * 250 : 60000;
	c->lb->auth.renew_at = life > 0 ? c->sent_at + life * 1000 - early : 0;
	c->failures = 0;
	lb_auth_release(&c->lb->auth, c);
}

void lb_judge_auth(struct lakebase_call *c, struct lb_reply *r)
{
	const struct lb_policy *policy = &lb_policies[r->verdict];
	bool discovering = c->sending == LB_PHASE_DISCOVER;
	char why[sizeof(r->error.message)];

	if (r->verdict == LB_OK || (discovering && r->verdict == LB_NOT_FOUND)) {
		(discovering ? take_address : take_token)(c, r);
	} else if (policy->again != LB_NEVER) {
		lb_call_again(c, r);
	} else if (r->status >= 400 && r->status < 500) {
		memcpy(why, r->error.message, sizeof(why));
		lb_error_set(&r->error, LAKEBASE_EAUTH, "the OAuth client is refused: %.700s", why);
		r->error.http_status = r->status;
		lb_call_fail(c, r);
	} else {
		lb_call_fail(c, r);
	}
}
