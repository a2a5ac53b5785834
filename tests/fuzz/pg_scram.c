/* SPDX-License-Identifier: Apache-2.0 */
/* A SCRAM exchange: the client's first message and its last one, with a 0xff between them. */
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "postgres/protocol/scram.h"

static const unsigned char nonce[18] = "not random at all";

/* Returns whether the client came in. */
static bool exchange(struct scram *s, const char *mechanism, const uint8_t *data, size_t len,
	struct arena *arena)
{
	const uint8_t *cut = memchr(data, 0xff, len);
	size_t n = cut ? (size_t)(cut - data) : len;
	const char *answer = NULL;

	if (scram_first(s, mechanism, (const char *)data, n, nonce, arena, &answer) != SCRAM_OK)
		return false;
	PROMISE(answer && text_starts(answer, "r=", NULL));
	if (!cut || scram_final(s, (const char *)cut + 1, len - n - 1, arena, &answer) != SCRAM_OK)
		return false;
	PROMISE(text_starts(answer, "v=", NULL));
	return true;
}

static void text_of_a_verifier(const uint8_t *data, size_t len, struct arena *arena)
{
	const char *text = arena_strndup(arena, (const char *)data, len);
	struct verifier v;

	if (text && !scram_verifier(&v, text, arena))
		PROMISE(v.iterations > 0 && v.salt && !v.decoy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const mechanisms[] = { SCRAM_PLAIN, SCRAM_PLUS, "SCRAM-SHA-1" };
	static struct arena kept;
	static struct verifier secret, decoy;
	struct arena arena = { 0 };

	if (!secret.salt) /* slow, as it should be */
		PROMISE(!scram_make(&secret, "secret", "salt", &kept) &&
			!scram_decoy(&decoy, "x", "nobody", &kept));
	text_of_a_verifier(data, len, &arena);
	for (size_t i = 0; i < ARRAY_SIZE(mechanisms); i++) {
		struct scram known = { secret, .binding = "fingerprint", .binding_len = 11 };
		struct scram nobody = { decoy, .binding = "fingerprint", .binding_len = 11 };
		bool in;

		in = exchange(&known, mechanisms[i], data, len, &arena);
		PROMISE(!in || i < 2);
		PROMISE(!exchange(&nobody, mechanisms[i], data, len, &arena));
	}
	arena_done(&arena);
	return 0;
}
