# SPDX-License-Identifier: Apache-2.0
"""The life of a role and of a database."""

import pytest
from databricks.sdk.common.types.fieldmask import FieldMask
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound
from databricks.sdk.service.postgres import (
    Database, DatabaseDatabaseSpec, Role, RoleAttributes, RoleAuthMethod, RoleIdentityType,
    RoleMembershipRole, RoleRoleSpec)

SUPERUSER = RoleMembershipRole.DATABRICKS_SUPERUSER


def make_role(w, branch, role_id=None, **spec):
    return w.postgres.create_role(branch, Role(spec=RoleRoleSpec(**spec)), role_id=role_id).wait()


def make_database(w, branch, database_id=None, replace_existing=None, **spec):
    return w.postgres.create_database(
        branch, Database(spec=DatabaseDatabaseSpec(**spec)), database_id=database_id,
        replace_existing=replace_existing).wait()


@pytest.fixture
def app(w, production):
    return make_role(w, production, "app", postgres_role="app_role",
                     attributes=RoleAttributes(createdb=True))


@pytest.fixture
def orders(w, production, app):
    return make_database(w, production, "orders", postgres_database="orders", role=app.name)


def test_password_role(w, production, app):
    assert app.name == f"{production}/roles/app"
    assert app.parent == production
    assert app.role_id == app.status.role_id == "app"
    assert app.spec is None
    assert app.status.postgres_role == "app_role"
    assert app.status.auth_method == RoleAuthMethod.PG_PASSWORD_SCRAM_SHA_256
    assert app.status.identity_type is None  # IDENTITY_TYPE_UNSPECIFIED, which the SDK drops
    assert app.status.attributes == RoleAttributes(
        bypassrls=False, createdb=True, createrole=False)
    assert app == w.postgres.get_role(app.name)


@pytest.mark.parametrize("identity", list(RoleIdentityType))
def test_an_identity_logs_in_by_oauth(w, production, identity):
    role = make_role(w, production, "someone", postgres_role="someone@example.com",
                     identity_type=identity)
    assert role.status.identity_type == identity
    assert role.status.auth_method == RoleAuthMethod.LAKEBASE_OAUTH_V1


def test_the_server_chooses_an_id(w, production):
    role = make_role(w, production, postgres_role="anyone")
    assert role.name == f"{production}/roles/{role.role_id}"
    assert w.postgres.get_role(role.name).status.postgres_role == "anyone"


def test_no_login_is_refused(w, production):
    with pytest.raises(InvalidParameterValue,
                       match="Creating roles with auth_method NO_LOGIN is not currently supported"):
        make_role(w, production, "nobody", auth_method=RoleAuthMethod.NO_LOGIN)


def test_role_update_merges_attributes_and_replaces_memberships(w, app):
    after = w.postgres.update_role(
        app.name,
        Role(spec=RoleRoleSpec(attributes=RoleAttributes(createrole=True),
                               membership_roles=[SUPERUSER])),
        FieldMask(field_mask=["spec.attributes", "spec.membership_roles"])).wait()
    assert after.status.attributes == RoleAttributes(
        bypassrls=False, createdb=True, createrole=True)
    assert after.status.membership_roles == [SUPERUSER]

    after = w.postgres.update_role(
        app.name, Role(spec=RoleRoleSpec(attributes=RoleAttributes(createdb=False))),
        FieldMask(field_mask=["spec.attributes.createdb"])).wait()
    assert after.status.attributes.createdb is False
    assert after.status.attributes.createrole is True
    assert after.status.membership_roles == [SUPERUSER]


@pytest.mark.parametrize("path", ["spec.postgres_role", "spec.auth_method", "spec.identity_type"])
def test_what_a_role_is_cannot_change(w, app, path):
    with pytest.raises(InvalidParameterValue) as e:
        w.postgres.update_role(app.name, Role(spec=RoleRoleSpec(postgres_role="other")),
                               FieldMask(field_mask=[path]))
    assert str(e.value) == f"Unknown field path in update_mask: '{path}'"


def test_a_taken_role(w, production, app):
    with pytest.raises(BadRequest, match="role with that name already exists"):
        make_role(w, production, "app", postgres_role="app_role")


def test_role_ids_start_with_a_letter(w, production):
    with pytest.raises(InvalidParameterValue) as e:
        make_role(w, production, "1st", postgres_role="first")
    assert str(e.value) == ("Field role_id must match pattern "
                            "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$, got '1st'.")


def test_role_delete(w, production, app):
    w.postgres.delete_role(app.name).wait()
    with pytest.raises(NotFound, match="role id not found"):
        w.postgres.get_role(app.name)
    make_role(w, production, "app", postgres_role="app_role")


def test_a_role_that_owns_something_hands_it_over(w, production, app, orders):
    with pytest.raises(BadRequest):
        w.postgres.delete_role(app.name)
    owner = f"{production}/roles/admin"
    w.postgres.delete_role(app.name, reassign_owned_to=owner).wait()
    assert w.postgres.get_database(orders.name).status.role == owner


def test_database(w, production, app, orders):
    assert orders.name == f"{production}/databases/orders"
    assert orders.database_id == orders.status.database_id == "orders"
    assert orders.status.role == app.name
    assert orders.spec is None
    assert orders == w.postgres.get_database(orders.name)


def test_database_rename_and_owner(w, production, orders):
    owner = f"{production}/roles/admin"
    after = w.postgres.update_database(
        orders.name,
        Database(spec=DatabaseDatabaseSpec(postgres_database="sales", role=owner)),
        FieldMask(field_mask=["spec.postgres_database", "spec.role"])).wait()
    assert after.name == orders.name
    assert (after.status.postgres_database, after.status.role) == ("sales", owner)


def test_database_replace_existing(w, production, orders):
    owner = f"{production}/roles/admin"
    after = make_database(w, production, "orders", replace_existing=True,
                          postgres_database="orders2", role=owner)
    assert after.create_time == orders.create_time
    assert (after.status.postgres_database, after.status.role) == ("orders2", owner)


def test_database_needs_an_owner(w, production):
    with pytest.raises(InvalidParameterValue) as e:
        make_database(w, production, "orders", role="")
    assert str(e.value) == "Field 'database.spec.role' is required, expected non-default value (not \"\")!"


def test_database_of_an_unknown_owner(w, production):
    with pytest.raises(NotFound, match='role not found; role_id:"nobody"'):
        make_database(w, production, "orders", role=f"{production}/roles/nobody")


def test_a_taken_database(w, production, app, orders):
    with pytest.raises(BadRequest, match="database with that name already exists"):
        make_database(w, production, "orders", postgres_database="orders", role=app.name)


def test_database_ids_have_a_pattern(w, production, app):
    with pytest.raises(InvalidParameterValue) as e:
        make_database(w, production, "Invalid_DB_ID", role=app.name)
    assert str(e.value) == ("Field database_id must match pattern "
                            "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$, got 'Invalid_DB_ID'.")


def test_database_delete(w, production, orders):
    w.postgres.delete_database(orders.name).wait()
    with pytest.raises(NotFound, match="database id not found"):
        w.postgres.get_database(orders.name)
    assert [d.database_id for d in w.postgres.list_databases(production)] == ["databricks-postgres"]
