/* SPDX-License-Identifier: Apache-2.0 */
/* Completion for bash, zsh and fish. */
#include "manual/manual.h"

#include <string.h>

#include "base/text.h"
#include "core/context/setting.h"
#include "options.h"

/* What a flag's value may be, where that can be said: words, "FILE", or nothing. */
static const struct {
	enum option_id id;
	const char *words;
} values[] = {
	{ OPT_PORT_FILE, "FILE" },
	{ OPT_DB, "FILE" },
	{ OPT_FIXTURE, "FILE" },
	{ OPT_TLS_CERT, "FILE" },
	{ OPT_TLS_KEY, "FILE" },
	{ OPT_TLS_SELF_SIGNED, "FILE" },
	{ OPT_CONFIG, "FILE" },
	{ OPT_CLOCK, "real manual scaled:60" },
	{ OPT_LRO, "sync first-poll after:5s after-polls:3 stuck" },
	{ OPT_AUTH, "open any strict" },
	{ OPT_LOG, "text json off" },
	{ OPT_LOG_LEVEL, "error warn info debug" },
};

static const char *words_of(int id)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if ((int)values[i].id == id)
			return values[i].words;
	return NULL;
}

static void add_profiles(const char *before, struct buf *out)
{
	for (const struct profile *p = profiles; p->name; p++)
		buf_addf(out, "%s%s", p == profiles ? "" : before, p->name);
}

static void add_keys(const char *before, struct buf *out)
{
	for (int i = 0; i < SETTING__N; i++)
		buf_addf(out, "%s%s=", i ? before : "", setting_info((enum setting)i)->key);
}

static void add_commands(struct buf *out)
{
	for (const struct command *c = commands; c->name; c++)
		if (c->help)
			buf_addf(out, "%s%s", c == commands ? "" : " ", c->name);
}

/* ---- bash ---- */

void manual_bash(struct buf *out)
{
	buf_adds(out,
		"# bash completion for lakebase-mock\n"
		"_lakebase_mock() {\n"
		"  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		"  COMPREPLY=()\n"
		"  case $prev in\n");
	for (int i = 0; i < OPT__N; i++) {
		const char *words = words_of(i);

		if (streq(words, "FILE"))
			buf_addf(out, "    --%s) compopt -o filenames; COMPREPLY=($(compgen -f "
				      "-- \"$cur\")); return ;;\n", options[i].name);
		else if (words)
			buf_addf(out, "    --%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); "
				      "return ;;\n", options[i].name, words);
	}
	buf_adds(out, "    --profile) COMPREPLY=($(compgen -W '");
	add_profiles(" ", out);
	buf_adds(out, "' -- \"$cur\")); return ;;\n"
		      "    --set) compopt -o nospace; COMPREPLY=($(compgen -W '");
	add_keys(" ", out);
	buf_adds(out, "' -- \"$cur\")); return ;;\n    reference) COMPREPLY=($(compgen -W "
		      "'api configuration openapi man bash zsh fish' -- \"$cur\")); return ;;\n  esac\n"
		      "  if [[ $COMP_CWORD = 1 && $cur != -* ]]; then\n    COMPREPLY=($(compgen -W '");
	add_commands(out);
	buf_adds(out, "' -- \"$cur\"))\n  elif [[ ${COMP_WORDS[1]} = wait ]]; then\n"
		      "    COMPREPLY=($(compgen -W '--url --timeout' -- \"$cur\"))\n"
		      "  elif [[ ${COMP_WORDS[1]} = version ]]; then\n"
		      "    COMPREPLY=($(compgen -W '--json' -- \"$cur\"))\n"
		      "  elif [[ $COMP_CWORD = 1 || ${COMP_WORDS[1]} = serve ||\n"
		      "      ${COMP_WORDS[1]} = -* ]]; then\n"
		      "    COMPREPLY=($(compgen -W '");
	for (int i = 0; i < OPT__N; i++)
		buf_addf(out, "%s--%s", i ? " " : "", options[i].name);
	buf_adds(out, "' -- \"$cur\"))\n  fi\n}\ncomplete -F _lakebase_mock lakebase-mock\n");
}

/* ---- zsh ---- */

/* Text between single quotes, inside brackets or after a colon of _arguments. */
static void add_quoted(const char *s, struct buf *out)
{
	for (; *s; s++) {
		if (*s == '\'')
			buf_adds(out, "'\\''");
		else if (strchr("[]:\\", *s))
			buf_addf(out, "\\%c", *s);
		else
			buf_add(out, s, 1);
	}
}

static void zsh_option(int i, struct buf *out)
{
	const struct option *o = &options[i];
	const char *words = words_of(i);

	buf_addf(out, "    '%s--%s[", o->repeat ? "*" : "", o->name);
	add_quoted(o->help, out);
	buf_adds(out, "]");
	if (o->arg) {
		buf_adds(out, ":");
		add_quoted(o->arg, out);
		buf_adds(out, ":");
	}
	if (streq(words, "FILE")) {
		buf_adds(out, "_files");
	} else if (words) {
		buf_adds(out, "(");
		add_quoted(words, out);
		buf_adds(out, ")");
	} else if (i == OPT_PROFILE) {
		buf_adds(out, "(");
		add_profiles(" ", out);
		buf_adds(out, ")");
	} else if (i == OPT_SET) {
		buf_adds(out, "(");
		add_keys(" ", out);
		buf_adds(out, ")");
	}
	buf_adds(out, "' \\\n");
}

void manual_zsh(struct buf *out)
{
	buf_adds(out, "#compdef lakebase-mock\n# zsh completion for lakebase-mock\n\n"
		      "_lakebase_mock_serve() {\n  _arguments \\\n");
	for (int i = 0; i < OPT__N; i++)
		zsh_option(i, out);
	buf_adds(out, "    && return 0\n}\n\n_lakebase_mock() {\n  local -a commands\n  commands=(\n");
	for (const struct command *c = commands; c->name; c++) {
		if (!c->help)
			continue;
		buf_addf(out, "    '%s:", c->name);
		add_quoted(c->help, out);
		buf_adds(out, "'\n");
	}
	buf_adds(out,
		"  )\n"
		"  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
		"    _describe command commands\n"
		"    return\n"
		"  fi\n"
		"  case $words[2] in\n"
		"    serve) shift words; (( CURRENT-- )); _lakebase_mock_serve ;;\n"
		"    wait) _arguments '--url[address of the server]:URL:' \\\n"
		"      '--timeout[how long]:DURATION:' ;;\n"
		"    version) _arguments '--json[as JSON]' ;;\n"
		"    reference) _arguments '2:page:(api configuration openapi man bash zsh fish)' ;;\n"
		"    -*) _lakebase_mock_serve ;;\n"
		"  esac\n"
		"}\n\n_lakebase_mock \"$@\"\n");
}

/* ---- fish ---- */

static void add_fish_text(const char *s, struct buf *out)
{
	for (; *s; s++)
		buf_addf(out, *s == '\'' || *s == '\\' ? "\\%c" : "%c", *s);
}

void manual_fish(struct buf *out)
{
	static const char *const serving =
		"complete -c lakebase-mock -n 'not __fish_seen_subcommand_from wait version reference help'";

	buf_adds(out, "# fish completion for lakebase-mock\ncomplete -c lakebase-mock -f\n");
	for (const struct command *c = commands; c->name; c++) {
		if (!c->help)
			continue;
		buf_addf(out, "complete -c lakebase-mock -n __fish_use_subcommand -a %s -d '", c->name);
		add_fish_text(c->help, out);
		buf_adds(out, "'\n");
	}
	for (int i = 0; i < OPT__N; i++) {
		const char *words = words_of(i);

		buf_addf(out, "%s -l %s", serving, options[i].name);
		if (options[i].arg)
			buf_adds(out, streq(words, "FILE") ? " -r -F" : " -x");
		if (words && !streq(words, "FILE"))
			buf_addf(out, " -a '%s'", words);
		if (i == OPT_PROFILE || i == OPT_SET)
			buf_adds(out, " -a '");
		if (i == OPT_PROFILE)
			add_profiles(" ", out);
		if (i == OPT_SET)
			add_keys(" ", out);
		buf_adds(out, i == OPT_PROFILE || i == OPT_SET ? "' -d '" : " -d '");
		add_fish_text(options[i].help, out);
		buf_adds(out, "'\n");
	}
	buf_adds(out, "complete -c lakebase-mock -n '__fish_seen_subcommand_from wait' -l url -x\n"
		      "complete -c lakebase-mock -n '__fish_seen_subcommand_from wait' -l timeout -x\n"
		      "complete -c lakebase-mock -n '__fish_seen_subcommand_from version' -l json\n"
		      "complete -c lakebase-mock -n '__fish_seen_subcommand_from reference' "
		      "-a 'api configuration openapi man bash zsh fish'\n");
}
