/* SPDX-License-Identifier: Apache-2.0 */
#include "liblakebase/document/name.h"
#include "liblakebase/error.h"
#include "liblakebase/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything that is known about kinds of resources, here and in lakebasectl. */
static const struct lakebase_kind kinds[] = {
	/* collection, singular, parent, id parameter, flags, listed, updated, undeleted */
	{ "projects", "project", NULL, "project_id", LAKEBASE_PURGE | LAKEBASE_SHOW_DELETED, true, true,
		true },
	{ "branches", "branch", "projects", "branch_id",
		LAKEBASE_REPLACE_EXISTING | LAKEBASE_PURGE | LAKEBASE_SHOW_DELETED, true, true, true },
	{ "endpoints", "endpoint", "branches", "endpoint_id", LAKEBASE_REPLACE_EXISTING, true, true,
		false },
	{ "roles", "role", "branches", "role_id", LAKEBASE_REPLACE_EXISTING, true, true, false },
	{ "databases", "database", "branches", "database_id", LAKEBASE_REPLACE_EXISTING, true, true,
		false },
	{ "catalogs", "catalog", NULL, "catalog_id", 0, false, false, false },
	{ "synced_tables", "synced-table", NULL, "synced_table_id", 0, false, false, false },
	{ "snapshots", "snapshot", "projects", "snapshot_id", 0, true, false, false },
	{ "cdf-configs", "cdf-config", "databases", "cdf_config_id", 0, true, false, false },
	{ NULL, NULL, NULL, NULL, 0, false, false, false },
};

const struct lakebase_kind *lakebase_kinds(void)
{
	return kinds;
}

static const struct lakebase_kind *find(const char *collection, size_t n)
{
	for (const struct lakebase_kind *k = kinds; k->collection; k++)
		if (strlen(k->collection) == n && memcmp(k->collection, collection, n) == 0)
			return k;
	return NULL;
}

int lb_name_check(const char *name, struct lakebase_error *e)
{
	size_t n;

	if (!name || !*name)
		return lb_error_set(e, LAKEBASE_EINVALID, "the resource name is empty");
	if (strlen(name) >= LB_MAX_NAME)
		return lb_error_set(e, LAKEBASE_EINVALID, "the resource name is too long");
	for (const char *p = name;; p += n + 1) {
		n = strcspn(p, "/");
		if (!n)
			return lb_error_set(e, LAKEBASE_EINVALID,
				"'%s': a part of the name is empty", name);
		if (strspn(p, ".") >= n)
			return lb_error_set(e, LAKEBASE_EINVALID,
				"'%s': a part of the name consists of dots", name);
		for (size_t i = 0; i < n; i++)
			if ((unsigned char)p[i] <= ' ' || p[i] == 0x7f)
				return lb_error_set(e, LAKEBASE_EINVALID,
					"the resource name holds a blank or control character");
		if (!p[n])
			return 0;
	}
}

/* "projects/PROJECT/branches/BRANCH", or with `brief` "PROJECT/BRANCH". */
static void shape_of(char *text, size_t size, const struct lakebase_kind *kind, bool brief)
{
	char above[256] = "", id[64];

	snprintf(id, sizeof(id), "%.*s", (int)(strlen(kind->id_parameter) - strlen("_id")),
		kind->id_parameter);
	for (char *p = id; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	if (kind->parent)
		shape_of(above, sizeof(above), find(kind->parent, strlen(kind->parent)), brief);
	snprintf(text, size, "%s%s%s%s%s", above, *above ? "/" : "", brief ? "" : kind->collection,
		brief ? "" : "/", id);
}

/* A known kind stands below the kind that the table says, and below no other. */
static int check_parent(const struct lb_name *n, const char *name, struct lakebase_error *e)
{
	const struct lakebase_kind *above = NULL;
	const char *id = strrchr(n->parent, '/'), *start = id;
	char shape[256];

	while (start && start > n->parent && start[-1] != '/')
		start--;
	if (id)
		above = find(start, (size_t)(id - start));
	if (n->kind->parent ? above && strcmp(above->collection, n->kind->parent) == 0 : !*n->parent)
		return 0;
	shape_of(shape, sizeof(shape), n->kind, false);
	return lb_error_set(e, LAKEBASE_EINVALID, "'%s': %s are named %s", name, n->kind->collection, shape);
}

/*
 * Names alternate between collections and ids; with an odd number of parts the last one is a
 * collection, or a singleton such as "data-api".
 */
int lb_name_split(struct lb_name *n, const char *name, struct lakebase_error *e)
{
	const char *last, *before = name;
	size_t parts = 1, size;

	*n = (struct lb_name){ 0 };
	if (lb_name_check(name, e))
		return e->code;
	for (const char *p = name; *p; p++)
		parts += *p == '/';
	last = strrchr(name, '/');
	last = last ? last + 1 : name;
	if (parts % 2 == 0) {
		snprintf(n->id, sizeof(n->id), "%s", last);
		for (before = last - 1; before > name && before[-1] != '/';)
			before--;
		size = (size_t)(last - 1 - before);
	} else {
		before = last;
		size = strlen(last);
	}
	if (size >= sizeof(n->collection))
		return lb_error_set(e, LAKEBASE_EINVALID, "'%s': no such collection", name);
	memcpy(n->collection, before, size);
	if (before > name)
		memcpy(n->parent, name, (size_t)(before - 1 - name));
	n->kind = find(before, size);
	return n->kind ? check_parent(n, name, e) : 0;
}

const struct lakebase_kind *lakebase_kind_of(const char *name)
{
	struct lakebase_error e;
	struct lb_name n;

	return lb_name_split(&n, name, &e) ? NULL : n.kind;
}

char *lb_path_of(const char *name)
{
	struct lb_buf b = { 0 };

	lb_buf_puts(&b, "/api/2.0/postgres/");
	lb_buf_escape(&b, name, "/");
	return lb_buf_take(&b);
}

/* Writes the chain of collections above and with `kind`, one id of `name` in each. */
static const char *expand(struct lb_buf *b, const struct lakebase_kind *kind, const char *name)
{
	size_t n;

	if (kind->parent) {
		name = expand(b, find(kind->parent, strlen(kind->parent)), name);
		if (!name || *name != '/')
			return NULL;
		lb_buf_puts(b, "/");
		name++;
	}
	n = strcspn(name, "/");
	lb_buf_printf(b, "%s/", kind->collection);
	lb_buf_add(b, name, n);
	return n ? name + n : NULL;
}

int lakebase_name_expand(char **out, const struct lakebase_kind *kind, const char *name)
{
	struct lakebase_error e;
	struct lb_buf b = { 0 };
	struct lb_name split;
	const char *rest;
	char shape[256];

	*out = NULL;
	if (lb_name_split(&split, name, &e))
		return lb_error_publish(&e);
	if (split.kind == kind && *split.id) {
		lb_buf_puts(&b, name);
	} else {
		/* "projects/p" is no short name of a branch, but the full one of a project */
		rest = split.kind ? NULL : expand(&b, kind, name);
		if (!rest || *rest) {
			lb_buf_done(&b);
			shape_of(shape, sizeof(shape), kind, true);
			return lb_fail(LAKEBASE_EINVALID,
				"'%s' does not name %s %s: expected %s, or the full name", name,
				strchr("aeiou", *kind->singular) ? "an" : "a", kind->singular, shape);
		}
	}
	*out = lb_buf_take(&b);
	return *out ? 0 : lb_fail(LAKEBASE_ENOMEM, "out of memory");
}
