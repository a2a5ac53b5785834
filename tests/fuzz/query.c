/* SPDX-License-Identifier: Apache-2.0 */
/* A raw query: each of its parameters is read as a plain decoder reads it, and a list answers. */
#include <string.h>

#include "api/app.h"
#include "base/text.h"
#include "core/document/doc.h"
#include "fuzz/fuzz.h"

static struct app *app;

static void open_once(void)
{
	struct app_options o = { .seed = 42, .check_replies = true };
	struct err e;

	if (!app)
		PROMISE(!app_open(&app, &o, &e));
}

static int nibble(char c)
{
	const char *digits = "0123456789abcdefABCDEF", *at = c ? strchr(digits, c) : NULL;

	return !at ? -1 : at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* The same again, differently: false where an escape is bad or the text is no UTF-8. */
static bool decode(const char *p, size_t n, char *out)
{
	size_t w = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '+') {
			out[w++] = ' ';
		} else if (p[i] != '%') {
			out[w++] = p[i];
		} else {
			if (i + 2 >= n || nibble(p[i + 1]) < 0 || nibble(p[i + 2]) < 0)
				return false;
			out[w] = (char)(nibble(p[i + 1]) * 16 + nibble(p[i + 2]));
			if (!out[w++])
				return false;
			i += 2;
		}
	}
	out[w] = '\0';
	return text_utf8_ok(out, w);
}

/* The first parameter of a name is found with its value. */
static void look_up(const struct parameters *all, const char *query)
{
	char *key = malloc(strlen(query) + 1), *value = malloc(strlen(query) + 1);
	const char *p = query;

	PROMISE(key && value);
	while (*p) {
		size_t n = strcspn(p, "&"), k = strcspn(p, "=&");

		if (n && decode(p, k, key)) {
			const char *got = parameters_get(all, key);

			PROMISE(got && text_utf8_ok(got, strlen(got)));
			if (p == query && k < n && decode(p + k + 1, n - k - 1, value))
				PROMISE(streq(got, value));
		}
		p += n + (p[n] == '&');
	}
	free(key);
	free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *query = strndup((const char *)data, len);
	struct request req = { .method = "GET", .path = "/api/2.0/postgres/projects",
		.query = query, .authorization = "Bearer mock-fuzz" };
	struct response resp = { 0 };
	struct parameters all;
	json_auto_t *doc = NULL;
	struct err e;

	open_once();
	PROMISE(query);
	if (!parameters_read(&all, query, strlen(query), &resp.arena, &e))
		look_up(&all, query);
	response_reset(&resp);
	api_call(app, &req, &resp);
	PROMISE(resp.status == 200 || resp.status == 400);
	PROMISE(!doc_parse(&doc, resp.body.data, resp.body.len, &e));
	response_done(&resp);
	free(query);
	return 0;
}
