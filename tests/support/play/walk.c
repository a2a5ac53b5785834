/* SPDX-License-Identifier: Apache-2.0 */
#include "support/play/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/play/step.h"

enum { MOST_PAGES = 100000 };

/* The one list of a page, and its key. */
static json_t *list_of(const json_t *page, const char **key)
{
	json_t *v;

	json_object_foreach ((json_t *)page, *key, v)
		if (json_is_array(v))
			return v;
	return NULL;
}

/* Names of a workspace that others use, too: only what is ours is of interest. */
static bool is_ours(const struct play *p, const json_t *item)
{
	const char *name = json_string_value(json_object_get(item, "name"));
	const char *project = variable_get(&p->vars, "project"), *rest;

	if (!name || strstr(name, p->vars.prefix))
		return true;
	return project && text_starts(name, "projects/", &rest) && streq(rest, project);
}

static int add_ours(struct play *p, json_t *all, const char **key)
{
	json_t *item, *list;
	const char *found = *key;
	size_t i;

	list = list_of(p->last.body, &found);
	if (list && !*key)
		*key = arena_strdup(&p->arena, found);
	json_array_foreach (list, i, item)
		if (is_ours(p, item) && json_array_append(all, item))
			return -1;
	return 0;
}

static const char *next_target(struct play *p, const char *first)
{
	const char *token = json_string_value(json_object_get(p->last.body, "next_page_token"));

	if (!token || !*token)
		return NULL;
	return arena_printf(
		&p->arena, "%s%cpage_token=%s", first, strchr(first, '?') ? '&' : '?', token);
}

/* Puts what was gathered where the case looks. */
static int settle(struct play *p, const char *key, const json_t *all)
{
	char *text;

	json_object_del(p->last.body, "next_page_token");
	if (key && json_array_size(all))
		json_object_set(p->last.body, key, (json_t *)all);
	else if (key)
		json_object_del(p->last.body, key);
	text = json_dumps(p->last.body, JSON_COMPACT);
	p->last.text = text ? arena_strdup(&p->arena, text) : NULL;
	p->last.len = text ? strlen(text) : 0;
	free(text);
	return p->last.text ? 0 : -1;
}

int play_walk(struct play *p, struct outgoing *out, const char *as, struct err *e)
{
	const char *first = out->target, *key = NULL;
	json_t *all = json_array();
	int rc = 0;

	for (int page = 0; rc == 0 && out->target; page++) {
		rc = page < MOST_PAGES ? play_exchange(p, out, as, e)
				       : err_set(e, ERR_INTERNAL, "%s never ends", first);
		if (rc || p->last.status != 200 || !json_is_object(p->last.body))
			break;
		if (add_ours(p, all, &key))
			rc = err_oom(e);
		out->target = next_target(p, first);
	}
	if (rc == 0 && p->last.status == 200 && settle(p, key, all))
		rc = err_oom(e);
	out->target = first;
	json_decref(all);
	return rc;
}
