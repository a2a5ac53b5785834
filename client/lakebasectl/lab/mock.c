/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/lab/mock.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/lab/fault.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/lab/lab.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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
	struct lakebase_doc *doc = NULL;
	json_t *json;
	int rc;

	rc = lab_ask(c, NULL, NULL, &doc);
	json = rc ? NULL : json_of(doc);
	if (!rc && c->num_args) {
		rc = json_dump_file(json, c->args[0], JSON_INDENT(2));
		if (rc)
			complain("cannot write %s: %s", c->args[0], strerror(errno));
		rc = rc ? EXIT_USAGE : EXIT_OK;
	} else if (!rc) {
		rc = show_json(&c->out, json);
	}
	json_decref(json);
	lakebase_doc_free(doc);
	return rc;
}

int run_state_import(struct ctl *c)
{
	struct lakebase_doc *doc = NULL;
	char from[1024];
	json_t *body;
	int rc;

	snprintf(from, sizeof(from), "%s%s", strcmp(c->args[0], "-") == 0 ? "" : "@", c->args[0]);
	body = read_json(from);
	if (!body)
		return EXIT_USAGE;
	rc = lab_ask(c, body, NULL, &doc);
	lakebase_doc_free(doc);
	return rc;
}

int run_clock_advance(struct ctl *c)
{
	struct lakebase_doc *doc = NULL;
	json_t *body = json_object();
	char by[48];
	int rc;

	if (c->num_args && parse_time(c->args[0]) < 0) {
		complain("'%s' is no time: expected such as 26h, 7d, 1h30m", c->args[0]);
		json_decref(body);
		return EXIT_USAGE;
	}
	if (c->num_args + !!c->option[OPT_TO] + !!c->option[OPT_UNTIL_IDLE] != 1) {
		complain("give one of: a time such as 26h, --to INSTANT, --until-idle");
		json_decref(body);
		return EXIT_USAGE;
	}
	write_time(by, sizeof(by), c->num_args ? parse_time(c->args[0]) : 0);
	if (c->num_args)
		json_object_set_new(body, "by", json_string(by));
	else if (c->option[OPT_TO])
		json_object_set_new(body, "to", json_string(c->option[OPT_TO]));
	else
		json_object_set_new(body, "until", json_string("idle"));
	rc = lab_ask(c, body, NULL, &doc);
	if (!rc && !wants_document(&c->out))
		put_line("now %s", lakebase_doc_string(doc, "now"));
	if (!rc)
		rc = lab_show(c, doc);
	lakebase_doc_free(doc);
	return rc;
}

/* Reads the plans, puts the new one in its place, and writes them back. */
int run_lro_set(struct ctl *c)
{
	struct lakebase_doc *doc = NULL;
	const char *rpc = c->option[OPT_RPC], *project = c->option[OPT_PROJECT];
	json_t *lro, *plans, *plan;
	int rc;

	c->option[OPT_RPC] = NULL; /* a field here, not a filter */
	rc = lab_fetch(c, c->command->route, "", &lro);
	if (rc)
		return rc;
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
	rc = lab_ask(c, lro, NULL, &doc);
	if (!rc)
		rc = show(&c->out, doc);
	lakebase_doc_free(doc);
	return rc;
}

int run_fault_add(struct ctl *c)
{
	struct lakebase_doc *doc = NULL;
	const char *text = c->args[0];
	json_t *rule = *text == '{' || *text == '@' || *text == '-' ? read_json(text) : fault_parse(text);
	int rc;

	if (!rule)
		return EXIT_USAGE;
	if (c->option[OPT_ID])
		json_object_set_new(rule, "id", json_string(c->option[OPT_ID]));
	rc = lab_ask(c, rule, NULL, &doc);
	if (!rc)
		rc = lab_show(c, doc);
	lakebase_doc_free(doc);
	return rc;
}
