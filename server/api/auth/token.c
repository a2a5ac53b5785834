/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth/token.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/context/store.h"
#include "core/document/doc.h"

#define KEY_ID "lakebase-mock"

enum { SECRET_BYTES = 32, SIGNATURE_MAX = 512 };

struct signer {
	struct store *store; /* borrowed */
	unsigned char secret[SECRET_BYTES];
	EVP_PKEY *key; /* NULL until first used */
	pthread_t maker; /* while `making`: a thread that returns one */
	bool making, wanted;
};

/* ---- base64url, without padding ---- */

/* With the padding, for which there must be room. */
static void write_base64url(const void *data, size_t len, char *out)
{
	EVP_EncodeBlock((unsigned char *)out, data, (int)len);
	out[strcspn(out, "=")] = '\0';
	for (char *p = out; *p; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
}

static char *base64url(const void *data, size_t len, struct arena *a)
{
	char *out = arena_alloc(a, len / 3 * 4 + 5);

	if (out)
		write_base64url(data, len, out);
	return out;
}

/* The bytes of text[0..len), followed by a NUL; NULL when it is no base64url. */
static unsigned char *from_base64url(const char *text, size_t len, struct arena *a, size_t *ret)
{
	size_t padded = len + (4 - len % 4) % 4;
	unsigned char *in = arena_alloc(a, padded + 1), *out = arena_alloc(a, padded + 1);

	if (!in || !out || !len || len % 4 == 1)
		return NULL;
	for (size_t i = 0; i < padded; i++) {
		char c = i < len ? text[i] : '=';

		if (c == '+' || c == '/' || (i < len && (c == '=' || c <= ' ')))
			return NULL;
		in[i] = (unsigned char)(c == '-' ? '+' : c == '_' ? '/' : c);
	}
	if (EVP_DecodeBlock(out, in, (int)padded) == -1)
		return NULL;
	*ret = len / 4 * 3 + (len % 4 ? len % 4 - 1 : 0);
	out[*ret] = '\0';
	return out;
}

static json_t *json_of(const char *text, size_t len, struct arena *a)
{
	size_t n;
	unsigned char *plain = from_base64url(text, len, a, &n);
	json_t *doc;
	struct err ignored;

	return plain && !doc_parse(&doc, (char *)plain, n, &ignored) ? arena_own(a, doc, doc_free) : NULL;
}

/* ---- keys ---- */

/* Nobody may foresee them. */
static int random_bytes(void *out, size_t len, struct err *e)
{
	return RAND_bytes(out, (int)len) == 1 /* allowed: secrets */
		       ? 0
		       : err_set(e, ERR_INTERNAL, "the system has no randomness for a secret");
}

#define SECRET "secret"
#define CREDENTIAL_KEY "credential-key"

/* Keeps `len` bytes as text under a name. */
static int keep(struct signer *s, const char *name, const void *data, size_t len, struct err *e)
{
	struct arena scraps = { 0 };
	const char *text = base64url(data, len, &scraps);
	int rc = text ? store_secret_put(s->store, name, text, e) : err_oom(e);

	arena_done(&scraps);
	return rc;
}

/* 1 kept before, 0 not, -1. */
static int kept(struct signer *s, const char *name, struct arena *a, unsigned char **ret, size_t *len,
	struct err *e)
{
	const char *text;
	int found = store_secret_get(s->store, name, a, &text, e);

	if (found < 1)
		return found;
	*ret = from_base64url(text, strlen(text), a, len);
	return *ret ? 1 : err_set(e, ERR_INTERNAL, "database: the kept '%s' is damaged", name);
}

/* 1 when the store keeps one, which is then s->secret; 0 when not; -1. */
static int find_secret(struct signer *s, struct err *e)
{
	struct arena scraps = { 0 };
	unsigned char *old;
	size_t len;
	int found = kept(s, SECRET, &scraps, &old, &len, e);

	if (found == 1 && len != sizeof s->secret)
		found = err_set(e, ERR_INTERNAL, "database: the kept '%s' is damaged", SECRET);
	if (found == 1)
		memcpy(s->secret, old, sizeof s->secret);
	arena_done(&scraps);
	return found;
}

static int need_secret(struct signer *s, struct err *e)
{
	int found = find_secret(s, e);

	if (found)
		return found == 1 ? 0 : -1;
	return random_bytes(s->secret, sizeof s->secret, e) ||
			       keep(s, SECRET, s->secret, sizeof s->secret, e)
		       ? -1
		       : 0;
}

/* One that cannot be kept, since the disk is full, is good until the server ends. */
static void keep_key(struct signer *s)
{
	unsigned char *der = NULL;
	int len = i2d_PrivateKey(s->key, &der);
	struct err ignored;

	if (!der)
		return;
	(void)!keep(s, CREDENTIAL_KEY, der, (size_t)len, &ignored);
	OPENSSL_clear_free(der, (size_t)len);
}

/* 1 when the store keeps one, which is then s->key; 0 when not; -1. */
static int find_key(struct signer *s, struct err *e)
{
	struct arena scraps = { 0 };
	unsigned char *der;
	size_t len;
	int found = kept(s, CREDENTIAL_KEY, &scraps, &der, &len, e);
	if (found == 1) {
		const unsigned char *at = der;

		s->key = d2i_AutoPrivateKey(NULL, &at, (long)len);
	}
	arena_done(&scraps);
	return found < 0 ? -1 : s->key != NULL;
}

static void *make_key(void *ignored)
{
	(void)ignored;
	return EVP_RSA_gen(2048);
}

static void take_made(struct signer *s)
{
	void *made;

	if (!s->making)
		return;
	pthread_join(s->maker, &made);
	s->making = false;
	s->key = made;
}

void signer_want(struct signer *s)
{
	s->wanted = !s->making;
}

void signer_prepare(struct signer *s)
{
	sigset_t all, before;
	struct err ignored;

	if (!s->wanted)
		return;
	s->wanted = false;
	if (s->key || find_key(s, &ignored))
		return;
	/* signals are the main thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	s->making = pthread_create(&s->maker, NULL, make_key, NULL) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static int need_key(struct signer *s, struct err *e)
{
	if (s->key)
		return 0;
	take_made(s);
	if (!s->key) {
		if (find_key(s, e) < 0)
			return -1;
		if (s->key)
			return 0;
		s->key = EVP_RSA_gen(2048);
	}
	if (s->key)
		keep_key(s);
	return s->key ? 0 : err_set(e, ERR_INTERNAL, "cannot make a signing key");
}

int signer_open(struct signer **ret, struct store *store, struct err *e)
{
	*ret = OPENSSL_zalloc(sizeof **ret);
	if (!*ret)
		return err_oom(e);
	(*ret)->store = store;
	return need_secret(*ret, e);
}

void signer_close(struct signer *s)
{
	if (!s)
		return;
	take_made(s);
	EVP_PKEY_free(s->key);
	OPENSSL_clear_free(s, sizeof *s);
}

uint64_t secret_bits(void)
{
	uint64_t bits = 0;

	return RAND_bytes((unsigned char *)&bits, sizeof bits) == 1 ? bits : 0; /* allowed: hash salt */
}

bool secret_equal(const char *a, const char *b)
{
	size_t len = a ? strlen(a) : 0;

	return a && b && strlen(b) == len && CRYPTO_memcmp(a, b, len) == 0;
}

int secret_new(char out[static SECRET_SIZE], struct err *e)
{
	unsigned char bytes[SECRET_BYTES];

	if (random_bytes(bytes, sizeof bytes, e))
		return -1;
	write_base64url(bytes, sizeof bytes, out);
	return 0;
}

int pkce_challenge(const char *verifier, char out[static SECRET_SIZE], struct err *e)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	size_t len = strlen(verifier);
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	out[0] = '\0';
	if (len < 43 || len > 128 || strspn(verifier, set) != len)
		return 0;
	if (EVP_Digest(verifier, len, md, &size, EVP_sha256(), NULL) != 1)
		return err_oom(e);
	write_base64url(md, size, out);
	return 0;
}

/* ---- sealed texts ---- */

/* The signature of "purpose.body". */
static const char *seal_of(struct signer *s, const char *purpose, const char *body, struct arena *a)
{
	const char *text = arena_printf(a, "%s.%s", purpose, body);
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int len = sizeof mac;

	if (!text || !HMAC(EVP_sha256(), s->secret, sizeof s->secret, (const unsigned char *)text,
			     strlen(text), mac, &len))
		return NULL;
	return base64url(mac, len, a);
}

const char *signer_seal(
	struct signer *s, const char *purpose, const json_t *claims, struct arena *a, struct err *e)
{
	const char *text = doc_text(claims, a);
	const char *body = text ? base64url(text, strlen(text), a) : NULL;
	const char *seal = body ? seal_of(s, purpose, body, a) : NULL;
	const char *out = seal ? arena_printf(a, "%s.%s", body, seal) : NULL;

	if (!out)
		err_oom(e);
	return out;
}

json_t *signer_unseal(struct signer *s, const char *purpose, const char *text, struct arena *a)
{
	const char *dot = text ? strchr(text, '.') : NULL, *body, *seal;

	if (!dot)
		return NULL;
	body = arena_strndup(a, text, (size_t)(dot - text));
	seal = body ? seal_of(s, purpose, body, a) : NULL;
	return secret_equal(seal, dot + 1) ? json_of(body, strlen(body), a) : NULL;
}

/* ---- JWTs ---- */

static char *sign(struct signer *s, const char *text, struct arena *a)
{
	unsigned char sig[SIGNATURE_MAX];
	size_t len = sizeof sig;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = md && EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, s->key) == 1 &&
		  EVP_DigestSign(md, sig, &len, (const unsigned char *)text, strlen(text)) == 1;

	EVP_MD_CTX_free(md);
	return ok ? base64url(sig, len, a) : NULL;
}

const char *signer_jwt(struct signer *s, const json_t *claims, struct arena *a, struct err *e)
{
	static const char header[] = "{\"alg\":\"RS256\",\"kid\":\"" KEY_ID "\",\"typ\":\"JWT\"}";
	const char *text = doc_text(claims, a), *body, *sig, *token;

	if (need_key(s, e))
		return NULL;
	body = text ? arena_printf(a, "%s.%s", base64url(header, sizeof header - 1, a),
			      base64url(text, strlen(text), a))
		    : NULL;
	sig = body ? sign(s, body, a) : NULL;
	token = sig ? arena_printf(a, "%s.%s", body, sig) : NULL;
	if (!token)
		err_set(e, ERR_INTERNAL, "cannot sign a token");
	return token;
}

static bool signature_good(struct signer *s, const char *text, size_t len, const unsigned char *sig,
	size_t sig_len)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = md && EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, s->key) == 1 &&
		  EVP_DigestVerify(md, sig, sig_len, (const unsigned char *)text, len) == 1;

	EVP_MD_CTX_free(md);
	ERR_clear_error();
	return ok;
}

enum jwt signer_verify(struct signer *s, const char *token, struct arena *a, json_t **claims)
{
	const char *first = strchr(token, '.'), *second = first ? strchr(first + 1, '.') : NULL;
	json_t *header = second ? json_of(token, (size_t)(first - token), a) : NULL;
	unsigned char *sig;
	struct err ignored;
	size_t len;

	*claims = header ? json_of(first + 1, (size_t)(second - first - 1), a) : NULL;
	sig = *claims ? from_base64url(second + 1, strlen(second + 1), a, &len) : NULL;
	if (!sig) {
		*claims = NULL;
		return JWT_MALFORMED;
	}
	/* the algorithm is ours to say: what the header calls it, "none" or one that takes the public key
	 * for a secret, is nothing to us */
	if (need_key(s, &ignored) || !signature_good(s, token, (size_t)(second - token), sig, len))
		return JWT_FOREIGN;
	return JWT_GOOD;
}

static json_t *number(EVP_PKEY *key, const char *what)
{
	struct arena a = { 0 };
	BIGNUM *n = NULL;
	json_t *text = NULL;

	if (EVP_PKEY_get_bn_param(key, what, &n) == 1) {
		unsigned char *bytes = arena_alloc(&a, (size_t)BN_num_bytes(n));

		if (bytes)
			text = json_string(base64url(bytes, (size_t)BN_bn2bin(n, bytes), &a));
	}
	BN_free(n);
	arena_done(&a);
	return text;
}

json_t *signer_jwks(struct signer *s, struct err *e)
{
	json_t *keys;

	if (need_key(s, e))
		return NULL;
	keys = json_pack("{s:[{s:s,s:s,s:s,s:s,s:o,s:o}]}", "keys", "kty", "RSA", "use", "sig", "alg",
		"RS256", "kid", KEY_ID, "n", number(s->key, OSSL_PKEY_PARAM_RSA_N), "e",
		number(s->key, OSSL_PKEY_PARAM_RSA_E));
	if (!keys)
		err_oom(e);
	return keys;
}

/* Found once: for EVP_sha256(), OpenSSL looks for who implements it each time. */
static const EVP_MD *sha256(void)
{
	static EVP_MD *found;

	if (!found)
		found = EVP_MD_fetch(NULL, "SHA256", NULL);
	return found;
}

int sha256_hex(const void *data, size_t len, char out[static SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char md[EVP_MAX_MD_SIZE];

	if (EVP_Digest(data ? data : "", len, md, NULL, sha256(), NULL) != 1)
		return -1;
	for (int i = 0; i < 32; i++) {
		out[2 * i] = digits[md[i] >> 4];
		out[2 * i + 1] = digits[md[i] & 15];
	}
	out[64] = '\0';
	return 0;
}
