/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t pid;
static char url[128];

void server_stop(void)
{
	if (pid > 0) {
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
	}
	pid = 0;
}

const char *server_start(const char *program)
{
	char line[1024];
	const char *told;
	json_t *ready;
	int out[2];
	FILE *f;

	if (pipe(out))
		exit(1);
	pid = fork();
	if (pid == 0) {
		/* it goes when the test goes, however that ends */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		execl(program, program, "--listen", "127.0.0.1:0", "--log", "off", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	if (pid < 0 || !f || !fgets(line, sizeof(line), f)) {
		fprintf(stderr, "%s did not start\n", program);
		exit(1);
	}
	fclose(f);
	ready = json_loads(line, 0, NULL);
	told = json_string_value(json_object_get(ready, "url"));
	snprintf(url, sizeof(url), "%s", told ? told : "");
	json_decref(ready);
	atexit(server_stop);
	return url;
}
