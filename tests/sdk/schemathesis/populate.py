# SPDX-License-Identifier: Apache-2.0
"""One of everything in the workspace of $DATABRICKS_TOKEN."""

from databricks.sdk import WorkspaceClient
from databricks.sdk.service import postgres as pg

SHOP = "projects/shop"
DEV = f"{SHOP}/branches/dev"

api = WorkspaceClient().postgres
api.create_project(pg.Project(spec=pg.ProjectSpec()), "shop").wait()
api.create_branch(SHOP, pg.Branch(spec=pg.BranchSpec(no_expiry=True)), "dev").wait()
api.create_role(DEV, pg.Role(spec=pg.RoleRoleSpec(postgres_role="app")), role_id="app").wait()
api.create_database(
    DEV, pg.Database(spec=pg.DatabaseDatabaseSpec(postgres_database="orders", role=f"{DEV}/roles/app")),
    database_id="orders").wait()
api.create_catalog(
    pg.Catalog(spec=pg.CatalogCatalogSpec(postgres_database="orders", branch=DEV)), "sales").wait()
api.create_synced_table(
    pg.SyncedTable(spec=pg.SyncedTableSyncedTableSpec(
        branch=DEV, postgres_database="orders", source_table_full_name="main.raw.orders",
        primary_key_columns=["id"], create_database_objects_if_missing=True,
        scheduling_policy=pg.SyncedTableSyncedTableSpecSyncedTableSchedulingPolicy.SNAPSHOT)),
    "sales.public.orders").wait()
api.create_snapshot(
    SHOP, pg.Snapshot(spec=pg.SnapshotSpec(source_branch=f"{SHOP}/branches/production")), "first").wait()
api.create_cdf_config(
    f"{DEV}/databases/orders",
    pg.CdfConfig(catalog="main", schema="raw", postgres_schema="public"), cdf_config_id="public").wait()
