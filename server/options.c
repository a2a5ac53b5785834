/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/arena.h"
#include "base/text.h"

#define ENV_PREFIX "LAKEBASE_MOCK_"

extern char **environ;

const struct option options[OPT__N] = {
	[OPT_LISTEN] = {"listen", "ADDR:PORT", "127.0.0.1:4610", false,
		"where to listen; port 0 picks a free port"},
	[OPT_PORT_FILE] = {"port-file", "PATH", NULL, false,
		"write the port to this file when ready"},
	[OPT_END_WITH_STDIN] = {"end-with-stdin", NULL, NULL, false,
		"end when standard input does, a pipe: with the program that holds its other end"},
	[OPT_DB] = {"db", "PATH", NULL, false,
		"keep everything in this SQLite file, and not in memory only"},
	[OPT_FIXTURE] = {"fixture", "FILE", NULL, true,
		"start with the state, principals and faults of a file, or with empty, demo or large"},
	[OPT_SCENARIO] = {"scenario", "NAME", NULL, true, "start with this built-in fault scenario"},
	[OPT_SEED] = {"seed", "N", "42", false, "seed for ids and random choices"},
	[OPT_PROFILE] = {"profile", "DATE", NULL, false,
		"behave as the service did on that date; by default, as it does now"},
	[OPT_SET] = {"set", "KEY=VALUE", NULL, true, "change a setting: a toggle, quota or duration"},
	[OPT_CLOCK] = {"clock", "MODE", "real", false,
		"real, manual[:TIME] or scaled:K, for new workspaces"},
	[OPT_LRO] = {"lro", "PLAN", "first-poll", false,
		"when operations end: sync, first-poll, after:5s, after-polls:3, ..."},
	[OPT_AUTH] = {"auth", "MODE", "any", false,
		"open (no token needed), any (any token will do) or strict (known tokens only)"},
	[OPT_STRICT] = {"strict", NULL, NULL, false,
		"answer 400 to requests that other versions of the service refuse"},
	[OPT_JOURNAL] = {"journal", "ROWS", "100000", false,
		"how many requests are kept for each workspace"},
	[OPT_NO_SEQ_HEADER] = {"no-seq-header", NULL, NULL, false,
		"leave X-Mock-Seq out of answers"},
	[OPT_FAIL_ON_UNFIRED] = {"fail-on-unfired", NULL, NULL, false,
		"exit 5 when a fault rule never fired"},
	[OPT_MAX_WORKSPACES] = {"max-workspaces", "N", "10000", false, "how many workspaces can exist"},
	[OPT_ADMIN_TOKEN] = {"admin-token", "TOKEN", NULL, false,
		"require this token for /_mock, in X-Mock-Admin-Token"},
	[OPT_ALLOW_HOST] = {"allow-host", "NAME", NULL, true,
		"also accept this name in the Host header; * accepts any"},
	[OPT_TLS_CERT] = {"tls-cert", "PEM", NULL, false, "serve HTTPS with this certificate"},
	[OPT_TLS_KEY] = {"tls-key", "PEM", NULL, false, "the private key of that certificate"},
	[OPT_TLS_SELF_SIGNED] = {"tls-self-signed", "PATH", NULL, false,
		"serve HTTPS with a new certificate, and write it to this file"},
	[OPT_LOG] = {"log", "FORMAT", "text", false, "text, json or off, on standard error"},
	[OPT_LOG_LEVEL] = {"log-level", "LEVEL", "info", false, "error, warn, info or debug"},
	[OPT_LOG_BODIES] = {"log-bodies", NULL, NULL, false, "also log bodies"},
	[OPT_CHECK_REPLIES] = {"check-replies", NULL, NULL, false,
		"stop if an answer does not match its own schema"},
	[OPT_POSTGRES] = {"postgres", "off|auto|BINDIR", "off", true,
		"run a PostgreSQL behind each endpoint: what auto finds, or the one in this folder"},
	[OPT_POSTGRES_PORT] = {"postgres-port", "N", "5432", false, "port of the endpoints"},
	[OPT_POSTGRES_HOSTS] = {"postgres-hosts", "address|name:NAME", "address", false,
		"give each endpoint its own address, or all of them one name"},
	[OPT_POSTGRES_DATA] = {"postgres-data", "DIR", NULL, false,
		"folder for the data; by default FILE.pg beside --db, or a temporary folder"},
	[OPT_POSTGRES_USER] = {"postgres-user", "NAME", NULL, false,
		"user for the database servers if this server runs as root; by default postgres or nobody"},
	[OPT_POSTGRES_TLS_CA] = {"postgres-tls-ca", "DIR", NULL, false,
		"folder with ca.pem and ca.key for their certificates; by default made with the data"},
	[OPT_CONFIG] = {"config", "FILE", NULL, false,
		"read flags from this file: a JSON object with their names as keys"},
};

static const char *names[OPT__N + 1];

static void fill_names(void)
{
	for (int i = 0; i < OPT__N; i++)
		names[i] = options[i].name;
}

static int find(const char *name)
{
	for (int i = 0; i < OPT__N; i++)
		if (streq(options[i].name, name))
			return i;
	return -1;
}

/* What other programs have as a flag is a part of one here, and the nearest name would mislead. */
static bool is_listen(const char *key)
{
	return streq(key, "port") || streq(key, "host") || streq(key, "bind") || streq(key, "address");
}

static const char *nearest(const char *key)
{
	return is_listen(key) ? "listen" : text_nearest(key, names);
}

static int unknown_flag(const char *name, struct err *e)
{
	const char *near = nearest(name), *arg = near ? options[find(near)].arg : NULL;

	if (!near)
		return err_set(e, ERR_INVALID, "unknown flag '--%s'; see lakebase-mock --help", name);
	return err_set(e, ERR_INVALID, "unknown flag '--%s'; did you mean '--%s%s%s'?", name, near,
		arg ? " " : "", arg ? arg : "");
}

static int unknown_key(const char *key, struct err *e)
{
	const char *near = nearest(key);

	return err_set(e, ERR_INVALID, "unknown key in the config file: '%s'%s%s%s", key,
		near ? "; did you mean '" : "; see lakebase-mock --help", near ? near : "",
		near ? "'?" : "");
}

/* A source that comes later does not override one that came before; lists of one source add up. */
static int take(struct settings_read *s, int id, const char *value, const char *origin, struct err *e)
{
	bool on;

	if (s->origin[id] && !streq(s->origin[id], origin))
		return 0;
	if (!options[id].arg && !text_bool(value, &on))
		return err_set(e, ERR_INVALID, "%s is 1, 0, true or false, got '%s'",
			options[id].name, value);
	if (options[id].repeat) {
		if (s->num[id] == MAX_REPEATS)
			return err_set(e, ERR_INVALID, "too many --%s", options[id].name);
		s->list[id][s->num[id]++] = value;
	}
	s->value[id] = value;
	s->origin[id] = origin;
	return 0;
}

static int read_flag(struct settings_read *s, int argc, char **argv, int *i, struct err *e)
{
	const char *arg = argv[*i], *eq = strchr(arg, '=');
	char name[64] = "";
	int id;

	if (strncmp(arg, "--", 2) != 0)
		return err_set(e, ERR_INVALID, "unexpected argument '%s'; see lakebase-mock --help", arg);
	snprintf(name, sizeof name, "%.*s", eq ? (int)(eq - arg - 2) : 60, arg + 2);
	id = find(name);
	if (id < 0)
		return unknown_flag(name, e);
	if (eq)
		return take(s, id, eq + 1, "flag", e);
	if (!options[id].arg)
		return take(s, id, "true", "flag", e);
	if (*i + 1 >= argc)
		return err_set(e, ERR_INVALID, "--%s needs %s", name, options[id].arg);
	return take(s, id, argv[++*i], "flag", e);
}

/* "port-file" -> LAKEBASE_MOCK_PORT_FILE */
static void variable_of(const char *name, char out[static 80])
{
	size_t n = text_append(out, 80, 0, ENV_PREFIX, sizeof ENV_PREFIX - 1);

	for (; *name && n < 79; name++)
		out[n++] = *name == '-' ? '_' : (char)toupper((unsigned char)*name);
	out[n] = '\0';
}

static int unknown_variable(const char *name, struct err *e)
{
	const char *near = nearest(name);
	char variable[80], other[80] = "";

	variable_of(name, variable);
	if (near)
		variable_of(near, other);
	return err_set(e, ERR_INVALID, "unknown variable %s; %s%s", variable,
		near ? "did you mean " : "see lakebase-mock --help", near ? other : "");
}

/*
 * Variables that are not ours: where clients look for a server, for the program and for the image, and
 * what Kubernetes sets in every container beside a service that is called lakebase-mock. Its PORT is a
 * URL; a number is somebody's wish.
 */
static bool foreign(const char *name, const char *value)
{
	const char *rest;

	return streq(name, "url") || streq(name, "binary") || streq(name, "image") ||
	       (streq(name, "port") && !isdigit((unsigned char)*value)) ||
	       text_starts(name, "service-", NULL) ||
	       (text_starts(name, "port-", &rest) && isdigit((unsigned char)*rest));
}

/* LAKEBASE_MOCK_PORT_FILE -> port-file */
static int read_env(struct settings_read *s, struct err *e)
{
	for (char **p = environ; *p; p++) {
		const char *rest, *eq;
		char name[64] = "";
		size_t n;
		int id;

		if (!text_starts(*p, ENV_PREFIX, &rest) || !(eq = strchr(rest, '=')))
			continue;
		n = (size_t)(eq - rest);
		for (size_t i = 0; i < n && i < sizeof name - 1; i++)
			name[i] = rest[i] == '_' ? '-' : (char)tolower((unsigned char)rest[i]);
		id = find(name);
		if (id < 0 && foreign(name, eq + 1))
			continue;
		if (id < 0)
			return unknown_variable(name, e);
		if (eq[1] && take(s, id, eq + 1, "environment", e))
			return -1;
	}
	return 0;
}

/* Text of a JSON value that an option can have; kept for the life of the process. */
static const char *scalar(const json_t *v)
{
	static struct arena kept;

	if (json_is_string(v))
		return arena_strdup(&kept, json_string_value(v));
	if (json_is_boolean(v))
		return json_is_true(v) ? "true" : "false";
	if (json_is_integer(v))
		return arena_printf(&kept, "%lld", (long long)json_integer_value(v));
	return NULL;
}

static int take_json(struct settings_read *s, int id, json_t *v, struct err *e)
{
	const char *text;

	if (options[id].repeat && json_is_array(v)) {
		for (size_t i = 0; i < json_array_size(v); i++)
			if (take_json(s, id, json_array_get(v, i), e))
				return -1;
		return 0;
	}
	text = scalar(v);
	if (!text)
		return err_set(e, ERR_INVALID, "config: '%s' must be a string, number or boolean",
			options[id].name);
	return take(s, id, text, "config", e);
}

/* Some editors begin a file with a mark of its encoding. */
static json_t *load_config(const char *path, json_error_t *why)
{
	FILE *f = fopen(path, "rbe");
	char mark[3];
	json_t *doc;

	if (!f) /* says so in its own words */
		return json_load_file(path, JSON_REJECT_DUPLICATES, why);
	if (fread(mark, 1, sizeof mark, f) != sizeof mark || memcmp(mark, "\xef\xbb\xbf", 3) != 0)
		rewind(f);
	doc = json_loadf(f, JSON_REJECT_DUPLICATES, why);
	fclose(f);
	return doc;
}

static int read_config(struct settings_read *s, const char *path, struct err *e)
{
	json_error_t why;
	json_auto_t *doc = load_config(path, &why);
	const char *key;
	json_t *v;

	if (doc && !json_is_object(doc))
		return err_set(e, ERR_INVALID, "config %s must be a JSON object of flags", path);
	if (!doc && why.line < 1) /* its text names the file */
		return err_set(e, ERR_INVALID, "cannot read config: %s", why.text);
	if (!doc)
		return err_set(e, ERR_INVALID, "cannot read config %s: line %d: %s", path, why.line,
			why.text);
	json_object_foreach (doc, key, v) {
		int id = find(key);

		if (id < 0)
			return unknown_key(key, e);
		if (take_json(s, id, v, e))
			return -1;
	}
	return 0;
}

int options_read(struct settings_read *ret, int argc, char **argv, struct err *e)
{
	*ret = (struct settings_read){ 0 };
	fill_names();
	for (int i = 0; i < argc; i++)
		if (read_flag(ret, argc, argv, &i, e))
			return -1;
	if (read_env(ret, e))
		return -1;
	if (ret->value[OPT_CONFIG] && read_config(ret, ret->value[OPT_CONFIG], e))
		return -1;
	for (int i = 0; i < OPT__N; i++)
		if (!ret->value[i] && options[i].def)
			ret->value[i] = options[i].def;
	return 0;
}

bool option_on(const struct settings_read *s, enum option_id id)
{
	bool on = false;

	return s->value[id] && text_bool(s->value[id], &on) && on;
}

void options_help(void)
{
	for (int i = 0; i < OPT__N; i++) {
		char left[64];

		snprintf(left, sizeof left, "--%s%s%s", options[i].name, options[i].arg ? " " : "",
			options[i].arg ? options[i].arg : "");
		if (strlen(left) > 26)
			printf("  %s\n  %-26s %s", left, "", options[i].help);
		else
			printf("  %-26s %s", left, options[i].help);
		if (options[i].def)
			printf(" (%s)", options[i].def);
		puts(options[i].repeat ? "; repeatable" : "");
	}
}
