/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, from what all of them have to what each is good for. */
#pragma once

#include <openssl/x509.h>
#include <stdbool.h>

#include "base/err.h"

/*
 * One for `key`, from an hour ago until `days` from now, named CN=`name` and, unless that is NULL,
 * O=`organisation`. Its issuer and what it is good for are not in it yet, nor is a signature. NULL:
 * out of memory. X509_free() it.
 */
X509 *cert_new(EVP_PKEY *key, const char *organisation, const char *name, long days);

/* An extension, as OpenSSL's configuration files name it. */
struct cert_extension {
	int nid;
	const char *value;
};

/*
 * Puts issuer, extensions (up to one without a value) and signature into `cert`, which may be its own
 * issuer. Returns it; NULL, and it is freed, when out of memory or when it is NULL.
 */
X509 *cert_sign(X509 *cert, X509 *issuer, EVP_PKEY *issuer_key, const struct cert_extension *all);

/* ERR_INVALID: "WHAT 'PATH': " and why OpenSSL, or else the system, failed; always -1. */
int cert_err(struct err *e, const char *what, const char *path);
