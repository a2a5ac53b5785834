/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who to talk to, and as whom: options, then the environment, then a profile of the configuration
 * file. A source that brings credentials decides their kind; two kinds from one source are an error
 * unless auth_type chooses.
 */
#include "liblakebase/config/config.h"
#include "liblakebase/config/ini.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One setting in all the places it may come from. */
static const struct setting {
	const char *variable, *key; /* NULL: not from there */
	size_t option, field;
} settings[] = {
#define SETTING(variable, key, name)                                                               \
	{ variable, key, offsetof(struct lakebase_options, name), offsetof(struct lb_config, name) }
	SETTING("DATABRICKS_CONFIG_PROFILE", NULL, profile),
	SETTING("DATABRICKS_CONFIG_FILE", NULL, config_file),
	SETTING("DATABRICKS_HOST", "host", host),
	SETTING("DATABRICKS_TOKEN", "token", token),
	SETTING("DATABRICKS_CLIENT_ID", "client_id", client_id),
	SETTING("DATABRICKS_CLIENT_SECRET", "client_secret", client_secret),
	SETTING("SSL_CERT_FILE", NULL, ca_bundle),
	{ "DATABRICKS_AUTH_TYPE", "auth_type", SIZE_MAX, offsetof(struct lb_config, auth_type) },
#undef SETTING
};

static char **field(struct lb_config *c, const struct setting *s)
{
	return (char **)(void *)((char *)c + s->field);
}

void lb_config_done(struct lb_config *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		free(*field(c, &settings[i]));
	free(c->seen);
	*c = (struct lb_config){ 0 };
}

static bool has_credentials(const struct lb_config *c)
{
	return c->token || c->client_id || c->client_secret;
}

/* Reduces credentials of both kinds from one source to those that auth_type names. */
static int choose_kind(struct lb_config *c, const char *source, struct lakebase_error *e)
{
	if (!c->token || !(c->client_id || c->client_secret))
		return 0;
	if (lb_same(c->auth_type, "pat")) {
		lb_free_string(&c->client_id);
		lb_free_string(&c->client_secret);
		return 0;
	}
	if (lb_same(c->auth_type, "oauth-m2m")) {
		lb_free_string(&c->token);
		return 0;
	}
	return lb_error_set(e, LAKEBASE_ECONFIG,
		"%s hold both a token and a client id: set DATABRICKS_AUTH_TYPE to pat or oauth-m2m, "
		"or drop one",
		source);
}

/* Fills what is still missing in `c` from `from`, which is emptied. */
static void merge(struct lb_config *c, struct lb_config *from)
{
	bool keep_credentials = has_credentials(c);

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		char **to = field(c, &settings[i]), **value = field(from, &settings[i]);
		bool credential = to == &c->token || to == &c->client_id || to == &c->client_secret;
		/* an id from here and its secret from there belong together; a token does not */
		bool partial = (to != &c->token && !c->token);

		if (*to || (credential && keep_credentials && !partial))
			continue;
		*to = *value;
		*value = NULL;
	}
	lb_config_done(from);
}

static int set(char **to, const char *value, struct lakebase_error *e)
{
	if (!value || !*value)
		return 0;
	*to = strdup(value);
	return *to ? 0 : lb_error_oom(e);
}

static int from_options(struct lb_config *c, const struct lakebase_options *o, struct lakebase_error *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		const struct setting *s = &settings[i];
		const char *value = NULL;

		if (s->option != SIZE_MAX)
			memcpy(&value, (const char *)o + s->option, sizeof(value));
		if (set(field(c, s), value, e))
			return e->code;
	}
	if (c->token && (c->client_id || c->client_secret))
		return lb_error_set(e, LAKEBASE_EINVALID,
			"the options hold both a token and a client id: give one of them");
	return 0;
}

static int from_environment(struct lb_config *c, lb_getenv_fn env, struct lakebase_error *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (set(field(c, &settings[i]), env(settings[i].variable), e))
			return e->code;
	return choose_kind(c, "the DATABRICKS_* variables", e);
}

static int slurp(struct lb_buf *b, const char *path, struct lakebase_error *e)
{
	FILE *f = fopen(path, "re");
	char chunk[4096];
	size_t n;

	if (!f)
		return lb_error_set(e, LAKEBASE_ECONFIG, "cannot read %s: %s", path, strerror(errno));
	b->ceiling = LB_MAX_FILE;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		lb_buf_add(b, chunk, n);
	n = (size_t)ferror(f);
	fclose(f);
	if (n || b->failed)
		return lb_error_set(e, LAKEBASE_ECONFIG, "cannot read %s: %s", path,
			n ? "it is not a readable file" : "it is too large");
	return 0;
}

PRINTF(3, 4) static int note(struct lb_config *c, struct lakebase_error *e, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	lb_free_string(&c->seen);
	c->seen = strdup(text);
	return c->seen ? 0 : lb_error_oom(e);
}

static int from_section(struct lb_config *c, const struct lb_ini *ini, const char *path,
	const char *section, struct lakebase_error *e)
{
	char source[512];

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (settings[i].key
			&& set(field(c, &settings[i]), lb_ini_get(ini, section, settings[i].key), e))
			return e->code;
	snprintf(source, sizeof(source), "the lines of profile %s in %s", section, path);
	return choose_kind(c, source, e);
}

static int from_text(struct lb_config *c, const struct lb_buf *text, const char *path,
	const char *profile, struct lakebase_error *e)
{
	const char *section = profile ? profile : "DEFAULT";
	struct lb_ini ini;
	int rc = lb_ini_parse(&ini, text->text ? text->text : "", text->size, e);

	if (rc == LAKEBASE_ECONFIG) {
		struct lakebase_error why = *e;

		lb_error_set(e, rc, "%s: %.500s", path, why.message);
	} else if (!rc && lb_ini_has(&ini, section)) {
		rc = note(c, e, "%s was read, profile [%s]", path, section);
		if (!rc)
			rc = from_section(c, &ini, path, section, e);
	} else if (!rc && profile) {
		rc = lb_error_set(e, LAKEBASE_ECONFIG, "%s has no profile [%s]", path, profile);
	}
	if (!rc && !c->seen)
		rc = note(c, e, "%s was read, and has no profile [%s]", path, section);
	lb_ini_done(&ini);
	return rc;
}

/* A file that nobody named may be missing. */
static int from_file(struct lb_config *c, const char *path, bool optional, const char *profile,
	struct lakebase_error *e)
{
	struct lb_buf text = { 0 };
	int rc = 0;

	if (optional && access(path, F_OK)) {
		rc = note(c, e, "%s is not there", path);
	} else {
		rc = slurp(&text, path, e);
		if (!rc)
			rc = from_text(c, &text, path, profile, e);
	}
	lb_buf_done(&text);
	return rc;
}

static int read_file(struct lb_config *c, lb_getenv_fn env, struct lakebase_error *e)
{
	struct lb_config file = { 0 };
	struct lb_buf path = { 0 };
	const char *home = env("HOME"), *given = c->config_file;
	int rc = 0;

	if (!c->profile && (c->host || has_credentials(c)))
		return 0;
	if (given && lb_starts(given, "~/") && home)
		lb_buf_printf(&path, "%s%s", home, given + 1);
	else if (given)
		lb_buf_puts(&path, given);
	else if (home)
		lb_buf_printf(&path, "%s/.databrickscfg", home);
	else
		return 0;
	rc = path.failed ? lb_error_oom(e)
			 : from_file(&file, path.text, !given && !c->profile, c->profile, e);
	if (!rc) {
		c->seen = file.seen;
		file.seen = NULL;
		merge(c, &file);
	}
	lb_config_done(&file);
	lb_buf_done(&path);
	return rc;
}

/* "host.example.com/" becomes "https://host.example.com"; anything behind the host is refused. */
static int tidy_host(struct lb_config *c, struct lakebase_error *e)
{
	struct lb_buf b = { 0 };
	const char *rest, *scheme = "";
	size_t n;

	if (!strstr(c->host, "://"))
		scheme = "https://";
	lb_buf_printf(&b, "%s%s", scheme, c->host);
	if (b.failed) {
		lb_buf_done(&b);
		return lb_error_oom(e);
	}
	if (!lb_starts(b.text, "https://") && !lb_starts(b.text, "http://")) {
		lb_buf_done(&b);
		return lb_error_set(e, LAKEBASE_ECONFIG,
			"host %s: expected https://HOST or http://HOST", c->host);
	}
	rest = strstr(b.text, "://") + 3;
	n = strcspn(rest, "/?#");
	if (!n || strpbrk(rest, " \t\r\n@\"'\\") || strspn(rest + n, "/") != strlen(rest + n)) {
		lb_buf_done(&b);
		return lb_error_set(e, LAKEBASE_ECONFIG,
			"host: expected a scheme and a name, such as "
			"https://my-workspace.cloud.databricks.com, and nothing behind it");
	}
	b.text[(size_t)(rest - b.text) + n] = '\0';
	free(c->host);
	c->host = lb_buf_take(&b);
	return 0;
}

static int missing(
	const struct lb_config *c, struct lakebase_error *e, const char *what, const char *advice)
{
	lb_error_set(e, LAKEBASE_ECONFIG, "%s%s%.300s%s", advice, c->seen ? " (" : "", c->seen ? c->seen : "",
		c->seen ? ")" : "");
	lb_error_name(e, what);
	return e->code;
}

/* A credential with a line break in it would end the header early. */
static int check(const struct lb_config *c, struct lakebase_error *e)
{
	const char *const secrets[] = { c->token, c->client_id, c->client_secret };

	if (!c->host)
		return missing(c, e, "NO_HOST",
			"no host is configured: set DATABRICKS_HOST and DATABRICKS_TOKEN, or write a "
			"[DEFAULT] profile to ~/.databrickscfg");
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
		for (const char *p = secrets[i]; p && *p; p++)
			if ((unsigned char)*p <= ' ' || *p == 0x7f)
				return lb_error_set(e, LAKEBASE_ECONFIG,
					"a blank or control character stands in the credentials");
	if (c->token)
		return 0;
	if (!c->client_id && !c->client_secret)
		return missing(c, e, "NO_CREDENTIALS",
			"no credentials are configured: set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID "
			"and DATABRICKS_CLIENT_SECRET");
	if (!c->client_id || !c->client_secret)
		return lb_error_set(e, LAKEBASE_ECONFIG,
			"half of the OAuth credentials is missing: set DATABRICKS_CLIENT_%s too",
			c->client_id ? "SECRET" : "ID");
	return 0;
}

int lb_config_resolve(struct lb_config *c, const struct lakebase_options *o, lb_getenv_fn env,
	struct lakebase_error *e)
{
	struct lb_config environment = { 0 };
	int rc;

	*c = (struct lb_config){ 0 };
	rc = from_options(c, o, e);
	if (!rc && !o->ignore_environment) {
		rc = from_environment(&environment, env, e);
		if (!rc) {
			merge(c, &environment);
			rc = read_file(c, env, e);
		}
	}
	lb_config_done(&environment);
	if (!rc && c->host)
		rc = tidy_host(c, e);
	return rc ? rc : check(c, e);
}
