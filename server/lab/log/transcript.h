/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Headers and bodies of the latest requests and of their answers, for somebody who looks at one of
 * them. The journal has no room for those; here the oldest go first, and a long text is cut.
 * Credentials are left out.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/memory/buf.h"

struct lab;
struct serving;

enum { TRANSCRIPTS = 512, TRANSCRIPT_TEXT = 3072 };

struct transcript_body {
	size_t at, kept, whole; /* in the text; bytes kept; bytes that there were */
	bool secret;		/* left out: it holds a credential */
};

struct transcript {
	uint64_t ticket; /* space_ticket() of its row; 0: unused */
	int status;
	size_t answer; /* where the headers of the answer begin in the text */
	struct transcript_body asked, answered;
	struct buf text; /* headers: name NUL value NUL ... NUL; then the bodies */
};

/* Notes the request that is being served and the answer as it was made. */
void transcript_keep(const struct serving *s);

/* The one of that ticket, or NULL when it is no longer kept. */
const struct transcript *transcript_find(const struct lab *lab, uint64_t ticket);

void transcripts_done(struct lab *lab);
