/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/base/base.h"

#include <stdio.h>
#include <string.h>

static const struct look looks[] = {
	{ "projects",
		"NAME=name,PG=status.pg_version,OWNER=status.owner,"
		"RETENTION=status.history_retention_duration,CREATED=create_time,DELETED=delete_time",
		"shop", "display_name=Shop pg_version=17", "display_name=Store" },
	{ "branches",
		"NAME=name,STATE=status.current_state,DEFAULT=status.default,PROTECTED=status.is_protected,"
		"SOURCE=status.source_branch,EXPIRES=status.expire_time",
		"dev", "no_expiry=true", "is_protected=true" },
	{ "endpoints",
		"NAME=name,TYPE=status.endpoint_type,STATE=status.current_state,"
		"MIN=status.autoscaling_limit_min_cu,MAX=status.autoscaling_limit_max_cu,"
		"HOST=status.hosts.host",
		"reader", "endpoint_type=ENDPOINT_TYPE_READ_ONLY", "autoscaling_limit_max_cu=4" },
	{ "roles",
		"NAME=name,POSTGRES=status.postgres_role,AUTH=status.auth_method,"
		"MEMBER OF=status.membership_roles",
		"app", "postgres_role=app", "attributes.createdb=true" },
	{ "databases", "NAME=name,POSTGRES=status.postgres_database,OWNER=status.role", "orders",
		"postgres_database=orders role=shop/dev/app", "role=shop/dev/app" },
	{ "catalogs", "NAME=name,DATABASE=status.postgres_database,BRANCH=status.branch", "shop_catalog",
		"branch=shop/production postgres_database=databricks_postgres" },
	{ "synced_tables",
		"NAME=name,STATE=status.detailed_state,UC=status.unity_catalog_provisioning_state",
		"main.sales.orders", "source_table_full_name=main.raw.orders branch=shop/production" },
	{ "snapshots", "NAME=name,SOURCE=status.source_branch,EXPIRES=status.expire_time", "before-launch",
		"source_branch=shop/production" },
	{ "cdf-configs", "NAME=name,SCHEMA=postgres_schema,CATALOG=catalog,TO=schema", "public",
		"catalog=main schema=cdf postgres_schema=public" },
};

const struct look *look_of(const struct lakebase_kind *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++)
		if (kind && strcmp(looks[i].collection, kind->collection) == 0)
			return &looks[i];
	return NULL;
}

const struct lakebase_kind *kind_named(const char *collection)
{
	const struct lakebase_kind *k = lakebase_kinds();

	while (k->collection && strcmp(k->collection, collection) != 0)
		k++;
	return k->collection ? k : NULL;
}

const char *sample_name(const struct lakebase_kind *kind)
{
	static char name[256];
	const struct lakebase_kind *chain[8];
	size_t n = 0, len = 0;

	for (const struct lakebase_kind *k = kind; k && n < ARRAY_SIZE(chain);
		k = k->parent ? kind_named(k->parent) : NULL)
		chain[n++] = k;
	name[0] = '\0';
	while (n-- > 0) {
		snprintf(name + len, sizeof(name) - len, "%s%s", len ? "/" : "",
			look_of(chain[n])->sample_id);
		len = strlen(name);
	}
	return name;
}

void short_name(char *out, size_t size, const char *name)
{
	size_t n = 0;
	bool id = false;

	for (const char *p = name; *p; id = !id) {
		size_t len = strcspn(p, "/");

		if (id && n + len + 2 < size)
			n += (size_t)snprintf(out + n, size - n, "%s%.*s", n ? "/" : "", (int)len, p);
		p += len;
		p += *p == '/';
	}
	out[n] = '\0';
}
