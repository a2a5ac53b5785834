# SPDX-License-Identifier: Apache-2.0
"""Ordinary SDK code under test: nothing in it knows of the mock."""
import pytest

databricks = pytest.importorskip("databricks.sdk", reason="pip install databricks-sdk")

from databricks.sdk.service.postgres import Branch, BranchSpec, Duration, Project, ProjectSpec  # noqa: E402


def provision(project_id):
    """What a deployment script does: a project, and a branch for the reviewers."""
    w = databricks.WorkspaceClient()
    project = w.postgres.create_project(
        project=Project(spec=ProjectSpec(display_name="Review")), project_id=project_id).wait()
    return w.postgres.create_branch(
        parent=project.name, branch_id="review",
        branch=Branch(spec=BranchSpec(ttl=Duration(seconds=86400)))).wait()


def test_it_provisions(lakebase_env):
    assert provision("shop").name == "projects/shop/branches/review"


def test_it_survives_a_throttled_create(lakebase_env):
    lakebase_env.faults.add("CreateBranch", "throttle", retry_after=0, times=1, expect=1)
    assert provision("shop").name == "projects/shop/branches/review"


@pytest.mark.lakebase(clock="2040-01-01T00:00:00Z")
def test_the_branch_is_gone_a_day_later(lakebase_env):
    provision("shop")
    events = lakebase_env.clock.advance("25h")
    assert ("projects/shop/branches/review", "branch_expired") in [(e["name"], e["event"]) for e in events]
