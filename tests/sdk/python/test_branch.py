# SPDX-License-Identifier: Apache-2.0
"""The life of a branch."""

import time

import pytest
from databricks.sdk.common.types.fieldmask import FieldMask
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound
from databricks.sdk.service.postgres import (
    Branch, BranchSpec, BranchStatusState, Database, DatabaseDatabaseSpec, Role, RoleRoleSpec)
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp


def make(w, project, branch_id, **spec):
    return w.postgres.create_branch(project, Branch(spec=BranchSpec(**spec)), branch_id).wait()


def test_create_from_the_default_branch(w, project, production):
    made = make(w, project, "dev", no_expiry=True)
    assert made.name == f"{project}/branches/dev"
    assert made.parent == project
    assert made.branch_id == made.status.branch_id == "dev"
    assert made.uid.startswith("br-")
    assert made.spec is None
    assert made.status.source_branch == production
    assert made.status.source_branch_lsn.startswith("0/")
    assert made.status.source_branch_time is not None
    assert made.status.current_state == BranchStatusState.READY
    assert made.status.pending_state is None
    assert made.status.default is False and made.status.is_protected is False
    assert made.status.logical_size_bytes == 0
    assert made.status.expire_time is None
    assert made == w.postgres.get_branch(made.name)


def test_it_has_an_endpoint_and_what_its_source_had(w, project, production):
    w.postgres.create_role(production, Role(spec=RoleRoleSpec(postgres_role="app")),
                           role_id="app").wait()
    w.postgres.create_database(
        production, Database(spec=DatabaseDatabaseSpec(role=f"{production}/roles/app",
                                                       postgres_database="orders")),
        database_id="orders").wait()
    dev = make(w, project, "dev", no_expiry=True).name
    w.postgres.create_role(production, Role(spec=RoleRoleSpec(postgres_role="late")),
                           role_id="late").wait()

    assert [e.endpoint_id for e in w.postgres.list_endpoints(dev)] == ["primary"]
    assert [r.role_id for r in w.postgres.list_roles(dev)] == ["admin", "app"]
    databases = {d.database_id: d for d in w.postgres.list_databases(dev)}
    assert sorted(databases) == ["databricks-postgres", "orders"]
    assert databases["orders"].status.role == f"{dev}/roles/app"


def test_source_branch_can_be_named(w, project, branch):
    made = make(w, project, "feature", source_branch=branch, no_expiry=True)
    assert made.status.source_branch == branch


def test_ttl_becomes_an_expire_time(w, project):
    made = make(w, project, "short", ttl=Duration(seconds=3600))
    assert made.status.expire_time.ToSeconds() == made.create_time.ToSeconds() + 3600


def test_expire_time_comes_back_as_given(w, project):
    when = Timestamp(seconds=int(time.time()) + 7200)
    assert make(w, project, "short", expire_time=when).status.expire_time == when


@pytest.mark.parametrize("spec, message", [
    ({}, "Expiration must be specified when creating a branch"),
    ({"no_expiry": False}, "Invalid 'no_expiry' value: must be true to disable expiration. "
                           "Provide 'ttl' or 'expire_time' instead."),
    ({"ttl": Duration(seconds=400 * 86400)}, "expiration time exceeds the maximum expiration"),
    ({"no_expiry": True, "source_branch": "projects/other/branches/production"},
     "source_branch field must point to the branch from the same Project"),
])
def test_create_refused(w, project, spec, message):
    with pytest.raises(InvalidParameterValue) as e:
        make(w, project, "dev", **spec)
    assert message in str(e.value)


def test_a_taken_id(w, project, branch):
    with pytest.raises(BadRequest) as e:
        make(w, project, "dev", no_expiry=True)
    assert str(e.value) == 'branch already exists; branch_name:"dev"'


def test_update(w, branch):
    protected = w.postgres.update_branch(
        branch, Branch(spec=BranchSpec(is_protected=True)),
        FieldMask(field_mask=["spec.is_protected"])).wait()
    assert protected.status.is_protected is True

    expiring = w.postgres.update_branch(
        branch, Branch(spec=BranchSpec(is_protected=False, ttl=Duration(seconds=3600))),
        FieldMask(field_mask=["spec.is_protected", "spec.expiration"])).wait()
    assert expiring.status.is_protected is False
    assert expiring.status.expire_time is not None

    kept = w.postgres.update_branch(
        branch, Branch(spec=BranchSpec(no_expiry=True)),
        FieldMask(field_mask=["spec.expiration"])).wait()
    assert kept.status.expire_time is None


def test_replace_existing_keeps_its_identity(w, project, production):
    before = w.postgres.get_branch(production)
    after = w.postgres.create_branch(
        project, Branch(spec=BranchSpec(no_expiry=True)), "production",
        replace_existing=True).wait()
    assert (after.uid, after.create_time) == (before.uid, before.create_time)
    assert after.status.default is True


def test_delete_and_undelete(w, project, branch):
    uid = w.postgres.get_branch(branch).uid
    w.postgres.delete_branch(branch).wait()
    with pytest.raises(NotFound, match="branch id not found"):
        w.postgres.get_branch(branch)
    assert [b.branch_id for b in w.postgres.list_branches(project)] == ["production"]
    hidden = [b for b in w.postgres.list_branches(project, show_deleted=True) if b.name == branch]
    assert hidden[0].status.delete_time is not None and hidden[0].status.purge_time is not None

    assert w.postgres.undelete_branch(branch).wait() is None
    back = w.postgres.get_branch(branch)
    assert back.uid == uid and back.status.delete_time is None


def test_purge(w, project, branch):
    w.postgres.delete_branch(branch, purge=True).wait()
    listed = w.postgres.list_branches(project, show_deleted=True)
    assert [b.branch_id for b in listed] == ["production"]
    make(w, project, "dev", no_expiry=True)


def test_the_root_branch_stays_and_says_who_manages_it(w, production):
    with pytest.raises(BadRequest) as e:
        w.postgres.delete_branch(production)
    assert str(e.value) == (f"Cannot delete root branch '{production}'. "
                            "Root branches cannot be deleted independently.")
    info = e.value.get_error_details().error_info
    assert info.metadata["declarative_context"] == "MANAGED_BY_PARENT"


def test_a_protected_branch_stays(w, branch):
    w.postgres.update_branch(branch, Branch(spec=BranchSpec(is_protected=True)),
                             FieldMask(field_mask=["spec.is_protected"])).wait()
    with pytest.raises(BadRequest, match="cannot delete protected branch"):
        w.postgres.delete_branch(branch)


def test_a_branch_with_children_stays(w, project, branch):
    make(w, project, "child", source_branch=branch, no_expiry=True)
    with pytest.raises(BadRequest):
        w.postgres.delete_branch(branch)
    assert w.postgres.get_branch(branch).name == branch


def test_an_expiring_branch_has_no_children(w, project):
    short = make(w, project, "short", ttl=Duration(seconds=3600)).name
    with pytest.raises(BadRequest,
                       match="Branches with an expiration date cannot have child branches"):
        make(w, project, "child", source_branch=short, no_expiry=True)


def test_the_uid_is_no_id(w, project, branch):
    uid = w.postgres.get_branch(branch).uid
    with pytest.raises(NotFound, match="branch id not found"):
        w.postgres.get_branch(f"{project}/branches/{uid}")
