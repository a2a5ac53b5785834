/* SPDX-License-Identifier: Apache-2.0 */
#include "http/conn.h"

#include <errno.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tls/cert.h"

enum { VALID_DAYS = 365 };

/* A certificate that a client may trust as its own authority. */
static X509 *make_cert(EVP_PKEY *key)
{
	static const struct cert_extension extensions[] = {
		{NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1"},
		{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
		{NID_key_usage, "critical,digitalSignature,keyCertSign"},
		{NID_ext_key_usage, "serverAuth"},
		{NID_subject_key_identifier, "hash"},
		{0},
	};
	X509 *cert = cert_new(key, NULL, "lakebase-mock", VALID_DAYS);

	return cert_sign(cert, cert, key, extensions);
}

static int write_cert(const char *path, X509 *cert, struct err *e)
{
	FILE *f = fopen(path, "we");
	bool ok;

	if (!f)
		return err_set(e, ERR_INVALID, "cannot write the certificate to '%s': %s", path,
			strerror(errno));
	ok = PEM_write_X509(f, cert);
	if (fclose(f) || !ok)
		return err_set(e, ERR_INVALID, "cannot write the certificate to '%s': %s", path,
			strerror(errno));
	return 0;
}

static int use_self_signed(SSL_CTX *ctx, const char *path, struct err *e)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = key ? make_cert(key) : NULL;
	int rc = -1;

	if (!cert || SSL_CTX_use_certificate(ctx, cert) != 1 ||
		SSL_CTX_use_PrivateKey(ctx, key) != 1)
		cert_err(e, "cannot make a certificate for", path);
	else
		rc = write_cert(path, cert, e);
	X509_free(cert);
	EVP_PKEY_free(key);
	return rc;
}

static int use_files(SSL_CTX *ctx, const char *cert, const char *key, struct err *e)
{
	if (!cert || !key)
		return err_set(e, ERR_INVALID,
			"TLS needs both --tls-cert and --tls-key; or use --tls-self-signed PATH");
	if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1)
		return cert_err(e, "cannot use the certificate", cert);
	if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1 ||
		SSL_CTX_check_private_key(ctx) != 1)
		return cert_err(e, "cannot use the private key", key);
	return 0;
}

int tls_open(SSL_CTX **ret, const struct http_options *o, struct err *e)
{
	SSL_CTX *ctx;
	int rc;

	*ret = NULL;
	if (!o->tls_cert && !o->tls_key && !o->tls_self_signed)
		return 0;
	if (o->tls_self_signed && (o->tls_cert || o->tls_key))
		return err_set(e, ERR_INVALID,
			"--tls-self-signed does not go together with --tls-cert and --tls-key");
	ctx = SSL_CTX_new(TLS_server_method());
	if (!ctx)
		return err_oom(e);
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	rc = o->tls_self_signed ? use_self_signed(ctx, o->tls_self_signed, e)
				: use_files(ctx, o->tls_cert, o->tls_key, e);
	if (rc < 0)
		SSL_CTX_free(ctx);
	else
		*ret = ctx;
	return rc;
}

void tls_explain(struct conn *c)
{
	static const char body[] = "{\"error_code\":\"BAD_REQUEST\",\"message\":\"This port speaks HTTPS:"
				   " use https:// in the URL.\"}\n";
	unsigned long error = bufferevent_get_openssl_error(c->bev);
	char answer[256];
	int len;

	if (ERR_GET_REASON(error) != SSL_R_HTTP_REQUEST)
		return;
	http_warn("a client spoke plain HTTP to this port, which is HTTPS: have it use %s, or start "
		  "the server without --tls-self-signed and --tls-cert",
		c->http->url);
	len = snprintf(answer, sizeof answer,
		"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
		sizeof body - 1, body);
	/* nothing was sent yet, so it fits; should it fail, the log has it all the same */
	if (send(bufferevent_getfd(c->bev), answer, (size_t)len, MSG_NOSIGNAL) < 0)
		return;
}
