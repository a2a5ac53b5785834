# SPDX-License-Identifier: Apache-2.0
"""The life of an endpoint: a compute, or a read replica."""

import pytest
from databricks.sdk.common.types.fieldmask import FieldMask
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound, ResourceConflict
from databricks.sdk.service.postgres import (
    Endpoint, EndpointGroupSpec, EndpointSettings, EndpointSpec, EndpointStatusState, EndpointType,
    Project, ProjectDefaultEndpointSettings, ProjectSpec)
from google.protobuf.duration_pb2 import Duration

RO, RW = EndpointType.ENDPOINT_TYPE_READ_ONLY, EndpointType.ENDPOINT_TYPE_READ_WRITE


def make(w, branch, endpoint_id, **spec):
    return w.postgres.create_endpoint(
        branch, Endpoint(spec=EndpointSpec(**spec)), endpoint_id).wait()


@pytest.fixture
def replica(w, production):
    return make(w, production, "replica", endpoint_type=RO, autoscaling_limit_min_cu=0.5,
                autoscaling_limit_max_cu=2, suspend_timeout_duration=Duration(seconds=300))


def test_read_replica(w, production, replica):
    assert replica.name == f"{production}/endpoints/replica"
    assert replica.parent == production
    assert replica.uid.startswith("ep-")
    assert replica.spec is None
    status = replica.status
    assert status.endpoint_type == RO
    assert status.current_state == EndpointStatusState.ACTIVE
    assert status.pending_state is None
    assert (status.autoscaling_limit_min_cu, status.autoscaling_limit_max_cu) == (0.5, 2)
    assert status.suspend_timeout_duration == Duration(seconds=300)
    assert status.disabled is False
    assert (status.group.min, status.group.max) == (1, 1)
    assert status.hosts.host.startswith(replica.uid + ".")
    assert status.hosts.read_only_host == status.hosts.host
    assert status.hosts.read_only_pooled_host
    assert status.hosts.read_write_pooled_host is None
    assert replica == w.postgres.get_endpoint(replica.name)


def test_the_primary_has_a_pooled_host_for_writes(w, production):
    hosts = w.postgres.get_endpoint(f"{production}/endpoints/primary").status.hosts
    assert hosts.host and hosts.read_write_pooled_host
    assert hosts.read_only_host is None


def test_defaults_of_the_project_are_taken_at_creation_only(w, project, production):
    def settle(low, high):
        w.postgres.update_project(
            project,
            Project(spec=ProjectSpec(default_endpoint_settings=ProjectDefaultEndpointSettings(
                autoscaling_limit_min_cu=low, autoscaling_limit_max_cu=high,
                suspend_timeout_duration=Duration(seconds=600)))),
            FieldMask(field_mask=["spec.default_endpoint_settings"])).wait()

    settle(2, 4)
    first = make(w, production, "one-ro", endpoint_type=RO)
    settle(4, 8)
    assert first.status.autoscaling_limit_max_cu == 4
    assert w.postgres.get_endpoint(first.name).status.autoscaling_limit_max_cu == 4
    assert make(w, production, "two-ro", endpoint_type=RO).status.autoscaling_limit_max_cu == 8


def test_update(w, replica):
    after = w.postgres.update_endpoint(
        replica.name,
        Endpoint(spec=EndpointSpec(endpoint_type=RO, autoscaling_limit_min_cu=1,
                                   autoscaling_limit_max_cu=4, no_suspension=True)),
        FieldMask(field_mask=["spec.autoscaling_limit_min_cu", "spec.autoscaling_limit_max_cu",
                              "spec.suspension"])).wait()
    assert (after.status.autoscaling_limit_min_cu, after.status.autoscaling_limit_max_cu) == (1, 4)
    assert after.status.suspend_timeout_duration is None
    assert after.uid == replica.uid and after.status.hosts == replica.status.hosts


def test_settings_and_group(w, replica):
    after = w.postgres.update_endpoint(
        replica.name,
        Endpoint(spec=EndpointSpec(
            endpoint_type=RO, group=EndpointGroupSpec(min=2, max=2), no_suspension=True,
            settings=EndpointSettings(pg_settings={"max_connections": "200"}))),
        FieldMask(field_mask=["spec.settings.pg_settings", "spec.group.min", "spec.group.max",
                              "spec.suspension"])).wait()
    assert after.status.settings.pg_settings == {"max_connections": "200"}
    assert (after.status.group.min, after.status.group.max) == (2, 2)


def test_disable(w, replica):
    after = w.postgres.update_endpoint(
        replica.name, Endpoint(spec=EndpointSpec(endpoint_type=RO, disabled=True)),
        FieldMask(field_mask=["spec.disabled"])).wait()
    assert after.status.disabled is True


def test_replace_existing_keeps_its_identity(w, production, replica):
    after = w.postgres.create_endpoint(
        production,
        Endpoint(spec=EndpointSpec(endpoint_type=RO,
                                   suspend_timeout_duration=Duration(seconds=600))),
        "replica", replace_existing=True).wait()
    assert (after.uid, after.create_time) == (replica.uid, replica.create_time)
    assert after.status.suspend_timeout_duration == Duration(seconds=600)


def test_delete(w, production, replica):
    w.postgres.delete_endpoint(replica.name).wait()
    with pytest.raises(NotFound, match="endpoint id not found"):
        w.postgres.get_endpoint(replica.name)
    assert [e.endpoint_id for e in w.postgres.list_endpoints(production)] == ["primary"]


def test_only_one_endpoint_writes(w, production):
    with pytest.raises(BadRequest, match="read_write endpoint already exists"):
        make(w, production, "second", endpoint_type=RW)


def test_a_taken_id(w, production, replica):
    with pytest.raises(ResourceConflict, match="endpoint with such id already exists"):
        make(w, production, "replica", endpoint_type=RO)


def test_the_primary_stays_and_says_who_manages_it(w, production):
    name = f"{production}/endpoints/primary"
    with pytest.raises(BadRequest) as e:
        w.postgres.delete_endpoint(name)
    assert str(e.value) == (f"Cannot delete read-write endpoint '{name}'. "
                            "Read-write endpoints cannot be deleted.")
    info = e.value.get_error_details().error_info
    assert info.metadata["declarative_context"] == "MANAGED_BY_PARENT"


@pytest.mark.parametrize("spec", [
    {"autoscaling_limit_min_cu": 0.5, "autoscaling_limit_max_cu": 32},
    {"autoscaling_limit_min_cu": 4, "autoscaling_limit_max_cu": 2},
    {"autoscaling_limit_min_cu": 0.25, "autoscaling_limit_max_cu": 1},
    {"suspend_timeout_duration": Duration(seconds=5)},
    {"suspend_timeout_duration": Duration(seconds=604801)},
    {"no_suspension": False},
])
def test_out_of_range(w, production, spec):
    with pytest.raises(InvalidParameterValue):
        make(w, production, "replica", endpoint_type=RO, **spec)
    assert len(list(w.postgres.list_endpoints(production))) == 1
