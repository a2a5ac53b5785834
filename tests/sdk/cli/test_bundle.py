# SPDX-License-Identifier: Apache-2.0
"""`databricks bundle`: a project with a branch, an endpoint and permissions as code."""

from urllib.parse import unquote

import pytest
from test_cli import cli, lab, mock_url  # noqa: F401  (fixtures)

BUNDLE = """
bundle:
  name: shop
sync:
  paths: [files]
resources:
  postgres_projects:
    shop:
      project_id: shop
      display_name: %(display_name)s
      pg_version: 16
      history_retention_duration: 604800s
      default_endpoint_settings:
        autoscaling_limit_min_cu: 0.5
        autoscaling_limit_max_cu: %(max_cu)d
        suspend_timeout_duration: 300s
%(settings)s      permissions:
        - {level: CAN_USE, user_name: ann@example.com}
        - {level: CAN_MANAGE, user_name: admin@example.com}
  postgres_branches:
    dev:
      parent: ${resources.postgres_projects.shop.id}
      branch_id: dev
      no_expiry: true
  postgres_endpoints:
    replica:
      parent: ${resources.postgres_branches.dev.id}
      endpoint_id: replica
      endpoint_type: ENDPOINT_TYPE_READ_ONLY
      autoscaling_limit_min_cu: 0.5
      autoscaling_limit_max_cu: 2
targets:
  dev:
    default: true
"""


@pytest.fixture
def bundle(cli, tmp_path, monkeypatch):  # noqa: F811
    folder = tmp_path / "bundle"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "query.sql").write_text("select 1;\n")

    def run(*args, display_name="Shop", max_cu=4, settings="", **kwargs):
        (folder / "databricks.yml").write_text(BUNDLE % {
            "display_name": display_name, "max_cu": max_cu, "settings": settings})
        return cli("bundle", *args, cwd=folder, **kwargs)

    return run


TAGS = "      custom_tags:\n        - {key: team, value: a}\n"
PG_SETTINGS = "        pg_settings: {work_mem: 8MB}\n"


def test_nested_settings_and_tags(bundle, cli, lab):  # noqa: F811
    def deployed(**changes):
        bundle("deploy", **changes)
        assert "0 to change" in bundle("plan", **changes)
        return cli("postgres", "get-project", "projects/shop")["status"]

    assert deployed(settings=TAGS)["custom_tags"] == [{"key": "team", "value": "a"}]
    # one nested default
    status = deployed(settings=TAGS, max_cu=8)
    assert status["default_endpoint_settings"]["autoscaling_limit_max_cu"] == 8
    # a map that was not there
    status = deployed(settings=PG_SETTINGS + TAGS, max_cu=8)
    assert status["default_endpoint_settings"]["pg_settings"] == {"work_mem": "8MB"}
    # a list that is no more
    status = deployed(settings=PG_SETTINGS, max_cu=8)
    assert "custom_tags" not in status
    assert status["default_endpoint_settings"]["pg_settings"] == {"work_mem": "8MB"}
    group = "spec.default_endpoint_settings"
    masks = [sorted(unquote(r["query"]).split("=")[1].split(","))
             for r in lab.requests(rpc="UpdateProject")]
    assert masks == [[group, f"{group}.autoscaling_limit_max_cu"], [group, f"{group}.pg_settings"],
                     ["spec.custom_tags"]]
    bundle("destroy", "--auto-approve", settings=PG_SETTINGS, max_cu=8)


def test_deploy_change_destroy(bundle, cli, lab):  # noqa: F811
    assert "Validation OK!" in bundle("validate")
    bundle("deploy")
    shop = cli("postgres", "get-project", "projects/shop")
    assert shop["status"]["display_name"] == "Shop" and shop["status"]["pg_version"] == 16
    assert cli("postgres", "get-endpoint", "projects/shop/branches/dev/endpoints/replica")
    acl = cli("permissions", "get", "database-projects", "shop")["access_control_list"]
    assert "ann@example.com" in [e.get("user_name") for e in acl]
    # A file of the bundle lies in the workspace, as it was sent.
    sent = [unquote(r["path"]) for r in lab.requests(rpc="WorkspaceImportFile")]
    path = next(p for p in sent if p.endswith("/files/files/query.sql"))
    assert "select 1;" in cli("workspace", "export", path.split("/import-file")[1])

    said = bundle("plan")
    assert "0 to add, 0 to change, 0 to delete" in said

    bundle("deploy", display_name="Renamed")
    shop = cli("postgres", "get-project", "projects/shop")
    assert shop["status"]["display_name"] == "Renamed"
    masks = [r["query"] for r in lab.requests(rpc="UpdateProject")]
    assert masks == ["update_mask=spec.display_name"]

    bundle("destroy", "--auto-approve", display_name="Renamed")
    cli("postgres", "list-branches", "projects/shop", fails="not found")

