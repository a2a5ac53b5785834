# SPDX-License-Identifier: Apache-2.0
"""Database credentials, OAuth, and who the caller is."""

import time

import jwt
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound
from databricks.sdk.service.postgres import (
    Project, ProjectSpec, RequestedClaims, RequestedClaimsPermissionSet, RequestedResource)
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp


@pytest.fixture
def primary(production):
    return f"{production}/endpoints/primary"


def verified(lab, token):
    """The claims of a token whose signature the published key proves."""
    keys = jwt.PyJWKClient(f"{lab.url}/_mock/jwks.json")
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=[jwt.get_unverified_header(token)["alg"]],
                      options={"verify_aud": False})


def test_a_credential_is_a_signed_token_for_an_hour(w, lab, primary):
    credential = w.postgres.generate_database_credential(primary)
    assert abs(credential.expire_time.ToSeconds() - time.time() - 3600) < 60
    claims = verified(lab, credential.token)
    assert claims["sub"] == "admin@example.com"
    assert claims["exp"] == credential.expire_time.ToSeconds()
    head, _, signature = credential.token.split(".")
    body = jwt.utils.base64url_encode(b'{"sub":"somebody else"}').decode()
    with pytest.raises(jwt.InvalidSignatureError):
        verified(lab, ".".join([head, body, signature]))


def test_its_life_can_be_chosen(w, primary):
    credential = w.postgres.generate_database_credential(primary, ttl=Duration(seconds=600))
    assert abs(credential.expire_time.ToSeconds() - time.time() - 600) < 60
    when = Timestamp(seconds=int(time.time()) + 1200)
    assert w.postgres.generate_database_credential(primary, expire_time=when).expire_time == when


@pytest.mark.parametrize("seconds", [0, 299, 3601])
def test_its_life_has_limits(w, primary, seconds):
    with pytest.raises(InvalidParameterValue):
        w.postgres.generate_database_credential(primary, ttl=Duration(seconds=seconds))


def test_claims(w, lab, primary):
    credential = w.postgres.generate_database_credential(primary, claims=[RequestedClaims(
        permission_set=RequestedClaimsPermissionSet.READ_ONLY,
        resources=[RequestedResource(table_name="main.raw.orders")])])
    assert verified(lab, credential.token)


@pytest.mark.parametrize("name, message", [
    ("projects/none/branches/production/endpoints/primary",
     "Project with name 'projects/none' not found"),
    ("projects/shop/branches/none/endpoints/primary", "branch id not found"),
    ("projects/shop/branches/production/endpoints/none", "endpoint id not found"),
])
def test_no_such_endpoint(w, project, name, message):
    with pytest.raises(NotFound, match=message):
        w.postgres.generate_database_credential(name)


def test_me(w, client_as):
    assert w.current_user.me().user_name == "admin@example.com"
    assert client_as("ann").current_user.me().user_name == "ann@example.com"


def test_the_workspace_id(w):
    assert w.get_workspace_id() > 0


def test_oauth_client_credentials(lab):
    """The client id is the caller; `mock-<workspace>.` before it selects the workspace."""
    robot = WorkspaceClient(host=lab.url, client_id=f"mock-{lab.workspace}.robot",
                            client_secret="any", auth_type="oauth-m2m")
    made = robot.postgres.create_project(Project(spec=ProjectSpec()), "by-robot").wait()
    assert made.status.owner == f"mock-{lab.workspace}.robot"
    assert [p.name for p in robot.postgres.list_projects()] == ["projects/by-robot"]
    assert robot.current_user.me().user_name == f"mock-{lab.workspace}.robot"
