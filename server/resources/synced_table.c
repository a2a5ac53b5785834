/* SPDX-License-Identifier: Apache-2.0 */
/* Synced tables: Unity Catalog tables copied into Postgres by a pipeline. */
#include <string.h>

#include "base/text.h"
#include "core/resource/draft.h"
#include "resources/shared.h"

static const char *const channels[] = { "CURRENT", "PREVIEW", NULL };
static const char *const policies[] = { "CONTINUOUS", "SNAPSHOT", "TRIGGERED", NULL };
static const char *const pg_types[] = { "PG_SPECIFIC_TYPE_HALFVEC", "PG_SPECIFIC_TYPE_VARCHAR",
	"PG_SPECIFIC_TYPE_VECTOR", NULL };
static const char *const maintenances[] = { "DEFAULT_VALUE", "STORED_GENERATED", NULL };
static const char *const creation_points[] = { "CREATION_POINT_AFTER_DATA_LOAD", NULL };
static const char *const phases[] = { "PROVISIONING_PHASE_INDEX_SCAN", "PROVISIONING_PHASE_INDEX_SORT",
	"PROVISIONING_PHASE_MAIN", NULL };
static const char *const uc_states[] = { "ACTIVE", "DEGRADED", "DELETING", "FAILED", "PROVISIONING",
	"UPDATING", NULL };
static const char *const table_states[] = { "SYNCED_TABLE_OFFLINE", "SYNCED_TABLE_OFFLINE_FAILED",
	"SYNCED_TABLE_ONLINE", "SYNCED_TABLE_ONLINE_CONTINUOUS_UPDATE",
	"SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE", "SYNCED_TABLE_ONLINE_PIPELINE_FAILED",
	"SYNCED_TABLE_ONLINE_TRIGGERED_UPDATE", "SYNCED_TABLE_ONLINE_UPDATING_PIPELINE_RESOURCES",
	"SYNCED_TABLE_PROVISIONING", "SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT",
	"SYNCED_TABLE_PROVISIONING_PIPELINE_RESOURCES", NULL };

static const struct field pipeline_fields[] = {
	{ "budget_policy_id", T_STRING, 0, TYPED, .doc = "Budget policy of the pipeline." },
	{ "pipeline_channel", T_ENUM, 0, .choices = channels, TYPED, .doc = "Release channel." },
	{ "storage_catalog", T_STRING, 0, TYPED, .doc = "Catalog for the pipeline's own tables." },
	{ "storage_schema", T_STRING, 0, TYPED, .doc = "Schema for the pipeline's own tables." },
	{ 0 },
};
static const struct message pipeline = { "NewPipelineSpec", pipeline_fields };

static const struct field column_fields[] = {
	{ "column_name", T_STRING, F_REQUIRED, TYPED, .doc = "Name of the column." },
	{ "column_type", T_STRING, F_REQUIRED, TYPED, .doc = "Postgres type." },
	{ "compute", T_STRING, 0, TYPED, .doc = "Expression." },
	{ "maintenance", T_ENUM, 0, .choices = maintenances, TYPED, .doc = "How it is kept up to date." },
	{ 0 },
};
static const struct message extra_column = { "SyncedTableSyncedTableSpecExtraColumn", column_fields };

static const struct field index_fields[] = {
	{ "creation_point", T_ENUM, 0, .choices = creation_points, TYPED, .doc = "When it is made." },
	{ "definition", T_STRING, 0, TYPED, .doc = "SQL of the index." },
	{ "name", T_STRING, 0, TYPED, .doc = "Name of the index." },
	{ 0 },
};
static const struct message extra_index = { "SyncedTableSyncedTableSpecSecondaryIndex", index_fields };

static const struct field override_fields[] = {
	{ "column_name", T_STRING, F_REQUIRED, TYPED, .doc = "Name of the column." },
	{ "pg_type", T_ENUM, F_REQUIRED, .choices = pg_types, TYPED, .doc = "Postgres type to use." },
	{ "size", T_INT32, 0, TYPED, .doc = "Length or dimensions." },
	{ 0 },
};
static const struct message type_override = { "SyncedTableSyncedTableSpecTypeOverride", override_fields };

static const char *const no_new_pipeline[] = { "new_pipeline_spec", NULL };

static const struct field spec_fields[] = {
	{ "accelerated_sync", T_BOOL, 0, TYPED, .doc = "Use the faster path." },
	{ "branch", T_STRING, 0, VERIFIED, .doc = "Full name of the branch to copy into; likewise." },
	{ "create_database_objects_if_missing", T_BOOL, 0, VERIFIED, .doc = "Make database and schema when missing." },
	{ "existing_pipeline_id", T_STRING, 0, .excludes = no_new_pipeline, TYPED, .doc = "Pipeline to join." },
	{ "extra_columns", T_MESSAGE, F_LIST, &extra_column, TYPED, .doc = "Columns that the source lacks." },
	{ "extra_index_definitions", T_MESSAGE, F_LIST | F_WITHDRAWN, &extra_index, TYPED, .doc = "Withdrawn in September 2026." },
	{ "new_pipeline_spec", T_MESSAGE, 0, &pipeline, TYPED, .doc = "Pipeline to make." },
	{ "postgres_database", T_STRING, 0, .shape = SHAPE_PG_NAME, VERIFIED, .doc = "Postgres name of the database to copy into; that of the catalog when omitted, and needed where the catalog is not registered." },
	{ "primary_key_columns", T_STRING, F_LIST, VERIFIED, .doc = "Key columns of the source." },
	{ "scheduling_policy", T_ENUM, 0, .choices = policies, VERIFIED, .doc = "When rows are copied; cannot be read back." },
	{ "source_table_full_name", T_STRING, 0, VERIFIED, .doc = "catalog.schema.table of the source." },
	{ "timeseries_key", T_STRING, 0, TYPED, .doc = "Column that orders versions of a key." },
	{ "type_overrides", T_MESSAGE, F_LIST, &type_override, TYPED, .doc = "Postgres types to use instead." },
	{ 0 },
};
static const struct message spec_message = { "SyncedTableSyncedTableSpec", spec_fields };

static const struct field delta_fields[] = {
	{ "delta_commit_time", T_TIME, F_OUTPUT, TYPED, .doc = "When the source version was committed." },
	{ "delta_commit_version", T_INT64, F_OUTPUT, TYPED, .doc = "Version of the source." },
	{ 0 },
};
static const struct message delta_info = { "DeltaTableSyncInfo", delta_fields };

static const struct field position_fields[] = {
	{ "delta_table_sync_info", T_MESSAGE, F_OUTPUT, &delta_info, TYPED, .doc = "What was copied." },
	{ "sync_end_time", T_TIME, F_OUTPUT, TYPED, .doc = "When the copy ended." },
	{ "sync_start_time", T_TIME, F_OUTPUT, TYPED, .doc = "When the copy started." },
	{ 0 },
};
static const struct message position = { "SyncedTablePosition", position_fields };

static const struct field progress_fields[] = {
	{ "estimated_completion_time_seconds", T_DOUBLE, F_OUTPUT, TYPED, .doc = "Seconds left." },
	{ "latest_version_currently_processing", T_INT64, F_OUTPUT, TYPED, .doc = "Version of the source." },
	{ "sync_progress_completion", T_DOUBLE, F_OUTPUT, TYPED, .doc = "0 to 1." },
	{ "synced_row_count", T_INT64, F_OUTPUT, TYPED, .doc = "Rows copied." },
	{ "total_row_count", T_INT64, F_OUTPUT, TYPED, .doc = "Rows of the source." },
	{ 0 },
};
static const struct message pipeline_progress = { "SyncedTablePipelineProgress", progress_fields };

static const struct field status_fields[] = {
	{ "detailed_state", T_ENUM, F_OUTPUT, .choices = table_states, VERIFIED, .doc = "What the pipeline is doing." },
	{ "last_processed_commit_version", T_INT64, F_OUTPUT, TYPED, .doc = "Version of the source." },
	{ "last_sync", T_MESSAGE, F_OUTPUT, &position, TYPED, .doc = "The last copy." },
	{ "last_sync_time", T_TIME, F_OUTPUT, TYPED, .doc = "When rows were last copied." },
	{ "message", T_STRING, F_OUTPUT, TYPED, .doc = "A name for people." },
	{ "ongoing_sync_progress", T_MESSAGE, F_OUTPUT, &pipeline_progress, TYPED, .doc = "The copy under way." },
	{ "pipeline_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The pipeline." },
	{ "project", T_STRING, F_OUTPUT, VERIFIED, .doc = "Full name of the project." },
	{ "provisioning_phase", T_ENUM, F_OUTPUT, .choices = phases, TYPED, .doc = "Only while provisioning." },
	{ "unity_catalog_provisioning_state", T_ENUM, F_OUTPUT, .choices = uc_states, VERIFIED,
		.doc = "ACTIVE once the create operation is done; DELETING on the way out." },
	{ 0 },
};
static const struct message status_message = { "SyncedTableSyncedTableStatus", status_fields };

static const struct field fields[] = {
	FIELD_CREATE_TIME,
	FIELD_NAME,
	FIELD_SPEC(&spec_message, VERIFIED),
	FIELD_STATUS(&status_message, VERIFIED),
	{ "synced_table_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "catalog.schema.table" },
	{ "uid", T_STRING, F_OUTPUT, VERIFIED, .doc = "Id of the table in Unity Catalog." },
	{ 0 },
};
static const struct message message = { "SyncedTable", fields };

/* ---- settling ---- */

struct target {
	const char *catalog, *branch, *database;
};

/* A table in a catalog that is registered goes to the database behind it. */
static int find_catalog(struct ctx *c, const char *id, struct target *t, struct err *e)
{
	const char *catalog = arena_strndup(c->arena, id, strcspn(id, "."));
	struct object o;
	json_t *doc;
	int found = store_get(c->world->store, c->ws->state,
		arena_printf(c->arena, "catalogs/%s", catalog), c->arena, &o, e);

	if (found <= 0)
		return found;
	if (doc_load(&doc, o.doc, c->arena, e))
		return -1;
	t->branch = t->branch ? t->branch : doc_str(doc, "status.branch");
	t->database = t->database ? t->database : doc_str(doc, "status.postgres_database");
	return 0;
}

struct source_count {
	const char *source;
	int64_t n;
};

static int count_source(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	struct source_count *k = arg;

	(void)c, (void)e;
	k->n += streq(doc_str(d->aux, "source_table_full_name"), k->source);
	return 0;
}

static int check_source_quota(struct ctx *c, struct draft *d, struct err *e)
{
	int64_t max = setting_int(&c->world->settings, SETTING_MAX_SYNCED);
	struct source_count k = { doc_str(d->aux, "source_table_full_name"), 0 };

	if (!k.source)
		return 0;
	if (resource_each_child(c, d->res, "", count_source, &k, e))
		return -1;
	if (k.n < max)
		return 0;
	return err_say(e, SAY_QUOTA, number(c, (double)max), "synced tables of one source",
		"max_synced_tables_per_source");
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	/* Copies: what is set below replaces the strings that lie there. */
	struct target t = { .branch = arena_strdup(c->arena, doc_str(d->aux, "branch")),
		.database = arena_strdup(c->arena, doc_str(d->aux, "postgres_database")) };
	const char *pipeline_id = doc_str(d->aux, "existing_pipeline_id");

	if (find_catalog(c, d->id, &t, e))
		return -1;
	if (!t.branch || !t.branch[0])
		return err_say(e, SAY_REQUIRED, "synced_table.spec.branch");
	if (!t.database || !t.database[0])
		return err_say(e, SAY_REQUIRED, "synced_table.spec.postgres_database");
	if (branch_need(c, t.branch, e) || check_source_quota(c, d, e) ||
		database_need(c, t.branch, t.database,
			doc_bool(d->aux, "create_database_objects_if_missing"), e))
		return -1;
	if (!pipeline_id)
		pipeline_id = ctx_uuid(c, "pipeline", d->seq);
	if (doc_set_str(d->aux, "branch", t.branch) ||
		doc_set_str(d->aux, "postgres_database", t.database) ||
		doc_set_str(d->status, "project", name_project(c, t.branch)) ||
		doc_set_str(d->status, "pipeline_id", pipeline_id))
		return err_oom(e);
	return 0;
}

static bool lingers(const struct object *old)
{
	return old->event && streq(old->event, "synced_table_gone");
}

/* The live service replaces a table of the same id, except while the old one is going away. */
static int duplicate(struct ctx *c, struct draft *d, const struct object *old, struct err *e)
{
	if (lingers(old))
		return err_say(e, SAY_TABLE_DELETING, d->id);
	return resource_remove(c, d->name, e);
}

/* ---- life ---- */

static int set_states(struct draft *d, const char *detailed, const char *uc, struct err *e)
{
	if (doc_set_str(d->status, "detailed_state", detailed) ||
		doc_set_str(d->status, "unity_catalog_provisioning_state", uc))
		return err_oom(e);
	return 0;
}

static int progress(struct ctx *c, struct draft *d, enum verb verb, bool done, struct err *e)
{
	if (verb != VERB_CREATE)
		return 0;
	if (!done)
		return set_states(d, "SYNCED_TABLE_PROVISIONING", "PROVISIONING", e);
	d->due = c->now + setting_span(&c->world->settings, SETTING_SYNC_PROVISION);
	d->event = "synced_table_online";
	return set_states(d, "SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT", "ACTIVE", e);
}

static int come_online(struct ctx *c, struct draft *d, struct err *e)
{
	const char *policy = doc_str(d->aux, "scheduling_policy");
	const char *state = streq(policy, "CONTINUOUS") ? "SYNCED_TABLE_ONLINE_CONTINUOUS_UPDATE"
							: "SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE";

	d->event = NULL;
	if (set_states(d, state, "ACTIVE", e))
		return -1;
	if (doc_set_time(d->status, "last_sync_time", c->now) ||
		doc_set_int(d->status, "last_processed_commit_version", 1) ||
		doc_set_time(d->status, "last_sync.sync_end_time", c->now) ||
		doc_set_int(d->status, "last_sync.delta_table_sync_info.delta_commit_version", 1))
		return err_oom(e);
	return draft_store(c, d, e);
}

static int due(struct ctx *c, struct draft *d, struct err *e)
{
	if (streq(d->event, "synced_table_gone"))
		return resource_purge(c, d, e);
	if (streq(d->event, "synced_table_ready")) {
		if (progress(c, d, VERB_CREATE, true, e))
			return -1;
		return draft_store(c, d, e);
	}
	return come_online(c, d, e);
}

/* The row is gone already; with a linger it is put back for that long, on its way out. */
static int deleted(struct ctx *c, struct draft *d, struct err *e)
{
	usec linger = setting_span(&c->world->settings, SETTING_SYNC_LINGER);

	if (streq(d->event, "synced_table_gone")) /* deleted twice, or over */
		return d->due == USEC_NEVER ? 0 : draft_store(c, d, e);
	if (linger == 0)
		return 0;
	d->due = c->now + linger;
	d->event = "synced_table_gone";
	if (set_states(d, "SYNCED_TABLE_OFFLINE", "DELETING", e))
		return -1;
	return draft_store(c, d, e);
}

static const char *const events[] = { "synced_table_online", "synced_table_gone", NULL };

const struct resource synced_table_resource = {
	.kind = "synced_table",
	.label = "synced table",
	.collection = "synced_tables",
	.noun = "SyncedTable",
	.plural = "SyncedTables",
	.id_field = "synced_table_id",
	.message = &message,
	.spec = &spec_message,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_DELETE,
	.flags = R_SYNC_DELETE,
	.id_rule = ID_TABLE,
	.evidence = EVIDENCE_VERIFIED,
	.exists = SAY_TABLE_DELETING,
	.quota = SETTING__N,
	.settle = settle,
	.duplicate = duplicate,
	.progress = progress,
	.events = events,
	.due = due,
	.deleted = deleted,
};
