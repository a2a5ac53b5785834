/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cleanup/cleanup.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "conformance/target/weather.h"

#define WORKSPACES "/_mock/workspaces"

/* Cleaning goes on after the first signal; the second one ends the program. */
static int pause_ms(void *context, int64_t ms)
{
	struct cleaner *c = context;

	return !wait_seconds(c->shared, (double)ms / 1000, true);
}

static void count_call(void *context, const struct lakebase_exchange *x)
{
	struct cleaner *c = context;

	(void)x;
	atomic_fetch_add(&c->shared->calls, 1);
}

int cleaner_open(struct cleaner *c, struct shared *shared, const char *url, const char *token,
	bool mock, struct err *e)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;

	*c = (struct cleaner){
		.shared = shared, .patience = patience_of(shared->options, url, mock)};
	c->ports = (struct lakebase_ports){.context = c, .sleep = pause_ms};
	o.host = url;
	o.token = token;
	o.ca_bundle = shared->options->cacert;
	o.user_agent = "lakebase-conformance";
	o.retry = retry_of(shared->options, url, mock);
	o.request_timeout_ms = (int64_t)(1000 * (c->patience < 60 ? c->patience : 60)) + 1;
	o.wait_timeout_ms = (int64_t)(1000 * c->patience) + 1;
	o.on_exchange = count_call;
	o.context = c;
	o.ports = &c->ports;
	o.ignore_environment = true;
	if (lakebase_new(&c->lb, &o))
		return err_set(e, ERR_INVALID, "%s", lakebase_last_error()->message);
	return 0;
}

void cleaner_close(struct cleaner *c)
{
	lakebase_free(c->lb);
	c->lb = NULL;
}

static void say(struct cleaner *c, const char *what)
{
	snprintf(c->why, sizeof(c->why), "%s%s", what, lakebase_last_error()->message);
}

/* ---- resources ---- */

static int delete_once(struct cleaner *c, const char *name)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	const struct lakebase_kind *kind = lakebase_kind_of(name);

	o.flags = LAKEBASE_WAIT | LAKEBASE_ALLOW_MISSING |
		  (kind ? kind->flags & (unsigned)LAKEBASE_PURGE : 0);
	return lakebase_delete(NULL, c->lb, name, &o);
}

/* A protected branch keeps itself and its project from being deleted. */
static bool unprotect(struct cleaner *c, const char *name, const struct lakebase_doc *branch)
{
	(void)c;
	return lakebase_doc_bool(branch, "status.is_protected", false) &&
	       lakebase_update(NULL, c->lb, name, "{\"spec\":{\"is_protected\":false}}",
		       "spec.is_protected", LAKEBASE_AND_WAIT) == 0;
}

static bool unprotect_all(struct cleaner *c, const char *name)
{
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *branch = NULL;
	char list[1200];
	bool any = false;

	if (strchr(name, '/') && !strchr(strchr(name, '/') + 1, '/')) {
		snprintf(list, sizeof(list), "%s/branches", name);
		if (lakebase_list(&pages, c->lb, list, NULL))
			return false;
		while (lakebase_pages_next(&branch, pages) == 0 && branch) {
			any |= unprotect(c, lakebase_doc_string(branch, "name"), branch);
			lakebase_doc_free(branch);
		}
		lakebase_pages_free(pages);
	} else if (lakebase_get(&branch, c->lb, name) == 0) {
		any = unprotect(c, name, branch);
		lakebase_doc_free(branch);
	}
	return any;
}

/* What the service removes in its own time is looked at until it is gone. */
static bool gone(struct cleaner *c, const char *name)
{
	double end = seconds_now() + c->patience, wait = 0.005;
	int rc;

	while ((rc = lakebase_get(NULL, c->lb, name)) == 0 && seconds_now() + wait < end) {
		wait_seconds(c->shared, wait, true);
		wait = wait < 5 ? 2 * wait : 5;
	}
	if (rc == 0)
		snprintf(c->why, sizeof(c->why), "it can still be read");
	else if (rc != LAKEBASE_ENOTFOUND)
		say(c, "whether it is there was not told: ");
	return rc == LAKEBASE_ENOTFOUND;
}

static bool remove_resource(struct cleaner *c, const char *name)
{
	const struct lakebase_kind *kind = lakebase_kind_of(name);
	int rc = delete_once(c, name);

	if (rc == LAKEBASE_EREFUSED && kind && kind->flags & LAKEBASE_PURGE &&
		unprotect_all(c, name))
		rc = delete_once(c, name);
	if (rc && rc != LAKEBASE_ENOTFOUND) {
		say(c, "");
		return false;
	}
	return gone(c, name);
}

/* ---- workspaces of a mock ---- */

static int list_workspaces(struct cleaner *c, struct lakebase_doc **ret)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;

	o.flags = LAKEBASE_NO_AUTH;
	return lakebase_request(ret, c->lb, "GET", WORKSPACES, NULL, &o);
}

static int find_workspaces(struct cleaner *c, const char *stem, struct created *ret)
{
	struct lakebase_doc *all;
	char path[64], name[512];
	int rc = list_workspaces(c, &all);

	for (size_t i = 0; rc == 0 && i < lakebase_doc_count(all, "workspaces"); i++) {
		const char *found;

		snprintf(path, sizeof(path), "workspaces.%zu.name", i);
		found = lakebase_doc_string(all, path);
		snprintf(name, sizeof(name), WORKSPACES "/%s", found ? found : "");
		if (found && text_starts(found, stem, NULL) && created_add(ret, name))
			rc = -1;
	}
	lakebase_doc_free(all);
	return rc ? -1 : 0;
}

static bool remove_workspace(struct cleaner *c, const char *path)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	int rc;

	o.flags = LAKEBASE_NO_AUTH;
	rc = lakebase_request(NULL, c->lb, "DELETE", path, NULL, &o);
	if (rc == 0 || rc == LAKEBASE_ENOTFOUND)
		return true;
	say(c, "");
	return false;
}

bool cleaner_remove(struct cleaner *c, const char *name)
{
	return name[0] == '/' ? remove_workspace(c, name) : remove_resource(c, name);
}

int cleaner_find(struct cleaner *c, bool mock, const char *stem, struct created *ret)
{
	struct lakebase_call_options o = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *item = NULL;
	const char *rest;
	int rc;

	if (mock)
		return find_workspaces(c, stem, ret);
	o.flags = LAKEBASE_SHOW_DELETED;
	o.page_size = 100;
	rc = lakebase_list(&pages, c->lb, "projects", &o);
	while (rc == 0 && (rc = lakebase_pages_next(&item, pages)) == 0 && item) {
		const char *name = lakebase_doc_string(item, "name");

		if (name && text_starts(name, "projects/", &rest) &&
			text_starts(rest, stem, NULL) && created_add(ret, name))
			rc = -1;
		lakebase_doc_free(item);
	}
	if (rc)
		say(c, "the list of projects: ");
	lakebase_pages_free(pages);
	return rc ? -1 : 0;
}
