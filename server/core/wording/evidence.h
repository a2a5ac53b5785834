/* SPDX-License-Identifier: Apache-2.0 */
/* How much is known about a behaviour. Users must be able to tell what is proven. */
#pragma once

#define EVIDENCE_TABLE(X)                                                                          \
	X(INVENTED, "invented", "ours: nobody has published what the service does here")           \
	X(TYPED, "typed", "follows from the types of the published SDKs")                          \
	X(DOCUMENTED, "documented", "said by the service's documentation")                         \
	X(VERIFIED, "verified", "seen on the live service, by those who published it")

#define X(id, name, doc) EVIDENCE_##id,
enum evidence { EVIDENCE_TABLE(X) };
#undef X

/* "invented", "typed", "documented", "verified". */
const char *evidence_name(enum evidence e);
