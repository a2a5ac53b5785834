/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays every scenario in process, replies compared exactly under a clock that stands, each reply
 * checked against its schema. Then: was every route asked for, every sentence of refusal asserted?
 * TAP on stdout. `test_scenarios DIR [GLOB]`; a glob plays some and skips the gates.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/gates.h"
#include "base/text.h"

static struct inproc *servers;
static size_t number;
static int failures;

static void ok(bool good, const char *name, const char *message)
{
	printf("%sok %zu - %s\n", good ? "" : "not ", ++number, name);
	failures += !good;
	while (message && *message) {
		int n = (int)strcspn(message, "\n");

		printf("#   %.*s\n", n, message);
		message += n + (message[n] == '\n');
	}
	fflush(stdout); /* a schema that is broken aborts */
}

static void play_one(const struct suite *suite, const struct scenario *s, size_t index)
{
	struct inproc *server = NULL;
	char workspace[32];
	struct play p;
	struct err e = {0};
	enum verdict v;

	snprintf(workspace, sizeof(workspace), "case-%zu", index);
	if (inproc_open(&servers, s->server, &server, &e) ||
		play_init(&p, &server->target, suite, workspace)) {
		ok(false, s->id, e.message);
		return;
	}
	server->target.seen = gates_seen;
	v = play_needs(&p, s);
	if (v == VERDICT_PASS)
		v = play_steps(&p, s);
	ok(v == VERDICT_PASS, s->id, p.message.data);
	play_done(&p);
}

static size_t count(const struct suite *suite, const char *glob)
{
	size_t n = 0;

	for (size_t i = 0; i < suite->num_cases; i++)
		n += !glob || text_glob(glob, suite->cases[i].id);
	return n;
}

int main(int argc, char **argv)
{
	const char *glob = argc > 2 ? argv[2] : NULL;
	struct inproc *plain;
	struct suite suite;
	struct err e;

	if (argc < 2 || suite_read(&suite, argv[1], &e)) {
		printf("Bail out! %s\n", argc < 2 ? "usage: test_scenarios DIR [GLOB]" : e.message);
		return EXIT_FAILURE;
	}
	printf("1..%zu\n", count(&suite, glob) + (glob ? 0 : 2));
	for (size_t i = 0; i < suite.num_cases; i++)
		if (!glob || text_glob(glob, suite.cases[i].id))
			play_one(&suite, &suite.cases[i], i);
	if (!glob && inproc_open(&servers, NULL, &plain, &e) == 0) {
		ok(gates_routes(servers) == 0, "every route is asked for by a scenario", NULL);
		ok(gates_wordings() == 0, "every sentence of refusal is asserted by a scenario",
			NULL);
	}
	inproc_close(servers);
	suite_done(&suite);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
