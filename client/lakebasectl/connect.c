/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/connect.h"
#include "lakebasectl/client.h"
#include "lakebasectl/kinds.h"
#include "lakebasectl/say.h"
#include "lakebasectl/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The default branch of a project. NULL after a message. */
static char *branch_of(struct ctl *c, const char *project)
{
	struct lakebase_doc *doc = NULL;
	const char *branch;
	char *name = NULL;

	if (lakebase_get(&doc, c->lb, project)) {
		failed(c);
		return NULL;
	}
	branch = lakebase_doc_string(doc, "status.default_branch");
	if (branch)
		name = strdup(branch);
	else
		complain("%s has no default branch: name a branch, such as %s/production", project,
			c->args[0]);
	lakebase_doc_free(doc);
	return name;
}

/* The read-write endpoint of a branch, or else its first. NULL after a message. */
static char *endpoint_of(struct ctl *c, const char *branch)
{
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *item = NULL;
	char collection[1100], *name = NULL;
	bool best = false;
	int rc;

	snprintf(collection, sizeof(collection), "%s/endpoints", branch);
	rc = lakebase_list(&pages, c->lb, collection, NULL);
	while (!rc && !best && (rc = lakebase_pages_next(&item, pages)) == 0 && item) {
		const char *type = lakebase_doc_string(item, "status.endpoint_type");

		best = type && strcmp(type, "ENDPOINT_TYPE_READ_WRITE") == 0;
		if (best || !name) {
			free(name);
			name = strdup(lakebase_doc_string(item, "name"));
		}
		lakebase_doc_free(item);
	}
	lakebase_pages_free(pages);
	if (rc)
		failed(c);
	else if (!name)
		complain("%s has no endpoint: lakebasectl endpoint create makes one", branch);
	return name;
}

static char *find_endpoint(struct ctl *c)
{
	const struct lakebase_kind *kind = lakebase_kind_of(c->args[0]);
	static const char *const by_depth[] = { "projects", "branches", "endpoints" };
	char *name, *next;
	size_t depth = 0;

	for (const char *p = c->args[0]; *p; p++)
		depth += *p == '/';
	if (!kind && depth < ARRAY_SIZE(by_depth))
		kind = kind_named(by_depth[depth]);
	if (!kind)
		kind = kind_named("endpoints");
	name = full_name(c, kind, c->args[0]);
	if (name && strcmp(kind->collection, "projects") == 0) {
		next = branch_of(c, name);
		free(name);
		name = next;
		kind = kind_named("branches");
	}
	if (name && strcmp(kind->collection, "branches") == 0) {
		next = endpoint_of(c, name);
		free(name);
		name = next;
	}
	return name;
}

static char *who(struct ctl *c)
{
	struct lakebase_doc *doc = NULL;
	char *name = NULL;

	if (c->option[OPT_USER])
		return strdup(c->option[OPT_USER]);
	if (lakebase_request(&doc, c->lb, "GET", "/api/2.0/preview/scim/v2/Me", NULL, NULL))
		failed(c);
	else if (lakebase_doc_string(doc, "userName"))
		name = strdup(lakebase_doc_string(doc, "userName"));
	else
		complain("the service does not say who you are: give --user ROLE");
	lakebase_doc_free(doc);
	return name;
}

static void put_escaped(const char *text)
{
	for (; *text; text++)
		if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')
			|| (*text >= '0' && *text <= '9') || strchr("-._~", *text))
			putchar(*text);
		else
			printf("%%%02X", (unsigned char)*text);
}

/* In single quotes for a shell. */
static void put_quoted(const char *text)
{
	putchar('\'');
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
	putchar('\'');
}

static void put_dsn(const char *user, const char *password, const char *host, const char *database)
{
	fputs("postgresql://", stdout);
	put_escaped(user);
	putchar(':');
	put_escaped(password);
	printf("@%s:5432/", host);
	put_escaped(database);
	puts("?sslmode=require");
}

static int run_psql(const char *user, const char *password, const char *host, const char *database)
{
	setenv("PGPASSWORD", password, 1);
	setenv("PGSSLMODE", "require", 1);
	execlp("psql", "psql", "-h", host, "-p", "5432", "-U", user, "-d", database, (char *)NULL);
	complain("cannot run psql: is it installed?");
	return EXIT_USAGE;
}

static int open_session(struct ctl *c, const char *user, const char *host, const char *password)
{
	const char *database = c->option[OPT_DATABASE] ? c->option[OPT_DATABASE] : "databricks_postgres";

	clear_progress(&c->out);
	if (c->option[OPT_EXEC])
		return run_psql(user, password, host, database);
	if (c->option[OPT_DSN]) {
		put_dsn(user, password, host, database);
		return EXIT_OK;
	}
	fputs("PGPASSWORD=", stdout);
	put_quoted(password);
	fputs(" PGSSLMODE=require psql -h ", stdout);
	put_quoted(host);
	fputs(" -p 5432 -U ", stdout);
	put_quoted(user);
	fputs(" -d ", stdout);
	put_quoted(database);
	putchar('\n');
	return EXIT_OK;
}

static const char *host_of(struct ctl *c, const struct lakebase_doc *endpoint)
{
	static const char *const pooled[] = { "status.hosts.read_write_pooled_host",
		"status.hosts.read_only_pooled_host" };
	const char *host = NULL;

	for (size_t i = 0; c->option[OPT_POOLED] && !host && i < ARRAY_SIZE(pooled); i++)
		host = lakebase_doc_string(endpoint, pooled[i]);
	if (!c->option[OPT_POOLED])
		host = lakebase_doc_string(endpoint, "status.hosts.host");
	if (!host)
		complain("%s has no %shost yet", lakebase_doc_string(endpoint, "name"),
			c->option[OPT_POOLED] ? "pooled " : "");
	return host;
}

int run_connect(struct ctl *c)
{
	int64_t ttl = c->option[OPT_TTL] ? parse_time(c->option[OPT_TTL]) / 1000 : 0;
	struct lakebase_doc *endpoint = NULL, *credential = NULL;
	char *name = NULL, *user = NULL;
	int rc = connect_client(c);

	if (rc)
		return rc;
	name = find_endpoint(c);
	rc = EXIT_API;
	if (!name)
		goto out;
	user = who(c);
	if (!user)
		goto out;
	if (lakebase_get(&endpoint, c->lb, name)
		|| lakebase_credential(&credential, c->lb, name, (int)ttl))
		rc = failed(c);
	else if (host_of(c, endpoint))
		rc = open_session(c, user, host_of(c, endpoint), lakebase_doc_string(credential, "token"));
out:
	lakebase_doc_free(endpoint);
	lakebase_doc_free(credential);
	free(user);
	free(name);
	return rc;
}
