# SPDX-License-Identifier: Apache-2.0
"""Long-running operations, and the waiters that follow them."""

from datetime import timedelta

import pytest
from databricks.sdk.common.lro import LroOptions
from databricks.sdk.errors import NotFound, ResourceConflict
from databricks.sdk.service.postgres import (
    Branch, BranchSpec, BranchStatusState, Project, ProjectSpec)

NO_EXPIRY = Branch(spec=BranchSpec(no_expiry=True))


def test_the_waiter_asks_once_when_the_first_poll_finds_it_done(w, lab):
    operation = w.postgres.create_project(Project(spec=ProjectSpec()), "shop")
    created, = lab.requests(rpc="CreateProject")
    operation.wait()
    polls = lab.requests(rpc="GetOperation", since=created["seq"])
    assert len(polls) == 1


def test_done_is_false_in_the_create_answer_and_true_after(w):
    raw = w.api_client.do("POST", "/api/2.0/postgres/projects", query={"project_id": "shop"},
                          body={"spec": {}})
    assert raw["done"] is False and "response" not in raw
    assert raw["metadata"]["@type"] == (
        "type.googleapis.com/databricks.postgres.v1.ProjectOperationMetadata")
    seen = w.postgres.get_operation(raw["name"])
    assert seen.done is True
    assert seen.response["name"] == "projects/shop"


def test_the_operation_answers_with_what_a_get_answers(w, project):
    operation = w.postgres.create_branch(project, NO_EXPIRY, "dev")
    operation.wait()
    response = w.api_client.do("GET", f"/api/2.0/postgres/{operation.name()}")["response"]
    response.pop("@type", None)
    assert response == w.api_client.do("GET", f"/api/2.0/postgres/{project}/branches/dev")


def test_both_names_of_an_operation(w, project):
    name = w.postgres.create_branch(project, NO_EXPIRY, "dev").name()
    assert name.startswith(f"{project}/branches/dev/operations/")
    alias = f"{project}/operations/{name.rsplit('/', 1)[1]}"
    assert w.postgres.get_operation(alias) == w.postgres.get_operation(name)
    assert w.postgres.get_operation(alias).name == name


def test_delete_answers_with_an_operation_that_stays_readable(w, project, branch):
    operation = w.postgres.delete_branch(branch, purge=True)
    operation.wait()
    seen = w.postgres.get_operation(operation.name())
    assert seen.done and seen.response == {"@type": "type.googleapis.com/google.protobuf.Empty"}


def test_an_unknown_operation(w, project):
    with pytest.raises(NotFound, match="operation id not found"):
        w.postgres.get_operation(f"{project}/operations/none")


def test_it_takes_a_few_polls(w, lab, project):
    lab.plan("after-polls:1")
    operation = w.postgres.create_branch(project, NO_EXPIRY, "dev")
    pending = w.postgres.get_branch(f"{project}/branches/dev")
    assert pending.status.current_state == BranchStatusState.INIT
    assert pending.status.pending_state == BranchStatusState.READY
    assert operation.wait().status.current_state == BranchStatusState.READY
    assert len(lab.requests(rpc="GetOperation", path=f"*{operation.name()}")) == 2


def test_it_fails(w, lab, project):
    lab.plan(plans=[{"rpc": "CreateBranch", "plan": "fail:BAD_REQUEST:no room left"}])
    with pytest.raises(Exception, match="operation failed: .*BAD_REQUEST.* no room left") as e:
        w.postgres.create_branch(project, NO_EXPIRY, "dev").wait()
    assert type(e.value) is Exception
    with pytest.raises(NotFound):
        w.postgres.get_branch(f"{project}/branches/dev")


def test_it_never_ends(w, lab, project):
    lab.plan(plans=[{"rpc": "CreateBranch", "plan": "stuck"}])
    with pytest.raises(TimeoutError):
        w.postgres.create_branch(project, NO_EXPIRY, "dev").wait(
            LroOptions(timeout=timedelta(seconds=1)))


def test_while_it_runs_reads_go_on_and_an_overlapping_change_does_not(w, lab, project):
    lab.plan(plans=[{"rpc": "UpdateProject", "plan": "after:10m"}])
    w.api_client.do("PATCH", f"/api/2.0/postgres/{project}",
                    query={"update_mask": "spec.display_name"},
                    body={"spec": {"display_name": "Slow"}})
    assert [b.branch_id for b in w.postgres.list_branches(project)] == ["production"]
    with pytest.raises(ResourceConflict) as e:
        w.postgres.create_branch(project, NO_EXPIRY, "dev")
    assert type(e.value) is ResourceConflict
    assert str(e.value) == ("project already has running conflicting operations, "
                            "scheduling of new ones is prohibited")
    w.postgres.create_project(Project(spec=ProjectSpec()), "other").wait()
