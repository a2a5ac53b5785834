# SPDX-License-Identifier: Apache-2.0
"""The Databricks CLI as people type it. Every test has a workspace and a HOME of its own."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))

from fixtures import lab, mock_url  # noqa: E402, F401

SHOP = "projects/shop"
PRODUCTION = f"{SHOP}/branches/production"
FAKE_PSQL = """#!/bin/sh
echo "$@"
echo "PGPASSWORD=${PGPASSWORD:+set} PGSSLMODE=$PGSSLMODE"
"""


@pytest.fixture
def cli(lab, tmp_path):
    """cli(ARGS..., fails=TEXT): what the command prints; decoded where that is JSON."""
    env = {"HOME": str(tmp_path), "DATABRICKS_HOST": lab.url, "DATABRICKS_TOKEN": lab.token(),
           "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "DATABRICKS_CACHE_ENABLED": "false"}

    def run(*args, body=None, fails=None, cwd=None, user=None):
        command = [os.environ["DATABRICKS_CLI"], *args]
        if body is not None:
            command += ["--json", json.dumps(body)]
        mine = {**env, **({"DATABRICKS_TOKEN": lab.token(user)} if user else {})}
        done = subprocess.run(command, env=mine, cwd=cwd or tmp_path, text=True, timeout=300,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if fails is not None:
            assert done.returncode == 1, done.stdout + done.stderr
            assert fails in done.stderr
            return done.stderr
        assert done.returncode == 0, done.stderr
        try:
            return json.loads(done.stdout)
        except ValueError:
            return done.stdout + done.stderr

    return run


@pytest.fixture
def shop(cli):
    return cli("postgres", "create-project", "shop", body={"spec": {"display_name": "Shop"}})


def test_project(cli, shop):
    assert shop["name"] == SHOP and shop["status"]["display_name"] == "Shop"
    assert cli("postgres", "get-project", SHOP) == shop
    assert [p["name"] for p in cli("postgres", "list-projects", "-o", "json")] == [SHOP]
    after = cli("postgres", "update-project", SHOP, "spec.display_name",
                body={"spec": {"display_name": "Renamed"}})
    assert after["status"]["display_name"] == "Renamed"
    cli("postgres", "delete-project", SHOP)
    assert "delete_time" in cli("postgres", "get-project", SHOP)
    cli("postgres", "undelete-project", SHOP)
    cli("postgres", "delete-project", SHOP, "--purge")
    cli("postgres", "get-project", SHOP, fails="project id not found")


def test_branch(cli, shop):
    made = cli("postgres", "create-branch", SHOP, "dev", body={"spec": {"ttl": "3600s"}})
    assert made["status"]["source_branch"] == PRODUCTION
    after = cli("postgres", "update-branch", made["name"], "spec.expiration",
                body={"spec": {"no_expiry": True}})
    assert "expire_time" not in after["status"]
    listed = cli("postgres", "list-branches", SHOP, "--page-size", "1", "-o", "json")
    assert [b["branch_id"] for b in listed] == ["production", "dev"]
    cli("postgres", "delete-branch", made["name"], "--purge")
    cli("postgres", "delete-branch", PRODUCTION, fails="Root branches cannot be deleted")
    again = cli("postgres", "create-branch", SHOP, "production", "--replace-existing",
                body={"spec": {"no_expiry": True}})
    assert again["status"]["default"] is True


def test_endpoint_role_database(cli, shop):
    endpoint = cli("postgres", "create-endpoint", PRODUCTION, "replica",
                   body={"spec": {"endpoint_type": "ENDPOINT_TYPE_READ_ONLY"}})
    assert endpoint["status"]["current_state"] == "ACTIVE"
    after = cli("postgres", "update-endpoint", endpoint["name"], "spec.autoscaling_limit_max_cu",
                body={"spec": {"endpoint_type": "ENDPOINT_TYPE_READ_ONLY",
                               "autoscaling_limit_max_cu": 4}})
    assert after["status"]["autoscaling_limit_max_cu"] == 4
    listed = cli("postgres", "list-endpoints", PRODUCTION, "-o", "json")
    assert [e["endpoint_id"] for e in listed] == ["primary", "replica"]

    role = cli("postgres", "create-role", PRODUCTION, "--role-id", "app",
               body={"spec": {"postgres_role": "app"}})
    database = cli("postgres", "create-database", PRODUCTION, "--database-id", "orders",
                   body={"spec": {"postgres_database": "orders", "role": role["name"]}})
    assert database["status"]["role"] == role["name"]
    cli("postgres", "update-role", role["name"], "spec.attributes.createdb",
        body={"spec": {"attributes": {"createdb": True}}})
    cli("postgres", "delete-database", database["name"])
    cli("postgres", "delete-role", role["name"])
    cli("postgres", "delete-endpoint", endpoint["name"])


def test_endpoint_without_a_type(cli, lab, shop):
    # Its type is sent as an empty one.
    after = cli("postgres", "update-endpoint", f"{PRODUCTION}/endpoints/primary", "spec.disabled",
                body={"spec": {"disabled": True}})
    assert after["status"]["disabled"] is True
    after = cli("postgres", "update-endpoint", f"{PRODUCTION}/endpoints/primary",
                "spec.group,spec.suspension",
                body={"spec": {"group": {"min": 2, "max": 2}, "no_suspension": True}})
    assert after["status"]["group"]["max"] == 2
    # and roles with an empty method
    role = cli("postgres", "create-role", PRODUCTION, "--role-id", "app",
               body={"spec": {"postgres_role": "app"}})
    assert role["status"]["auth_method"] == "PG_PASSWORD_SCRAM_SHA_256"


def test_what_is_asked_first(cli):
    cli("database", "get-database-instance", "orders",
        fails="Database instance orders does not exist")
    cli("apps", "get", "orders", fails="not found")
    assert cli("database", "list-database-instances", "-o", "json") == []


def test_catalog_and_synced_table(cli, shop):
    catalog = cli("postgres", "create-catalog", "sales",
                  body={"spec": {"postgres_database": "databricks_postgres",
                                 "branch": PRODUCTION}})
    assert cli("postgres", "get-catalog", catalog["name"]) == catalog
    table = cli("postgres", "create-synced-table", "sales.public.orders",
                body={"spec": {"branch": PRODUCTION, "postgres_database": "databricks_postgres",
                               "source_table_full_name": "main.raw.orders",
                               "primary_key_columns": ["id"], "scheduling_policy": "SNAPSHOT",
                               "new_pipeline_spec": {"storage_catalog": "main",
                                                     "storage_schema": "raw"}}})
    assert table["status"]["unity_catalog_provisioning_state"] == "ACTIVE"
    cli("postgres", "delete-synced-table", table["name"])
    cli("postgres", "delete-catalog", catalog["name"])


def test_no_wait_and_the_operation(cli, shop):
    operation = cli("postgres", "create-branch", SHOP, "dev", "--no-wait",
                    body={"spec": {"no_expiry": True}})
    assert operation["name"].startswith(f"{SHOP}/branches/dev/operations/")
    done = cli("postgres", "get-operation", operation["name"])
    assert done["done"] is True and done["response"]["name"] == f"{SHOP}/branches/dev"


def test_errors_are_the_services_own(cli, lab, shop):
    cli("postgres", "create-project", "shop", body={"spec": {}},
        fails="project with such id already exists in the workspace")
    cli("postgres", "create-branch", SHOP, "dev", body={"spec": {}},
        fails="Expiration must be specified when creating a branch")
    cli("postgres", "update-project", SHOP, "spec.nonsense", body={"spec": {}},
        fails="Unknown field path in update_mask: 'spec.nonsense'")
    cli("postgres", "list-branches", "projects/none",
        fails="Project with name 'projects/none' not found")
    lab.maintenance("shop", "1 calls")
    cli("postgres", "create-branch", SHOP, "dev", body={"spec": {"no_expiry": True}},
        fails="project already has running conflicting operations, "
              "scheduling of new ones is prohibited")


def test_credential_and_me(cli, shop):
    credential = cli("postgres", "generate-database-credential", f"{PRODUCTION}/endpoints/primary",
                     "--ttl", "600s")
    assert credential["token"].count(".") == 2 and credential["expire_time"]
    assert cli("current-user", "me")["userName"] == "admin@example.com"
    assert cli("current-user", "me", user="ann")["userName"] == "ann@example.com"


def test_permissions(cli, shop):
    entries = [{"user_name": "ann@example.com", "permission_level": "CAN_USE"}]
    seen = cli("permissions", "update", "database-projects", "shop",
               body={"access_control_list": entries})
    assert seen["object_type"] == "database-projects"
    cli("postgres", "delete-project", SHOP, user="ann", fails="")
    seen = cli("permissions", "set", "database-projects", "shop",
               body={"access_control_list": entries})
    names = [e.get("user_name") for e in seen["access_control_list"]]
    assert "ann@example.com" in names and "admin@example.com" not in names
    assert cli("permissions", "get-permission-levels", "database-projects", "shop")


def test_api(cli, shop):
    assert cli("api", "get", f"/api/2.0/postgres/{SHOP}")["project_id"] == "shop"
    operation = cli("api", "post", "/api/2.0/postgres/projects?project_id=raw", body={"spec": {}})
    assert operation["done"] is False
    cli("api", "get", "/api/2.0/postgres/nonsense", fails="No API found for 'GET /postgres/nonsense'")


@pytest.fixture
def psql(cli, shop, tmp_path):
    """`databricks psql` with a psql that prints what it was called with."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "psql").write_text(FAKE_PSQL)
    (folder / "psql").chmod(0o755)
    return lambda *args, **kwargs: cli("psql", *args, **kwargs)


@pytest.mark.parametrize("target", [
    [f"{PRODUCTION}/endpoints/primary"], ["--project", "shop"],
    ["--project", "shop", "--branch", "production"],
    ["--project", "shop", "--branch", "production", "--endpoint", "primary"]])
def test_psql(cli, psql, target):
    host = cli("postgres", "get-endpoint", f"{PRODUCTION}/endpoints/primary")[
        "status"]["hosts"]["host"]
    said = psql(*target)
    assert (f"--host={host} --username=admin@example.com --port=5432 "
            "--dbname=databricks_postgres") in said
    assert "PGPASSWORD=set PGSSLMODE=require" in said


def test_psql_waits_for_a_ready_endpoint(psql, cli, lab):
    lab.plan("stuck")
    cli("postgres", "create-endpoint", PRODUCTION, "slow", "--no-wait",
        body={"spec": {"endpoint_type": "ENDPOINT_TYPE_READ_ONLY"}})
    psql(f"{PRODUCTION}/endpoints/slow", fails="endpoint is not ready for accepting connections")
