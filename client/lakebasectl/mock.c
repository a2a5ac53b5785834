/* SPDX-License-Identifier: Apache-2.0 */
/* The lab half: most of its commands are one request, described in the table. */
#include "lakebasectl/ctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void put_escaped(FILE *f, const char *text)
{
	for (; *text; text++)
		if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')
			|| (*text >= '0' && *text <= '9') || strchr("-._~,*", *text))
			fputc(*text, f);
		else
			fprintf(f, "%%%02X", (unsigned char)*text);
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
	for (int i = 0; i < OPT__N; i++) {
		const struct option_info *o = &option_table[i];

		if (!o->query || !c->option[i])
			continue;
		fprintf(f, "%s%s=", separator, o->query);
		put_escaped(f, o->value ? c->option[i] : "1");
		separator = "&";
	}
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
		if (strcmp(option_table[i].name, word + 2) == 0)
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
	char key[32], word[48];

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
		if (value)
			json_object_set_new(body, key,
				raw ? json_loads(value, JSON_DECODE_ANY, NULL) : json_string(value));
		p += n;
		p += *p == ' ';
	}
	return body;
}

/* Sends the command's request, with `body` (taken over) or without. */
static int ask(struct ctl *c, json_t *body, const char *more, struct lakebase_doc **doc)
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

static int show_answer(struct ctl *c, const struct lakebase_doc *doc)
{
	json_t *json, *list;
	int rc;

	if (!c->command->list || c->option[OPT_JSON] || (wants_json(c) && !wants_names(c)))
		return show(c, doc);
	json = json_of(doc);
	list = json_object_get(json, c->command->list);
	rc = show_list(c, list ? list : json_array(), c->command->columns);
	json_decref(json);
	return rc;
}

int run_mock(struct ctl *c)
{
	bool has_body = strcmp(c->command->method, "GET") != 0 && strcmp(c->command->method, "DELETE") != 0;
	struct lakebase_doc *doc = NULL;
	int rc = ask(c, has_body && c->command->body ? build_body(c) : NULL, NULL, &doc);

	if (!rc)
		rc = show_answer(c, doc);
	lakebase_doc_free(doc);
	return rc;
}

/* ---- those that need more than one request, or more than words ---- */

int run_mock_wait(struct ctl *c)
{
	int64_t left = c->option[OPT_TIMEOUT] ? parse_time(c->option[OPT_TIMEOUT]) : 30000;
	struct timespec nap = { .tv_nsec = 50000000 };
	int rc;

	c->option[OPT_RETRY_ATTEMPTS] = "1";
	rc = connect_client(c);
	if (rc)
		return rc;
	while (lakebase_request(NULL, c->lb, "GET", "/_mock/ready", NULL, NULL)) {
		int code = lakebase_last_error()->code;

		if (code != LAKEBASE_ECONNECT && code != LAKEBASE_ELOST && code != LAKEBASE_EUNAVAILABLE)
			return failed(c);
		if (left <= 0) {
			complain("%s is not ready: %s", lakebase_host(c->lb),
				lakebase_last_error()->message);
			return EXIT_UNREACHABLE;
		}
		nanosleep(&nap, NULL);
		left -= 50;
	}
	return EXIT_OK;
}

int run_mock_env(struct ctl *c)
{
	const char *workspace = c->option[OPT_WORKSPACE] ? c->option[OPT_WORKSPACE] : "default";
	int rc = connect_client(c);

	if (rc)
		return rc;
	for (const char *p = workspace; *p; p++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", *p)) {
			complain("'%s': a workspace is named with a-z, 0-9, - and _", workspace);
			return EXIT_USAGE;
		}
	if (lakebase_request(NULL, c->lb, "GET", "/_mock/health", NULL, NULL))
		return failed(c);
	printf("export DATABRICKS_HOST=%s\nexport DATABRICKS_TOKEN=mock-%s\n", lakebase_host(c->lb),
		workspace);
	return EXIT_OK;
}

int run_state_export(struct ctl *c)
{
	struct command as_request = *c->command;
	struct lakebase_doc *doc = NULL;
	json_t *json;
	int rc;

	as_request.method = "GET";
	as_request.route = "/_mock/state";
	c->command = &as_request;
	rc = ask(c, NULL, NULL, &doc);
	json = rc ? NULL : json_of(doc);
	if (!rc && c->num_args) {
		rc = json_dump_file(json, c->args[0], JSON_INDENT(2));
		if (rc)
			complain("cannot write %s: %s", c->args[0], strerror(errno));
		rc = rc ? EXIT_USAGE : EXIT_OK;
	} else if (!rc) {
		rc = show_json(json);
	}
	json_decref(json);
	lakebase_doc_free(doc);
	return rc;
}

int run_state_import(struct ctl *c)
{
	struct command as_request = *c->command;
	struct lakebase_doc *doc = NULL;
	char from[1024];
	json_t *body;
	int rc;

	snprintf(from, sizeof(from), "%s%s", strcmp(c->args[0], "-") == 0 ? "" : "@", c->args[0]);
	body = read_json(from);
	if (!body)
		return EXIT_USAGE;
	as_request.method = "PUT";
	as_request.route = "/_mock/state";
	c->command = &as_request;
	rc = ask(c, body, NULL, &doc);
	lakebase_doc_free(doc);
	return rc;
}

int run_clock_advance(struct ctl *c)
{
	struct lakebase_doc *doc = NULL;
	json_t *body = json_object();
	int rc;

	if (c->num_args + !!c->option[OPT_TO] + !!c->option[OPT_UNTIL_IDLE] != 1) {
		complain("give one of: a time such as 26h, --to INSTANT, --until-idle");
		json_decref(body);
		return EXIT_USAGE;
	}
	if (c->num_args)
		json_object_set_new(body, "by", json_string(c->args[0]));
	else if (c->option[OPT_TO])
		json_object_set_new(body, "to", json_string(c->option[OPT_TO]));
	else
		json_object_set_new(body, "until", json_string("idle"));
	rc = ask(c, body, NULL, &doc);
	if (!rc && !wants_json(c))
		printf("now %s\n", lakebase_doc_string(doc, "now"));
	if (!rc)
		rc = show_answer(c, doc);
	lakebase_doc_free(doc);
	return rc;
}

/* Reads the plans, puts the new one in its place, and writes them back. */
int run_lro_set(struct ctl *c)
{
	struct command as_request = *c->command;
	struct lakebase_doc *doc = NULL;
	json_t *lro, *plans, *plan;
	int rc;

	as_request.method = "GET";
	as_request.route = "/_mock/lro";
	c->command = &as_request;
	/* --rpc is a field here, not a filter */
	const char *rpc = c->option[OPT_RPC], *project = c->option[OPT_PROJECT];

	c->option[OPT_RPC] = NULL;
	rc = ask(c, NULL, NULL, &doc);
	if (rc)
		return rc;
	lro = json_of(doc);
	lakebase_doc_free(doc);
	json_object_del(lro, "schema");
	json_object_del(lro, "workspace");
	if (rpc || project) {
		plans = json_object_get(lro, "plans");
		plan = json_pack("{s:s?, s:s?, s:s}", "rpc", rpc, "project", project, "plan", c->args[0]);
		if (!rpc)
			json_object_del(plan, "rpc");
		if (!project)
			json_object_del(plan, "project");
		json_array_insert_new(plans, 0, plan);
	} else {
		json_object_set_new(lro, "default", json_string(c->args[0]));
	}
	as_request.method = "PUT";
	rc = ask(c, lro, NULL, &doc);
	if (!rc)
		rc = show(c, doc);
	lakebase_doc_free(doc);
	return rc;
}

int run_fault_add(struct ctl *c)
{
	struct command as_request = *c->command;
	struct lakebase_doc *doc = NULL;
	const char *text = c->args[0];
	json_t *rule = *text == '{' || *text == '@' || *text == '-' ? read_json(text) : fault_parse(text);
	int rc;

	if (!rule)
		return EXIT_USAGE;
	if (c->option[OPT_ID])
		json_object_set_new(rule, "id", json_string(c->option[OPT_ID]));
	as_request.method = "POST";
	as_request.route = "/_mock/faults";
	as_request.list = "faults";
	as_request.columns = "ID=id,RPC=match.rpc,CALL=match.call,TRY=match.attempt,PHASE=phase,"
			     "ACTION=action.type";
	c->command = &as_request;
	rc = ask(c, rule, NULL, &doc);
	if (!rc)
		rc = lakebase_doc_has(doc, "faults") ? show_answer(c, doc) : show(c, doc);
	lakebase_doc_free(doc);
	return rc;
}
