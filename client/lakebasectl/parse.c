/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/ctl.h"

#include <stdlib.h>
#include <string.h>

bool parse_integer(const char *text, int64_t least, int64_t most, int64_t *ret)
{
	int64_t v = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || v > (INT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (*text - '0');
	}
	*ret = v;
	return v >= least && v <= most;
}

int64_t parse_time(const char *text)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
		{ "", 1000 } };
	size_t n = strspn(text, "0123456789");
	char number[16];
	int64_t v;

	if (!n || n >= sizeof(number))
		return -1;
	memcpy(number, text, n);
	number[n] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strcmp(text + n, units[i].unit) == 0)
			return parse_integer(number, 0, INT64_MAX / 86400000, &v) ? v * units[i].ms : -1;
	return -1;
}

static int usage(const struct ctl *c, const char *what, const char *word, const char *near)
{
	char offer[128] = "";

	if (near)
		snprintf(offer, sizeof(offer), "; did you mean '%s'?", near);
	complain("%s '%s'%s", what, word, offer);
	fprintf(stderr, "Try: lakebasectl %s%s--help\n", c->command ? c->command->path : "",
		c->command ? " " : "");
	return EXIT_USAGE;
}

static int unknown_option(const struct ctl *c, const char *word, uint64_t allowed)
{
	const char *names[OPT__N] = { NULL };
	char offer[80];
	const char *best;
	const char *start = word + strspn(word, "-");
	char *bare = strndup(start, strcspn(start, "="));

	for (int i = 0; i < OPT__N; i++)
		if (allowed & (UINT64_C(1) << i))
			names[i] = option_table[i].name;
	best = bare ? nearest(bare, names, OPT__N) : NULL;
	if (best)
		snprintf(offer, sizeof(offer), "--%s", best);
	free(bare);
	return usage(c, "there is no option", word, best ? offer : NULL);
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

static int take(struct ctl *c, int id, const char *value)
{
	const struct option_info *o = &option_table[id];

	if (o->choices && !is_choice(o->choices, value)) {
		complain("--%s takes one of: %s", o->name, o->choices);
		return EXIT_USAGE;
	}
	if (o->value && strcmp(o->value, "TIME") == 0 && id != OPT_NOW && id != OPT_TO && id != OPT_FOR
		&& parse_time(value) < 0) {
		complain("--%s takes a time such as 500ms, 30s, 5m or 2h, not '%s'", o->name, value);
		return EXIT_USAGE;
	}
	if (id == OPT_SET) {
		if (c->num_sets == MAX_SETS) {
			complain("more than %d --set: use --body", MAX_SETS);
			return EXIT_USAGE;
		}
		c->sets[c->num_sets++] = value;
	}
	c->option[id] = value;
	return 0;
}

/* -o json, -ojson, --output json, --output=json; switches of one letter may be joined. */
static int long_option(struct ctl *c, uint64_t allowed, char **argv, int argc, int *i)
{
	const char *word = argv[*i] + 2, *equals = strchr(word, '=');
	size_t n = equals ? (size_t)(equals - word) : strlen(word);

	for (int id = 0; id < OPT__N; id++) {
		const struct option_info *o = &option_table[id];

		if (!(allowed & (UINT64_C(1) << id)) || strlen(o->name) != n
			|| memcmp(o->name, word, n) != 0)
			continue;
		if (!o->value && equals)
			return usage(c, "this option takes no value:", argv[*i], NULL);
		if (!o->value)
			return take(c, id, "");
		if (!equals && *i + 1 >= argc)
			return usage(c, "a value is missing after", argv[*i], NULL);
		return take(c, id, equals ? equals + 1 : argv[++*i]);
	}
	return unknown_option(c, argv[*i], allowed);
}

static int short_options(struct ctl *c, uint64_t allowed, char **argv, int argc, int *i)
{
	for (const char *p = argv[*i] + 1; *p; p++) {
		int id = 0;

		while (id < OPT__N
			&& !((allowed & (UINT64_C(1) << id)) && option_table[id].letter == *p))
			id++;
		if (id == OPT__N)
			return unknown_option(c, argv[*i], allowed);
		if (!option_table[id].value) {
			if (take(c, id, ""))
				return EXIT_USAGE;
			continue;
		}
		if (!p[1] && *i + 1 >= argc)
			return usage(c, "a value is missing after", argv[*i], NULL);
		return take(c, id, p[1] ? p + 1 : argv[++*i]);
	}
	return 0;
}

static void count_arguments(const char *arguments, size_t *least, size_t *most)
{
	*least = *most = 0;
	for (const char *p = arguments; *p;) {
		size_t n = strcspn(p, " ");

		*least += *p != '[';
		(*most)++;
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
static size_t words_at(const char *const *words, size_t depth, const char **names)
{
	static char parts[MAX_NAMES][32];
	const struct command *all;
	size_t num, found = 0;

	all = commands_all(&num);
	for (size_t i = 0; i < num && found < MAX_NAMES; i++) {
		const char *p = all[i].path;
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

static int unknown_command(const struct ctl *c, const char *const *words, size_t n)
{
	const char *names[MAX_NAMES];
	size_t found = 0, depth = 0;

	for (;; depth++) {
		bool known = false;

		found = words_at(words, depth, names);
		for (size_t i = 0; i < found; i++)
			known = known || strcmp(names[i], words[depth]) == 0;
		if (!known || depth + 1 == n)
			break;
	}
	return usage(c, "there is no command", words[depth], nearest(words[depth], names, found));
}

static int take_words(struct ctl *c, int argc, char **argv, size_t skip)
{
	uint64_t allowed = c->command->options | global_options;
	bool options = true;
	int rc;

	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			rc = argv[i][1] == '-' ? long_option(c, allowed, argv, argc, &i)
					       : short_options(c, allowed, argv, argc, &i);
			if (rc)
				return rc;
		} else if (skip) {
			skip--;
		} else if (c->num_args == MAX_ARGS) {
			return usage(c, "one argument too many:", argv[i], NULL);
		} else {
			c->args[c->num_args++] = argv[i];
		}
	}
	return 0;
}

static int check_arguments(const struct ctl *c)
{
	size_t least, most;

	count_arguments(c->command->arguments, &least, &most);
	if (c->num_args > most)
		return usage(c, "one argument too many:", c->args[most], NULL);
	if (c->num_args < least) {
		complain("an argument is missing");
		fprintf(stderr, "Usage: lakebasectl %s %s\nTry: lakebasectl %s --help\n",
			c->command->path, c->command->arguments, c->command->path);
		return EXIT_USAGE;
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

int parse(struct ctl *c, int argc, char **argv)
{
	const char *words[16] = { NULL };
	size_t n = command_words(argc, argv, words, ARRAY_SIZE(words)), used;
	char prefix[96] = "";
	int rc;

	c->command = command_find(words, n, &used);
	if (mentions(argc, argv, "--help", "-h") || (n && strcmp(words[0], "help") == 0)) {
		c->option[OPT_HELP] = "";
		return 0;
	}
	if (mentions(argc, argv, "--version", NULL)) {
		c->option[OPT_VERSION] = "";
		return 0;
	}
	if (c->command) {
		rc = take_words(c, argc, argv, used);
		return rc ? rc : check_arguments(c);
	}
	for (size_t i = 0; i < n && i < 2; i++)
		snprintf(prefix + strlen(prefix), sizeof(prefix) - strlen(prefix), "%s%s", i ? " " : "",
			words[i]);
	if (!n) {
		help_all(stderr);
		return EXIT_USAGE;
	}
	if (n <= 2) {
		const struct command *all = commands_all(&used);

		for (size_t i = 0; i < used; i++)
			if (strncmp(all[i].path, prefix, strlen(prefix)) == 0
				&& all[i].path[strlen(prefix)] == ' ') {
				complain("'%s' needs one word more", prefix);
				help_group(stderr, prefix);
				return EXIT_USAGE;
			}
	}
	return unknown_command(c, words, n);
}
