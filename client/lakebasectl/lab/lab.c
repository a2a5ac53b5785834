/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/lab/lab.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_escaped(FILE *f, const char *text)
{
	for (; *text; text++)
		if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')
			|| (*text >= '0' && *text <= '9') || strchr("-._~,*", *text))
			fputc(*text, f);
		else
			fprintf(f, "%%%02X", (unsigned char)*text);
}

/* The options that are query parameters, but for one; the separator for what comes behind them. */
static const char *put_query(FILE *f, const struct ctl *c, const char *separator, int but)
{
	for (int i = 0; i < OPT__N; i++) {
		const struct option_info *o = &option_table[i];

		if (!o->query || !c->option[i] || i == but)
			continue;
		fprintf(f, "%s%s=", separator, o->query);
		put_escaped(f, o->value ? c->option[i] : "1");
		separator = "&";
	}
	return separator;
}

/* The route with its arguments and the options that are query parameters. free() it. */
static char *build_route(const struct ctl *c, const char *more)
{
	char *out = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&out, &size);
	const char *separator = "?";

	if (!f)
		return NULL;
	for (const char *p = c->command->route; *p; p++) {
		if (*p == '/' && p[1] == '$' && (size_t)(p[2] - '0') > c->num_args)
			break; /* the argument is optional, and with it the rest */
		if (*p == '$')
			put_escaped(f, c->args[*++p - '1']);
		else
			fputc(*p, f);
	}
	separator = put_query(f, c, separator, OPT__N);
	if (more)
		fprintf(f, "%s%s", separator, more);
	fclose(f);
	return out;
}

/* The value that a word of a body template stands for, or NULL when it is not given. */
static const char *value_of(const struct ctl *c, const char *word)
{
	if (word[0] == '$')
		return (size_t)(word[1] - '0') <= c->num_args ? c->args[word[1] - '1'] : NULL;
	for (int i = 0; i < OPT__N; i++)
		if (c->option[i] && strcmp(option_table[i].name, word + 2) == 0)
			return c->option[i];
	return NULL;
}

/*
 * "name=$1 fork_of=--fork-of for=--for|5s": keys with arguments or options, and behind | what stands in
 * for an option that is not given; `:=` takes JSON instead of text.
 */
static json_t *build_body(const struct ctl *c)
{
	json_t *body = json_object();
	char key[32], word[48], span[48];

	for (const char *p = c->command->body ? c->command->body : ""; *p;) {
		size_t n = strcspn(p, " "), name = strcspn(p, ":=");
		bool raw = p[name] == ':';
		const char *value;
		char *otherwise;

		snprintf(key, sizeof(key), "%.*s", (int)name, p);
		name += raw ? 2 : 1;
		snprintf(word, sizeof(word), "%.*s", (int)(n - name), p + name);
		otherwise = strchr(word, '|');
		if (otherwise)
			*otherwise++ = '\0';
		value = value_of(c, word);
		value = value ? value : otherwise;
		/* "5 minutes"; a number of calls stays */
		if (value && strcmp(key, "for") == 0 && parse_time(value) >= 0) {
			write_time(span, sizeof(span), parse_time(value));
			value = span;
		}
		if (value)
			json_object_set_new(body, key,
				raw ? json_loads(value, JSON_DECODE_ANY, NULL) : json_string(value));
		p += n;
		p += *p == ' ';
	}
	return body;
}

int lab_ask(struct ctl *c, json_t *body, const char *more, struct lakebase_doc **doc)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	char *route = build_route(c, more), *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	int rc = route ? connect_client(c) : EXIT_INTERNAL;

	*doc = NULL;
	if (!rc && lakebase_request(doc, c->lb, c->command->method, route, text, &o))
		rc = failed(c);
	free(route);
	free(text);
	json_decref(body);
	return rc;
}

int lab_show(struct ctl *c, const struct lakebase_doc *doc)
{
	json_t *json, *list;
	int rc;

	if (!c->command->list || wants_document(&c->out))
		return show(&c->out, doc);
	json = json_of(doc);
	list = json_object_get(json, c->command->list);
	rc = list ? show_list(&c->out, list, c->command->columns) : show_one(&c->out, json);
	json_decref(json);
	return rc;
}

int lab_fetch(struct ctl *c, const char *route, const char *more, json_t **out)
{
	struct lakebase_doc *doc = NULL;
	char *path = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&path, &size);
	int rc = f ? connect_client(c) : EXIT_INTERNAL;

	*out = NULL;
	if (f) {
		fprintf(f, "%s%s%s", route, *more ? "?" : "", more);
		put_query(f, c, *more ? "&" : "?", OPT_SINCE);
		fclose(f);
	}
	/* 408: nothing came within the time asked for */
	if (!rc && lakebase_request(&doc, c->lb, "GET", path, NULL, NULL)) {
		rc = lakebase_last_error()->http_status == 408 ? EXIT_OK : failed(c);
	} else if (!rc) {
		*out = json_of(doc);
		rc = *out ? EXIT_OK : EXIT_INTERNAL;
	}
	lakebase_doc_free(doc);
	free(path);
	return rc;
}

int run_mock(struct ctl *c)
{
	bool has_body = strcmp(c->command->method, "GET") != 0 && strcmp(c->command->method, "DELETE") != 0;
	struct lakebase_doc *doc = NULL;
	int rc = lab_ask(c, has_body && c->command->body ? build_body(c) : NULL, NULL, &doc);

	if (!rc)
		rc = lab_show(c, doc);
	lakebase_doc_free(doc);
	return rc;
}
