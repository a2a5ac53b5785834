/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What liblakebase costs beside bare libcurl: calls over one connection, and memory of an idle client.
 * client URL NAME: {"ratio": ..., "per_second": ..., "idle_kib": ...}
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lakebase.h"

enum { CALLS = 2000, ROUNDS = 9 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Private memory of the process, in KiB. */
static long resident(void)
{
	long size, pages, shared;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%ld %ld %ld", &size, &pages, &shared) != 3)
		exit(1);
	fclose(f);
	return (pages - shared) * (sysconf(_SC_PAGESIZE) / 1024);
}

static size_t drop(char *data, size_t one, size_t n, void *context)
{
	(void)data;
	*(size_t *)context += one * n;
	return one * n;
}

static double bare(CURL *easy)
{
	double start = now();

	for (int i = 0; i < CALLS; i++)
		if (curl_easy_perform(easy))
			exit(1);
	return CALLS / (now() - start);
}

static double ours(struct lakebase *lb, const char *name)
{
	double start = now();

	for (int i = 0; i < CALLS; i++) {
		struct lakebase_doc *doc;

		if (lakebase_get(&doc, lb, name)) {
			fprintf(stderr, "%s\n", lakebase_last_error()->message);
			exit(1);
		}
		lakebase_doc_free(doc);
	}
	return CALLS / (now() - start);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	struct lakebase_options o = LAKEBASE_OPTIONS_INIT;
	struct curl_slist *headers = NULL;
	struct lakebase *lb = NULL;
	double ratio[ROUNDS], rate = 0, base;
	size_t bytes = 0;
	char url[512];
	long before;
	CURL *easy;

	if (argc != 3)
		return 2;
	snprintf(url, sizeof(url), "%s/api/2.0/postgres/%s", argv[1], argv[2]);
	easy = curl_easy_init();
	headers = curl_slist_append(headers, "Authorization: Bearer mock-default");
	headers = curl_slist_append(headers, "Accept: application/json");
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bytes);
	base = bare(easy); /* curl has all that it wants by now */
	before = resident();
	o.host = argv[1];
	o.token = "mock-default";
	o.ignore_environment = true;
	if (lakebase_new(&lb, &o) || lakebase_get(NULL, lb, argv[2])) {
		fprintf(stderr, "%s\n", lakebase_last_error()->message);
		return 1;
	}
	before = resident() - before;
	/* in turn, so that noise meets both; the median of the ratios */
	for (int i = 0; i < ROUNDS; i++) {
		base = bare(easy);
		rate = ours(lb, argv[2]);
		ratio[i] = rate / base;
	}
	qsort(ratio, ROUNDS, sizeof(*ratio), compare);
	printf("%.3f %.0f %ld\n", ratio[ROUNDS / 2], rate, before);
	lakebase_free(lb);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	return 0;
}
