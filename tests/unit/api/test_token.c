/* SPDX-License-Identifier: Apache-2.0 */
/* What only this server can have signed, and what of it outlives the server. */
#include "api/auth/token.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/app.h"
#include "api/auth/auth.h"
#include "base/text.h"
#include "support/run.h"

static struct arena arena;
static struct err e;
static char file[] = "/tmp/token-XXXXXX";

int __real_RAND_bytes(unsigned char *out, int len);
int __wrap_RAND_bytes(unsigned char *out, int len);

static bool no_randomness;

int __wrap_RAND_bytes(unsigned char *out, int len)
{
	return no_randomness ? 0 : __real_RAND_bytes(out, len);
}

int __real_pthread_create(pthread_t *ret, const pthread_attr_t *how, void *(*fn)(void *), void *arg);
int __wrap_pthread_create(pthread_t *ret, const pthread_attr_t *how, void *(*fn)(void *), void *arg);

static int threads; /* that were begun */
static bool no_threads;

int __wrap_pthread_create(pthread_t *ret, const pthread_attr_t *how, void *(*fn)(void *), void *arg)
{
	sigset_t blocked;

	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	ck_assert(sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGHUP));
	if (no_threads)
		return 11;
	threads++;
	return __real_pthread_create(ret, how, fn, arg);
}

EVP_PKEY *__real_EVP_PKEY_Q_keygen(OSSL_LIB_CTX *lib, const char *query, const char *type, ...);
EVP_PKEY *__wrap_EVP_PKEY_Q_keygen(OSSL_LIB_CTX *lib, const char *query, const char *type, ...);

static int keys; /* that were made */
static bool no_keys;

EVP_PKEY *__wrap_EVP_PKEY_Q_keygen(OSSL_LIB_CTX *lib, const char *query, const char *type, ...)
{
	size_t bits;
	va_list ap;

	va_start(ap, type);
	bits = va_arg(ap, size_t);
	va_end(ap);
	keys++;
	return no_keys ? NULL : __real_EVP_PKEY_Q_keygen(lib, query, type, bits);
}

static int open_server(struct app **ret, const char *db)
{
	const struct app_options o = {
		.db = db, .seed = 42, .auth = AUTH_STRICT, .clock = "manual:2026-01-01T00:00:00Z"};

	return app_open(ret, &o, &e);
}

static struct app *server(const char *db)
{
	struct app *a;

	ck_assert_msg(!open_server(&a, db), "%s", e.message);
	return a;
}

static json_t *claims(void)
{
	return arena_own(&arena, json_pack("{s:s}", "sub", "somebody"), doc_free);
}

static const char *seal(struct app *a, const char *purpose)
{
	const char *text = signer_seal(a->signer, purpose, claims(), &arena, &e);

	ck_assert_msg(text, "%s", e.message);
	return text;
}

static const char *sub(json_t *doc)
{
	return doc ? doc_str(doc, "sub") : "nothing";
}

START_TEST(a_sealed_text_is_read_by_its_server_for_its_purpose)
{
	struct app *a = server(NULL);
	const char *text = seal(a, "code");

	ck_assert_str_eq(sub(signer_unseal(a->signer, "code", text, &arena)), "somebody");
	ck_assert_ptr_null(signer_unseal(a->signer, "refresh", text, &arena));
	ck_assert_ptr_null(signer_unseal(a->signer, "code", NULL, &arena));
	app_close(a);
}
END_TEST

START_TEST(no_byte_of_a_sealed_text_can_be_changed)
{
	struct app *a = server(NULL);
	const char *text = seal(a, "code");

	for (size_t i = 0; text[i]; i++) {
		char *other = arena_strdup(&arena, text);

		other[i] = (char)(other[i] == 'A' ? 'B' : 'A');
		ck_assert_msg(!signer_unseal(a->signer, "code", other, &arena), "byte %zu", i);
		other[i] = '\0';
		ck_assert_msg(!signer_unseal(a->signer, "code", other, &arena), "cut at %zu", i);
	}
	app_close(a);
}
END_TEST

START_TEST(two_servers_of_one_seed_do_not_believe_each_other)
{
	struct app *a = server(NULL), *b = server(NULL);
	json_t *read;

	ck_assert_ptr_null(signer_unseal(b->signer, "code", seal(a, "code"), &arena));
	ck_assert_int_eq(signer_verify(b->signer,
				 signer_jwt(a->signer, claims(), &arena, &e), &arena, &read),
		JWT_FOREIGN);
	ck_assert_uint_eq(ERR_peek_error(), 0); /* TLS would take it for its own */
	app_close(a);
	app_close(b);
}
END_TEST

START_TEST(the_keys_are_kept_with_the_state)
{
	struct app *a = server(file);
	const char *text = seal(a, "code"), *jwt = signer_jwt(a->signer, claims(), &arena, &e);
	json_t *read;

	app_close(a);
	a = server(file);
	ck_assert_str_eq(sub(signer_unseal(a->signer, "code", text, &arena)), "somebody");
	ck_assert_int_eq(signer_verify(a->signer, jwt, &arena, &read), JWT_GOOD);
	ck_assert_str_eq(sub(read), "somebody");
	app_close(a);
}
END_TEST

/* What somebody else has written in place of the kept text of that name. */
static void spoil(const char *name, const char *text)
{
	struct app *a = server(file);

	ck_assert(!store_secret_put(a->world.store, name, text, &e));
	app_close(a);
}

START_TEST(what_is_kept_of_a_secret_is_all_of_it_or_damaged)
{
	static const char *const damaged[] = {"?", "QUJD",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* 31 bytes, 33 bytes */
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL};
	struct app *a;

	for (int i = 0; damaged[i]; i++) {
		spoil("secret", damaged[i]);
		ck_assert_int_eq(open_server(&a, file), -1);
		ck_assert_int_eq(e.code, ERR_INTERNAL);
		ck_assert_str_eq(e.message, "database: the kept 'secret' is damaged");
		unlink(file);
	}
}
END_TEST

START_TEST(without_randomness_there_are_no_secrets)
{
	struct app *a = server(NULL), *b = server(file);
	char text[SECRET_SIZE];

	no_randomness = true;
	ck_assert_int_eq(secret_new(text, &e), -1);
	ck_assert_str_eq(e.message, "the system has no randomness for a secret");
	e.message[0] = '\0';
	app_close(b);
	b = server(file); /* it has one already */
	app_close(b);
	ck_assert_int_eq(open_server(&b, NULL), -1);
	ck_assert_str_eq(e.message, "the system has no randomness for a secret");
	no_randomness = false;
	ck_assert_int_eq(secret_new(text, &e), 0);
	ck_assert_uint_eq(strlen(text), 43);
	app_close(a);
}
END_TEST

START_TEST(a_jwt_is_good_malformed_or_foreign)
{
	static const char *const malformed[] = {"", "x", "a.b", "a.b.c", "..", "e30.e30.", "e30..e30",
		"e30.e30.e30=", "mock-default", "e30.e30.e", "e30.e30.+AAA", "e30.e30./AAA",
		"e30.e30.    e30A", "e30.e30.\te30", "e30.e30.e3=0", "e30.MQ.e30", "MQ.e30.e30", NULL};
	struct app *a = server(NULL);
	const char *jwt = signer_jwt(a->signer, claims(), &arena, &e), *dot;
	json_t *read;

	ck_assert_int_eq(signer_verify(a->signer, jwt, &arena, &read), JWT_GOOD);
	ck_assert_str_eq(sub(read), "somebody");
	for (int i = 0; malformed[i]; i++) {
		ck_assert_int_eq(signer_verify(a->signer, malformed[i], &arena, &read), JWT_MALFORMED);
		ck_assert_ptr_null(read);
	}
	ck_assert_int_eq(signer_verify(a->signer, "e30.e30.e30", &arena, &read), JWT_FOREIGN);
	/* {"alg":"none"} before the good claims and their signature */
	dot = strchr(jwt, '.');
	ck_assert_int_eq(signer_verify(a->signer,
				 arena_printf(&arena, "eyJhbGciOiJub25lIn0%s", dot), &arena, &read),
		JWT_FOREIGN);
	app_close(a);
}
END_TEST

static void prepare(struct app *a, bool want)
{
	sigset_t blocked;

	if (want)
		signer_want(a->signer);
	signer_prepare(a->signer);
	signer_prepare(a->signer);
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	ck_assert(!sigismember(&blocked, SIGTERM));
}

START_TEST(a_wanted_key_is_made_once_beside_the_work)
{
	struct app *a = server(file);
	const char *jwt;
	json_t *read;

	threads = keys = 0;
	prepare(a, false);
	ck_assert_int_eq(threads, 0);
	prepare(a, true);
	prepare(a, true); /* it is being made */
	ck_assert_int_eq(threads, 1);
	jwt = signer_jwt(a->signer, claims(), &arena, &e);
	prepare(a, true); /* there is one */
	app_close(a);
	ck_assert_int_eq(threads, 1);
	ck_assert_int_eq(keys, 1);
	a = server(file);
	prepare(a, true); /* it was kept */
	ck_assert_int_eq(signer_verify(a->signer, jwt, &arena, &read), JWT_GOOD);
	app_close(a);
	ck_assert_int_eq(threads, 1);
	ck_assert_int_eq(keys, 1);
	a = server(NULL);
	prepare(a, true);
	app_close(a); /* waits for it */
	ck_assert_int_eq(threads, 2);
	ck_assert_int_eq(keys, 2);
}
END_TEST

START_TEST(a_key_is_made_at_last_without_a_thread)
{
	struct app *a = server(NULL);

	keys = 0;
	no_threads = true;
	prepare(a, true);
	ck_assert_int_eq(keys, 0);
	ck_assert_ptr_nonnull(signer_jwt(a->signer, claims(), &arena, &e));
	ck_assert_int_eq(keys, 1);
	no_threads = false;
	app_close(a);
}
END_TEST

START_TEST(without_a_key_nothing_is_signed)
{
	struct app *a = server(NULL);
	json_t *read;

	no_keys = true;
	ck_assert_ptr_null(signer_jwt(a->signer, claims(), &arena, &e));
	ck_assert_str_eq(e.message, "cannot make a signing key");
	e.message[0] = '\0';
	ck_assert_ptr_null(signer_jwks(a->signer, &e));
	ck_assert_str_eq(e.message, "cannot make a signing key");
	ck_assert_int_eq(signer_verify(a->signer, "e30.e30.e30", &arena, &read), JWT_FOREIGN);
	no_keys = false;
	app_close(a);
	spoil("credential-key", "?");
	a = server(file);
	threads = 0;
	prepare(a, true);
	ck_assert_int_eq(threads, 0);
	ck_assert_ptr_null(signer_jwt(a->signer, claims(), &arena, &e));
	ck_assert_str_eq(e.message, "database: the kept 'credential-key' is damaged");
	app_close(a);
}
END_TEST

static int call(struct app *a, const char *method, const char *path, const char *query, const char *body)
{
	struct response resp = {0};
	struct request req = {.method = method, .path = path, .query = query, .body = body,
		.body_len = body ? strlen(body) : 0, .authorization = "Bearer mock-default"};
	int status;

	response_reset(&resp);
	api_call(a, &req, &resp);
	status = resp.status;
	response_done(&resp);
	return status;
}

START_TEST(whoever_makes_something_will_want_a_key)
{
	struct app *a = server(NULL);

	threads = 0;
	ck_assert_int_eq(call(a, "GET", "/api/2.0/postgres/projects", "", NULL), 200);
	prepare(a, false);
	ck_assert_int_eq(threads, 0);
	ck_assert_int_eq(call(a, "POST", "/api/2.0/postgres/projects", "project_id=p", "{}"), 200);
	prepare(a, false);
	ck_assert_int_eq(threads, 1);
	app_close(a);
}
END_TEST

static const char *challenge_of(const char *verifier)
{
	static char out[SECRET_SIZE];

	ck_assert_int_eq(pkce_challenge(verifier, out, &e), 0);
	return out;
}

START_TEST(a_challenge_is_of_a_verifier)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	static const char *const odd[] = { " ", "+", "/", "=", "!", "\x7f", "\xc3\xa9" };
	char text[160] = "";

	/* RFC 7636, appendix B */
	ck_assert_str_eq(challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
		"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	ck_assert_uint_eq(strlen(challenge_of(set)), 43);
	memset(text, 'a', 129);
	ck_assert_str_eq(challenge_of(text), "");
	text[128] = '\0';
	ck_assert_uint_eq(strlen(challenge_of(text)), 43);
	text[43] = '\0';
	ck_assert_uint_eq(strlen(challenge_of(text)), 43);
	text[42] = '\0';
	ck_assert_str_eq(challenge_of(text), "");
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		strcpy(text + 42, odd[i]); /* allowed: there is room */
		strcat(text, "a");	   /* allowed: as above */
		ck_assert_msg(streq(challenge_of(text), ""), "%s", odd[i]);
	}
}
END_TEST

START_TEST(a_digest_is_written_in_hex)
{
	char out[SHA256_HEX];

	ck_assert(!sha256_hex("abc", 3, out));
	ck_assert_str_eq(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert(!sha256_hex(NULL, 0, out));
	ck_assert_str_eq(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

START_TEST(secrets_are_equal_or_not)
{
	ck_assert_uint_ne(secret_bits(), secret_bits());
	ck_assert(secret_equal("abc", "abc"));
	ck_assert(!secret_equal("abc", "abd"));
	ck_assert(!secret_equal("abc", "abcd"));
	ck_assert(!secret_equal(NULL, NULL));
	ck_assert(!secret_equal("", NULL));
}
END_TEST

static void set_up(void)
{
	int fd;

	memcpy(file + strlen(file) - 6, "XXXXXX", 6);
	fd = mkstemp(file);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void tear_down(void)
{
	unlink(file);
	arena_done(&arena);
}

int main(void)
{
	const TTest *const tests[] = {a_sealed_text_is_read_by_its_server_for_its_purpose,
		no_byte_of_a_sealed_text_can_be_changed,
		two_servers_of_one_seed_do_not_believe_each_other, the_keys_are_kept_with_the_state,
		what_is_kept_of_a_secret_is_all_of_it_or_damaged, without_randomness_there_are_no_secrets,
		a_jwt_is_good_malformed_or_foreign, secrets_are_equal_or_not,
		a_wanted_key_is_made_once_beside_the_work, a_key_is_made_at_last_without_a_thread,
		without_a_key_nothing_is_signed, whoever_makes_something_will_want_a_key,
		a_challenge_is_of_a_verifier, a_digest_is_written_in_hex, NULL};

	return run_tests_between("token", tests, set_up, tear_down);
}
