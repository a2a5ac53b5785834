# SPDX-License-Identifier: Apache-2.0
"""Update masks and lists: what every resource has in common."""

import pytest
from databricks.sdk.common.types.fieldmask import FieldMask
from databricks.sdk.errors import BadRequest, InvalidParameterValue
from databricks.sdk.service.postgres import (
    Branch, BranchSpec, Endpoint, EndpointSpec, EndpointType, Project,
    ProjectDefaultEndpointSettings, ProjectSpec, Role, RoleRoleSpec)
from google.protobuf.duration_pb2 import Duration


def update(w, project, paths, **spec):
    return w.postgres.update_project(project, Project(spec=ProjectSpec(**spec)),
                                     FieldMask(field_mask=paths)).wait()


@pytest.mark.parametrize("paths, spec, message", [
    (["spec.nonsense"], {}, "Unknown field path in update_mask: 'spec.nonsense'"),
    (["status.owner"], {}, "Unknown field path in update_mask: 'status.owner'"),
    (["spec.pg_version"], {"pg_version": 16}, "Unknown field path in update_mask: 'spec.pg_version'"),
    (["uid"], {}, "Unknown field path in update_mask: 'uid'"),
    (["spec.display_name"], {},
     "Field 'spec.display_name' is in update_mask but not provided in request"),
    (["spec.display_name", "spec.nonsense"], {},
     "Unknown field path in update_mask: 'spec.nonsense'"),
    (["spec.default_endpoint_settings.suspend_timeout_duration"],
     {"default_endpoint_settings": ProjectDefaultEndpointSettings(
         suspend_timeout_duration=Duration(seconds=300))},
     "Unknown field path in update_mask: "
     "'spec.default_endpoint_settings.suspend_timeout_duration'"),
    (["spec.default_endpoint_settings"],
     {"default_endpoint_settings": ProjectDefaultEndpointSettings(
         autoscaling_limit_min_cu=1, autoscaling_limit_max_cu=2)},
     "Field 'spec.default_endpoint_settings.suspension' is in update_mask but not provided "
     "in request"),
])
def test_refused_masks(w, project, paths, spec, message):
    before = w.postgres.get_project(project)
    with pytest.raises(InvalidParameterValue) as e:
        update(w, project, paths, **spec)
    assert str(e.value) == message
    assert w.postgres.get_project(project) == before


def test_a_mask_is_required(w, project):
    for query in ({}, {"update_mask": ""}):
        with pytest.raises(InvalidParameterValue, match="'update_mask' is required"):
            w.api_client.do("PATCH", f"/api/2.0/postgres/{project}", query=query,
                            body={"spec": {"display_name": "x"}})


def test_the_whole_spec_patches_what_is_there(w, project):
    update(w, project, ["spec.enable_pg_native_login"], enable_pg_native_login=True)
    after = update(w, project, ["spec"], display_name="Only this").status
    assert after.display_name == "Only this"
    assert after.enable_pg_native_login is True


def test_terraforms_mask_is_tolerated(w, project):
    after = update(w, project, ["initial_branch_spec", "initial_endpoint_spec", "spec"],
                   display_name="From Terraform")
    assert after.status.display_name == "From Terraform"


def test_a_group_of_one_of_several_fields(w, project):
    after = update(w, project, ["spec.default_endpoint_settings.suspension"],
                   default_endpoint_settings=ProjectDefaultEndpointSettings(
                       suspend_timeout_duration=Duration(seconds=300)))
    settings = after.status.default_endpoint_settings
    assert settings.suspend_timeout_duration == Duration(seconds=300)
    assert settings.autoscaling_limit_max_cu == 1


def test_unknown_fields_are_ignored_and_noted(w, lab):
    w.api_client.do("POST", "/api/2.0/postgres/projects", query={"project_id": "shop"},
                    body={"spec": {"nonsense": 1}, "display_name": "In the wrong place"})
    assert w.postgres.get_project("projects/shop").status.display_name == "shop"
    warnings = {(x["where"], x["kind"]) for x in lab.call("GET", "/warnings")["warnings"]}
    assert warnings == {("body.spec.nonsense", "unread_field"),
                        ("body.display_name", "portability")}


def ids(items, key):
    return [getattr(x, key) for x in items]


def test_projects_page_by_page(w, lab):
    wanted = [f"p-{n}" for n in range(7)]
    for project_id in wanted:
        w.postgres.create_project(Project(spec=ProjectSpec()), project_id).wait()
    assert ids(w.postgres.list_projects(page_size=3), "project_id") == wanted
    pages = lab.requests(rpc="ListProjects")
    assert len(pages) == 3
    assert ids(w.postgres.list_projects(), "project_id") == wanted


def test_branches_page_by_page(w, project):
    wanted = ["production"] + [f"b-{n}" for n in range(4)]
    for branch_id in wanted[1:]:
        w.postgres.create_branch(project, Branch(spec=BranchSpec(no_expiry=True)),
                                 branch_id).wait()
    for size in (1, 2, 5, 100):
        assert ids(w.postgres.list_branches(project, page_size=size), "branch_id") == wanted


def test_roles_and_databases_page_by_page(w, production):
    wanted = ["admin"] + [f"r-{n}" for n in range(4)]
    for role_id in wanted[1:]:
        w.postgres.create_role(production, Role(spec=RoleRoleSpec(postgres_role=role_id)),
                               role_id=role_id).wait()
    assert ids(w.postgres.list_roles(production, page_size=2), "role_id") == wanted
    assert ids(w.postgres.list_databases(production, page_size=1), "database_id") == [
        "databricks-postgres"]


def test_endpoints_want_pages_of_ten(w, production):
    replica = Endpoint(spec=EndpointSpec(endpoint_type=EndpointType.ENDPOINT_TYPE_READ_ONLY))
    for n in range(3):
        w.postgres.create_endpoint(production, replica, f"ro-{n}").wait()
    assert ids(w.postgres.list_endpoints(production, page_size=10), "endpoint_id") == [
        "primary", "ro-0", "ro-1", "ro-2"]
    with pytest.raises(BadRequest):
        list(w.postgres.list_endpoints(production, page_size=2))


def test_a_page_survives_what_happens_between(w, project):
    for n in range(4):
        w.postgres.create_branch(project, Branch(spec=BranchSpec(no_expiry=True)), f"b-{n}").wait()
    seen = []
    for branch in w.postgres.list_branches(project, page_size=2):
        seen.append(branch.branch_id)
        if branch.branch_id == "b-0":
            w.postgres.delete_branch(f"{project}/branches/b-0").wait()
            w.postgres.create_branch(project, Branch(spec=BranchSpec(no_expiry=True)), "new").wait()
    assert seen[:5] == ["production", "b-0", "b-1", "b-2", "b-3"]


@pytest.mark.parametrize("query", [{"page_size": -1}, {"page_token": "nonsense"}])
def test_bad_pages(w, project, query):
    with pytest.raises(BadRequest):
        list(w.postgres.list_projects(**query))
    with pytest.raises(BadRequest):
        list(w.postgres.list_branches(project, **query))
