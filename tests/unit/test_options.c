/* SPDX-License-Identifier: Apache-2.0 */
/* The command line, the environment and the configuration file: what wins, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "options.h"
#include "support/run.h"

static struct settings_read s;
static struct err e;

#define READ(...)                                                                                  \
	({                                                                                         \
		const char *argv[] = { __VA_ARGS__ };                                              \
		options_read(&s, ARRAY_SIZE(argv), (char **)argv, &e);                            \
	})

static void clean(void)
{
	unsetenv("LAKEBASE_MOCK_SEED");
	unsetenv("LAKEBASE_MOCK_SED");
	unsetenv("LAKEBASE_MOCK_STRICT");
}

/* A configuration file with that text; its name, valid until the next call. */
static char *config(const char *text)
{
	static char path[] = "/tmp/options-XXXXXX";
	int fd;
	FILE *f;

	strcpy(path + sizeof path - 7, "XXXXXX"); /* allowed: into its own place */
	fd = mkstemp(path);
	ck_assert(fd >= 0);
	f = fdopen(fd, "w");
	ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
	return path;
}

START_TEST(a_flag_beats_the_environment_which_beats_the_file)
{
	char *path = config("{\"seed\": 1, \"lro\": \"sync\", \"set\": [\"max_roles=1\", \"max_cu=2\"]}");

	clean();
	ck_assert(READ("--config", path) == 0);
	ck_assert_str_eq(s.value[OPT_SEED], "1");
	ck_assert_str_eq(s.value[OPT_LRO], "sync");
	ck_assert_str_eq(s.value[OPT_AUTH], "any");
	ck_assert_int_eq(s.num[OPT_SET], 2);
	setenv("LAKEBASE_MOCK_SEED", "2", 1);
	ck_assert(READ("--config", path) == 0);
	ck_assert_str_eq(s.value[OPT_SEED], "2");
	ck_assert(READ("--seed=3", "--config", path, "--set", "max_cu=8") == 0);
	ck_assert_str_eq(s.value[OPT_SEED], "3");
	ck_assert_int_eq(s.num[OPT_SET], 1);
	ck_assert_str_eq(s.origin[OPT_SEED], "flag");
	unlink(path);
	clean();
}
END_TEST

START_TEST(what_does_not_exist_is_refused_with_the_nearest_name)
{
	char *path = config("{\"sed\": 1}");

	clean();
	ck_assert(READ("--sed", "1") == -1);
	ck_assert_ptr_nonnull(strstr(e.message, "did you mean '--seed N'?"));
	ck_assert(READ("--config", path) == -1);
	ck_assert_ptr_nonnull(strstr(e.message, "did you mean 'seed'?"));
	setenv("LAKEBASE_MOCK_SED", "1", 1);
	ck_assert(READ("--strict") == -1);
	ck_assert_str_eq(e.message, "unknown variable LAKEBASE_MOCK_SED; did you mean LAKEBASE_MOCK_SEED");
	unlink(path);
	clean();
	ck_assert(READ("seed") == -1);
	ck_assert(READ("--seed") == -1);
	setenv("LAKEBASE_MOCK_STRICT", "perhaps", 1);
	ck_assert(READ("--seed", "1") == -1);
	clean();
}
END_TEST

START_TEST(variables_of_others_are_left_alone)
{
	static const char *const names[] = { "LAKEBASE_MOCK_URL", "LAKEBASE_MOCK_BINARY",
		"LAKEBASE_MOCK_IMAGE", "LAKEBASE_MOCK_SERVICE_HOST",
		"LAKEBASE_MOCK_SERVICE_PORT_HTTP", "LAKEBASE_MOCK_PORT",
		"LAKEBASE_MOCK_PORT_4610_TCP_ADDR" };

	clean();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		setenv(names[i], "tcp://10.0.0.1:4610", 1);
	ck_assert_msg(READ("--strict") == 0, "%s", e.message);
	ck_assert(option_on(&s, OPT_STRICT));
	ck_assert_ptr_null(s.value[OPT_PORT_FILE]);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}
END_TEST

int main(void)
{
	return RUN_TESTS("options", a_flag_beats_the_environment_which_beats_the_file,
		what_does_not_exist_is_refused_with_the_nearest_name,
		variables_of_others_are_left_alone);
}
