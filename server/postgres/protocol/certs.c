/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/protocol/certs.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory/arena.h"
#include "base/text.h"
#include "tls/cert.h"

enum {
	CA_DAYS = 3650,
	HOST_DAYS = 365,
	MAX_KEPT = 1024, /* certificates; over it all are made anew */
	KEPT_SLOTS = 256,
	MAX_NAME = 253,
};

struct kept {
	struct kept *next;
	X509 *cert;
	char host[]; /* "address|name" */
};

struct certs {
	EVP_PKEY *ca_key, *key; /* one key for all hosts */
	X509 *ca;
	SSL_CTX *ctx;
	struct kept *kept[KEPT_SLOTS];
	size_t num_kept;
	char path[4096], name[256], suffix[256];
	BIO *pem;
};

/* ---- making certificates ---- */

static X509 *blank(EVP_PKEY *key, const char *name, long days)
{
	return cert_new(key, "lakebase-mock", name, days);
}

static X509 *make_ca(EVP_PKEY *key)
{
	static const struct cert_extension extensions[] = {
		{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
		{NID_key_usage, "critical,keyCertSign,cRLSign"},
		{NID_subject_key_identifier, "hash"},
		{0},
	};
	X509 *cert = blank(key, "lakebase-mock CA", CA_DAYS);

	return cert_sign(cert, cert, key, extensions);
}

/* What stands before a name in a list of names. */
static const char *kind_of(const char *name)
{
	return !*name ? "" : name[strspn(name, "0123456789.")] ? ",DNS:" : ",IP:";
}

static X509 *make_host(const struct certs *c, const char *address, const char *asked)
{
	struct arena arena = { 0 };
	const char *names = arena_printf(&arena, "IP:%s,DNS:localhost,DNS:*.%s%s%s%s%s", address,
		c->suffix, kind_of(asked), asked, kind_of(c->name), c->name);
	const struct cert_extension extensions[] = {
		{NID_subject_alt_name, names},
		{NID_basic_constraints, "critical,CA:FALSE"},
		{NID_key_usage, "critical,digitalSignature"},
		{NID_ext_key_usage, "serverAuth"},
		{NID_subject_key_identifier, "hash"},
		{NID_authority_key_identifier, "keyid"},
		{0},
	};
	X509 *cert = NULL;

	if (names)
		cert = cert_sign(blank(c->key, "PostgreSQL endpoint", HOST_DAYS), c->ca, c->ca_key,
			extensions);
	arena_done(&arena);
	return cert;
}

static void forget(struct certs *c)
{
	for (size_t i = 0; i < KEPT_SLOTS; i++) {
		for (struct kept *k = c->kept[i], *next; k; k = next) {
			next = k->next;
			X509_free(k->cert);
			free(k);
		}
		c->kept[i] = NULL;
	}
	c->num_kept = 0;
}

static X509 *host_cert(struct certs *c, const char *address, const char *asked)
{
	char host[64 + MAX_NAME + 2];
	struct kept **slot, *k;
	X509 *cert;

	snprintf(host, sizeof host, "%s|%s", address, asked);
	slot = &c->kept[text_prf(0, host, 0, 0) % KEPT_SLOTS];
	for (k = *slot; k; k = k->next)
		if (streq(k->host, host))
			return k->cert;
	if (c->num_kept == MAX_KEPT)
		forget(c);
	cert = make_host(c, address, asked);
	k = cert ? malloc(sizeof *k + strlen(host) + 1) : NULL;
	if (!k) {
		X509_free(cert);
		return NULL;
	}
	memcpy(k->host, host, strlen(host) + 1);
	k->cert = cert;
	k->next = *slot;
	*slot = k;
	c->num_kept++;
	return cert;
}

/* ---- choosing one ---- */

/* What may stand in a certificate as a name. */
static bool name_ok(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("-_.", s[i]))
			return false;
	return n > 0 && n <= MAX_NAME;
}

const char *certs_asked(const SSL *ssl)
{
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

	return name && name_ok(name) ? name : "";
}

static int choose(SSL *ssl, void *arg)
{
	struct certs *c = arg;
	X509 *cert = host_cert(c, SSL_get_app_data(ssl), certs_asked(ssl));

	return cert && SSL_use_certificate(ssl, cert) == 1 && SSL_use_PrivateKey(ssl, c->key) == 1;
}

/* "postgresql" when it is offered; who offers something else may go on without. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
	const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char ours[] = "\012postgresql";
	unsigned char *chosen;

	(void)ssl, (void)arg;
	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, in, in_len) !=
		OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

SSL *certs_ssl(struct certs *c, const char *address)
{
	SSL *ssl = SSL_new(c->ctx);

	/* The address lives as long as the connection, whose owner holds it. */
	if (ssl)
		SSL_set_app_data(ssl, (char *)address);
	return ssl;
}

size_t certs_binding(const SSL *ssl, unsigned char out[static SCRAM_MAX_BINDING])
{
	unsigned n = 0;

	return X509_digest(SSL_get_certificate(ssl), EVP_sha256(), out, &n) ? n : 0;
}

/* ---- files ---- */

static int load(struct certs *c, const char *pem, const char *key, struct err *e)
{
	FILE *f = fopen(pem, "re");

	c->ca = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
	if (f)
		fclose(f);
	if (!c->ca)
		return cert_err(e, "cannot read the certificate", pem);
	f = fopen(key, "re");
	c->ca_key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
	if (f)
		fclose(f);
	if (!c->ca_key)
		return cert_err(e, "cannot read the private key", key);
	if (X509_check_private_key(c->ca, c->ca_key) != 1)
		return cert_err(e, "the private key does not belong to the certificate", pem);
	return 0;
}

static int write_pem(const char *path, mode_t mode, X509 *cert, EVP_PKEY *key, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	int ok;

	if (!f) {
		if (fd >= 0)
			close(fd);
		return err_set(e, ERR_INVALID, "cannot write '%s': %s", path, strerror(errno));
	}
	fchmod(fd, mode); /* whatever the umask */
	ok = cert ? PEM_write_X509(f, cert)
		  : PEM_write_PKCS8PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	if (fclose(f) || !ok)
		return err_set(e, ERR_INVALID, "cannot write '%s': %s", path, strerror(errno));
	return 0;
}

static int make(struct certs *c, const char *pem, const char *key, struct err *e)
{
	c->ca_key = EVP_EC_gen("P-256");
	c->ca = c->ca_key ? make_ca(c->ca_key) : NULL;
	if (!c->ca)
		return cert_err(e, "cannot make a certificate for", pem);
	return write_pem(key, 0600, NULL, c->ca_key, e) || write_pem(pem, 0644, c->ca, NULL, e) ? -1
												 : 0;
}

static int open_authority(struct certs *c, const struct certs_options *o, struct err *e)
{
	char key[4096];

	snprintf(c->path, sizeof c->path, "%s/ca.pem", o->pem_dir);
	snprintf(key, sizeof key, "%s/ca.key", o->key_dir);
	if (access(key, F_OK) == 0 && access(c->path, F_OK) == 0)
		return load(c, c->path, key, e);
	return make(c, c->path, key, e);
}

static int open_tls(struct certs *c, struct err *e)
{
	c->key = EVP_EC_gen("P-256");
	c->ctx = SSL_CTX_new(TLS_server_method());
	c->pem = BIO_new(BIO_s_mem());
	if (!c->key || !c->ctx || !c->pem || !PEM_write_bio_X509(c->pem, c->ca) ||
		BIO_write(c->pem, "", 1) != 1)
		return err_oom(e);
	SSL_CTX_set_min_proto_version(c->ctx, TLS1_2_VERSION);
	SSL_CTX_set_mode(c->ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(c->ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_num_tickets(c->ctx, 0);
	SSL_CTX_set_session_cache_mode(c->ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_cert_cb(c->ctx, choose, c);
	SSL_CTX_set_alpn_select_cb(c->ctx, choose_protocol, NULL);
	return 0;
}

int certs_open(struct certs **ret, const struct certs_options *o, struct err *e)
{
	struct certs *c = calloc(1, sizeof *c);

	if (!c)
		return err_oom(e);
	snprintf(c->name, sizeof c->name, "%s", o->name && name_ok(o->name) ? o->name : "");
	snprintf(c->suffix, sizeof c->suffix, "%s", o->suffix);
	if (open_authority(c, o, e) || open_tls(c, e)) {
		certs_close(c);
		return -1;
	}
	*ret = c;
	return 0;
}

void certs_close(struct certs *c)
{
	if (!c)
		return;
	forget(c);
	SSL_CTX_free(c->ctx);
	X509_free(c->ca);
	EVP_PKEY_free(c->ca_key);
	EVP_PKEY_free(c->key);
	BIO_free(c->pem);
	free(c);
}

const char *certs_path(const struct certs *c)
{
	return c->path;
}

const char *certs_pem(const struct certs *c)
{
	char *text;

	BIO_get_mem_data(c->pem, &text);
	return text;
}
