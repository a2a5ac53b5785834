/* SPDX-License-Identifier: Apache-2.0 */
/* What fuzz drivers share. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The entry point that libFuzzer and driver.c call. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Ends the process when a promise is broken, in every build. */
#define PROMISE(cond)                                                                              \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #cond);         \
			abort();                                                                   \
		}                                                                                  \
	} while (0)
