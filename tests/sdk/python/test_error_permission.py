# SPDX-License-Identifier: Apache-2.0
"""Typed errors, who may do what, and the permissions API."""

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.common.types.fieldmask import FieldMask
from databricks.sdk.credentials_provider import CredentialsStrategy
from databricks.sdk.errors import (
    AlreadyExists, BadRequest, InvalidParameterValue, NotFound, PermissionDenied, ResourceConflict,
    Unauthenticated)
from databricks.sdk.service.iam import AccessControlRequest, PermissionLevel
from databricks.sdk.service.postgres import (
    Branch, BranchSpec, Project, ProjectSpec, Role, RoleRoleSpec)
from mock import Lab, Mock

KIND = "database-projects"
USE, MANAGE, CREATE = (PermissionLevel.CAN_USE, PermissionLevel.CAN_MANAGE,
                       PermissionLevel.CAN_CREATE)


class NoCredentials(CredentialsStrategy):
    def auth_type(self):
        return "none"

    def __call__(self, config):
        return dict


def raised(kind, call):
    """The error of exactly this class, not of a subclass."""
    with pytest.raises(kind) as e:
        call()
    assert type(e.value) is kind
    return e.value


def test_not_found(w, project):
    assert "project id not found" in str(raised(
        NotFound, lambda: w.postgres.get_project("projects/none")))
    assert "branch id not found" in str(raised(
        NotFound, lambda: w.postgres.get_branch(f"{project}/branches/none")))
    assert "Project with name 'projects/none' not found" in str(raised(
        NotFound, lambda: list(w.postgres.list_branches("projects/none"))))
    assert "No API found for 'GET /postgres/nonsense'" in str(raised(
        NotFound, lambda: w.api_client.do("GET", "/api/2.0/postgres/nonsense")))


def test_already_exists(w, project):
    error = raised(AlreadyExists, lambda: w.postgres.create_project(
        Project(spec=ProjectSpec()), "shop"))
    assert isinstance(error, ResourceConflict)
    assert error.error_code == "ALREADY_EXISTS"


def test_conflict_is_plain(w, lab, project):
    lab.maintenance("shop", "1 calls")
    error = raised(ResourceConflict, lambda: w.postgres.create_branch(
        project, Branch(spec=BranchSpec(no_expiry=True)), "dev"))
    assert error.error_code == "RESOURCE_CONFLICT"


@pytest.mark.parametrize("project_id", ["-a", "a-", "A", "a_b", "a" * 64, "a b", "ä"])
def test_bad_project_ids(w, project_id):
    raised(InvalidParameterValue, lambda: w.postgres.create_project(
        Project(spec=ProjectSpec()), project_id))


@pytest.mark.parametrize("project_id", ["a", "a1-b2", "a" * 63, "1a"])
def test_good_project_ids(w, project_id):
    made = w.postgres.create_project(Project(spec=ProjectSpec()), project_id).wait()
    assert made.project_id == project_id


def test_an_id_is_required(w):
    error = raised(InvalidParameterValue, lambda: w.postgres.create_project(
        Project(spec=ProjectSpec()), ""))
    assert str(error) == "Field 'project_id' is required, expected non-default value (not \"\")!"


def test_a_wrapped_role_is_the_classic_mistake(w, production):
    error = raised(InvalidParameterValue, lambda: w.api_client.do(
        "POST", f"/api/2.0/postgres/{production}/roles",
        body={"role": {"spec": {"postgres_role": "app"}}}))
    assert str(error) == ("Field 'role' is required and must contain at least one subfield "
                          "with a non-default value!")


def test_malformed_json(w, lab):
    import requests
    reply = requests.post(f"{lab.url}/api/2.0/postgres/projects?project_id=x", data="{",
                          headers={"Authorization": f"Bearer {lab.token()}"}, timeout=60)
    assert reply.status_code == 400 and reply.json()["error_code"] == "MALFORMED_REQUEST"


def test_no_credential(lab):
    anonymous = WorkspaceClient(host=lab.url, credentials_strategy=NoCredentials())
    error = raised(Unauthenticated, lambda: anonymous.postgres.get_project("projects/x"))
    assert "Credential was not sent or was of an unsupported type for this API." in str(error)


def test_a_bad_token_is_403():
    with Mock("--auth", "strict") as strict:
        bad = WorkspaceClient(host=strict.url, token="dapi-nobody", auth_type="pat")
        error = raised(PermissionDenied, lambda: bad.postgres.get_project("projects/x"))
        assert "Invalid access token." in str(error)
        good = WorkspaceClient(host=strict.url, token=Lab(strict.url, "any").token(),
                               auth_type="pat")
        raised(NotFound, lambda: good.postgres.get_project("projects/x"))


def direct(permissions):
    """The entries that somebody granted, as {who: level}."""
    found = {}
    for entry in permissions.access_control_list:
        for granted in entry.all_permissions:
            if not granted.inherited:
                who = entry.user_name or entry.group_name or entry.service_principal_name
                found[who] = granted.permission_level
    return found


def test_permissions_of_a_new_project(w, project):
    seen = w.permissions.get(KIND, "shop")
    assert seen.object_type == KIND
    assert seen.object_id == "/database-projects/shop"
    assert direct(seen) == {"admin@example.com": MANAGE}
    inherited = {e.group_name: p.permission_level for e in seen.access_control_list
                 for p in e.all_permissions if p.inherited}
    assert inherited["admins"] == MANAGE


def test_permissions_by_uid(w, project):
    uid = w.postgres.get_project(project).uid
    assert w.permissions.get(KIND, uid).access_control_list == (
        w.permissions.get(KIND, "shop").access_control_list)


def test_update_adds_and_never_takes_away(w, project):
    seen = w.permissions.update(KIND, "shop", access_control_list=[
        AccessControlRequest(user_name="ann@example.com", permission_level=MANAGE),
        AccessControlRequest(group_name="data-team", permission_level=USE),
        AccessControlRequest(service_principal_name="robot", permission_level=USE)])
    assert direct(seen) == {"admin@example.com": MANAGE, "ann@example.com": MANAGE,
                            "data-team": USE, "robot": USE}
    seen = w.permissions.update(KIND, "shop", access_control_list=[
        AccessControlRequest(user_name="ann@example.com", permission_level=USE)])
    assert direct(seen)["ann@example.com"] == MANAGE


def test_set_replaces_the_direct_entries(w, project):
    w.permissions.update(KIND, "shop", access_control_list=[
        AccessControlRequest(user_name="ann@example.com", permission_level=MANAGE)])
    seen = w.permissions.set(KIND, "shop", access_control_list=[
        AccessControlRequest(user_name="bob@example.com", permission_level=USE)])
    assert direct(seen) == {"bob@example.com": USE}
    assert direct(w.permissions.get(KIND, "shop")) == {"bob@example.com": USE}
    assert any(e.group_name == "admins" for e in seen.access_control_list)


def test_can_create_is_not_granted(w, project):
    with pytest.raises(BadRequest, match="CAN_CREATE"):
        w.permissions.update(KIND, "shop", access_control_list=[
            AccessControlRequest(user_name="ann@example.com", permission_level=CREATE)])
    assert direct(w.permissions.get(KIND, "shop")) == {"admin@example.com": MANAGE}


def test_levels(w, project):
    levels = w.permissions.get_permission_levels(KIND, "shop").permission_levels
    assert {x.permission_level.value for x in levels} >= {"CAN_USE", "CAN_MANAGE"}
    assert all(x.description for x in levels)


def test_permissions_go_with_the_project(w, project):
    w.postgres.delete_project(project, purge=True).wait()
    with pytest.raises(NotFound):
        w.permissions.get(KIND, "shop")


def test_a_stranger_does_not_see_it(w, project, client_as):
    ann = client_as("ann")
    assert list(ann.postgres.list_projects()) == []
    with pytest.raises((NotFound, PermissionDenied)):
        ann.postgres.get_project(project)


def test_can_use_reads_but_does_not_manage(w, project, production, client_as):
    w.permissions.update(KIND, "shop", access_control_list=[
        AccessControlRequest(user_name="ann@example.com", permission_level=USE)])
    ann = client_as("ann")
    assert [p.name for p in ann.postgres.list_projects()] == [project]
    ann.postgres.create_role(production, Role(spec=RoleRoleSpec(postgres_role="ann_app")),
                             role_id="ann-app").wait()
    raised(PermissionDenied, lambda: ann.postgres.create_branch(
        project, Branch(spec=BranchSpec(no_expiry=True)), "dev"))
    raised(PermissionDenied, lambda: ann.postgres.update_project(
        project, Project(spec=ProjectSpec(display_name="Mine")),
        FieldMask(field_mask=["spec.display_name"])))
    raised(PermissionDenied, lambda: ann.postgres.delete_project(project))
    raised(PermissionDenied, lambda: ann.permissions.update(KIND, "shop", access_control_list=[
        AccessControlRequest(user_name="ann@example.com", permission_level=MANAGE)]))

    w.permissions.update(KIND, "shop", access_control_list=[
        AccessControlRequest(user_name="ann@example.com", permission_level=MANAGE)])
    ann.postgres.create_branch(project, Branch(spec=BranchSpec(no_expiry=True)), "dev").wait()


def test_whoever_creates_a_project_owns_it(client_as):
    ann = client_as("ann")
    made = ann.postgres.create_project(Project(spec=ProjectSpec()), "anns").wait()
    assert made.status.owner == "ann@example.com"
    assert direct(ann.permissions.get(KIND, "anns")) == {"ann@example.com": MANAGE}
    assert [r.role_id for r in ann.postgres.list_roles(f"{made.name}/branches/production")] == [
        "ann"]
