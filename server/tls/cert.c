/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/cert.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

static bool name_it(X509_NAME *name, const char *field, const char *value)
{
	return X509_NAME_add_entry_by_txt(
		name, field, MBSTRING_ASC, (const unsigned char *)value, -1, -1, 0);
}

X509 *cert_new(EVP_PKEY *key, const char *organisation, const char *name, long days)
{
	X509 *cert = X509_new();
	uint64_t serial = 1;

	RAND_bytes((unsigned char *)&serial, sizeof serial); /* allowed: no serial twice */
	if (cert && X509_set_version(cert, X509_VERSION_3) &&
		ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1) &&
		X509_gmtime_adj(X509_getm_notBefore(cert), -3600) &&
		X509_gmtime_adj(X509_getm_notAfter(cert), days * 86400L) &&
		(!organisation || name_it(X509_get_subject_name(cert), "O", organisation)) &&
		name_it(X509_get_subject_name(cert), "CN", name) && X509_set_pubkey(cert, key))
		return cert;
	X509_free(cert);
	return NULL;
}

static bool extend(X509 *cert, X509 *issuer, const struct cert_extension *x)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	bool ok;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, x->nid, x->value);
	ok = ext && X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	return ok;
}

X509 *cert_sign(X509 *cert, X509 *issuer, EVP_PKEY *issuer_key, const struct cert_extension *all)
{
	bool ok = cert && X509_set_issuer_name(cert, X509_get_subject_name(issuer));

	for (; ok && all->value; all++)
		ok = extend(cert, issuer, all);
	if (ok && X509_sign(cert, issuer_key, EVP_sha256()))
		return cert;
	X509_free(cert);
	return NULL;
}

int cert_err(struct err *e, const char *what, const char *path)
{
	const char *why = ERR_reason_error_string(ERR_peek_last_error());

	err_set(e, ERR_INVALID, "%s '%s': %s", what, path, why ? why : strerror(errno));
	ERR_clear_error();
	return -1;
}
