/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Update masks as the service reads them: snake_case paths joined by commas, oneofs addressed by
 * their group name, `spec` as a lenient patch, `*` as every updatable leaf.
 */
#pragma once

#include "base/arena.h"
#include "core/field.h"

struct mask;

/*
 * Reads `text` against the message `m` (the whole resource, e.g. Branch) and the accepted body.
 * 400 for an empty mask, for an unknown, output-only or immutable path ("Unknown field path in
 * update_mask: 'x'", reported before anything else), and for a leaf under `spec` that the body
 * lacks ("Field 'x' is in update_mask but not provided in request").
 * The mask lives in the arena and borrows from `m`.
 */
MUST_CHECK int mask_parse(struct mask **ret, const struct message *m, const char *text,
	const json_t *body, struct arena *a, struct err *e);

/* True when the mask names `path` itself ("spec.attributes"), or is `*`. */
bool mask_names(const struct mask *k, const char *path);

/* True when the mask holds the lenient whole `spec` (alone or with other paths). */
bool mask_has_spec(const struct mask *k);

/* Number of paths. */
size_t mask_len(const struct mask *k);

/*
 * Carries what the mask names from body.spec into the stored resource: a field that the status
 * message also has goes to `status`, any other to `aux`. Setting a member of a oneof removes the
 * other members from both. Lists and maps are replaced whole; messages are merged per leaf.
 * `spec` and `status` are the message types of the resource's two halves.
 */
MUST_CHECK int mask_apply(const struct mask *k, const struct message *spec,
	const struct message *status, const json_t *body, json_t *stored_status, json_t *aux,
	struct err *e);

/* The same for a create: everything that body.spec holds. */
MUST_CHECK int spec_apply(const struct message *spec, const struct message *status,
	const json_t *body_spec, json_t *stored_status, json_t *aux, struct err *e);
