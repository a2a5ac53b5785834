/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth/login.h"

#include <stdlib.h>
#include <string.h>

#include "api/auth/token.h"
#include "api/handlers.h"
#include "base/text.h"

enum { MAX_PENDING = 256, CODE_LIFE_S = 600 };

struct pending {
	struct arena arena; /* of the strings */
	const char *code;   /* NULL: free */
	struct login login;
	usec expiry;
};

/* The oldest gives way. */
struct logins {
	struct pending all[MAX_PENDING];
	size_t next;
};

struct logins *logins_new(void)
{
	return calloc(1, sizeof(struct logins));
}

static void forget(struct pending *p)
{
	arena_done(&p->arena);
	*p = (struct pending){ 0 };
}

void logins_free(struct logins *l)
{
	for (size_t i = 0; l && i < MAX_PENDING; i++)
		forget(&l->all[i]);
	free(l);
}

static bool copy(struct arena *to, const struct login *from, struct login *ret)
{
	*ret = (struct login){ .who = { .workspace = arena_strdup(to, from->who.workspace),
				       .caller = { .name = arena_strdup(to, from->who.caller.name),
					       .kind = CALLER_USER } },
		.client = arena_strdup(to, from->client),
		.redirect = arena_strdup(to, from->redirect),
		.scope = arena_strdup(to, from->scope),
		.challenge = arena_strdup(to, from->challenge) };
	return ret->who.workspace && ret->who.caller.name && ret->client && ret->redirect &&
	       ret->scope && ret->challenge;
}

const char *login_remember(struct app *a, const struct login *login, struct err *e)
{
	struct pending *p = &a->logins->all[a->logins->next++ % MAX_PENDING];
	struct pending made = {
		.expiry = app_now_in(a, login->who.workspace) + CODE_LIFE_S * USEC_SECOND };
	char code[SECRET_SIZE];

	if (secret_new(code, e))
		return NULL;
	made.code = arena_strdup(&made.arena, code);
	if (!made.code || !copy(&made.arena, login, &made.login)) {
		forget(&made);
		err_oom(e);
		return NULL;
	}
	forget(p);
	*p = made;
	return p->code;
}

int login_take(struct app *a, const char *code, struct arena *arena, struct login *ret, struct err *e)
{
	struct pending *p = NULL;
	bool good;

	for (size_t i = 0; i < MAX_PENDING; i++)
		if (secret_equal(a->logins->all[i].code, code))
			p = &a->logins->all[i];
	if (!p)
		return 0;
	good = p->expiry > app_now_in(a, p->login.who.workspace);
	if (good && !copy(arena, &p->login, ret))
		return err_oom(e);
	forget(p);
	return good;
}

/* ---- the page ---- */

static void add_html(struct buf *b, const char *s)
{
	for (; *s; s++)
		if (strchr("&<>\"'", *s))
			buf_addf(b, "&#%d;", *s);
		else
			buf_add(b, s, 1);
}

/* What the program has asked, once more. */
static void add_hidden(struct call *call, struct buf *b)
{
	for (const struct query_param *q = call->route->query; q->name; q++) {
		const char *v = call_query(call, q->name);

		if (!v)
			continue;
		buf_addf(b, "<input type=\"hidden\" name=\"%s\" value=\"", q->name);
		add_html(b, v);
		buf_adds(b, "\">\n");
	}
}

int login_page(struct call *call, struct err *e)
{
	struct buf *b = &call->resp->body;

	(void)e;
	call->resp->content_type = "text/html; charset=utf-8";
	response_header(call->resp, "Cache-Control", "no-store");
	response_header(call->resp, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
	buf_adds(b, "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Log in to "
		    "lakebase-mock</title>\n<style>body{font:16px sans-serif;max-width:30em;"
		    "margin:4em auto}</style>\n<h1>Log in</h1>\n<form>\n");
	add_hidden(call, b);
	buf_adds(b, "<p><label>Who? <input name=\"login_hint\" value=\"mock-default\" autofocus>"
		    "</label></p>\n<p>An address such as <code>ann@example.com</code> is that user of "
		    "the workspace <code>default</code>; <code>mock-WORKSPACE.ann</code> is one of "
		    "another workspace, <code>mock-WORKSPACE</code> its admin.</p>\n"
		    "<p><button>Log in</button></p>\n</form>\n");
	return 0;
}
