/* SPDX-License-Identifier: Apache-2.0 */
#include "core/context/ctx.h"

#include "base/text.h"

int64_t ctx_seq(struct ctx *c)
{
	return ++c->ws->seq;
}

/* 128 bits for the n-th object of this workspace under this seed. */
static void bits(struct ctx *c, const char *what, int64_t seq, uint64_t out[2])
{
	uint64_t ws = text_prf(c->world->seed, c->ws->name, 0, 0);

	out[0] = text_prf(ws, what, (uint64_t)seq, 0);
	out[1] = text_prf(ws, what, (uint64_t)seq, 1);
}

const char *ctx_uuid(struct ctx *c, const char *what, int64_t seq)
{
	uint64_t b[2];
	char *text;

	bits(c, what, seq, b);
	/* version 8: "custom", which no real service hands out */
	b[0] = (b[0] & ~UINT64_C(0xf000)) | 0x8000;
	b[1] = (b[1] & ~UINT64_C(0xc000000000000000)) | UINT64_C(0x8000000000000000);
	text = arena_alloc(c->arena, sizeof "01234567-0123-8123-8123-0123456789ab");
	for (int i = 0, at = 0; text && i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			text[at++] = '-';
		text[at++] = "0123456789abcdef"[b[i / 16] >> (60 - i % 16 * 4) & 0xf];
	}
	return text;
}

const char *ctx_slug(struct ctx *c, const char *prefix, int64_t seq)
{
	static const char *const adjectives[] = { "broad", "calm", "clear", "cold", "damp", "fancy",
		"gentle", "green", "little", "lucky", "mellow", "misty", "polished", "quiet",
		"rapid", "sweet" };
	static const char *const nouns[] = { "band", "bird", "butterfly", "cloud", "dawn", "field",
		"forest", "frost", "hill", "lake", "meadow", "moon", "river", "sky", "tree",
		"wave" };
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	uint64_t b[2];
	char tail[9] = "";

	bits(c, prefix, seq, b);
	for (int i = 0; i < 8; i++, b[1] /= 36)
		tail[i] = digits[b[1] % 36];
	tail[0] = 'm'; /* the band of the mock: real ones start with any of 36 */
	tail[1] = 'k';
	return arena_join(c->arena, prefix, "-", adjectives[b[0] % 16], "-", nouns[b[0] >> 8 & 15],
		"-", tail, NULL);
}

const char *ctx_trace(struct ctx *c)
{
	uint64_t b[2];

	/* each refusal has one of its own, also under a clock that stands */
	bits(c, "trace", ++c->world->refusals, b);
	return arena_printf(c->arena, "%016llx%016llx", (unsigned long long)b[0],
		(unsigned long long)b[1]);
}

void ctx_note(struct ctx *c, const char *kind, const char *where, const char *text)
{
	if (c->notes)
		c->notes->note(c->notes, kind, where, text);
}
