/* SPDX-License-Identifier: Apache-2.0 */
/* Which PostgreSQL this machine has: "postgres -V" tells. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system.h"
#include "base/text.h"
#include "postgres/inside.h"

enum { OLDEST = 15 };

/* The first line of what "<bin>/postgres -V" prints; it takes some milliseconds. */
static bool ask_version(const char *bin, char out[static 128])
{
	char program[PATH_MAX];
	int ends[2], status = -1;
	ssize_t n = 0;
	pid_t pid;

	if (snprintf(program, sizeof program, "%s/postgres", bin) >= (int)sizeof program ||
		access(program, X_OK) || system_pipe(ends))
		return false;
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		execl(program, program, "-V", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	if (pid > 0) {
		n = read(ends[0], out, 127);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(ends[0]);
	out[n > 0 ? n : 0] = '\0';
	return n > 0 && status == 0;
}

/* "postgres (PostgreSQL) 15.18 (Debian ...)", "... 18beta1" */
static bool read_version(const char *line, struct version *v)
{
	const char *at;
	char major[8] = "";
	int64_t n;
	size_t len;

	if (!text_starts(line, "postgres (PostgreSQL) ", &at))
		return false;
	len = strcspn(at, " \n");
	if (len >= sizeof v->text)
		return false;
	memcpy(v->text, at, len);
	v->text[len] = '\0';
	len = strspn(at, "0123456789");
	if (!len || len >= sizeof major)
		return false;
	memcpy(major, at, len);
	if (!text_int(major, 1, 9999, &n))
		return false;
	v->major = (int)n;
	return true;
}

/* 1 taken, 0 there is none of use in that folder. */
static int take(struct pg *pg, const char *bin)
{
	struct version *v = &pg->versions[pg->num_versions];
	char line[128], real[PATH_MAX], initdb[PATH_MAX + 16];

	/* a program on PATH may be a link to the folder that holds all of them */
	snprintf(initdb, sizeof initdb, "%s/postgres", bin);
	if (!realpath(initdb, real) || !strrchr(real, '/'))
		return 0;
	*strrchr(real, '/') = '\0';
	snprintf(initdb, sizeof initdb, "%s/initdb", real);
	if (access(initdb, X_OK) || !ask_version(real, line))
		return 0;
	*v = (struct version){0};
	if (!read_version(line, v) || v->major < OLDEST)
		return 0;
	for (size_t i = 0; i < pg->num_versions; i++)
		if (pg->versions[i].major == v->major)
			return 1; /* the first one of a major version counts */
	snprintf(v->bin, sizeof v->bin, "%s", real);
	STAILQ_INIT(&v->waits);
	pg->num_versions++;
	return 1;
}

static void look_around(struct pg *pg)
{
	const char *path = getenv("PATH");
	glob_t found = {0};

	if (!glob("/usr/lib/postgresql/*/bin", 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc && pg->num_versions < MAX_VERSIONS; i++)
			take(pg, found.gl_pathv[i]);
	globfree(&found);
	while (path && *path && pg->num_versions < MAX_VERSIONS) {
		size_t len = strcspn(path, ":");
		char folder[PATH_MAX];

		if (len && len < sizeof folder) {
			memcpy(folder, path, len);
			folder[len] = '\0';
			take(pg, folder);
		}
		path += len + (path[len] == ':');
	}
}

static int newest_first(const void *a, const void *b)
{
	return ((const struct version *)b)->major - ((const struct version *)a)->major;
}

int discover(struct pg *pg, struct err *e)
{
	for (const char *const *o = pg->o.postgres; *o; o++) {
		if (pg->num_versions == MAX_VERSIONS)
			return err_set(e, ERR_INVALID, "--postgres: %d versions are enough",
				MAX_VERSIONS);
		if (streq(*o, "auto"))
			look_around(pg);
		else if (!take(pg, *o))
			return err_set(e, ERR_INVALID,
				"--postgres: '%s' is not 'off', 'auto' or a folder with the "
				"programs postgres and initdb of PostgreSQL %d or newer",
				*o, OLDEST);
	}
	if (!pg->num_versions)
		return err_set(e, ERR_INVALID,
			"--postgres auto found no PostgreSQL %d or newer in "
			"/usr/lib/postgresql/*/bin or PATH; on Debian and Ubuntu "
			"'apt-get install postgresql' brings one, or name the folder that holds "
			"postgres and initdb",
			OLDEST);
	qsort(pg->versions, pg->num_versions, sizeof pg->versions[0], newest_first);
	for (size_t i = 0; i < pg->num_versions; i++)
		STAILQ_INIT(&pg->versions[i].waits);
	return 0;
}

struct version *version_for(struct pg *pg, int major)
{
	struct version *newer = NULL;

	for (size_t i = 0; i < pg->num_versions; i++)
		if (pg->versions[i].major >= major)
			newer = &pg->versions[i];
	return newer ? newer : &pg->versions[0];
}

json_t *versions_json(const struct pg *pg)
{
	json_auto_t *list = json_array();

	for (size_t i = 0; i < pg->num_versions; i++)
		if (json_array_append_new(list, json_string(pg->versions[i].text)))
			return NULL;
	return STEAL(list);
}
