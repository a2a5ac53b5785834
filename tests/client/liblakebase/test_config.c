/* SPDX-License-Identifier: Apache-2.0 */
/* Who to talk to, and as whom: which source wins. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "liblakebase/config/config.h"
#include "liblakebase/config/ini.h"
#include "liblakebase/text.h"
#include "support/run.h"

/* One case: variables and a file, options, and what comes of it. */
struct row {
	const char *title;
	const char *env[8]; /* name, value, ... */
	const char *file;   /* of ~/.databrickscfg; NULL: there is none */
	const char *host, *token, *client_id, *client_secret, *profile; /* options */
	const char *want_host, *want_token, *want_id;
	const char *error; /* part of the message */
};

#define FILE_                                                                                      \
	"[DEFAULT]\nhost = https://default.example.com/\ntoken = default-token\n\n"                \
	"; a comment\n[other]\nHOST=other.example.com\ntoken : other-token\n"                      \
	"[m2m]\nhost = https://m2m\nclient_id = id\nclient_secret = secret\n"                      \
	"[both]\nhost=https://b\ntoken=t0ken\nclient_id=id\nclient_secret=secret\n[hostless]\ntoken=x\n"

static const struct row rows[] = {
	{ "nothing", .error = "no host is configured" },
	{ "options", .host = "https://a", .token = "tok", .want_host = "https://a", .want_token = "tok" },
	{ "a scheme is added and a slash removed", .host = "a.example.com/", .token = "tok",
		.want_host = "https://a.example.com", .want_token = "tok" },
	{ "environment", .env = { "DATABRICKS_HOST", "http://e:1", "DATABRICKS_TOKEN", "etok" },
		.want_host = "http://e:1", .want_token = "etok" },
	{ "options win over the environment",
		.env = { "DATABRICKS_HOST", "http://e:1", "DATABRICKS_TOKEN", "etok" }, .host = "https://a",
		.want_host = "https://a", .want_token = "etok" },
	{ "the default profile", .file = FILE_, .want_host = "https://default.example.com",
		.want_token = "default-token" },
	{ "a named profile", .file = FILE_, .profile = "other",
		.want_host = "https://other.example.com", .want_token = "other-token" },
	{ "a profile from the environment", .env = { "DATABRICKS_CONFIG_PROFILE", "other" },
		.file = FILE_, .want_host = "https://other.example.com", .want_token = "other-token" },
	{ "the environment wins over a profile",
		.env = { "DATABRICKS_CONFIG_PROFILE", "other", "DATABRICKS_TOKEN", "etok" },
		.file = FILE_, .want_host = "https://other.example.com", .want_token = "etok" },
	{ "the default profile does not mix with a host from elsewhere",
		.env = { "DATABRICKS_HOST", "http://e:1" }, .file = FILE_,
		.error = "no credentials are configured" },
	{ "an unknown profile", .file = FILE_, .profile = "nope", .error = "has no profile [nope]" },
	{ "a profile without a file", .profile = "nope", .error = "cannot read" },
	{ "OAuth", .file = FILE_, .profile = "m2m", .want_host = "https://m2m", .want_id = "id" },
	{ "half of OAuth", .host = "https://a", .client_id = "id", .error = "DATABRICKS_CLIENT_SECRET" },
	{ "half here and half there", .env = { "DATABRICKS_CLIENT_SECRET", "secret" },
		.host = "https://a", .client_id = "id", .want_host = "https://a", .want_id = "id" },
	{ "two kinds in the options", .host = "https://a", .token = "tok", .client_id = "id",
		.error = "both a token and a client id" },
	{ "two kinds in the environment",
		.env = { "DATABRICKS_HOST", "https://a", "DATABRICKS_TOKEN", "tok",
			"DATABRICKS_CLIENT_ID", "id" },
		.error = "DATABRICKS_AUTH_TYPE" },
	{ "two kinds in a profile", .file = FILE_, .profile = "both", .error = "DATABRICKS_AUTH_TYPE" },
	{ "auth_type chooses",
		.env = { "DATABRICKS_AUTH_TYPE", "oauth-m2m", "DATABRICKS_TOKEN", "tok",
			"DATABRICKS_CLIENT_ID", "id", "DATABRICKS_CLIENT_SECRET", "secret" },
		.host = "https://a", .want_host = "https://a", .want_id = "id" },
	{ "a token of the options wins over a client of the environment",
		.env = { "DATABRICKS_CLIENT_ID", "id", "DATABRICKS_CLIENT_SECRET", "secret" },
		.host = "https://a", .token = "tok", .want_host = "https://a", .want_token = "tok" },
	{ "an empty variable is none", .env = { "DATABRICKS_HOST", "" }, .file = FILE_,
		.want_host = "https://default.example.com", .want_token = "default-token" },
	{ "a path behind the host", .host = "https://a/b", .token = "tok", .error = "nothing behind it" },
	{ "another scheme", .host = "ftp://a", .token = "tok", .error = "expected https://HOST" },
	{ "a password in the host", .host = "https://u:p@a", .token = "tok", .error = "host:" },
	{ "a line break in a token", .host = "https://a", .token = "tok\r\nX: y",
		.error = "control character" },
	{ "no file", .error = "/.databrickscfg is not there" },
	{ "no section in the file", .file = "[x]\nhost=https://a\n",
		.error = "/.databrickscfg was read, and has no profile [DEFAULT]" },
	{ "no host in the profile", .file = "[x]\ntoken=t\n", .profile = "x",
		.error = "/.databrickscfg was read, profile [x]" },
	{ "a broken file", .file = "[DEFAULT]\nhost\n", .error = "line 2: expected" },
	{ "a key too early", .file = "host = a\n", .error = "line 1: a key stands before" },
};

static const struct row *now;
static char home[64];

static const char *env(const char *name)
{
	if (strcmp(name, "HOME") == 0)
		return home;
	for (size_t i = 0; i + 1 < ARRAY_SIZE(now->env) && now->env[i]; i += 2)
		if (strcmp(now->env[i], name) == 0)
			return now->env[i + 1];
	return NULL;
}

static void same(const char *what, const char *got, const char *want)
{
	ck_assert_msg(lb_same(got, want), "%s: %s is '%s', not '%s'", now->title, what,
		got ? got : "(none)", want ? want : "(none)");
}

START_TEST(every_source_has_its_place)
{
	char path[96];

	snprintf(home, sizeof(home), "/tmp/lakebase-config-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(home));
	snprintf(path, sizeof(path), "%s/.databrickscfg", home);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
		struct lakebase_error e = { 0 };
		struct lb_config c;
		FILE *f;
		int rc;

		now = &rows[i];
		unlink(path);
		if (now->file) {
			f = fopen(path, "w");
			ck_assert(f && fputs(now->file, f) >= 0 && fclose(f) == 0);
		}
		o.host = now->host;
		o.token = now->token;
		o.client_id = now->client_id;
		o.client_secret = now->client_secret;
		o.profile = now->profile;
		rc = lb_config_resolve(&c, &o, env, &e);
		if (now->error) {
			ck_assert_msg(rc && strstr(e.message, now->error), "%s: %d '%s'", now->title, rc,
				e.message);
		} else {
			ck_assert_msg(rc == 0, "%s: %s", now->title, e.message);
			same("host", c.host, now->want_host);
			same("token", c.token, now->want_token);
			same("client_id", c.client_id, now->want_id);
		}
		/* what is refused is not repeated, since it may be a secret */
		ck_assert(!strstr(e.message, "tok\r") && !strstr(e.message, "u:p@"));
		lb_config_done(&c);
	}
	unlink(path);
	rmdir(home);
}
END_TEST

START_TEST(ini_files_are_read_as_people_write_them)
{
	static const char text[] =
		"\xef\xbb\xbf# first\r\n[ a b ]\r\n Key = v = w \r\n[x]\nk:\n[x]\nk = 2\nk=3";
	struct lakebase_error e;
	struct lb_ini ini;

	ck_assert_int_eq(lb_ini_parse(&ini, text, strlen(text), &e), 0);
	ck_assert_str_eq(lb_ini_get(&ini, " a b ", "key"), "v = w");
	ck_assert_str_eq(lb_ini_get(&ini, "x", "k"), "3");
	ck_assert_ptr_null(lb_ini_get(&ini, "x", "j"));
	ck_assert(lb_ini_has(&ini, "x") && !lb_ini_has(&ini, "y"));
	lb_ini_done(&ini);
	ck_assert_int_eq(lb_ini_parse(&ini, "[x]\nk\0=1", 8, &e), LAKEBASE_ECONFIG);
	lb_ini_done(&ini);
	ck_assert_int_eq(lb_ini_parse(&ini, "[]", 2, &e), LAKEBASE_ECONFIG);
	lb_ini_done(&ini);
}
END_TEST

int main(void)
{
	return RUN_TESTS("config", every_source_has_its_place, ini_files_are_read_as_people_write_them);
}
