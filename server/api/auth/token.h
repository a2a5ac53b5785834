/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and tokens. Two keys, made of the system's randomness and of nothing else, kept in the
 * database so that what they signed is good after a restart, too:
 *
 *   a secret for texts that only this server reads (OAuth tokens, codes): HMAC-SHA256;
 *   an RSA key for credentials that anybody may verify (/_mock/jwks.json): JWTs with RS256.
 *
 * Neither can be told from the seed, from a token or from a state document.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory/arena.h"

struct signer;
struct store;

/* Reads the keys that `store` (borrowed) keeps, and keeps a secret there when there is none. The
 * RSA key is made on first use, since that takes longer than the rest of the start. */
MUST_CHECK int signer_open(struct signer **ret, struct store *store, struct err *e);
/* The RSA key will be needed soon. */
void signer_want(struct signer *s);
/* Begins to make a wanted RSA key beside the work, when there is none: the first credential need not
 * wait for it. To be called when nothing else is to do; costs nothing when called again. */
void signer_prepare(struct signer *s);
void signer_close(struct signer *s);

/*
 * A text that only this server can have made: the claims (borrowed) and a signature over them and
 * over `purpose`, so that what was made for one purpose is good for no other. Letters, digits,
 * '-', '_' and one dot. In the arena; NULL with *e on failure. It hides nothing, and when it
 * expires is a claim like others: the reader looks.
 */
const char *signer_seal(
	struct signer *s, const char *purpose, const json_t *claims, struct arena *a, struct err *e);

/* The claims of a sealed text, owned by the arena. NULL when it was not made here for that purpose
 * or was altered; signatures are compared in constant time. */
json_t *signer_unseal(struct signer *s, const char *purpose, const char *text, struct arena *a);

/* The compact JWT of `claims` (borrowed); in the arena. NULL with *e on failure. */
const char *signer_jwt(struct signer *s, const json_t *claims, struct arena *a, struct err *e);

enum jwt {
	JWT_GOOD,
	JWT_MALFORMED, /* not three parts of base64url with JSON in the first two */
	JWT_FOREIGN,   /* not signed by this server, or altered */
};

/* Whether `token` is a JWT that signer_jwt() made; *claims, owned by the arena, is what it says,
 * NULL when malformed. Expiry is for the caller to judge. */
enum jwt signer_verify(struct signer *s, const char *token, struct arena *a, json_t **claims);

/* {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":…,"n":…,"e":…}]}. New reference. */
json_t *signer_jwks(struct signer *s, struct err *e);

/* A text that nobody can guess: letters, digits, "-" and "_". */
enum { SECRET_SIZE = 45 };
MUST_CHECK int secret_new(char out[static SECRET_SIZE], struct err *e);

/* What PKCE calls the challenge of a verifier: base64url of its SHA-256. "" if it is no verifier
 * (43 to 128 of A-Z a-z 0-9 - . _ ~); fails when OpenSSL finds no memory. */
MUST_CHECK int pkce_challenge(const char *verifier, char out[static SECRET_SIZE], struct err *e);

/* True when both are the same text, compared in a time that tells nothing of where they differ.
 * NULL is equal to nothing. */
bool secret_equal(const char *a, const char *b);

/* Bits that nobody can foresee; 0 when the system has none. */
uint64_t secret_bits(void);

enum { SHA256_HEX = 65 };

/* Lower-case hex of the SHA-256 of data; -1 when memory is short. */
MUST_CHECK int sha256_hex(const void *data, size_t len, char out[static SHA256_HEX]);
