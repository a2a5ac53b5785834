/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Create, get, list, update, delete, undelete for any resource type. Each runs inside the
 * transaction of its request; -1 rolls everything back.
 */
#pragma once

#include "core/resource/resource.h"

/* What the request said, read and typed. */
struct params {
	const char *name;   /* of the resource, or of the parent for create and list */
	const char *id;     /* NULL: absent */
	json_t *body;       /* accepted; NULL when there was none */
	const char *update_mask;
	const char *rpc;
	bool replace_existing, purge, allow_missing, show_deleted, force;
	int64_t page_size;  /* -1: absent */
	const char *page_size_text;
	const char *page_token;
	const char *reassign_owned_to;
};

/* Each appends the reply's JSON text to `out`. */
MUST_CHECK int crud_create(struct ctx *c, const struct resource *r, const struct params *p,
	struct buf *out, struct err *e);
MUST_CHECK int crud_get(struct ctx *c, const struct resource *r, const struct params *p,
	struct buf *out, struct err *e);
MUST_CHECK int crud_list(struct ctx *c, const struct resource *r, const struct params *p,
	struct buf *out, struct err *e);
MUST_CHECK int crud_update(struct ctx *c, const struct resource *r, const struct params *p,
	struct buf *out, struct err *e);
MUST_CHECK int crud_delete(struct ctx *c, const struct resource *r, const struct params *p,
	struct buf *out, struct err *e);
MUST_CHECK int crud_undelete(struct ctx *c, const struct resource *r, const struct params *p,
	struct buf *out, struct err *e);

/* The parent of `name` exists, is not deleted, and the caller sees it. */
MUST_CHECK int crud_need_parent(struct ctx *c, const struct resource *r, const char *parent,
	struct err *e);

/* One page of a list that `p` asks for: how many items, and after which number. */
struct slice {
	int64_t size, after;
};
MUST_CHECK int page_read(struct ctx *c, const struct resource *r, const struct params *p,
	struct slice *ret, struct err *e);

/* Appends "next_page_token":"..." for the items after number `last`. */
void page_token(struct ctx *c, const struct resource *r, const struct params *p, int64_t last,
	struct buf *out);

/* Refuses what the caller may see and may not change. What no project is named in, he may. */
MUST_CHECK int crud_allowed(struct ctx *c, struct draft *d, struct err *e);

/* 1 when it belongs to a project that the caller may not see, whether its name tells so or not; 0;
 * -1. */
MUST_CHECK int crud_hidden(
	struct ctx *c, const struct resource *r, const char *name, struct err *e);

/* The words for a resource that is not there; always -1. */
int crud_missing(struct ctx *c, const struct resource *r, const char *name, struct err *e);
