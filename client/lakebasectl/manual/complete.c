/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion. The scripts know nothing: they hand the words to `lakebasectl __complete`, which finds
 * the candidates in the table of commands, and names of resources on the server.
 */
#include "lakebasectl/manual/complete.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/base/say.h"
#include "lakebasectl/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *shell, *script;
} scripts[] = {
	{ "bash",
		"_lakebasectl() {\n"
		"\tlocal IFS=$'\\n'\n"
		"\tCOMPREPLY=($(lakebasectl __complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null "
		"| cut -f1))\n"
		"\t[[ ${COMPREPLY[0]} == */ && ${#COMPREPLY[@]} == 1 ]] && compopt -o nospace\n"
		"\treturn 0\n"
		"}\n"
		"complete -F _lakebasectl lakebasectl\n" },
	{ "zsh",
		"#compdef lakebasectl\n"
		"_lakebasectl() {\n"
		"\tlocal -a lines described\n"
		"\tlines=(${(f)\"$(lakebasectl __complete \"${(@)words[2,$CURRENT]}\" 2>/dev/null)\"})\n"
		"\tdescribed=(${${lines//:/\\\\:}/$'\\t'/:})\n"
		"\t_describe -V lakebasectl described\n"
		"}\n"
		"if [ \"$funcstack[1]\" = _lakebasectl ]; then _lakebasectl \"$@\"; "
		"else compdef _lakebasectl lakebasectl; fi\n" },
	{ "fish",
		"function __lakebasectl_complete\n"
		"\tset -l words (commandline -opc)\n"
		"\tlakebasectl __complete $words[2..-1] (commandline -ct) 2>/dev/null\n"
		"end\n"
		"complete -c lakebasectl -f -a '(__lakebasectl_complete)'\n" },
};

int run_completion(struct ctl *c)
{
	const char *names[ARRAY_SIZE(scripts)];

	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		names[i] = scripts[i].shell;
		if (strcmp(c->args[0], names[i]) == 0) {
			fputs(scripts[i].script, stdout);
			return EXIT_OK;
		}
	}
	complain("no completion for '%s': there is bash, zsh and fish", c->args[0]);
	return EXIT_USAGE;
}

/* A name that would move the cursor is none that anybody wants to type. */
static void offer(const char *word, const char *typed, const char *about)
{
	char plain[600], text[200];

	snprintf(plain, sizeof(plain), "%s", word);
	tame(plain);
	snprintf(text, sizeof(text), "%s", about ? about : "");
	tame(text);
	if (strcmp(plain, word) == 0 && strncmp(word, typed, strlen(typed)) == 0)
		printf("%s\t%s\n", word, text);
}

static void offer_choices(const char *choices, const char *typed)
{
	char word[64];

	for (const char *p = choices; p && *p;) {
		size_t n = strcspn(p, " ");

		snprintf(word, sizeof(word), "%.*s", (int)n, p);
		offer(word, typed, NULL);
		p += n;
		p += *p == ' ';
	}
}

static void offer_options(const struct command *command, const char *typed)
{
	char word[64];

	for (int i = 0; i < OPT__N; i++) {
		if (!command_takes(command, i))
			continue;
		snprintf(word, sizeof(word), "--%s", option_table[i].name);
		offer(word, typed, option_table[i].help);
	}
}

/* The words that may follow those that are there. */
static void offer_words(const struct commands *all, const char *const *words, size_t n, const char *typed)
{
	char word[64], last[64] = "";

	for (size_t i = 0; i < all->n; i++) {
		const char *p = all->rows[i].path;
		size_t k = 0, len = strcspn(p, " ");

		for (; k < n && strlen(words[k]) == len && memcmp(words[k], p, len) == 0 && p[len]; k++) {
			p += len + 1;
			len = strcspn(p, " ");
		}
		snprintf(word, sizeof(word), "%.*s", (int)len, p);
		if (k < n || strcmp(word, last) == 0)
			continue;
		snprintf(last, sizeof(last), "%s", word);
		offer(word, typed, p[len] ? NULL : all->rows[i].summary);
	}
}

/* ---- names from the server ---- */

static const struct {
	const char *argument, *route, *list, *field;
} sources[] = {
	{ "SNAPSHOT", "/_mock/snapshots", "snapshots", "name" },
	{ "SCENARIO", "/_mock/scenarios", "scenarios", "name" },
	{ "FAULT", "/_mock/faults", "faults", "id" },
	{ "WORKSPACE", "/_mock/workspaces", "workspaces", "name" },
	{ "SOURCE", "/_mock/workspaces", "workspaces", "name" },
};

static void offer_lab(struct ctl *c, const char *argument, const char *typed)
{
	struct lakebase_doc *doc = NULL;
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		if (strcmp(argument, sources[i].argument) != 0)
			continue;
		if (connect_client(c)
			|| lakebase_request(&doc, c->lb, "GET", sources[i].route, NULL, NULL))
			return;
		for (size_t k = 0; k < lakebase_doc_count(doc, sources[i].list); k++) {
			snprintf(path, sizeof(path), "%s.%zu.%s", sources[i].list, k, sources[i].field);
			if (lakebase_doc_string(doc, path))
				offer(lakebase_doc_string(doc, path), typed, NULL);
		}
		lakebase_doc_free(doc);
	}
}

static void offer_list(struct ctl *c, const char *collection, const char *typed, bool more)
{
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *item = NULL;
	char name[512];
	int budget = 200;

	if (lakebase_list(&pages, c->lb, collection, NULL))
		return;
	while (budget-- && lakebase_pages_next(&item, pages) == 0 && item) {
		short_name(name, sizeof(name) - 1, lakebase_doc_string(item, "name"));
		if (more)
			strncat(name, "/", 2);
		offer(name, typed, lakebase_doc_string(item, "status.current_state"));
		lakebase_doc_free(item);
	}
	lakebase_pages_free(pages);
}

/* Level by level: "shop/" lists branches of shop, until `kind` is reached. */
static void offer_resources(struct ctl *c, const struct lakebase_kind *kind, const char *typed)
{
	const struct lakebase_kind *chain[8];
	char *parent = NULL, typed_parent[512], collection[1024];
	size_t depth = 0, level = 0;

	for (const struct lakebase_kind *k = kind; k; k = k->parent ? kind_named(k->parent) : NULL)
		chain[depth++] = k;
	for (const char *p = typed; *p; p++)
		level += *p == '/';
	if (level >= depth || connect_client(c))
		return;
	kind = chain[depth - 1 - level];
	snprintf(collection, sizeof(collection), "%s", kind->collection);
	if (level) {
		snprintf(typed_parent, sizeof(typed_parent), "%.*s", (int)(strrchr(typed, '/') - typed),
			typed);
		if (lakebase_name_expand(&parent, chain[depth - level], typed_parent))
			return;
		snprintf(collection, sizeof(collection), "%s/%s", parent, kind->collection);
		lakebase_string_free(parent);
	}
	offer_list(c, collection, typed, level + 1 < depth);
}

static void offer_argument(struct ctl *c, const struct command *command, size_t at, const char *typed)
{
	const struct lakebase_kind *kind = command->kind;
	char argument[32];
	const char *p = command->arguments;

	for (; at && *p; at--) {
		p += strcspn(p, " ");
		p += *p == ' ';
	}
	snprintf(argument, sizeof(argument), "%.*s", (int)strcspn(p, " "), p);
	if (argument[0] == '[')
		snprintf(argument, sizeof(argument), "%.*s", (int)strcspn(p + 1, "]"), p + 1);
	if (strcmp(argument, "PARENT") == 0 && kind && kind->parent)
		offer_resources(c, kind_named(kind->parent), typed);
	else if (strcmp(argument, "NAME") == 0 && kind)
		offer_resources(c, kind, typed);
	else if (strcmp(argument, "PROJECT") == 0)
		offer_resources(c, kind_named("projects"), typed);
	else if (strcmp(argument, "ENDPOINT") == 0 || strcmp(argument, "TARGET") == 0)
		offer_resources(c, kind_named("endpoints"), typed);
	else if (strcmp(argument, "SHELL") == 0)
		offer_choices("bash zsh fish", typed);
	else
		offer_lab(c, argument, typed);
}

int complete(const struct commands *all, int argc, char **argv)
{
	const char *words[16] = { NULL };
	const char *typed = argc ? argv[argc - 1] : "", *before = argc > 1 ? argv[argc - 2] : "";
	const struct command *command;
	struct ctl c = { .option = { [OPT_QUIET] = "", [OPT_RETRY_ATTEMPTS] = "1" } };
	size_t n = 0, used;

	for (int i = 0; i + 1 < argc && n < ARRAY_SIZE(words); i++)
		if (argv[i][0] != '-')
			words[n++] = argv[i];
	command = command_find(all, words, n, &used);
	for (int i = 0; i < OPT__N; i++)
		if (before[0] == '-' && before[1] == '-' && strcmp(before + 2, option_table[i].name) == 0
			&& option_table[i].value) {
			offer_choices(option_table[i].check == CHECK_FORMAT ? "table json yaml name"
								  : option_table[i].choices,
				typed);
			return EXIT_OK;
		}
	if (typed[0] == '-')
		offer_options(command, typed);
	else if (!command)
		offer_words(all, words, n, typed);
	else
		offer_argument(&c, command, n - used, typed);
	lakebase_free(c.lb);
	return EXIT_OK;
}
