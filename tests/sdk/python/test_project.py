# SPDX-License-Identifier: Apache-2.0
"""The life of a project, as a client of the published SDK sees it."""

import re
import uuid

import pytest
from databricks.sdk.common.types.fieldmask import FieldMask
from databricks.sdk.errors import AlreadyExists, NotFound
from databricks.sdk.service.postgres import (
    BranchStatusState, EndpointStatusState, EndpointType, InitialEndpointSpec, Project,
    ProjectCustomTag, ProjectDefaultEndpointSettings, ProjectSpec, RoleAuthMethod,
    RoleMembershipRole)
from google.protobuf.duration_pb2 import Duration

DAY = 86400


def test_create_answers_with_the_whole_project(w):
    operation = w.postgres.create_project(
        Project(spec=ProjectSpec(display_name="My app", pg_version=16)), "my-app")
    assert re.fullmatch(r"projects/my-app/operations/\S+", operation.name())

    made = operation.wait()
    assert made.name == "projects/my-app"
    assert made.project_id == made.status.project_id == "my-app"
    assert str(uuid.UUID(made.uid)) == made.uid
    assert made.create_time is not None and made.update_time is not None
    assert made.spec is None
    assert made.status.display_name == "My app"
    assert made.status.pg_version == 16
    assert made.status.owner == "admin@example.com"
    assert made.status.default_branch == "projects/my-app/branches/production"
    assert made == w.postgres.get_project("projects/my-app")


def test_defaults(w):
    status = w.postgres.create_project(Project(spec=ProjectSpec()), "plain").wait().status
    assert status.display_name == "plain"
    assert status.pg_version == 17
    assert status.history_retention_duration == Duration(seconds=7 * DAY)
    assert status.enable_pg_native_login is False
    assert status.branch_logical_size_limit_bytes == 8 << 40
    assert status.synthetic_storage_size_bytes == 0
    settings = status.default_endpoint_settings
    assert settings.autoscaling_limit_min_cu == settings.autoscaling_limit_max_cu == 1
    assert settings.suspend_timeout_duration == Duration(seconds=DAY)


def test_it_comes_with_a_branch_an_endpoint_a_database_and_its_owner(w, project, production):
    branch, = w.postgres.list_branches(project)
    assert branch.name == production
    assert branch.status.default and not branch.status.is_protected
    assert branch.status.source_branch is None
    assert branch.status.current_state == BranchStatusState.READY

    endpoint, = w.postgres.list_endpoints(production)
    assert endpoint.name == f"{production}/endpoints/primary"
    assert endpoint.status.endpoint_type == EndpointType.ENDPOINT_TYPE_READ_WRITE
    assert endpoint.status.current_state in (EndpointStatusState.ACTIVE, EndpointStatusState.IDLE)
    assert endpoint.status.hosts.host.startswith(endpoint.uid + ".")

    role, = w.postgres.list_roles(production)
    assert role.name == f"{production}/roles/admin"
    assert role.status.postgres_role == "admin@example.com"
    assert role.status.auth_method == RoleAuthMethod.LAKEBASE_OAUTH_V1
    assert role.status.membership_roles == [RoleMembershipRole.DATABRICKS_SUPERUSER]

    database, = w.postgres.list_databases(production)
    assert database.name == f"{production}/databases/databricks-postgres"
    assert database.status.postgres_database == "databricks_postgres"
    assert database.status.role == role.name


def test_initial_endpoint_spec_shapes_the_first_endpoint(w):
    w.postgres.create_project(
        Project(spec=ProjectSpec(),
                initial_endpoint_spec=InitialEndpointSpec(
                    autoscaling_limit_min_cu=0.5, autoscaling_limit_max_cu=4,
                    suspend_timeout_duration=Duration(seconds=300))), "shaped").wait()
    status = w.postgres.get_endpoint(
        "projects/shaped/branches/production/endpoints/primary").status
    assert status.autoscaling_limit_min_cu == 0.5
    assert status.autoscaling_limit_max_cu == 4
    assert status.suspend_timeout_duration == Duration(seconds=300)


def test_update_changes_what_the_mask_names_and_nothing_else(w, project):
    before = w.postgres.get_project(project)
    after = w.postgres.update_project(
        project,
        Project(spec=ProjectSpec(display_name="Renamed", enable_pg_native_login=True)),
        FieldMask(field_mask=["spec.display_name"])).wait()
    assert after.status.display_name == "Renamed"
    assert after.status.enable_pg_native_login is False
    assert after.uid == before.uid
    assert after.create_time == before.create_time
    assert after == w.postgres.get_project(project)


def test_update_of_several_fields(w, project):
    tags = [ProjectCustomTag(key="team", value="shop")]
    after = w.postgres.update_project(
        project,
        Project(spec=ProjectSpec(
            history_retention_duration=Duration(seconds=2 * DAY), custom_tags=tags,
            default_endpoint_settings=ProjectDefaultEndpointSettings(
                autoscaling_limit_min_cu=2, autoscaling_limit_max_cu=8, no_suspension=True))),
        FieldMask(field_mask=[
            "spec.history_retention_duration", "spec.custom_tags",
            "spec.default_endpoint_settings"])).wait().status
    assert after.history_retention_duration == Duration(seconds=2 * DAY)
    assert after.custom_tags == tags
    settings = after.default_endpoint_settings
    assert (settings.autoscaling_limit_min_cu, settings.autoscaling_limit_max_cu) == (2, 8)
    assert settings.suspend_timeout_duration is None


def test_default_branch_can_be_moved(w, project, branch):
    after = w.postgres.update_project(
        project, Project(spec=ProjectSpec(default_branch=branch)),
        FieldMask(field_mask=["spec.default_branch"])).wait()
    assert after.status.default_branch == branch
    assert w.postgres.get_branch(branch).status.default is True
    assert w.postgres.get_branch(f"{project}/branches/production").status.default is False


def test_soft_delete_hides_and_undelete_brings_back(w, project, production):
    uid = w.postgres.get_project(project).uid
    assert w.postgres.delete_project(project).wait() is None

    gone = w.postgres.get_project(project)
    assert gone.delete_time.ToSeconds() + 7 * DAY == gone.purge_time.ToSeconds()
    assert list(w.postgres.list_projects()) == []
    assert [p.name for p in w.postgres.list_projects(show_deleted=True)] == [project]
    with pytest.raises(NotFound, match="Project with name 'projects/shop' not found"):
        list(w.postgres.list_branches(project))
    with pytest.raises(AlreadyExists,
                       match="project with such id already exists in the workspace"):
        w.postgres.create_project(Project(spec=ProjectSpec()), "shop")

    assert w.postgres.undelete_project(project).wait() is None
    back = w.postgres.get_project(project)
    assert back.uid == uid and back.delete_time is None and back.purge_time is None
    assert [p.name for p in w.postgres.list_projects()] == [project]
    assert [b.name for b in w.postgres.list_branches(project)] == [production]
    assert [e.endpoint_id for e in w.postgres.list_endpoints(production)] == ["primary"]


def test_undelete_does_not_bring_back_what_the_user_added(w, project, branch):
    w.postgres.delete_project(project).wait()
    w.postgres.undelete_project(project).wait()
    assert [b.branch_id for b in w.postgres.list_branches(project)] == ["production"]


def test_purge_frees_the_id(w, project):
    first = w.postgres.get_project(project).uid
    w.postgres.delete_project(project, purge=True).wait()
    with pytest.raises(NotFound):
        w.postgres.get_project(project)
    assert list(w.postgres.list_projects(show_deleted=True)) == []
    again = w.postgres.create_project(Project(spec=ProjectSpec()), "shop").wait()
    assert again.uid != first


def test_a_deleted_project_can_still_be_purged(w, project):
    w.postgres.delete_project(project).wait()
    w.postgres.delete_project(project, purge=True).wait()
    assert list(w.postgres.list_projects(show_deleted=True)) == []


def test_pg_version_arrives_as_a_string_from_real_code(w):
    w.api_client.do("POST", "/api/2.0/postgres/projects", query={"project_id": "text"},
                    body={"spec": {"pg_version": "17"}})
    assert w.postgres.get_project("projects/text").status.pg_version == 17


def test_an_empty_body_makes_a_project(w):
    w.postgres.create_project(Project(), "bare").wait()
    assert w.postgres.get_project("projects/bare").status.display_name == "bare"
