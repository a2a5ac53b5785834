/* SPDX-License-Identifier: Apache-2.0 */
/* What a client should know although it got its answer: fields that nothing read, and what is
 * accepted here and refused elsewhere. Bounded; what is dropped is counted. */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct warning {
	uint64_t seq;
	const char *rpc; /* static */
	char *kind, *where, *text;
};

struct warnings {
	struct warning *all;
	size_t num, cap, dropped;
};

void warnings_add(struct warnings *w, uint64_t seq, const char *rpc, const char *kind,
	const char *where, const char *text);
void warnings_done(struct warnings *w);
