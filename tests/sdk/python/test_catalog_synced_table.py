# SPDX-License-Identifier: Apache-2.0
"""The life of a catalog registration and of a synced table."""

import pytest
from databricks.sdk.errors import NotFound, ResourceConflict
from databricks.sdk.service.postgres import (
    Catalog, CatalogCatalogSpec, NewPipelineSpec, ProvisioningInfoState, SyncedTable,
    SyncedTableSyncedTableSpec, SyncedTableSyncedTableSpecSyncedTableSchedulingPolicy)

TABLE = "sales.public.orders"


@pytest.fixture
def catalog(w, production):
    return w.postgres.create_catalog(
        Catalog(spec=CatalogCatalogSpec(postgres_database="databricks_postgres",
                                        branch=production)), "sales").wait()


def make_table(w, production):
    return w.postgres.create_synced_table(
        SyncedTable(spec=SyncedTableSyncedTableSpec(
            branch=production, postgres_database="databricks_postgres",
            source_table_full_name="main.raw.orders", primary_key_columns=["id"],
            create_database_objects_if_missing=True,
            scheduling_policy=SyncedTableSyncedTableSpecSyncedTableSchedulingPolicy.TRIGGERED,
            new_pipeline_spec=NewPipelineSpec(storage_catalog="main", storage_schema="raw"))),
        TABLE)


def test_catalog(w, project, production, catalog):
    assert catalog.name == "catalogs/sales"
    assert catalog.catalog_id == "sales"
    assert catalog.uid and catalog.create_time and catalog.update_time
    assert catalog.spec is None
    assert catalog.status.postgres_database == "databricks_postgres"
    assert catalog.status.branch == production
    assert catalog.status.project == project
    assert catalog == w.postgres.get_catalog(catalog.name)


def test_a_taken_catalog(w, production, catalog):
    with pytest.raises(ResourceConflict, match="catalog with such id already exists"):
        w.postgres.create_catalog(
            Catalog(spec=CatalogCatalogSpec(postgres_database="databricks_postgres",
                                            branch=production)), "sales")


def test_catalog_delete_leaves_the_database(w, production, catalog):
    w.postgres.delete_catalog(catalog.name).wait()
    with pytest.raises(NotFound, match="catalog id not found"):
        w.postgres.get_catalog(catalog.name)
    databases = [d.status.postgres_database for d in w.postgres.list_databases(production)]
    assert databases == ["databricks_postgres"]


def test_synced_table(w, project, production, catalog):
    operation = make_table(w, production)
    assert operation.name().startswith(f"synced_tables/{TABLE}/operations/")
    made = operation.wait()
    assert made.name == f"synced_tables/{TABLE}"
    assert made.synced_table_id == TABLE
    assert made.uid
    assert made.spec is None
    assert made.status.project == project
    assert made.status.unity_catalog_provisioning_state == ProvisioningInfoState.ACTIVE
    assert made.status.detailed_state is not None
    assert made.status.pipeline_id
    assert w.postgres.get_synced_table(made.name).uid == made.uid


def test_synced_table_delete_and_again(w, production, catalog):
    name = make_table(w, production).wait().name
    w.postgres.delete_synced_table(name).wait()
    with pytest.raises(NotFound):
        w.postgres.get_synced_table(name)
    assert make_table(w, production).wait().name == name
