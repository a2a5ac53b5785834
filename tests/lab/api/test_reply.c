/* SPDX-License-Identifier: Apache-2.0 */
/* A server that checks its replies does not outlive one that breaks its own schema. What a file holds is
 * sent as it is: here the route that reads files has a schema, and files are replies. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/cases.h"

static const struct field thing_fields[] = {
	{"name", T_STRING, 0}, {"size", T_INT32, 0}, {0}};
static const struct message thing_message = {"Thing", thing_fields};
static const struct resource thing = {.message = &thing_message};

static const struct field fields[] = {{"done", T_BOOL, 0}, {"response", T_ANY, 0},
	{"things", T_MESSAGE, F_LIST, &thing_message}, {0}};
static const struct message message = {"Reply", fields};

/* A server that echoes nothing; one that echoes `spec`; one that does not check. */
enum { PLAIN, ECHOES, TRUSTS, SERVERS };

static const struct {
	const char *reply;
	bool lives[SERVERS];
} replies[] = {
	{"{'done':true}", {true, true, true}},
	{"{'done':1}", {false, false, true}},
	{"{'colour':1}", {false, false, true}},
	{"[]", {false, false, true}},
	{"text", {false, false, true}},
	{"", {false, false, true}},
	{"{'response':{'name':'x','size':1}}", {true, true, true}},
	{"{'response':{'name':'x','colour':1}}", {false, false, true}},
	{"{'response':{'colour':1}}", {true, true, true}}, /* of no resource */
	{"{'things':[{'size':1},{'size':2}]}", {true, true, true}},
	{"{'things':[{'size':1},{'size':'2'}]}", {false, false, true}},
	{"{'spec':1}", {false, true, true}},
	{"{'response':{'name':'x','spec':1}}", {false, true, true}},
	{"{'things':[{'spec':1}]}", {false, true, true}},
	{"{'things':[{'spec':1}],'colour':1}", {false, false, true}},
};

static void read_it(int server, const struct message *schema)
{
	struct route *route = (struct route *)routes_by_rpc(&r->app->routes, "WorkspaceReadFile");
	struct rlimit none = {0, 0};
	struct err e;

	setrlimit(RLIMIT_CORE, &none);
	route->reply = schema;
	route->res = &thing;
	if (server == TRUSTS)
		r->app->check_replies = false;
	if (server == ECHOES && settings_set(&r->app->world.settings, "echo_spec=true", &e))
		_exit(2);
	_exit(rig_ask(r, "GET /api/2.0/workspace-files/f", NULL) == 200 ? 0 : 1);
}

/* Does a server outlive that reply? *told is what it says then. */
static bool lives(int server, const struct message *schema, char told[static 512])
{
	int ends[2], status;
	size_t n = 0;
	ssize_t more;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		read_it(server, schema);
	}
	close(ends[1]);
	while ((more = read(ends[0], told + n, 511 - n)) > 0)
		n += (size_t)more;
	told[n] = '\0';
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status)) {
		ck_assert_int_eq(WTERMSIG(status), SIGABRT);
		return false;
	}
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	return true;
}

START_TEST(a_server_that_checks_ends_with_a_wrong_reply)
{
	const char *reply = replies[_i].reply;
	char told[512], expected[512];

	rig_want(r, "POST /api/2.0/workspace-files/import-file/f", reply[0] ? reply : NULL, 200);
	for (int server = 0; server < SERVERS; server++) {
		bool good = lives(server, &message, told);
		char *end;

		ck_assert_msg(good == replies[_i].lives[server], "%s, server %d: %s", reply, server, told);
		if (good)
			continue;
		ck_assert_msg(text_starts(told, "WorkspaceReadFile: the reply breaks its schema: ", NULL),
			"%s", told);
		snprintf(expected, sizeof expected, "\n%s\n", reply);
		for (char *p = expected; *p; p++)
			*p = *p == '\'' ? '"' : *p;
		end = strstr(told, expected);
		ck_assert_msg(end, "%s: %s", reply, told);
	}
	ck_assert(lives(PLAIN, NULL, told)); /* it has no schema */
}
END_TEST

int main(void)
{
	return CASES("lab-reply", NULL,
		{a_server_that_checks_ends_with_a_wrong_reply, ARRAY_SIZE(replies)});
}
