/* SPDX-License-Identifier: Apache-2.0 */
#include "core/operation/sound.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "core/operation/operation.h"

/* What the core itself remembers of any resource. */
static const struct field common_fields[] = {
	{ "deletion", T_INT64, .min = 2, .max = 1e15 },
	{ "implicit", T_BOOL },
	{ 0 },
};
static const struct message common_memory = { "memory", common_fields };

static const struct field change_fields[] = {
	{ "target", T_STRING },
	{ "kind", T_STRING },
	{ "verb", T_INT32 },
	{ "plan", T_STRING },
	{ "purge", T_BOOL },
	{ "deleted", T_INT64, .min = 1, .max = 1e15 },
	{ "polls", T_INT64, .min = 0, .max = 1e15 },
	{ "hidden", T_INT64, .min = 0, .max = 1e15 },
	{ "vanish", T_INT64 },
	{ "doc", T_ANY, F_MAP },
	{ "aux", T_ANY, F_MAP },
	{ "due", T_INT64 },
	{ "event", T_STRING },
	{ 0 },
};
static const struct message change_memory = { "memory", change_fields };

static int bad(struct err *why, const char *what)
{
	return err_set(why, ERR_INVALID, "%s", what);
}

int doc_sound(const struct message *m, const json_t *doc, struct err *why)
{
	struct err e;

	if (!fields_check_reply(m, doc, &e))
		return 0;
	return err_set(why, ERR_INVALID, "is no %s: %.900s", m->name, e.message);
}

/* ---- resources ---- */

/* Each key is a field of the spec that is not shown, or one that the type or the core remembers. */
int memory_sound(const struct resource *res, const json_t *aux, struct err *why)
{
	json_auto_t *spec = json_object(), *own = json_object(), *common = json_object();
	const char *key;
	json_t *v;

	if (aux && !json_is_object(aux))
		return bad(why, "has an 'aux' that is no object");
	json_object_foreach((json_t *)aux, key, v) {
		json_t *to = field_find(&common_memory, key) ? common
			     : res->memory && field_find(res->memory, key) ? own
									   : spec;

		if (json_object_set(to, key, v))
			return err_oom(why);
	}
	if (doc_sound(&common_memory, common, why) ||
		(res->memory && doc_sound(res->memory, own, why)))
		return -1;
	if (json_object_size(spec) && doc_sound(res->spec, spec, why))
		return -1;
	return res->remembers ? res->remembers(aux, why) : 0;
}

static bool is_event_of(const struct resource *res, const char *event, const char *ending)
{
	const char *rest;

	return event && text_starts(event, res->kind, &rest) && streq(rest, ending);
}

/* An event that a row of this type may wait for while it is not deleted itself. */
static bool may_wait_for(const struct resource *res, const char *event)
{
	if (!event || (res->progress && is_event_of(res, event, "_ready")))
		return true;
	for (const char *const *ev = res->events; ev && *ev; ev++)
		if (streq(*ev, event))
			return true;
	return false;
}

int64_t sound_hidden_by(const struct resource *res, const struct object *o)
{
	return is_event_of(res, o->event, "_purged") ? OBJECT_LIVE : o->deleted;
}

/* A deleted resource waits to be purged; one that was hidden along with another goes on ageing. */
static int check_due(const struct resource *res, const struct object *o, const json_t *aux,
	struct err *why)
{
	bool purge = is_event_of(res, o->event, "_purged");
	bool reserves = res->flags & R_RESERVES_NAME;

	if ((o->due == USEC_NEVER) != !o->event)
		return bad(why, "needs 'due' and 'event', or neither");
	if (!purge) {
		if (o->deleted == OBJECT_RESERVED)
			return bad(why, "is deleted and never purged");
		if (o->deleted != OBJECT_LIVE && !doc_bool(aux, "implicit"))
			return bad(why, "is deleted, never purged, and did not come with another");
		return may_wait_for(res, o->event) ? 0 : bad(why, "cannot wait for that 'event'");
	}
	if (o->deleted == OBJECT_LIVE)
		return bad(why, "waits to be purged and is not deleted");
	if (!(res->flags & R_SOFT_DELETE) || reserves != (o->deleted == OBJECT_RESERVED))
		return bad(why, "is of a kind that is not deleted like that");
	if (!doc_at(aux, "deletion") || (!reserves && doc_int(aux, "deletion", 0) != o->deleted))
		return bad(why, "needs the number of its 'deletion' in its 'aux'");
	return 0;
}

enum { LONGEST_ID = 3 * 255 + 2 }; /* that of a synced table */

/* "parent/collection/id", or "parent/collection" of a singleton. */
static bool name_fits(const struct resource *res, const struct object *o)
{
	const char *rest = o->name;

	if (o->parent[0] && (!text_starts(rest, o->parent, &rest) || *rest++ != '/'))
		return false;
	if (!res->parent != !o->parent[0] || !text_starts(rest, res->collection, &rest))
		return false;
	if (res->flags & R_SINGLETON)
		return !*rest;
	return *rest == '/' && rest[1] && !strchr(rest + 1, '/') && strlen(rest + 1) <= LONGEST_ID;
}

/* It becomes a part of host names and paths. */
static bool uid_fits(const json_t *doc)
{
	const char *uid = doc_str(doc, "uid");
	size_t n = 0;

	for (; uid && uid[n]; n++)
		if (!isalnum((unsigned char)uid[n]) && uid[n] != '-')
			return false;
	return !uid || (n > 0 && n <= 63);
}

static int check_doc(const struct resource *res, const char *name, const json_t *doc, struct err *why)
{
	if (!streq(doc_str(doc, "name"), name))
		return bad(why, "has another 'name' in its doc");
	if (doc_sound(res->message, doc, why))
		return -1;
	return uid_fits(doc) ? 0 : bad(why, "has a 'uid' that is not of letters, digits and '-'");
}

int resource_sound(const struct resource *res, const struct object *o, const json_t *doc,
	const json_t *aux, struct err *why)
{
	if (check_doc(res, o->name, doc, why))
		return -1;
	if (!name_fits(res, o))
		return bad(why, "has a name that does not fit its kind and parent");
	if (o->scope || o->alias)
		return bad(why, "has a 'scope' or an 'alias', which its kind has not");
	return memory_sound(res, aux, why) || check_due(res, o, aux, why) ? -1 : 0;
}

/* ---- operations ---- */

static int check_update(const struct resource *res, const char *target, const json_t *aux,
	struct err *why)
{
	const char *event = doc_str(aux, "event");

	if (check_doc(res, target, json_object_get(aux, "doc"), why) ||
		memory_sound(res, json_object_get(aux, "aux"), why))
		return -1;
	if (!json_object_get(aux, "aux") || !event != !json_object_get(aux, "due") ||
		!may_wait_for(res, event))
		return bad(why, "will make its resource wait for what it cannot");
	return 0;
}

static bool plan_fits(const struct object *o, const json_t *aux, const struct plan *plan)
{
	bool timeless = plan->kind == PLAN_AFTER_POLLS || plan->kind == PLAN_STUCK ||
			plan->kind == PLAN_VANISH;

	return timeless == (o->due == USEC_NEVER) &&
	       (plan->kind == PLAN_AFTER_POLLS) == (json_object_get(aux, "polls") != NULL) &&
	       (plan->kind == PLAN_VANISH) == (json_object_get(aux, "vanish") != NULL) &&
	       (plan->kind == PLAN_LATE_VISIBLE || !json_object_get(aux, "hidden"));
}

static int check_pending(const struct world *w, const struct object *o, const json_t *aux,
	struct err *why)
{
	const char *target = doc_str(aux, "target"), *kind = doc_str(aux, "kind"),
		   *plan_text = doc_str(aux, "plan");
	const struct resource *res = kind ? resource_by_kind(w, kind) : NULL;
	enum verb verb = (enum verb)doc_int(aux, "verb", 0);
	struct plan plan;
	struct err e;

	if (!aux)
		return bad(why, "needs the 'aux' that tells what it will do");
	if (doc_sound(&change_memory, aux, why))
		return -1;
	if (!res || !streq(target, o->parent) || !plan_text || plan_parse(plan_text, &plan, &e))
		return bad(why, "has an 'aux' that does not tell what it will do");
	if (!plan_fits(o, aux, &plan) || plan.kind == PLAN_SYNC)
		return bad(why, "has a 'due', polls or a plan that do not fit together");
	if (verb == VERB_UPDATE)
		return check_update(res, target, aux, why);
	if (verb != VERB_CREATE && verb != VERB_DELETE && verb != VERB_UNDELETE)
		return bad(why, "does nothing that is known");
	return 0;
}

/* All that is left of a finished one may be how often it stays unseen. */
static int check_finished(const struct object *o, const json_t *aux, struct err *why)
{
	static const struct field fields[] = {
		{ "hidden", T_INT64, .min = 0, .max = 1e15 },
		{ 0 },
	};
	static const struct message memory = { "memory of a finished operation", fields };

	if (o->due != USEC_NEVER || o->scope)
		return bad(why, "is done and yet has a 'due' or a 'scope'");
	return aux ? doc_sound(&memory, aux, why) : 0;
}

/* Its name is "target/operations/id", its alias, if any, "project/operations/id". */
static bool operation_named(const struct object *o)
{
	const char *rest, *other;
	size_t project = strcspn(o->parent, "/");

	project += o->parent[project] ? 1 + strcspn(o->parent + project + 1, "/") : 0;
	if (!text_starts(o->name, o->parent, &rest) || !text_starts(rest, "/operations/", &rest) ||
		!*rest || strchr(rest, '/'))
		return false;
	if (!o->alias)
		return true;
	return text_starts(o->parent, "projects/", NULL) && o->parent[project] &&
	       strncmp(o->alias, o->parent, project) == 0 &&
	       text_starts(o->alias + project, "/operations/", &other) && streq(rest, other);
}

static bool scope_fits(const struct object *o)
{
	size_t len = operation_scope_len(o->parent);

	return strlen(o->scope) == len && strncmp(o->parent, o->scope, len) == 0;
}

int operation_sound(const struct world *w, const struct object *o, const json_t *doc,
	const json_t *aux, struct err *why)
{
	if (!streq(doc_str(doc, "name"), o->name))
		return bad(why, "has another 'name' in its doc");
	if (o->deleted != OBJECT_LIVE || !operation_named(o))
		return bad(why, "is deleted, or has a name or an alias that is no operation's");
	if ((o->due == USEC_NEVER) != !o->event || (o->event && !streq(o->event, "operation_done")))
		return bad(why, "needs 'due' and the 'event' operation_done, or neither");
	if (doc_bool(doc, "done"))
		return check_finished(o, aux, why);
	if (!o->scope || !scope_fits(o))
		return bad(why, "is not done and needs the 'scope' that it keeps others from changing");
	return check_pending(w, o, aux, why);
}
