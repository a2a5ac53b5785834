/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/protocol/scram.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/text.h"

enum { ITERATIONS = 4096, DECOY_SALT = 16, MAX_ITERATIONS = 10000000 };

static char *base64(const void *data, size_t len, struct arena *arena)
{
	char *out = arena_alloc(arena, len / 3 * 4 + 5);

	if (out)
		EVP_EncodeBlock((unsigned char *)out, data, (int)len);
	return out;
}

/* Exactly `want` bytes of base64. */
static bool unbase64(const char *text, size_t len, unsigned char *out, size_t want)
{
	unsigned char bytes[128];
	size_t padding = 0;
	int n;

	if (len % 4 || len / 4 * 3 > sizeof bytes || !len)
		return false;
	while (padding < 2 && text[len - 1 - padding] == '=')
		padding++;
	n = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)len);
	if (n < 0 || (size_t)n - padding != want)
		return false;
	memcpy(out, bytes, want);
	return true;
}

static bool hmac(const void *key, size_t key_len, const char *text, unsigned char out[static SCRAM_KEY])
{
	unsigned n = SCRAM_KEY;

	return HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, strlen(text), out, &n);
}

/* The part of *p up to `end`, which is skipped; NULL when there is none. */
static char *take(const char **p, char end, struct arena *arena)
{
	const char *at = strchr(*p, end);
	char *part = at ? arena_strndup(arena, *p, (size_t)(at - *p)) : NULL;

	if (at)
		*p = at + 1;
	return part;
}

int scram_verifier(struct verifier *ret, const char *text, struct arena *arena)
{
	const char *iterations, *stored;
	int64_t n;

	if (!text || !text_starts(text, "SCRAM-SHA-256$", &text))
		return -1;
	*ret = (struct verifier){ 0 };
	iterations = take(&text, ':', arena);
	ret->salt = take(&text, '$', arena);
	stored = take(&text, ':', arena);
	if (!iterations || !ret->salt || !stored || !text_int(iterations, 1, MAX_ITERATIONS, &n))
		return -1;
	ret->iterations = (int)n;
	return unbase64(stored, strlen(stored), ret->stored, SCRAM_KEY) &&
			       unbase64(text, strlen(text), ret->server, SCRAM_KEY)
		       ? 0
		       : -1;
}

int scram_make(
	struct verifier *ret, const char *password, const char *salt, struct arena *arena)
{
	unsigned char salted[SCRAM_KEY], client[SCRAM_KEY];

	*ret = (struct verifier){ .iterations = ITERATIONS };
	ret->salt = base64(salt, strlen(salt), arena);
	return ret->salt && PKCS5_PBKDF2_HMAC(password, (int)strlen(password),
				    (const unsigned char *)salt, (int)strlen(salt), ITERATIONS,
				    EVP_sha256(), SCRAM_KEY, salted) == 1 &&
			       hmac(salted, SCRAM_KEY, "Client Key", client) &&
			       hmac(salted, SCRAM_KEY, "Server Key", ret->server) &&
			       EVP_Digest(client, SCRAM_KEY, ret->stored, NULL, EVP_sha256(), NULL)
		       ? 0
		       : -1;
}

int scram_decoy(struct verifier *ret, const char *secret, const char *role, struct arena *arena)
{
	unsigned char salt[SCRAM_KEY];

	*ret = (struct verifier){ .iterations = ITERATIONS, .decoy = true };
	if (!hmac(secret, strlen(secret), role, salt))
		return -1;
	ret->salt = base64(salt, DECOY_SALT, arena);
	return ret->salt ? 0 : -1;
}

/* ---- what the client says ---- */

/* "n,,", "y,,", "p=tls-server-end-point,,": *p is left behind it. */
static enum scram_verdict read_gs2(struct scram *s, const char **p, struct arena *arena)
{
	const char *from = *p;

	switch (*from) {
	case 'n': /* cannot */
		break;
	case 'y': /* could, and believes that we cannot */
		if (!s->plus && s->binding_len)
			return SCRAM_BINDING;
		break;
	case 'p':
		if (!text_starts(from, "p=tls-server-end-point,", NULL))
			return SCRAM_BINDING;
		break;
	default:
		return SCRAM_MALFORMED;
	}
	if ((*from == 'p') != s->plus)
		return SCRAM_MALFORMED;
	*p = from + strcspn(from, ",");
	if (!text_starts(*p, ",,", p)) /* in between: a name to act for, which PostgreSQL refuses */
		return SCRAM_MALFORMED;
	s->gs2 = arena_strndup(arena, from, (size_t)(*p - from));
	return s->gs2 ? SCRAM_OK : SCRAM_FAILED;
}

static bool printable(const char *s)
{
	for (; *s; s++)
		if (*s < '!' || *s > '~' || *s == ',')
			return false;
	return true;
}

enum scram_verdict scram_first(struct scram *s, const char *mechanism, const char *data, size_t len,
	const unsigned char random[static 18], struct arena *arena, const char **answer)
{
	const char *p = arena_strndup(arena, data, len), *nonce;
	enum scram_verdict v;

	if (!p)
		return SCRAM_FAILED;
	s->plus = streq(mechanism, SCRAM_PLUS);
	if (strlen(p) != len || (!s->plus && !streq(mechanism, SCRAM_PLAIN)) ||
		(s->plus && !s->binding_len))
		return SCRAM_MALFORMED;
	v = read_gs2(s, &p, arena);
	if (v != SCRAM_OK)
		return v;
	s->client_bare = p;
	/* The name is that of the startup packet; what the client writes here is not looked at. */
	if (!text_starts(p, "n=", &p) || !(p = strchr(p, ',')) || !text_starts(p, ",r=", &p))
		return SCRAM_MALFORMED;
	nonce = arena_strndup(arena, p, strcspn(p, ","));
	if (!nonce || !*nonce || !printable(nonce))
		return SCRAM_MALFORMED;
	s->nonce = arena_printf(arena, "%s%s", nonce, base64(random, 18, arena));
	s->server_first = arena_printf(
		arena, "r=%s,s=%s,i=%d", s->nonce, s->verifier.salt, s->verifier.iterations);
	*answer = s->server_first;
	return s->nonce && s->server_first ? SCRAM_OK : SCRAM_FAILED;
}

/* "c=": what was said about the channel, and its fingerprint. */
static bool binding_holds(const struct scram *s, const char *c, struct arena *arena)
{
	size_t gs2 = strlen(s->gs2), all = gs2 + (s->plus ? s->binding_len : 0);
	char *expected = arena_alloc(arena, all + 1), *text;

	if (!expected)
		return false;
	memcpy(expected, s->gs2, gs2);
	if (s->plus)
		memcpy(expected + gs2, s->binding, s->binding_len);
	text = base64(expected, all, arena);
	return text && streq(text, c);
}

/* Does the proof show that the client knows the password? */
static bool proven(const struct scram *s, const char *auth, const unsigned char proof[static SCRAM_KEY])
{
	unsigned char signature[SCRAM_KEY], key[SCRAM_KEY], digest[SCRAM_KEY];

	if (!hmac(s->verifier.stored, SCRAM_KEY, auth, signature))
		return false;
	for (int i = 0; i < SCRAM_KEY; i++)
		key[i] = proof[i] ^ signature[i];
	if (!EVP_Digest(key, SCRAM_KEY, digest, NULL, EVP_sha256(), NULL))
		return false;
	return !s->verifier.decoy && !CRYPTO_memcmp(digest, s->verifier.stored, SCRAM_KEY);
}

enum scram_verdict scram_final(
	struct scram *s, const char *data, size_t len, struct arena *arena, const char **answer)
{
	const char *p = arena_strndup(arena, data, len), *whole = p, *c, *r, *auth, *last = NULL;
	unsigned char proof[SCRAM_KEY], signature[SCRAM_KEY];

	if (!p)
		return SCRAM_FAILED;
	for (const char *at = p; (at = strstr(at, ",p=")); at++)
		last = at;
	if (strlen(p) != len || !last || !text_starts(p, "c=", &p) || !(c = take(&p, ',', arena)) ||
		!text_starts(p, "r=", &p))
		return SCRAM_MALFORMED;
	r = arena_strndup(arena, p, strcspn(p, ","));
	if (!r || !streq(r, s->nonce) || !unbase64(last + 3, strlen(last + 3), proof, SCRAM_KEY))
		return SCRAM_MALFORMED;
	if (!binding_holds(s, c, arena))
		return SCRAM_BINDING;
	auth = arena_printf(arena, "%s,%s,%.*s", s->client_bare, s->server_first, (int)(last - whole),
		whole);
	if (!auth)
		return SCRAM_FAILED;
	if (!proven(s, auth, proof))
		return SCRAM_WRONG;
	if (!hmac(s->verifier.server, SCRAM_KEY, auth, signature))
		return SCRAM_FAILED;
	*answer = arena_printf(arena, "v=%s", base64(signature, SCRAM_KEY, arena));
	return *answer ? SCRAM_OK : SCRAM_FAILED;
}
