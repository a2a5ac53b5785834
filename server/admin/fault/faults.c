/* SPDX-License-Identifier: Apache-2.0 */
/* /_mock/faults. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/text.h"
#include "core/resource/resource.h"
#include "lab/fault/stale.h"

/* ---- fault rules ---- */

static json_t *list_of(const struct faults *f, size_t from, bool unfired)
{
	json_auto_t *list = json_array();

	for (size_t i = from; i < f->num; i++)
		if ((!unfired || fault_unfired(f->all[i])) &&
			json_array_append_new(list, fault_doc(f->all[i])))
			return NULL;
	return STEAL(list);
}

int admin_faults_get(struct admin *a, struct err *e)
{
	bool unfired = false;

	if (admin_query_bool(a, "unfired", &unfired, e))
		return -1;
	return admin_reply(
		a, json_pack("{s:o}", "faults", list_of(&a->space->faults, 0, unfired)), e);
}

/* Without a rule that needs it, the past is not kept, and must not be met again later. */
static int forget_the_past(const struct admin *a, struct err *e)
{
	return a->space->faults.stale ? 0 : stale_forget(a->app, a->ws->name, e);
}

static int write_rules(struct admin *a, bool replace, int status, struct err *e)
{
	size_t from;

	if (replace && !json_object_get(a->body, "faults"))
		return err_set(e, ERR_INVALID,
			"PUT replaces the whole list: send {\"faults\":[...]}; POST adds one "
			"rule, PUT /_mock/faults/{id} replaces one");
	if (faults_write(&a->space->faults, a->body, replace, &from, e) || forget_the_past(a, e))
		return -1;
	a->resp->status = status;
	if (json_object_get(a->body, "faults"))
		return admin_reply(a,
			json_pack("{s:o}", "faults", list_of(&a->space->faults, from, false)), e);
	return admin_reply(a, fault_doc(a->space->faults.all[from]), e);
}

int admin_faults_post(struct admin *a, struct err *e)
{
	return write_rules(a, false, 201, e);
}

int admin_faults_put(struct admin *a, struct err *e)
{
	return write_rules(a, true, 200, e);
}

int admin_faults_drop(struct admin *a, struct err *e)
{
	json_t *doc = json_pack("{s:I}", "removed", (json_int_t)a->space->faults.num);

	if (faults_drop(&a->space->faults, NULL, e) || forget_the_past(a, e)) {
		doc_free(doc);
		return -1;
	}
	return admin_reply(a, doc, e);
}

static size_t index_of(const struct faults *f, const char *id)
{
	size_t i = 0;

	while (i < f->num && !streq(f->all[i]->id, id))
		i++;
	return i;
}

int admin_fault_get(struct admin *a, struct err *e)
{
	size_t i = index_of(&a->space->faults, a->args[0]);

	if (i == a->space->faults.num)
		return err_set(e, ERR_NOT_FOUND,
			"There is no fault rule '%s'; GET /_mock/faults lists them", a->args[0]);
	return admin_reply(a, fault_doc(a->space->faults.all[i]), e);
}

/* Replaces a rule where it stands, or adds it; its counters start again. */
int admin_fault_put(struct admin *a, struct err *e)
{
	struct faults *f = &a->space->faults;
	const char *id = doc_str(a->body, "id");
	size_t at = index_of(f, a->args[0]), from;
	struct fault *held;

	if (id && !streq(id, a->args[0]))
		return err_set(e, ERR_INVALID, "'id' is '%s' in the body and '%s' in the path", id,
			a->args[0]);
	if (doc_set_str(a->body, "id", a->args[0]))
		return err_oom(e);
	if (json_object_get(a->body, "faults"))
		return err_set(e, ERR_INVALID, "PUT /_mock/faults/{id} takes one rule, not a list");
	if (at == f->num)
		return write_rules(a, false, 201, e);
	held = f->all[at];
	snprintf(held->id, sizeof held->id, "%s", "\n"); /* no rule can be called that */
	if (faults_write(f, a->body, false, &from, e)) {
		snprintf(held->id, sizeof held->id, "%s", a->args[0]);
		return -1;
	}
	f->all[at] = f->all[from];
	f->all[from] = held;
	if (faults_drop(f, "\n", e) || forget_the_past(a, e))
		return -1;
	return admin_reply(a, fault_doc(f->all[at]), e);
}

int admin_fault_patch(struct admin *a, struct err *e)
{
	const json_t *disabled = json_object_get(a->body, "disabled");
	const struct fault *rule;

	if (!disabled)
		return err_set(e, ERR_INVALID,
			"Send {\"disabled\":true} or {\"disabled\":false}; PUT replaces the rule");
	if (faults_switch(&a->space->faults, a->args[0], json_is_true(disabled), &rule, e))
		return -1;
	return admin_reply(a, fault_doc(rule), e);
}

int admin_fault_drop(struct admin *a, struct err *e)
{
	if (faults_drop(&a->space->faults, a->args[0], e) || forget_the_past(a, e))
		return -1;
	return admin_reply(a, json_pack("{s:i}", "removed", 1), e);
}
