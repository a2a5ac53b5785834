/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ctx.h"

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

	bits(c, what, seq, b);
	/* version 8: "custom", which no real service hands out */
	return arena_printf(c->arena, "%08x-%04x-8%03x-%04x-%012llx", (unsigned)(b[0] >> 32),
		(unsigned)(b[0] >> 16 & 0xffff), (unsigned)(b[0] & 0xfff),
		(unsigned)(b[1] >> 48 & 0x3fff) | 0x8000u,
		(unsigned long long)(b[1] & 0xffffffffffff));
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
	return arena_printf(c->arena, "%s-%s-%s-%s", prefix, adjectives[b[0] % 16],
		nouns[b[0] >> 8 & 15], tail);
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
