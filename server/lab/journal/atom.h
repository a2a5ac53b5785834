/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts that many journal rows share, kept once each: paths, callers, user agents. An atom is
 * counted; rows hold pointers.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct atom {
	struct atom *next;
	uint32_t hash, refs;
	char text[];
};

struct atoms {
	struct atom **slots;
	size_t num_slots, num;
	size_t bytes;  /* of all texts, with what holds them */
	uint64_t salt; /* nobody can foresee which texts share a slot */
};

/* A reference to the atom of `s`. NULL for NULL, and when out of memory. */
struct atom *atom_get(struct atoms *a, const char *s);

/* One more reference to it; NULL for NULL. */
struct atom *atom_ref(struct atom *m);

/* Gives a reference back; NULL is fine. */
void atom_drop(struct atoms *a, struct atom *m);

/* Its text, NULL for NULL. */
const char *atom_text(const struct atom *m);

void atoms_done(struct atoms *a);

/* 64 bits of FNV-1a; `h` continues an earlier one, HASH_START begins. */
#define HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t hash_bytes(uint64_t h, const void *data, size_t len);

/* Of a text and its end, so that "ab","c" differs from "a","bc". NULL counts as "". */
uint64_t hash_text(uint64_t h, const char *s);
