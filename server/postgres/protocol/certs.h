/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authority that clients are told to trust, and a certificate per host that they connect to,
 * made when it is first asked for. All keys are EC P-256.
 */
#pragma once

#include <openssl/ssl.h>

#include "base/err.h"
#include "postgres/protocol/scram.h"

struct certs;

struct certs_options {
	const char *pem_dir, *key_dir; /* folders of ca.pem and ca.key; made there unless both exist */
	const char *name;	       /* one more name that every certificate is good for, or NULL */
	const char *suffix;	       /* of hosts */
};

/* ERR_INVALID names the file that cannot be read or written. */
MUST_CHECK int certs_open(struct certs **ret, const struct certs_options *o, struct err *e);
void certs_close(struct certs *c);

/* The path of the file with the authority's certificate. Borrowed. */
const char *certs_path(const struct certs *c);

/* The authority's certificate as PEM. Borrowed. */
const char *certs_pem(const struct certs *c);

/*
 * TLS for a connection that came in at this address ("127.7.7.7", copied), whose certificate is
 * chosen by it and by the name that the client asks for. NULL: out of memory.
 */
SSL *certs_ssl(struct certs *c, const char *address);

/* The name that the client asked for, "" when it did not. */
const char *certs_asked(const SSL *ssl);

/* RFC 5929, tls-server-end-point of the connection. Returns the number of bytes. */
size_t certs_binding(const SSL *ssl, unsigned char out[static SCRAM_MAX_BINDING]);
