/* SPDX-License-Identifier: Apache-2.0 */
/* docs/configuration.md and the man page. */
#include "manual/manual.h"

#include <ctype.h>
#include <string.h>

#include "core/context/setting.h"
#include "core/wording/evidence.h"
#include "options.h"
#include "version.h"

/* The environment variable of a flag: "port-file" -> "PORT_FILE". */
static void add_variable(const char *flag, struct buf *out)
{
	buf_adds(out, "LAKEBASE_MOCK_");
	for (; *flag; flag++) {
		char c = *flag == '-' ? '_' : (char)toupper((unsigned char)*flag);

		buf_add(out, &c, 1);
	}
}

static const struct {
	int code;
	const char *when;
} exits[] = {
	{ 0, "done; also after SIGTERM and SIGINT" },
	{ 2, "the command line, the environment, the configuration or a fixture cannot be used" },
	{ 3, "the address cannot be bound, or `wait` found no server" },
	{ 5, "with `--fail-on-unfired`: a fault rule fired less often than it expects" },
	{ 70, "the database is damaged, locked or too new; or an error in the program" },
};

/* ---- docs/configuration.md ---- */

/* Text for a cell of a table, where a bar would end the cell, also inside code. */
static void add_cell(const char *text, struct buf *out)
{
	for (; *text; text++) {
		if (*text == '|')
			buf_adds(out, "\\");
		buf_add(out, text, 1);
	}
}

static void add_flags(struct buf *out)
{
	buf_adds(out,
		"# Configuration\n\n"
		"Each flag is also an environment variable and a key of the\n"
		"`--config` file. A flag beats the environment, which beats the file, which beats the\n"
		"default. A wrong name is an error that names the nearest one:\n\n"
		"<!-- examples -->\n"
		"```sh\nlakebase-mock serve --set max_role=3 || echo \"exit $?\"\n"
		"echo '{\"listen\": \"127.0.0.1:0\", \"sed\": 7}' > mock.json\n"
		"lakebase-mock serve --config mock.json || echo \"exit $?\"\n```\n"
		"```text\nlakebase-mock: unknown setting 'max_role'; did you mean 'max_roles'?\nexit 2\n"
		"lakebase-mock: unknown key in the config file: 'sed'; did you mean 'seed'?\nexit 2\n```\n\n"
		"## Flags\n\n| flag | environment | default | |\n|---|---|---|---|\n");
	for (int i = 0; i < OPT__N; i++) {
		const struct option *o = &options[i];

		buf_addf(out, "| `--%s%s", o->name, o->arg ? " " : "");
		add_cell(o->arg ? o->arg : "", out);
		buf_adds(out, "` | `");
		add_variable(o->name, out);
		buf_addf(out, "` | %s%s%s | %s%s |\n", o->def ? "`" : "", o->def ? o->def : "",
			o->def ? "`" : "", o->help, o->repeat ? "; repeatable" : "");
	}
	buf_adds(out, "\nIn the environment, a repeatable flag can have one value, and a switch is `1`\n"
		      "or `true`.\n"
		      "In the file, a repeatable key may be a list.\n");
}

static void add_settings(struct buf *out)
{
	buf_adds(out,
		"\n## Settings\n\nQuotas, durations and toggles, each set with `--set KEY=VALUE`. The "
		"evidence is about the\ndefault. Durations: `300ms`, `5s`, `2m`, `26h`, `7d`.\n\n"
		"| key | default | evidence | |\n|---|---|---|---|\n");
	for (int i = 0; i < SETTING__N; i++) {
		const struct setting_info *s = setting_info((enum setting)i);

		buf_addf(out, "| `%s` | %s%s%s | %s | %s |\n", s->key, *s->def ? "`" : "", s->def,
			*s->def ? "`" : "", evidence_name(s->evidence), s->doc);
	}
}

static void add_profiles(struct buf *out)
{
	buf_adds(out,
		"\n## Profiles\n\nThe service changes. `--profile DATE` brings the behaviour of a date: it "
		"sets these settings,\nand `--set` still changes each.\n\n"
		"| profile | | sets |\n|---|---|---|\n");
	for (const struct profile *p = profiles; p->name; p++) {
		buf_addf(out, "| `%s` | %s |", p->name, p->doc);
		for (const char *const *a = p->assignments; *a; a++)
			buf_addf(out, "%s `%s`", a == p->assignments ? "" : ",", *a);
		buf_adds(out, *p->assignments ? " |\n" : " the defaults |\n");
	}
}

static void add_exits(struct buf *out)
{
	buf_adds(out, "\n## Exit codes\n\n| code | when |\n|---|---|\n");
	for (size_t i = 0; i < ARRAY_SIZE(exits); i++)
		buf_addf(out, "| %d | %s |\n", exits[i].code, exits[i].when);
}

void manual_configuration(struct buf *out)
{
	add_flags(out);
	add_settings(out);
	add_profiles(out);
	add_exits(out);
}

/* ---- the man page ---- */

/* A line of text: backslashes and hyphens escaped, code between back-ticks in bold. */
static void add_roff(const char *s, struct buf *out)
{
	bool code = false;

	if (*s == '.' || *s == '\'')
		buf_adds(out, "\\&");
	for (; *s; s++) {
		if (*s == '`') {
			code = !code;
			buf_adds(out, code ? "\\fB" : "\\fR");
		} else if (*s == '-' || *s == '\\') {
			buf_adds(out, *s == '-' ? "\\-" : "\\e");
		} else {
			buf_add(out, s, 1);
		}
	}
}

static void add_term(const char *term, const char *arg, struct buf *out)
{
	buf_adds(out, ".TP\n\\fB");
	add_roff(term, out);
	buf_adds(out, "\\fR");
	if (arg) {
		buf_adds(out, " \\fI");
		add_roff(arg, out);
		buf_adds(out, "\\fR");
	}
	buf_adds(out, "\n");
}

static void man_options(struct buf *out)
{
	char flag[64] = "--";

	buf_adds(out, ".SH OPTIONS\nThese are the options of \\fBserve\\fR. Each is also an "
			"environment variable\n"
		      "(\\fBLAKEBASE_MOCK_PORT_FILE\\fR for \\fB\\-\\-port\\-file\\fR) and a key of the\n"
		      "\\fB\\-\\-config\\fR file. A flag beats the environment, which beats the file.\n");
	for (int i = 0; i < OPT__N; i++) {
		const struct option *o = &options[i];

		snprintf(flag + 2, sizeof flag - 2, "%s", o->name);
		add_term(flag, o->arg, out);
		add_roff(o->help, out);
		if (o->def) {
			buf_adds(out, " (");
			add_roff(o->def, out);
			buf_adds(out, ")");
		}
		buf_adds(out, o->repeat ? "; repeatable\n" : "\n");
	}
}

static void man_settings(struct buf *out)
{
	buf_adds(out, ".SH SETTINGS\nChange one with \\fB\\-\\-set\\fR \\fIKEY=VALUE\\fR. Its "
			"default stands beside it.\n");
	for (int i = 0; i < SETTING__N; i++) {
		const struct setting_info *s = setting_info((enum setting)i);

		add_term(s->key, *s->def ? s->def : NULL, out);
		add_roff(s->doc, out);
		buf_addf(out, " (%s)\n", evidence_name(s->evidence));
	}
}

static void man_ends(struct buf *out)
{
	char code[16];

	buf_adds(out, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < ARRAY_SIZE(exits); i++) {
		snprintf(code, sizeof code, "%d", exits[i].code);
		add_term(code, NULL, out);
		add_roff(exits[i].when, out);
		buf_adds(out, "\n");
	}
	buf_adds(out,
		".SH EXAMPLES\n.nf\n"
		"lakebase\\-mock \\-\\-db /var/tmp/lakebase.db \\-\\-fixture demo &\n"
		"lakebase\\-mock wait\n"
		"export DATABRICKS_HOST=http://127.0.0.1:4610 DATABRICKS_TOKEN=anything\n"
		"databricks postgres list\\-projects\n.fi\n"
		".SH SEE ALSO\n\\fBcurl\\fR(1); \\fBhttp://127.0.0.1:4610/_mock/openapi.json\\fR of a "
		"running server.\n");
}

void manual_man(struct buf *out)
{
	buf_adds(out,
		".TH LAKEBASE\\-MOCK 1 \"\" \"lakebase\\-mock " VERSION "\" \"User Commands\"\n"
		".SH NAME\nlakebase\\-mock \\- the Databricks Lakebase control plane, offline\n"
		".SH SYNOPSIS\n");
	for (const struct command *c = commands; c->name; c++) {
		if (!c->help)
			continue;
		buf_adds(out, c == commands ? "\\fBlakebase\\-mock\\fR " : ".br\n\\fBlakebase\\-mock\\fR ");
		add_roff(c->usage, out);
		buf_adds(out, "\n");
	}
	buf_adds(out,
		".SH DESCRIPTION\n"
		"The control plane of Databricks Lakebase (Autoscaling Postgres) on your machine, for\n"
		"tests: projects, branches, endpoints, roles, databases, catalogs, synced\n"
		"tables, credentials, permissions and operations. It injects faults on request, and tells\n"
		"you how your client handled them. It never connects to anything.\n"
		".PP\nWhen it is ready, it prints one line of JSON with its address. A token\n"
		"\\fBmock\\-\\fIworkspace\\fR[\\fB.\\fIuser\\fR] selects a workspace, which is "
		"made on first\n"
		"use, and the caller. Any other token selects the workspace \\fBdefault\\fR and its admin.\n"
		".SH COMMANDS\n");
	for (const struct command *c = commands; c->name; c++) {
		if (!c->help)
			continue;
		add_term(c->name, NULL, out);
		add_roff(c->help, out);
		buf_adds(out, "\n");
	}
	man_options(out);
	man_settings(out);
	man_ends(out);
}
