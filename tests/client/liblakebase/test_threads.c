/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread rules: clients of their own in threads of their own, at once, with errors that stay in
 * their threads; and one client handed from thread to thread. Built with ThreadSanitizer, where there
 * is one, so that any sharing shows.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

enum { THREADS = 8, ROUNDS = 50 };

static const struct step script[] = { { "GET", 503, "{}" }, { "GET", 200, "{\"name\":\"x\"}" },
	{ "GET", 404, "{\"error_code\":\"NOT_FOUND\",\"message\":\"gone\"}" }, { NULL } };

static void must(int ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "%s\n", what);
		exit(1);
	}
}

static void *work(void *arg)
{
	struct fake *f = malloc(sizeof(*f));
	char mine[32], name[64];

	must(f != NULL, "memory");
	snprintf(mine, sizeof(mine), "projects/p%ld", (long)(size_t)arg);
	for (int i = 0; i < ROUNDS; i++) {
		struct lakebase_doc *doc = NULL;
		struct lakebase *lb;

		fake_start(f, script);
		lb = fake_client(f, NULL);
		must(lakebase_get(&doc, lb, mine) == 0, "get");
		lakebase_doc_free(doc);
		must(lakebase_get(NULL, lb, mine) == LAKEBASE_ENOTFOUND, "not found");
		must(strcmp(lakebase_last_error()->message, "gone") == 0, "error of this thread");
		snprintf(name, sizeof(name), "%s/..", mine);
		must(lakebase_get(NULL, lb, name) == LAKEBASE_EINVALID, "invalid");
		must(strstr(lakebase_last_error()->message, mine) != NULL, "own name in the error");
		lakebase_free(lb);
		fake_stop(f);
	}
	free(f);
	return NULL;
}

static void *next_owner(void *arg)
{
	must(lakebase_get(NULL, arg, "projects/p") == 0, "a client that came from another thread");
	return NULL;
}

int main(void)
{
	static struct fake f;
	pthread_t thread[THREADS];
	struct lakebase *lb;

	for (size_t i = 0; i < THREADS; i++)
		must(pthread_create(&thread[i], NULL, work, (void *)i) == 0, "thread");
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	fake_start(&f, script);
	lb = fake_client(&f, NULL);
	must(pthread_create(&thread[0], NULL, next_owner, lb) == 0, "thread");
	pthread_join(thread[0], NULL);
	must(lakebase_get(NULL, lb, "projects/p") == LAKEBASE_ENOTFOUND, "back here");
	lakebase_free(lb);
	fake_stop(&f);
	return 0;
}
