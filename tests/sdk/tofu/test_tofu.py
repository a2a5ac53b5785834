# SPDX-License-Identifier: Apache-2.0
"""Infrastructure as code: apply, see no drift, change, destroy."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))

from mock import Lab  # noqa: E402

from databricks.sdk import WorkspaceClient  # noqa: E402
from databricks.sdk.errors import NotFound  # noqa: E402


@pytest.fixture
def lab():
    return Lab(os.environ["MOCK_URL"], "tofu")


@pytest.fixture
def tofu(tmp_path):
    """tofu(ARGS...): its exit code and what it said, in a folder with main.tf."""
    programs = os.environ["PROGRAMS"]
    shutil.copy(HERE / "main.tf", tmp_path)
    rc = tmp_path / "tofurc"
    rc.write_text('provider_installation {\n  dev_overrides {\n'
                  f'    "databricks/databricks" = "{programs}"\n  }}\n  direct {{}}\n}}\n')
    env = {**os.environ, "TF_CLI_CONFIG_FILE": str(rc), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}

    def run(*args):
        done = subprocess.run([f"{programs}/tofu", *args, "-no-color"], env=env, cwd=tmp_path,
                              text=True, capture_output=True, timeout=240, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_apply_plan_change_destroy(tofu, lab):
    w = WorkspaceClient()
    code, said = tofu("apply", "-auto-approve")
    assert code == 0, said
    assert "Apply complete! Resources: 7 added, 0 changed, 0 destroyed." in said
    host = json.loads(tofu("output", "-json")[1])["host"]["value"]
    replica = w.postgres.get_endpoint("projects/shop/branches/dev/endpoints/replica")
    assert host == replica.status.hosts.host
    acl = w.permissions.get("database-projects", "shop").access_control_list
    assert "ann@example.com" in [e.user_name for e in acl]

    code, said = tofu("plan", "-detailed-exitcode")
    assert code == 0, said  # 2 would be: there is something to change

    code, said = tofu("apply", "-auto-approve", "-var", "display_name=Renamed")
    assert code == 0, said
    assert "Resources: 0 added, 1 changed, 0 destroyed." in said
    assert w.postgres.get_project("projects/shop").status.display_name == "Renamed"
    mask, = [r["query"] for r in lab.requests(rpc="UpdateProject")]
    assert mask == "update_mask=initial_branch_spec%2Cinitial_endpoint_spec%2Cspec"

    code, said = tofu("destroy", "-auto-approve")
    assert code == 0, said
    with pytest.raises(NotFound):
        list(w.postgres.list_branches("projects/shop"))
