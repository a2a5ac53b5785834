/* SPDX-License-Identifier: Apache-2.0 */
/* The list of rules of a workspace. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "core/document/doc.h"
#include "lab/connect.h"
#include "lab/fault/actions.h"

void faults_init(struct faults *f, struct app *app)
{
	*f = (struct faults){.app = app, .next_id = 1, .tally = TABLE_OF(struct same)};
}

static void clear(struct faults *f)
{
	for (size_t i = 0; i < f->num; i++)
		fault_free(f->all[i]);
	free(f->all);
	f->all = NULL;
	f->num = 0;
	table_clear(&f->tally);
	f->loaded[0] = '\0';
}

void faults_done(struct faults *f)
{
	clear(f);
}

static void look_again(struct faults *f)
{
	f->random = f->stale = false;
	f->version++;
	for (size_t i = 0; i < f->num; i++) {
		const struct fault *r = f->all[i];

		f->random |= r->probability < 1 || r->action.delay.kind > DELAY_FIXED;
		f->stale |= r->action.kind->flags & ACT_READS;
	}
	f->kept &= f->stale;
	if (!f->random)
		table_clear(&f->tally);
}

static struct fault *find(struct fault *const *all, size_t num, const char *id)
{
	for (size_t i = 0; i < num; i++)
		if (streq(all[i]->id, id))
			return all[i];
	return NULL;
}

/* ---- writing ---- */

static int give_id(
	struct faults *f, struct fault *r, struct fault *const *all, size_t num, struct err *e)
{
	if (r->id[0] && find(all, num, r->id))
		return err_set(e, ERR_EXISTS,
			"There is a fault rule '%s' already; DELETE it, or leave 'id' out", r->id);
	while (!r->id[0] || find(all, num, r->id))
		snprintf(r->id, sizeof r->id, "r%llu", (unsigned long long)f->next_id++);
	return doc_set_str(r->doc, "id", r->id) ? err_oom(e) : 0;
}

static int read_list(
	struct faults *f, const json_t *doc, struct fault **all, size_t *num, struct err *e)
{
	const json_t *list = json_object_get(doc, "faults");
	size_t n = list ? json_array_size(list) : 1;
	const char *key;
	json_t *v;

	json_object_foreach ((json_t *)doc, key, v)
		if (list && !streq(key, "faults") && !streq(key, "schema"))
			return err_set(e, ERR_INVALID, "Unknown field '%s' beside 'faults'", key);
	if (list && !json_is_array(list))
		return err_set(e, ERR_INVALID, "'faults' must be a list of rules");
	if (*num + n > MAX_FAULT_RULES)
		return err_set(
			e, ERR_QUOTA, "A workspace has at most %d fault rules", MAX_FAULT_RULES);
	for (size_t i = 0; i < n; i++) {
		struct fault *r;

		if (fault_parse(f, list ? json_array_get(list, i) : doc, &r, e))
			return -1;
		if (give_id(f, r, all, *num, e)) {
			fault_free(r);
			return -1;
		}
		all[(*num)++] = r;
	}
	return 0;
}

int faults_write(struct faults *f, const json_t *doc, bool replace, size_t *from, struct err *e)
{
	struct fault **all = calloc(MAX_FAULT_RULES, sizeof *all);
	size_t num = replace ? 0 : f->num;

	if (!all)
		return err_oom(e);
	*from = num;
	if (num)
		memcpy(all, f->all, num * sizeof *all);
	if (read_list(f, doc, all, &num, e)) {
		while (num > *from)
			fault_free(all[--num]);
		free(all);
		return -1;
	}
	if (replace)
		clear(f);
	free(f->all);
	f->all = all;
	f->num = num;
	look_again(f);
	for (size_t i = *from; i < num && f->watch && f->watch->fn; i++) {
		if (!(all[i]->connect & 1U << RPC_SESSION))
			continue;
		f->watch->fn(f->watch->arg, f->workspace);
		break;
	}
	return 0;
}

/* The rule of that name, or NULL with words that name the nearest one. */
static struct fault *rule_named(const struct faults *f, const char *id, size_t *at, struct err *e)
{
	const char *names[MAX_FAULT_RULES + 1], *near;
	size_t i;

	for (i = 0; i < f->num; i++) {
		names[i] = f->all[i]->id;
		if (!streq(names[i], id))
			continue;
		*at = i;
		return f->all[i];
	}
	names[i] = NULL;
	near = text_nearest(id, names);
	err_set(e, ERR_NOT_FOUND, "There is no fault rule '%s'%s%s%s", id,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	return NULL;
}

int faults_drop(struct faults *f, const char *id, struct err *e)
{
	size_t i = 0;

	if (!id) {
		clear(f);
		look_again(f);
		return 0;
	}
	if (!rule_named(f, id, &i, e))
		return -1;
	fault_free(f->all[i]);
	memmove(f->all + i, f->all + i + 1, (f->num - i - 1) * sizeof *f->all);
	f->num--;
	look_again(f);
	return 0;
}

int faults_switch(
	struct faults *f, const char *id, bool disabled, const struct fault **ret, struct err *e)
{
	size_t at;
	struct fault *r = rule_named(f, id, &at, e);

	if (!r)
		return -1;
	if (json_object_set_new(r->doc, "disabled", json_boolean(disabled)))
		return err_oom(e);
	r->disabled = disabled;
	f->version++;
	*ret = r;
	return 0;
}

json_t *fault_doc(const struct fault *f)
{
	json_auto_t *doc = json_deep_copy(f->doc);

	if (json_object_set_new(doc, "matched", json_integer((json_int_t)f->matched)) ||
		json_object_set_new(doc, "skipped", json_integer((json_int_t)f->skipped)) ||
		json_object_set_new(doc, "fired", json_integer((json_int_t)f->fired)))
		return NULL;
	return STEAL(doc);
}

bool fault_unfired(const struct fault *f)
{
	if (f->expect >= 0)
		return f->fired < (uint64_t)f->expect;
	return f->fired == 0;
}

int faults_copy(struct faults *to, const struct faults *from, struct err *e)
{
	json_auto_t *doc = json_object(), *list = json_array();
	size_t first;

	for (size_t i = 0; i < from->num; i++)
		if (json_array_append(list, from->all[i]->doc))
			return err_oom(e);
	if (json_object_set(doc, "faults", list))
		return err_oom(e);
	if (faults_write(to, doc, true, &first, e))
		return -1;
	to->next_id = from->next_id;
	snprintf(to->loaded, sizeof to->loaded, "%s", from->loaded);
	for (size_t i = 0; i < from->num; i++) {
		to->all[i]->matched = from->all[i]->matched;
		to->all[i]->skipped = from->all[i]->skipped;
		to->all[i]->fired = from->all[i]->fired;
	}
	return 0;
}
