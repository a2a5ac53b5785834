/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A resource type is a constant table. What differs between types is data; what cannot be data is
 * a named hook. core/crud serves them all.
 */
#pragma once

#include "core/context/ctx.h"
#include "core/document/doc.h"
#include "core/field/field.h"
#include "core/wording/wording.h"

enum verb {
	VERB_CREATE = 1 << 0,
	VERB_GET = 1 << 1,
	VERB_LIST = 1 << 2,
	VERB_UPDATE = 1 << 3,
	VERB_DELETE = 1 << 4,
	VERB_UNDELETE = 1 << 5,
};

enum resource_flag {
	R_UID = 1 << 0,            /* has a uid */
	R_NO_UPDATE_TIME = 1 << 1, /* has no update_time */
	R_REPLACE = 1 << 2,        /* create takes replace_existing */
	R_ID_OPTIONAL = 1 << 3,    /* the server makes up an id */
	R_SINGLETON = 1 << 4,      /* has no id: "<parent>/data-api" */
	R_SOFT_DELETE = 1 << 5,    /* delete takes purge; list takes show_deleted */
	R_RESERVES_NAME = 1 << 6,  /* soft-deleted it is still found and keeps its name */
	R_USE_SUFFICES = 1 << 7,   /* CAN_USE suffices to change it; otherwise CAN_MANAGE */
	R_SYNC_DELETE = 1 << 8,    /* the delete operation is done in its own answer */
	R_FLAT_SPEC = 1 << 9,      /* the fields are at the top, without spec and status */
	R_ALLOW_MISSING = 1 << 10, /* delete takes allow_missing */
	R_DELETE_FORCE = 1 << 11,  /* delete takes force */
	R_VIRTUAL = 1 << 13,       /* exists with its parent, empty until it is first written */
	R_NEEDS_BODY = 1 << 12,    /* a create without any value is refused as a whole */
	R_EMPTY_IS_MISSING = 1 << 14, /* a list of none is not found */
};

/* How ids of a type are checked. */
enum id_rule {
	ID_DNS,       /* 1-63 of a-z 0-9 -, no hyphen at either end; a leading digit is noted */
	ID_LETTER,    /* ^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$ */
	ID_CATALOG,   /* a Unity Catalog name */
	ID_TABLE,     /* catalog.schema.table */
	ID_SCHEMA,    /* ^[a-z][a-z0-9_]{0,62}$ */
};

/* A resource on its way into the store. */
struct draft {
	const struct resource *res;
	const char *id, *name, *parent; /* parent "" at the top */
	int64_t seq, deleted; /* as in struct object */
	json_t *body;         /* the accepted request; NULL when the server makes the resource */
	json_t *doc;          /* the whole public document */
	json_t *status;       /* doc.status, borrowed; doc itself with R_FLAT_SPEC */
	json_t *aux;          /* what is remembered and not shown */
	const char *text;     /* doc as it was stored last; NULL before */
	const struct mask *mask; /* of an update */
	const json_t *before; /* update and replace: the document as it was */
	bool creating;        /* false for an update, and for a replace of an existing one */
	bool implicit;        /* made by the server along with its parent, or inherited */
	bool anew;            /* a replace that makes its content anew, too */
	usec due;             /* what falls due next, USEC_NEVER */
	const char *event;
};

struct resource {
	const char *kind;       /* "branch": the store's word */
	const char *label;      /* "branch": in "branch id not found" */
	const char *collection; /* "branches" in paths; a singleton's own segment */
	const char *list_key;   /* of list replies; NULL: as collection */
	const char *noun, *plural; /* "Branch", "Branches" in rpc names */
	const char *id_field;   /* "branch_id": query parameter, top level and status field */
	const char *id_prefix;  /* of ids the server makes up: "role" */
	const char *id_from;    /* field of the body that is the id when none is given */
	const char *uid_prefix; /* "br": slug; NULL: a UUID */
	const struct resource *parent;
	const struct message *message, *spec, *status;
	const struct message *memory; /* what hooks keep in aux besides fields of the spec; or NULL */
	const char *const *events; /* what a row may wait for, besides _ready and _purged; or NULL */
	unsigned verbs, flags;
	enum id_rule id_rule;
	enum evidence evidence;
	enum wording exists;       /* refused duplicates; its %s, if any, is the id */
	enum wording orphan;       /* a create whose parent is not there; 0: as elsewhere */
	enum setting quota;        /* SETTING__N: none */
	const char *quota_noun;    /* "branches in this project" */
	int default_page, max_page;

	/*
	 * Called for create, replace and update after the request was carried into d->status and
	 * d->aux: fills defaults, refuses what does not fit together, derives what is shown.
	 */
	int (*settle)(struct ctx *c, struct draft *d, struct err *e);

	/* An id is taken: says so, or makes it free and returns 0. */
	int (*duplicate)(struct ctx *c, struct draft *d, const struct object *old, struct err *e);

	/* What is there is replaced by d->body: sets d->anew when what cannot change otherwise is to
	 * be taken from it, too. NULL: never. */
	int (*replacing)(struct ctx *c, struct draft *d, struct err *e);

	/* Makes what comes with a new resource: children, other resources. After it was stored. */
	int (*created)(struct ctx *c, struct draft *d, struct err *e);

	/* While an operation on it runs, and when it is done: states. `done` false, then true. */
	int (*progress)(struct ctx *c, struct draft *d, enum verb verb, bool done, struct err *e);

	/* An update has been stored; `d->before` is how it was. */
	int (*updated)(struct ctx *c, struct draft *d, struct err *e);

	/* May this be deleted? `d` holds it as stored; query: purge, force, reassign_owned_to. */
	int (*deletable)(struct ctx *c, struct draft *d, bool purge, const char *reassign, struct err *e);

	/* It has been deleted (softly or for good): mends what pointed at it. */
	int (*deleted)(struct ctx *c, struct draft *d, struct err *e);

	/* Could `aux`, which has the schema of `memory`, come from this type? As resource_sound(). */
	int (*remembers)(const json_t *aux, struct err *why);

	/* d->event has fallen due. */
	int (*due)(struct ctx *c, struct draft *d, struct err *e);

	/* True when what falls due with it comes again and again by itself: a clock that is turned
	 * until nothing is due does not wait for that. NULL: never. */
	bool (*routine)(const struct object *o);
};

/* All types, parents first; NULL-terminated (server/resources/registry.c). */
extern const struct resource *const resource_all[];

/* The type of that kind among those of the world, or NULL. */
const struct resource *resource_by_kind(const struct world *w, const char *kind);

/* ---- what hooks may use ---- */

/* Loads a live resource. 1 found, 0 not, -1 error. Documents are owned by the arena. */
MUST_CHECK int draft_load(struct ctx *c, const struct resource *res, const char *name,
	struct draft *ret, struct err *e);

/* The same for one that is only looked at: what this request has made or has looked at before is not read
 * again, and its documents are shared. */
MUST_CHECK int draft_look(struct ctx *c, const struct resource *res, const char *name,
	struct draft *ret, struct err *e);

/* The same for one that must be there, as the parent of what is handled: 0, or -1 with *e. */
MUST_CHECK int draft_need(struct ctx *c, const struct resource *res, const char *name,
	struct draft *ret, struct err *e);

/* Writes the draft's documents back to its row. */
MUST_CHECK int draft_store(struct ctx *c, struct draft *d, struct err *e);

/*
 * A resource that comes with another. Between the two, what a client would have sent is written into
 * ret->status and ret->aux; then it gets its defaults, is stored, and is ready as soon as the
 * operation of the other is done.
 */
MUST_CHECK int resource_begin(struct ctx *c, const struct resource *res, const char *parent,
	const char *id, struct draft *ret, struct err *e);
MUST_CHECK int resource_finish(struct ctx *c, struct draft *d, struct err *e);

/* Both; `spec` (borrowed, may be NULL) is as a client would send it. */
MUST_CHECK int resource_make(struct ctx *c, const struct resource *res, const char *parent,
	const char *id, const json_t *spec, struct draft *ret, struct err *e);

/* Refuses when `parent` has as many of them as the settings allow. */
MUST_CHECK int crud_quota(
	struct ctx *c, const struct resource *r, const char *parent, struct err *e);

/* The name of a child: "projects/p/branches/b"; of a singleton when `id` is NULL. */
const char *resource_name(struct ctx *c, const struct resource *res, const char *parent, const char *id);

/* The parent's name of a resource of that type; "" at the top. */
const char *resource_parent(struct ctx *c, const struct resource *res, const char *name);

/* An event that its type knows happens to a live resource now; absent is fine. */
MUST_CHECK int resource_happen(struct ctx *c, const char *name, const char *event, struct err *e);

/* Removes a resource for good, whatever its `deleted`, with what is below it. */
MUST_CHECK int resource_purge(struct ctx *c, struct draft *d, struct err *e);

/* Deletes a live resource so that an undelete can bring it back. */
MUST_CHECK int resource_delete_softly(struct ctx *c, struct draft *d, struct err *e);

/* Removes a resource and everything below it, without an operation. */
MUST_CHECK int resource_remove(struct ctx *c, const char *name, struct err *e);

/* Calls each(c, draft, arg) for the live children of `parent`; loads them first, so that each()
 * may write. */
MUST_CHECK int resource_each_child(struct ctx *c, const struct resource *res, const char *parent,
	int (*each)(struct ctx *c, struct draft *d, void *arg, struct err *e), void *arg,
	struct err *e);

/* "projects/p" of "projects/p/branches/b"; the name itself when it is a project; "" otherwise. */
const char *name_project(struct ctx *c, const char *name);
/* All but the last segment: "a/b/c" of "a/b/c/password"; "" when there is only one. */
const char *name_parent_segment(struct ctx *c, const char *name);
/* The last segment. */
const char *name_id(const char *name);
/* "projects/p/branches/b" of "projects/p/branches/b/roles/r"; "" at the top. */
const char *name_parent(struct ctx *c, const char *name);

/* 400 in the service's words when `id` is not one. */
MUST_CHECK int id_check(struct ctx *c, const struct resource *r, const char *id, struct err *e);
