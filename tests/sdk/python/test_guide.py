# SPDX-License-Identifier: Apache-2.0
"""The Python samples of the Lakebase Autoscaling API guide, word for word."""

import pytest
from databricks.sdk.errors import ResourceConflict

GET_OPERATION = """
from databricks.sdk import WorkspaceClient

w = WorkspaceClient()

# Start an operation (example: create project)
operation = w.postgres.create_project(...)
print(f"Operation started: {operation.name}")

# Wait for completion
result = operation.wait()
print(f"Operation completed: {result.name}")
"""

# The guide leaves the arguments of create_project to the reader.
ARGUMENTS = 'project=Project(spec=ProjectSpec()), project_id="my-project"'

RETRY_ON_CONFLICT = '''
import time
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import ResourceConflict
from databricks.sdk.service.postgres import Branch, BranchSpec

w = WorkspaceClient()

def retry_on_conflict(fn, max_attempts=5, base_delay=0.1):
    """Retry a Lakebase API call when a conflicting operation is in progress."""
    for attempt in range(max_attempts):
        try:
            return fn()
        except ResourceConflict:
            if attempt == max_attempts - 1:
                raise
            wait = base_delay * (2 ** attempt)
            print(f"Conflicting operation in progress. Retrying in {wait}s...")
            time.sleep(wait)  # allowed: as in the guide

# Example: create a branch with retry
branch = retry_on_conflict(
    lambda: w.postgres.create_branch(
        parent="projects/my-project",
        branch=Branch(spec=BranchSpec(no_expiry=True)),
        branch_id="my-branch",
    ).wait()
)
'''


@pytest.fixture(autouse=True)
def environment(lab, monkeypatch):
    """WorkspaceClient() finds the server the way it finds a real workspace."""
    monkeypatch.setenv("DATABRICKS_HOST", lab.url)
    monkeypatch.setenv("DATABRICKS_TOKEN", lab.token())


def run(sample, **names):
    exec(compile(sample, "the guide", "exec"), names)
    return names


def test_get_operation(lab, capsys):
    sample = ("from databricks.sdk.service.postgres import Project, ProjectSpec\n"
              + GET_OPERATION.replace("...", ARGUMENTS))
    run(sample)
    started, completed = capsys.readouterr().out.splitlines()
    assert started.startswith("Operation started: ")
    assert completed == "Operation completed: projects/my-project"


def test_retry_on_conflict(lab, w, capsys):
    run("from databricks.sdk.service.postgres import Project, ProjectSpec\n"
        + GET_OPERATION.replace("...", ARGUMENTS))
    capsys.readouterr()
    lab.maintenance("my-project", "3 calls")
    names = run(RETRY_ON_CONFLICT)
    assert names["branch"].name == "projects/my-project/branches/my-branch"
    assert capsys.readouterr().out.splitlines() == [
        f"Conflicting operation in progress. Retrying in {wait}s..." for wait in (0.1, 0.2, 0.4)]

    seen = lab.requests(rpc="CreateBranch")
    assert [r["status"] for r in seen] == [409, 409, 409, 200]
    assert [r["error_code"] for r in seen[:3]] == ["RESOURCE_CONFLICT"] * 3
    assert [r["applied"] for r in seen] == [False, False, False, True]
    # A 409 means that nothing was applied; the guide says to verify by a GET.
    assert w.postgres.get_branch("projects/my-project/branches/my-branch").name


def test_retry_on_conflict_gives_up(lab):
    run("from databricks.sdk.service.postgres import Project, ProjectSpec\n"
        + GET_OPERATION.replace("...", ARGUMENTS))
    lab.maintenance("my-project", "10m")
    with pytest.raises(ResourceConflict) as e:
        run(RETRY_ON_CONFLICT)
    assert type(e.value) is ResourceConflict
    assert str(e.value) == ("project already has running conflicting operations, "
                            "scheduling of new ones is prohibited")
    assert len(lab.requests(rpc="CreateBranch")) == 5


def test_update_mask_sample(w):
    from databricks.sdk.common.types.fieldmask import FieldMask
    from databricks.sdk.service.postgres import Project, ProjectSpec
    w.postgres.create_project(Project(spec=ProjectSpec()), "my-project").wait()
    w.postgres.update_project("projects/my-project", Project(spec=ProjectSpec(display_name="New")),
                              update_mask=FieldMask(field_mask=["spec.display_name"])).wait()
    assert w.postgres.get_project("projects/my-project").status.display_name == "New"


def test_permissions_by_path(w):
    from databricks.sdk.service.postgres import Project, ProjectSpec
    w.postgres.create_project(Project(spec=ProjectSpec()), "my-project").wait()
    path = "/api/2.0/permissions/database-projects/my-project"
    body = {"access_control_list": [
        {"user_name": "ann@example.com", "permission_level": "CAN_USE"}]}
    for method in ("PATCH", "PUT"):
        w.api_client.do(method, path, body=body)
        seen = w.api_client.do("GET", path)
        assert seen["object_type"] == "database-projects"
        assert "ann@example.com" in [e.get("user_name") for e in seen["access_control_list"]]


