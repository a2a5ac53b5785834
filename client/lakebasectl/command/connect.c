/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/command/connect.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/lab/lab.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/request/target.h"
#include "lakebasectl/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* What a session needs. */
struct session {
	const char *host, *password, *database;
	char *user;
	int port;
	char *ca; /* PEM of the mock's CA; NULL: the system's own */
};

static void put_dsn(const struct session *s)
{
	fputs("postgresql://", stdout);
	put_escaped(s->user);
	putchar(':');
	put_escaped(s->password);
	printf("@%s:%d/", s->host, s->port);
	put_escaped(s->database);
	puts("?sslmode=require");
}

static void put_command(const struct session *s)
{
	fputs("PGPASSWORD=", stdout);
	put_quoted(s->password);
	printf(" PGSSLMODE=require psql -h %s -p %d -U ", s->host, s->port);
	put_quoted(s->user);
	fputs(" -d ", stdout);
	put_quoted(s->database);
	putchar('\n');
}

/* A file without a name, that a new program inherits. */
static int open_nameless(void)
{
#ifdef __linux__
	return memfd_create("ca.pem", 0);
#else
	char path[] = "/tmp/lakebasectl-XXXXXX";
	int fd = mkstemp(path);

	if (fd >= 0)
		unlink(path);
	return fd;
#endif
}

/* A CA that psql can read and nobody has to delete. */
static int set_ca(const char *pem)
{
	size_t size = strlen(pem);
	int fd = open_nameless();
	char path[40];

	/* where /dev/fd shares the offset, reading is to begin at the start */
	if (fd < 0 || write(fd, pem, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		return -1;
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	return setenv("PGSSLROOTCERT", path, 1);
}

static int run_psql(struct ctl *c, const struct session *s)
{
	char port[16];
	const char *argv[MAX_ARGS + 10] = { "psql", "-h", s->host, "-p", port, "-U", s->user, "-d",
		s->database };
	size_t n = 9;

	snprintf(port, sizeof(port), "%d", s->port);
	for (size_t i = 1; i < c->num_args; i++)
		argv[n++] = c->args[i];
	setenv("PGPASSWORD", s->password, 1);
	setenv("PGSSLMODE", s->ca ? "verify-full" : "require", 1);
	if (s->ca && set_ca(s->ca)) {
		complain("cannot hand the CA of the mock to psql");
		return EXIT_INTERNAL;
	}
	execvp("psql", (char **)(void *)argv);
	complain("cannot run psql: is it installed? --print shows the command");
	return EXIT_USAGE;
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
	else if (!*host || strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:")
			!= strlen(host)) {
		complain("'%s' is no host to connect to", host);
		host = NULL;
	}
	return host;
}

/* On a mock: the port of its data plane, and the CA that signed its certificates. */
static void ask_mock(struct ctl *c, struct session *s)
{
	struct lakebase_call_options text = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase_doc *doc = NULL;

	if (!may_be_mock(c))
		return;
	if (lakebase_request(&doc, c->lb, "GET", "/_mock/postgres", NULL, NULL) == 0) {
		s->port = (int)lakebase_doc_integer(doc, "port", s->port);
		lakebase_doc_free(doc);
		text.flags = LAKEBASE_TEXT;
		if (lakebase_request(&doc, c->lb, "GET", "/_mock/ca.pem", NULL, &text) == 0
			&& strstr(lakebase_doc_string(doc, ""), "BEGIN CERTIFICATE"))
			s->ca = strdup(lakebase_doc_string(doc, ""));
		lakebase_doc_free(doc);
	}
}

/* Nothing of the service gets into a command line that would do something else there. */
static bool is_usable(const struct session *s)
{
	char user[512];

	snprintf(user, sizeof(user), "%s", s->user);
	tame(user);
	if (strcmp(user, s->user) != 0 || *user == '-')
		return false;
	for (const char *p = s->password; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return false;
	return true;
}

static int open_session(struct ctl *c, struct session *s)
{
	clear_progress(&c->out);
	if (!is_usable(s)) {
		complain("the service names a user or a password that cannot be one: '%s'", s->user);
		return EXIT_API;
	}
	if (c->option[OPT_DSN]) {
		put_dsn(s);
		return EXIT_OK;
	}
	if (c->option[OPT_PRINT]) {
		put_command(s);
		return EXIT_OK;
	}
	if (strstr(s->host, ".invalid")) {
		complain("this mock has no Postgres behind its endpoints: start it with --postgres auto");
		return EXIT_API;
	}
	return run_psql(c, s);
}

int run_connect(struct ctl *c)
{
	int64_t ttl = c->option[OPT_TTL] ? parse_time(c->option[OPT_TTL]) / 1000 : 0;
	struct lakebase_doc *endpoint = NULL, *credential = NULL;
	struct session s = { .port = 5432,
		.database = c->option[OPT_DATABASE] ? c->option[OPT_DATABASE] : "databricks_postgres" };
	char *name = NULL;
	int rc = connect_client(c);

	if (rc)
		return rc;
	name = target_endpoint(c);
	rc = EXIT_API;
	if (!name)
		goto out;
	s.user = who(c);
	if (!s.user)
		goto out;
	if (lakebase_get(&endpoint, c->lb, name)
		|| lakebase_credential(&credential, c->lb, name, (int)ttl)) {
		rc = failed(c);
		goto out;
	}
	s.host = host_of(c, endpoint);
	s.password = lakebase_doc_string(credential, "token");
	if (s.host && s.password) {
		ask_mock(c, &s);
		rc = open_session(c, &s);
	}
out:
	lakebase_doc_free(endpoint);
	lakebase_doc_free(credential);
	free(s.user);
	free(s.ca);
	free(name);
	return rc;
}

int run_postgres(struct ctl *c)
{
	struct lakebase_doc *doc = NULL;
	char *name;
	int rc = connect_client(c);

	if (rc)
		return rc;
	name = target_endpoint(c);
	if (!name)
		return EXIT_API;
	rc = lab_ask(c, json_pack("{s:s}", "endpoint", name), NULL, &doc);
	if (!rc)
		rc = lab_show(c, doc);
	lakebase_doc_free(doc);
	free(name);
	return rc;
}
