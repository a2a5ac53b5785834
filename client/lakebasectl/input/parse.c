/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/text.h"
#include "lakebasectl/input/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

PRINTF(2, 3) static int refuse(struct refusal *r, const char *fmt, ...)
{
	va_list ap;

	r->kind = REFUSED;
	va_start(ap, fmt);
	vsnprintf(r->message, sizeof(r->message), fmt, ap);
	va_end(ap);
	return EXIT_USAGE;
}

/* What is wrong with `word`, the one that may be meant, and where help is. */
static int usage(
	struct refusal *r, const struct ctl *c, const char *what, const char *word, const char *near)
{
	char offer[128] = "";

	if (near)
		snprintf(offer, sizeof(offer), "; did you mean '%s'?", near);
	snprintf(r->advice, sizeof(r->advice), "Try: lakebasectl %s%s--help",
		c->command ? c->command->path : "", c->command ? " " : "");
	return refuse(r, "%s '%s'%s", what, word, offer);
}

static int unknown_option(struct refusal *r, const struct ctl *c, const char *word)
{
	const char *names[OPT__N] = { NULL };
	char offer[80];
	const char *best;
	const char *start = word + strspn(word, "-");
	char *bare = strndup(start, strcspn(start, "="));

	for (int i = 0; i < OPT__N; i++)
		if (command_takes(c->command, i))
			names[i] = option_table[i].name;
	best = bare ? nearest(bare, names, OPT__N) : NULL;
	if (best)
		snprintf(offer, sizeof(offer), "--%s", best);
	free(bare);
	return usage(r, c, "there is no option", word, best ? offer : NULL);
}

static bool is_choice(const char *choices, const char *value)
{
	size_t n = strlen(value);

	for (const char *p = choices; *p;) {
		size_t len = strcspn(p, " ");

		if (len == n && memcmp(p, value, n) == 0)
			return true;
		p += len;
		p += *p == ' ';
	}
	return false;
}

static int take(struct refusal *r, struct ctl *c, int id, const char *value)
{
	const struct option_info *o = &option_table[id];

	if (o->choices && !is_choice(o->choices, value)) {
		return refuse(r, "--%s takes one of: %s", o->name, o->choices);
	}
	if (o->value && option_refuses(o, value))
		return refuse(r, "--%s takes %s, not '%s'", o->name, option_refuses(o, value), value);
	if (id == OPT_SET) {
		if (c->num_sets == MAX_SETS) {
			return refuse(r, "more than %d --set: use --body", MAX_SETS);
		}
		c->sets[c->num_sets++] = value;
	}
	c->option[id] = value;
	return 0;
}

/* -o json, -ojson, --output json, --output=json; switches of one letter may be joined. */
static int long_option(struct refusal *r, struct ctl *c, char **argv, int argc, int *i)
{
	const char *word = argv[*i] + 2, *equals = strchr(word, '=');
	size_t n = equals ? (size_t)(equals - word) : strlen(word);

	for (int id = 0; id < OPT__N; id++) {
		const struct option_info *o = &option_table[id];

		if (!command_takes(c->command, id) || strlen(o->name) != n
			|| memcmp(o->name, word, n) != 0)
			continue;
		if (!o->value && equals)
			return usage(r, c, "this option takes no value:", argv[*i], NULL);
		if (!o->value)
			return take(r, c, id, "");
		if (!equals && *i + 1 >= argc)
			return usage(r, c, "a value is missing after", argv[*i], NULL);
		return take(r, c, id, equals ? equals + 1 : argv[++*i]);
	}
	return unknown_option(r, c, argv[*i]);
}

static int short_options(struct refusal *r, struct ctl *c, char **argv, int argc, int *i)
{
	for (const char *p = argv[*i] + 1; *p; p++) {
		int id = 0;

		while (id < OPT__N
			&& !(command_takes(c->command, id) && option_table[id].letter == *p))
			id++;
		if (id == OPT__N)
			return unknown_option(r, c, argv[*i]);
		if (!option_table[id].value) {
			if (take(r, c, id, ""))
				return EXIT_USAGE;
			continue;
		}
		if (!p[1] && *i + 1 >= argc)
			return usage(r, c, "a value is missing after", argv[*i], NULL);
		return take(r, c, id, p[1] ? p + 1 : argv[++*i]);
	}
	return 0;
}

static void count_arguments(const char *arguments, size_t *least, size_t *most)
{
	*least = *most = 0;
	for (const char *p = arguments; *p;) {
		size_t n = strcspn(p, " ");

		*least += *p != '[';
		*most = memmem(p, n, "...", 3) ? MAX_ARGS : *most + 1;
		p += n;
		p += *p == ' ';
	}
}

/* Options may stand before the command, too: what follows one that takes a value is no word. */
static size_t command_words(int argc, char **argv, const char **words, size_t room)
{
	size_t n = 0;

	for (int i = 1; i < argc && n < room; i++) {
		if (strcmp(argv[i], "--") == 0)
			break;
		if (argv[i][0] != '-' || !argv[i][1]) {
			words[n++] = argv[i];
			continue;
		}
		for (int id = 0; id < OPT__N && !strchr(argv[i], '='); id++) {
			const struct option_info *o = &option_table[id];
			bool is_long = argv[i][1] == '-' && strcmp(argv[i] + 2, o->name) == 0;
			bool is_short = o->letter && argv[i][1] == o->letter && !argv[i][2];

			if (o->value && (is_long || is_short)) {
				i++;
				break;
			}
		}
	}
	return n;
}

enum { MAX_NAMES = 160 };

/* The words that could stand behind the first `depth` of `words`. */
static size_t words_at(
	const struct commands *all, const char *const *words, size_t depth, const char **names)
{
	static char parts[MAX_NAMES][32];
	size_t found = 0;

	for (size_t i = 0; i < all->n && found < MAX_NAMES; i++) {
		const char *p = all->rows[i].path;
		size_t k = 0;

		for (; k < depth; k++) {
			size_t len = strcspn(p, " ");

			if (strlen(words[k]) != len || memcmp(p, words[k], len) != 0 || !p[len])
				break;
			p += len + 1;
		}
		if (k < depth)
			continue;
		snprintf(parts[found], sizeof(parts[0]), "%.*s", (int)strcspn(p, " "), p);
		names[found] = parts[found];
		found++;
	}
	return found;
}

/* The first command whose second word this is: people write the verb first. */
static const char *has_verb(const struct commands *all, const char *word)
{
	for (size_t i = 0; i < all->n; i++) {
		const char *path = all->rows[i].path, *blank = strchr(path, ' ');

		if (blank && strcmp(blank + 1, word) == 0)
			return path;
	}
	return NULL;
}

static int unknown_command(struct refusal *r, const struct ctl *c, const char *const *words, size_t n)
{
	const char *names[MAX_NAMES], *verb = has_verb(c->commands, words[0]);
	size_t found = 0, depth = 0;

	if (verb)
		return refuse(r, "say first what to %s, as in: lakebasectl %s", words[0], verb);
	for (;; depth++) {
		bool known = false;

		found = words_at(c->commands, words, depth, names);
		for (size_t i = 0; i < found; i++)
			known = known || strcmp(names[i], words[depth]) == 0;
		if (!known || depth + 1 == n)
			break;
	}
	return usage(r, c, "there is no command", words[depth], nearest(words[depth], names, found));
}

static int take_words(struct refusal *r, struct ctl *c, int argc, char **argv, size_t skip)
{
	bool options = true;
	int rc;

	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			rc = argv[i][1] == '-' ? long_option(r, c, argv, argc, &i)
					       : short_options(r, c, argv, argc, &i);
			if (rc)
				return rc;
		} else if (skip) {
			skip--;
		} else if (c->num_args == MAX_ARGS) {
			return usage(r, c, "one argument too many:", argv[i], NULL);
		} else {
			c->args[c->num_args++] = argv[i];
		}
	}
	return 0;
}

static int check_arguments(struct refusal *r, const struct ctl *c)
{
	size_t least, most;

	count_arguments(c->command->arguments, &least, &most);
	if (c->num_args > most)
		return usage(r, c, "one argument too many:", c->args[most], NULL);
	if (c->num_args < least) {
		snprintf(r->advice, sizeof(r->advice),
			"Usage: lakebasectl %s %s\nTry: lakebasectl %s --help", c->command->path,
			c->command->arguments, c->command->path);
		return refuse(r, "an argument is missing");
	}
	return 0;
}

/* --help and --version work wherever they stand, and without a command. */
static bool mentions(int argc, char **argv, const char *long_name, const char *short_name)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], long_name) == 0 || (short_name && strcmp(argv[i], short_name) == 0))
			return true;
	return false;
}

/* The words are no command, but begin some. */
static bool is_group(struct refusal *r, const struct ctl *c, const char *const *words, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n && i < 2; i++)
		len += (size_t)snprintf(r->group + len, sizeof(r->group) - len, "%s%.40s", i ? " " : "",
			words[i]);
	for (size_t i = 0; n && i < c->commands->n; i++)
		if (strncmp(c->commands->rows[i].path, r->group, len) == 0
			&& c->commands->rows[i].path[len] == ' ')
			return true;
	r->group[0] = '\0';
	return false;
}

/* The words behind `help`, or all of them. */
static void take_help(struct refusal *r, struct ctl *c, const char *const *words, size_t n)
{
	size_t skip = n && strcmp(words[0], "help") == 0, used;

	c->option[OPT_HELP] = "";
	c->command = command_find(c->commands, words + skip, n - skip, &used);
	if (!c->command)
		is_group(r, c, words + skip, n - skip);
}

int parse(struct ctl *c, struct refusal *r, int argc, char **argv)
{
	const char *words[16] = { NULL };
	size_t n = command_words(argc, argv, words, ARRAY_SIZE(words)), used;
	int rc;

	*r = (struct refusal){ 0 };
	if (mentions(argc, argv, "--help", "-h") || (n && strcmp(words[0], "help") == 0)) {
		take_help(r, c, words, n);
		return 0;
	}
	if (mentions(argc, argv, "--version", NULL)) {
		c->option[OPT_VERSION] = "";
		return 0;
	}
	c->command = command_find(c->commands, words, n, &used);
	if (c->command) {
		rc = take_words(r, c, argc, argv, used);
		return rc ? rc : check_arguments(r, c);
	}
	if (n && !(n <= 2 && is_group(r, c, words, n)))
		return unknown_command(r, c, words, n);
	r->kind = n ? REFUSED_GROUP : REFUSED_EMPTY;
	return EXIT_USAGE;
}
