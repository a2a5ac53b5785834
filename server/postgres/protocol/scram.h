/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677), on what PostgreSQL
 * keeps of a password: "SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>". The password
 * itself is never known. Nothing here knows sockets.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/memory/arena.h"

enum { SCRAM_KEY = 32, SCRAM_MAX_BINDING = 64 };

#define SCRAM_PLAIN "SCRAM-SHA-256"
#define SCRAM_PLUS "SCRAM-SHA-256-PLUS"

struct verifier {
	int iterations;
	const char *salt; /* base64 */
	unsigned char stored[SCRAM_KEY], server[SCRAM_KEY];
	bool decoy; /* of nobody: no password fits */
};

/* -1: not a SCRAM verifier. */
MUST_CHECK int scram_verifier(struct verifier *ret, const char *text, struct arena *arena);

/* The verifier of a password that is known, as PostgreSQL would make it. */
MUST_CHECK int scram_make(
	struct verifier *ret, const char *password, const char *salt, struct arena *arena);

/*
 * A verifier of nobody, so that a role that is not there looks like one that is: the salt is a
 * function of the secret and the name.
 */
MUST_CHECK int scram_decoy(
	struct verifier *ret, const char *secret, const char *role, struct arena *arena);

enum scram_verdict {
	SCRAM_OK,
	SCRAM_WRONG,	 /* not that password */
	SCRAM_MALFORMED, /* against the protocol */
	SCRAM_BINDING,	 /* the channel binding does not hold */
	SCRAM_FAILED,	 /* out of memory */
};

struct scram {
	struct verifier verifier;
	unsigned char binding[SCRAM_MAX_BINDING]; /* tls-server-end-point of our certificate */
	size_t binding_len;
	bool plus;
	const char *gs2, *client_bare, *nonce, *server_first; /* in the arena */
};

/*
 * The client's first message. `random` is 18 bytes that nobody can foresee. On SCRAM_OK, *answer is
 * the challenge, in the arena.
 */
enum scram_verdict scram_first(struct scram *s, const char *mechanism, const char *data, size_t len,
	const unsigned char random[static 18], struct arena *arena, const char **answer);

/* The client's final message. On SCRAM_OK, *answer is what the server proves itself with. */
enum scram_verdict scram_final(
	struct scram *s, const char *data, size_t len, struct arena *arena, const char **answer);
