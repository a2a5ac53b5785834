# SPDX-License-Identifier: Apache-2.0
"""Each test gets a workspace of its own, so none can disturb another and all may run at once."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))

from fixtures import lab, mock_url  # noqa: E402, F401

from databricks.sdk import WorkspaceClient  # noqa: E402
from databricks.sdk.core import Config  # noqa: E402
from databricks.sdk.service import postgres as pg  # noqa: E402

# What a developer's shell may hold must not reach the clients under test.
for name in [n for n in os.environ if n.startswith("DATABRICKS_")]:
    del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    os.environ["HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture
def client_as(lab):
    """client_as(user): a client of this workspace; without a user, of its admin."""

    def make(user=None, **config):
        return WorkspaceClient(config=Config(
            host=lab.url, token=lab.token(user), auth_type="pat", **config))

    return make


@pytest.fixture
def w(client_as):
    return client_as()


@pytest.fixture
def project(w):
    """The name of a project that is there before the test begins."""
    return w.postgres.create_project(pg.Project(spec=pg.ProjectSpec()), "shop").wait().name


@pytest.fixture
def production(project):
    return f"{project}/branches/production"


@pytest.fixture
def branch(w, project):
    """The name of a branch beside `production`."""
    spec = pg.BranchSpec(no_expiry=True)
    return w.postgres.create_branch(project, pg.Branch(spec=spec), "dev").wait().name
