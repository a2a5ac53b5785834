/* SPDX-License-Identifier: Apache-2.0 */
#include "api/token.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/doc.h"

#define KEY_ID "lakebase-mock"

struct signer {
	EVP_PKEY *key; /* NULL until first used: it takes longer than the rest of the start */
};

int signer_open(struct signer **ret, struct err *e)
{
	*ret = calloc(1, sizeof **ret);
	return *ret ? 0 : err_oom(e);
}

void signer_close(struct signer *s)
{
	if (!s)
		return;
	EVP_PKEY_free(s->key);
	free(s);
}

static int need_key(struct signer *s, struct err *e)
{
	if (!s->key)
		s->key = EVP_RSA_gen(2048);
	return s->key ? 0 : err_set(e, ERR_INTERNAL, "cannot make a signing key");
}

/* base64url without padding. */
static char *base64url(const void *data, size_t len, struct arena *a)
{
	char *out = arena_alloc(a, len / 3 * 4 + 5);
	int n;

	if (!out)
		return NULL;
	n = EVP_EncodeBlock((unsigned char *)out, data, (int)len);
	while (n > 0 && out[n - 1] == '=')
		out[--n] = '\0';
	for (char *p = out; *p; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	return out;
}

static char *sign(struct signer *s, const char *text, struct arena *a)
{
	unsigned char sig[512];
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
	const char *text = doc_text(claims, a), *body, *sig;

	if (need_key(s, e))
		return NULL;
	body = text ? arena_printf(a, "%s.%s", base64url(header, sizeof header - 1, a),
			      base64url(text, strlen(text), a))
		    : NULL;
	sig = body ? sign(s, body, a) : NULL;
	if (!sig) {
		err_set(e, ERR_INTERNAL, "cannot sign a token");
		return NULL;
	}
	return arena_printf(a, "%s.%s", body, sig);
}

static json_t *number(EVP_PKEY *key, const char *what)
{
	unsigned char bytes[512];
	struct arena a = { 0 };
	BIGNUM *n = NULL;
	json_t *text = NULL;

	if (EVP_PKEY_get_bn_param(key, what, &n) == 1 && BN_num_bytes(n) <= (int)sizeof bytes) {
		int len = BN_bn2bin(n, bytes);

		text = json_string(base64url(bytes, (size_t)len, &a));
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

void sha256_hex(const void *data, size_t len, char out[static SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char md[EVP_MAX_MD_SIZE] = { 0 };

	EVP_Digest(data ? data : "", len, md, NULL, EVP_sha256(), NULL);
	for (int i = 0; i < 32; i++) {
		out[2 * i] = digits[md[i] >> 4];
		out[2 * i + 1] = digits[md[i] & 15];
	}
	out[64] = '\0';
}
