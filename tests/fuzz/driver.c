/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz driver over files, without a fuzzer: `driver FILE|FOLDER...`. Each input is also
 * tried cut off, after every byte if it is short, since parsers break at the end of their input. The
 * driver ends the process when something is wrong.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

enum { LARGEST_INPUT = 1 << 20, MOST_CUTS = 128 };

static size_t files;

/* In a block of exactly its size, so that a sanitizer sees a read behind it. */
static void run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static int run_file(const char *path)
{
	static uint8_t data[LARGEST_INPUT];
	FILE *f = fopen(path, "rb");
	size_t len;

	if (!f) {
		perror(path);
		return -1;
	}
	len = fread(data, 1, sizeof data, f);
	fclose(f);
	files++;
	run(data, len);
	for (size_t cut = 0; cut < len; cut += 1 + len / MOST_CUTS)
		run(data, cut);
	return 0;
}

static int run_path(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int r = 0;

	if (!dir)
		return run_file(path);
	while (!r && (entry = readdir(dir))) {
		char below[4096];
		int n = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);

		if (entry->d_name[0] != '.' && n < (int)sizeof below)
			r = run_file(below);
	}
	closedir(dir);
	return r;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (run_path(argv[i]))
			return EXIT_FAILURE;
	printf("%zu files\n", files);
	return files ? EXIT_SUCCESS : EXIT_FAILURE;
}
