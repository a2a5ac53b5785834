/* SPDX-License-Identifier: Apache-2.0 */
/* Wiring: reads the command line, puts the layers together, serves until told to stop. */
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/app.h"
#include "base/memory/pool.h"
#include "base/system.h"
#include "base/text.h"
#include "http/http.h"
#include "http/probe.h"
#include "lab/lab.h"
#include "manual/manual.h"
#include "options.h"
#include "version.h"
#ifdef WITH_POSTGRES
#include "postgres/pg.h"
#endif

/* Frozen: scripts rely on them. */
enum { EXIT_USAGE = 2, EXIT_BIND = 3, EXIT_UNFIRED = 5, EXIT_INTERNAL = 70 };

/* What a terminal would hide or obey is shown: a value with a CR at its end looks right otherwise. */
static int say(int code, const char *message)
{
	fputs("lakebase-mock: ", stderr);
	for (const char *p = message; *p; p++) {
		if (*p == '\r')
			fputs("\\r", stderr);
		else if ((unsigned char)*p < ' ' && *p != '\n' && *p != '\t')
			fprintf(stderr, "\\x%02x", (unsigned char)*p);
		else
			fputc(*p, stderr);
	}
	fputc('\n', stderr);
	return code;
}

static int complain(int code, const struct err *e)
{
	return say(code, e->message);
}

static int usage(const char *message)
{
	return say(EXIT_USAGE, message);
}

static int help(int argc, char **argv)
{
	(void)argc, (void)argv;
	puts("lakebase-mock: the Databricks Lakebase control plane, offline\n");
	for (const struct command *c = commands; c->name; c++)
		if (c->help)
			printf("  lakebase-mock %-30s %s\n", c->usage, c->help);
	puts("\nPoint any client at it:\n\n"
	     "  export DATABRICKS_HOST=http://127.0.0.1:4610 DATABRICKS_TOKEN=anything\n\n"
	     "Watch it at http://127.0.0.1:4610/ in a browser.\n\n"
	     "Flags. Each can also be set as LAKEBASE_MOCK_<FLAG>, or as a key of the --config file:\n");
	options_help();
	return 0;
}

/* ---- serve ---- */

static int choice(const char *what, const char *value, const char *const *names, struct err *e)
{
	char all[128] = "";
	size_t at = 0;

	for (int i = 0; names[i]; i++) {
		if (streq(names[i], value))
			return i;
		if (at < sizeof all)
			at += (size_t)snprintf(all + at, sizeof all - at, "%s%s",
				!i ? "" : names[i + 1] ? ", " : " or ", names[i]);
	}
	return err_set(e, ERR_INVALID, "--%s is %s, not '%s'", what, all, value);
}

static int read_app(const struct settings_read *s, struct app_options *o, struct err *e)
{
	static const char *const auths[] = { "open", "any", "strict", NULL };
	int auth = choice("auth", s->value[OPT_AUTH], auths, e);
	int64_t seed, workspaces;

	if (auth < 0)
		return -1;
	if (!text_int(s->value[OPT_SEED], 0, INT64_MAX, &seed))
		return err_set(e, ERR_INVALID, "--seed is a whole number, got '%s'", s->value[OPT_SEED]);
	if (!text_int(s->value[OPT_MAX_WORKSPACES], 1, 1000000, &workspaces))
		return err_set(e, ERR_INVALID, "--max-workspaces is 1 to 1000000, got '%s'",
			s->value[OPT_MAX_WORKSPACES]);
	*o = (struct app_options){.db = s->value[OPT_DB],
		.seed = (uint64_t)seed,
		.profile = s->value[OPT_PROFILE],
		.assignments = s->list[OPT_SET],
		.clock = s->value[OPT_CLOCK],
		.plan = s->value[OPT_LRO],
		.auth = (enum auth_mode)auth,
		.strict = option_on(s, OPT_STRICT),
		.check_replies = option_on(s, OPT_CHECK_REPLIES),
		.max_workspaces = (int)workspaces};
	return 0;
}

static int read_lab(const struct settings_read *s, struct lab_options *o, struct err *e)
{
	static const char *const formats[] = { "off", "text", "json", NULL };
	static const char *const levels[] = { "error", "warn", "info", "debug", NULL };
	int format = choice("log", s->value[OPT_LOG], formats, e);
	int level = choice("log-level", s->value[OPT_LOG_LEVEL], levels, e);
	int64_t rows;

	if (format < 0 || level < 0)
		return -1;
	if (!text_int(s->value[OPT_JOURNAL], 1, 100000000, &rows))
		return err_set(e, ERR_INVALID, "--journal is a number of rows, got '%s'",
			s->value[OPT_JOURNAL]);
	if (s->value[OPT_ADMIN_TOKEN] && !*s->value[OPT_ADMIN_TOKEN]) /* a variable that is not set */
		return err_set(e, ERR_INVALID, "--admin-token is empty; give a token, or leave the flag out");
	*o = (struct lab_options){ .journal_rows = (size_t)rows,
		.admin_token = s->value[OPT_ADMIN_TOKEN],
		.no_seq_header = option_on(s, OPT_NO_SEQ_HEADER), .log = (enum log_format)format,
		.log_level = level, .log_bodies = option_on(s, OPT_LOG_BODIES), .version = VERSION };
	return 0;
}

static char *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	size_t cap = 0;

	*len = 0;
	while (f && !ferror(f) && !feof(f)) {
		char *grown = realloc(text, cap += 65536);

		if (!grown)
			break;
		text = grown;
		*len += fread(text + *len, 1, cap - *len, f);
	}
	if (f)
		fclose(f);
	return text;
}

static int load_fixtures(struct lab *lab, const struct settings_read *s, struct err *e)
{
	for (int i = 0; i < s->num[OPT_FIXTURE]; i++) {
		const char *path = s->list[OPT_FIXTURE][i];
		size_t len;
		char *text = read_file(path, &len);
		int rc = text ? lab_fixture(lab, text, len, path, e) : lab_seed(lab, path, e);

		free(text);
		if (rc)
			return -1;
	}
	for (int i = 0; i < s->num[OPT_SCENARIO]; i++)
		if (lab_scenario(lab, s->list[OPT_SCENARIO][i], e))
			return -1;
	return 0;
}

/* Complete or not there at all: readers wait for the name to appear. */
static int write_port(const char *path, int port, struct err *e)
{
	char temporary[4096];
	FILE *f;
	int bad;

	if (!path)
		return 0;
	snprintf(temporary, sizeof temporary, "%s.%d", path, (int)getpid());
	f = fopen(temporary, "w");
	bad = !f || fprintf(f, "%d\n", port) < 0;
	bad |= f && fclose(f) != 0;
	if (bad || rename(temporary, path))
		return err_set(e, ERR_INVALID, "cannot write --port-file %s", path);
	return 0;
}

/* ---- the data plane ---- */

static bool wants_postgres(const struct settings_read *s)
{
	for (int i = 0; i < s->num[OPT_POSTGRES]; i++)
		if (!streq(s->list[OPT_POSTGRES][i], "off"))
			return true;
	return false;
}

#ifdef WITH_POSTGRES
static void poke(void *http)
{
	http_poke(http);
}

static int open_postgres(struct pg **ret, struct app *app, struct lab *lab, struct http *http,
	const struct settings_read *s, struct err *e)
{
	const struct pg_options o = {.postgres = s->list[OPT_POSTGRES],
		.db = s->value[OPT_DB],
		.data = s->value[OPT_POSTGRES_DATA],
		.user = s->value[OPT_POSTGRES_USER],
		.listen = s->value[OPT_LISTEN],
		.port = s->value[OPT_POSTGRES_PORT],
		.hosts = s->value[OPT_POSTGRES_HOSTS],
		.tls_ca = s->value[OPT_POSTGRES_TLS_CA],
		.app = app,
		.lab = lab,
		.base = http_base(http),
		.priority = http_data_priority(),
		.poke = poke,
		.poke_arg = http};

	return wants_postgres(s) ? pg_open(ret, &o, e) : 0;
}
#else
struct pg;

static int open_postgres(struct pg **ret, struct app *app, struct lab *lab, struct http *http,
	const struct settings_read *s, struct err *e)
{
	(void)ret, (void)app, (void)lab, (void)http;
	return wants_postgres(s)
		       ? err_set(e, ERR_INVALID,
				 "--postgres: this program was built without databases, as all "
				 "packages are; in a checkout, ./run --postgres auto builds "
				 "one that has them")
		       : 0;
}

static void pg_close(struct pg *pg)
{
	(void)pg;
}

static json_t *pg_ready(const struct pg *pg)
{
	(void)pg;
	return NULL;
}
#endif

/* ---- ready ---- */

static void announce(const struct app *app, const struct http *http, const struct pg *pg,
	const char *certificate)
{
	json_auto_t *postgres = pg ? pg_ready(pg) : NULL;
	json_auto_t *path = certificate ? json_string(certificate) : NULL; /* NULL: no UTF-8 */
	char *trust = json_dumps(path, JSON_ENCODE_ANY), *databases = json_dumps(postgres, JSON_COMPACT);

	printf("{\"ready\":true,\"url\":\"%s\",\"pid\":%d,\"version\":\"%s\",\"seed\":%llu,"
	       "\"profile\":\"%s\"%s%s%s%s}\n",
		http_url(http), (int)getpid(), VERSION, (unsigned long long)app->world.seed,
		app->world.settings.profile, trust ? ",\"certificate\":" : "", trust ? trust : "",
		databases ? ",\"postgres\":" : "", databases ? databases : "");
	fflush(stdout);
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "Watch it at %s/ in a browser.\n", http_url(http));
	free(trust);
	free(databases);
}

/* A database brings back the state, and nothing of what was asked or was to fail. */
static void tell_loss(struct app *app, const struct settings_read *s)
{
	struct err ignored;
	struct workspace *ws = s->value[OPT_DB] ? app_workspace(app, "default", true, &ignored) : NULL;

	if (ws && ws->kept && !streq(s->value[OPT_LOG], "off"))
		fprintf(stderr,
			"lakebase-mock: the state is that of %s; fault rules and journals of the last "
			"run are gone\n",
			s->value[OPT_DB]);
}

static int serve_lab(struct app *app, struct lab *lab, const struct settings_read *s)
{
	struct http_options o = { .listen = s->value[OPT_LISTEN], .tls_cert = s->value[OPT_TLS_CERT],
		.tls_key = s->value[OPT_TLS_KEY], .tls_self_signed = s->value[OPT_TLS_SELF_SIGNED],
		.allow_hosts = s->list[OPT_ALLOW_HOST],
		.end_with_stdin = option_on(s, OPT_END_WITH_STDIN) };
	struct http *http;
	struct pg *pg = NULL;
	struct err e;

	if (http_open(&http, &o, lab, &e))
		return complain(e.code == ERR_UNAVAILABLE ? EXIT_BIND : EXIT_USAGE, &e);
	if (open_postgres(&pg, app, lab, http, s, &e) || load_fixtures(lab, s, &e) ||
		write_port(s->value[OPT_PORT_FILE], http_port(http), &e)) {
		pg_close(pg);
		http_close(http);
		return complain(e.code == ERR_UNAVAILABLE ? EXIT_BIND : EXIT_USAGE, &e);
	}
	lab_ready(lab);
	announce(app, http, pg, s->value[OPT_TLS_SELF_SIGNED]);
	tell_loss(app, s);
	http_run(http);
	if (s->value[OPT_PORT_FILE])
		unlink(s->value[OPT_PORT_FILE]);
	pg_close(pg);
	http_close(http);
	if (lab_unfired(lab) && option_on(s, OPT_FAIL_ON_UNFIRED))
		return EXIT_UNFIRED;
	return 0;
}

static int serve(int argc, char **argv)
{
	struct settings_read s;
	struct app_options ao;
	struct lab_options lo;
	struct app *app;
	struct lab *lab;
	struct err e;
	int code;

	for (int i = 0; i < argc; i++)
		if (streq(argv[i], "--help") || streq(argv[i], "-h"))
			return help(argc, argv);
	if (options_read(&s, argc, argv, &e))
		return complain(EXIT_USAGE, &e);
	if (read_app(&s, &ao, &e) || read_lab(&s, &lo, &e))
		return complain(EXIT_USAGE, &e);
	if (app_open(&app, &ao, &e))
		return complain(e.code == ERR_INVALID ? EXIT_USAGE : EXIT_INTERNAL, &e);
	if (lab_open(&lab, app, &lo, &e)) {
		app_close(app);
		return complain(EXIT_INTERNAL, &e);
	}
	code = serve_lab(app, lab, &s);
	lab_close(lab);
	app_close(app);
	return code;
}

/* ---- the other commands ---- */

/* Where a server with these settings answers; "" when that cannot be told. */
static const char *served_at(const struct settings_read *s, char *url, size_t size, struct err *e)
{
	const char *listen = s->value[OPT_LISTEN], *port = strrchr(listen, ':');
	bool tls = s->value[OPT_TLS_CERT] || s->value[OPT_TLS_SELF_SIGNED];
	int host = port ? (int)(port - listen) : 0;
	bool wild = !host || !strncmp(listen, "0.0.0.0", (size_t)host) ||
		    !strncmp(listen, "[::]", (size_t)host) || !strncmp(listen, "::", (size_t)host);
	bool bare = !wild && listen[0] != '[' && memchr(listen, ':', (size_t)host);
	char found[32] = "";
	size_t len;

	if (port && streq(port, ":0") && s->value[OPT_PORT_FILE]) {
		char *text = read_file(s->value[OPT_PORT_FILE], &len);

		if (text)
			snprintf(found, sizeof found, ":%.*s", (int)strcspn(text, "\n"), text);
		free(text);
	}
	if (!port || (streq(port, ":0") && !found[0])) {
		err_set(e, ERR_UNAVAILABLE,
			"a server that listens on %s has a port that only --port-file or --url tells",
			listen);
		return "";
	}
	snprintf(url, size, "%s://%s%.*s%s%s", tls ? "https" : "http", bare ? "[" : "",
		wild ? 9 : host, wild ? "127.0.0.1" : listen, bare ? "]" : "",
		found[0] ? found : port);
	return url;
}

/* As serve: a health check beside a server has its environment and its config file. */
static int wait_ready(int argc, char **argv)
{
	const char *url = getenv("LAKEBASE_MOCK_URL");
	usec timeout = 10 * USEC_SECOND;
	char *rest[2 * OPT__N + 1], text[512];
	struct settings_read s;
	struct err e;
	int64_t seconds;
	int num = 0;

	for (int i = 0; i < argc; i++) {
		bool value = i + 1 < argc;

		if (streq(argv[i], "--url") && value)
			url = argv[++i];
		else if (!streq(argv[i], "--timeout") || !value) {
			if (num == 2 * OPT__N || streq(argv[i], "--url") || streq(argv[i], "--timeout"))
				return usage("wait takes --url URL, --timeout DURATION, and what serve "
					     "takes");
			rest[num++] = argv[i];
		} else if (text_int(argv[++i], 0, 86400, &seconds))
			timeout = seconds * USEC_SECOND;
		else if (!span_parse(argv[i], &timeout))
			return usage("--timeout is a duration such as 5s");
	}
	if (!url) {
		if (options_read(&s, num, rest, &e))
			return complain(EXIT_USAGE, &e);
		/* the file that tells the port is written when the server is ready */
		for (usec until = monotonic_now() + timeout;;) {
			url = served_at(&s, text, sizeof text, &e);
			if (*url || !s.value[OPT_PORT_FILE] || monotonic_now() > until)
				break;
			usleep(20000);
		}
		if (!*url)
			return complain(EXIT_BIND, &e);
	}
	if (http_probe(url, "/_mock/ready", timeout, &e))
		return complain(e.code == ERR_INVALID ? EXIT_USAGE : EXIT_BIND, &e);
	return 0;
}

static int version(int argc, char **argv)
{
	if (argc > 1 || (argc == 1 && !streq(argv[0], "--json")))
		return usage("version takes --json, or nothing");
	if (argc)
		version_json(stdout);
	else
		puts("lakebase-mock " VERSION);
	return 0;
}

const struct command commands[] = {
	{ "serve", "[serve] [flags]", "serve until SIGTERM", serve },
	{ "wait", "wait [--url U] [--timeout S]", "wait until a server is ready", wait_ready },
	{ "version", "version [--json]", "show the version of this program and of its libraries", version },
	{ "reference", "reference [page]",
		"print a page of documentation: api, configuration, openapi, man, bash, zsh, fish",
		reference },
	{ "help", "help", "show this help", help },
	{ "--version", NULL, NULL, version },
	{ "--help", NULL, NULL, help },
	{ "-h", NULL, NULL, help },
	{ NULL },
};

int main(int argc, char **argv)
{
	static const char *names[ARRAY_SIZE(commands)];
	const char *near;
	char message[256];

	signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of the write, not the end */
	/* one thread: arenas would only cost memory; freed memory goes back soon */
	system_one_heap();
	json_set_alloc_funcs(pool_alloc, pool_free);
	store_use_pool();
	if (argc < 2 || (argv[1][0] == '-' && argv[1][1] == '-' && !streq(argv[1], "--help") &&
				!streq(argv[1], "--version")))
		return serve(argc - 1, argv + 1);
	for (size_t i = 0; commands[i].name; i++) {
		names[i] = commands[i].name;
		if (streq(argv[1], commands[i].name))
			return commands[i].run(argc - 2, argv + 2);
	}
	near = text_nearest(argv[1], names);
	if (*argv[1] == '-')
		near = NULL;
	snprintf(message, sizeof message, "unknown %s '%s'%s%s%s",
		*argv[1] == '-' ? "flag" : "command", argv[1],
		near ? "; did you mean '" : "; see lakebase-mock --help", near ? near : "",
		near ? "'?" : "");
	return usage(message);
}
