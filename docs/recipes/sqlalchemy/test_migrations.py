# SPDX-License-Identifier: Apache-2.0
"""A SQLAlchemy application with alembic migrations, on two branches at once."""
import pytest

alembic = pytest.importorskip("alembic", reason="pip install alembic")
sa = pytest.importorskip("sqlalchemy", reason="pip install sqlalchemy 'psycopg[binary]'")

from alembic.migration import MigrationContext  # noqa: E402
from alembic.operations import Operations  # noqa: E402


def first(op):
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("what", sa.Text))


def second(op):
    op.add_column("orders", sa.Column("amount", sa.Integer, server_default="1"))


def engine(url):
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


def migrate(url, *steps):
    with engine(url).begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        for step in steps:
            step(op)


def columns(url):
    return [c["name"] for c in sa.inspect(engine(url)).get_columns("orders")]


def branch(workspace, name, folder):
    """A branch of production, and the URL of its database."""
    operation = workspace.api("POST", f"projects/test/branches?branch_id={name}", {"spec": {"no_expiry": True}})
    while not operation.get("done"):
        operation = workspace.api("GET", operation["name"])
    return workspace.postgres(f"projects/test/branches/{name}/endpoints/primary", folder)


def test_a_migration_is_tried_on_a_branch_first(lakebase_postgres, lakebase_mock, tmp_path):
    migrate(lakebase_postgres, first)
    with engine(lakebase_postgres).begin() as c:
        c.execute(sa.text("INSERT INTO orders(id, what) VALUES (1, 'apples')"))

    trial = branch(lakebase_mock, "trial", tmp_path)
    migrate(trial, second)

    assert columns(trial) == ["id", "what", "amount"]
    assert columns(lakebase_postgres) == ["id", "what"]
    with engine(trial).connect() as c:
        assert c.execute(sa.text("SELECT what, amount FROM orders")).all() == [("apples", 1)]
