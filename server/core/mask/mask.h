/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Update masks as the service reads them: snake_case paths joined by commas, oneofs addressed by
 * their group name, `spec` as a lenient patch, `*` as every updatable leaf.
 */
#pragma once

#include "base/memory/arena.h"
#include "core/field/field.h"

struct mask;

enum mask_flag {
	/* A named leaf that the body lacks keeps its value (the service until 28 August 2026)
	 * instead of being refused: !setting_bool(s, SETTING_MASK_ABSENT). */
	MASK_ABSENT_IGNORED = 1 << 0,
	/* A named list or map that the body lacks is cleared instead of being refused, since most
	 * clients drop empty ones: setting_bool(s, SETTING_CLEAR_ABSENT). */
	MASK_ABSENT_CLEARS = 1 << 1,
};

/*
 * Reads `text` against the message `m` (the whole resource, e.g. Branch) and the accepted body;
 * `flags` is a set of enum mask_flag. 400 for an empty mask (NULL or ""); for an unknown,
 * output-only or immutable path ("Unknown field path in update_mask: 'x'", reported before
 * anything else); for a group with F_ALONE together with something inside it; and for a path under
 * `spec` that the body lacks ("Field 'x' is in update_mask but not provided in request"). Every
 * message inside a spec is a group: a mask may name it, and it needs itself and its oneofs. `*`
 * needs every updatable leaf except lists, a oneof by any member. In a message without `spec` what
 * is named and absent is cleared instead.
 * The mask lives in the arena and borrows from `m`.
 */
MUST_CHECK int mask_parse(struct mask **ret, const struct message *m, const char *text,
	const json_t *body, unsigned flags, struct arena *a, struct err *e);

/* True when the mask names `path` itself ("spec.attributes"), or is `*`. */
bool mask_names(const struct mask *k, const char *path);

/* True when the mask holds the lenient whole `spec` (alone or with other paths). */
bool mask_has_spec(const struct mask *k);

/* Number of paths. */
size_t mask_len(const struct mask *k);

/*
 * Carries what the mask names from body.spec into the stored resource: a field that the status
 * message also has goes to `status`, any other to `aux`. Setting a member of a oneof removes the
 * other members from both. Lists and maps are replaced whole, and an empty one is removed, since
 * replies omit it; messages are merged per leaf. A zero or "" that the mask does not name by itself
 * is no value. Values are copied.
 * Where the mask's message has no `spec`, the fields are taken from the top of `body`.
 * `spec` and `status` are the message types of the resource's two halves.
 */
MUST_CHECK int mask_apply(const struct mask *k, const struct message *spec,
	const struct message *status, const json_t *body, json_t *stored_status, json_t *aux,
	struct err *e);

/* The same for a create: everything that body.spec holds. */
MUST_CHECK int spec_apply(const struct message *spec, const struct message *status,
	const json_t *body_spec, json_t *stored_status, json_t *aux, struct err *e);
