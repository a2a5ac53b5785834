/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and tokens. Credentials are JWTs signed with RS256; the key is made from nothing but
 * randomness at start, published at /_mock/jwks.json, and good for this mock only.
 */
#pragma once

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"

struct signer;

/* Keys are made on first use, since that takes longer than the rest of the start. */
MUST_CHECK int signer_open(struct signer **ret, struct err *e);
void signer_close(struct signer *s);

/* The compact JWT of `claims` (borrowed); in the arena. NULL with *e on failure. */
const char *signer_jwt(struct signer *s, const json_t *claims, struct arena *a, struct err *e);

/* {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":…,"n":…,"e":…}]}. New reference. */
json_t *signer_jwks(struct signer *s, struct err *e);

enum { SHA256_HEX = 65 };

/* Lower-case hex of the SHA-256 of data. */
void sha256_hex(const void *data, size_t len, char out[static SHA256_HEX]);
