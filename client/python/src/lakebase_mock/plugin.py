# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin: one server for the session, one workspace for each test."""
import os
import re
import urllib.parse
from typing import Any, Dict, Generator, Iterator

import pytest

from . import Mock, MockError, Workspace


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lakebase-mock")
    group.addoption("--lakebase-mock-binary", help="the server to start")
    group.addoption("--lakebase-mock-url", help="use this running server instead")
    parser.addini("lakebase_mock_flags", "more flags for the server", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "lakebase(clock=None, faults=()): how the test's workspace starts: a frozen clock's "
        "time or True, and fault rules as keyword dictionaries of Faults.add()")


@pytest.fixture(scope="session")
def lakebase_mock_server(pytestconfig: pytest.Config) -> Iterator[Mock]:
    """The server of the session, a `Mock`."""
    url = pytestconfig.getoption("--lakebase-mock-url") or os.environ.get("LAKEBASE_MOCK", "")
    if url.startswith(("http:", "https:")):
        running = Mock(url)
        running.health()
        yield running
        return
    with Mock.start(*pytestconfig.getini("lakebase_mock_flags"),
                    binary=pytestconfig.getoption("--lakebase-mock-binary")) as mock:
        yield mock


OPTIONS = ("clock", "faults")


def _marker(request: pytest.FixtureRequest) -> Dict[str, Any]:
    """The options of @pytest.mark.lakebase(...); one that does not exist is an error, not silence."""
    marker = request.node.get_closest_marker("lakebase")
    if marker is None:
        return {}
    unknown = [*map(repr, marker.args), *sorted(set(marker.kwargs) - set(OPTIONS))]
    if unknown:
        pytest.fail(f"@pytest.mark.lakebase takes {' and '.join(OPTIONS)}, not {', '.join(unknown)}",
                    pytrace=False)
    return dict(marker.kwargs)


@pytest.fixture
def lakebase_mock(lakebase_mock_server: Mock, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """An empty `Workspace` of the test's own.

    The test fails at its end if a fault rule fired less often than it said it would.
    """
    name = re.sub(r"[^a-z0-9-]+", "-", request.node.name.lower())[:50].strip("-")
    # A test of the same name may run elsewhere at the same time, against the same server.
    workspace = lakebase_mock_server.workspace(f"{name or 'test'}-{os.urandom(4).hex()}")
    workspace.reset()
    options = _marker(request)
    clock = options.get("clock")
    if clock:
        workspace.clock.freeze(None if clock is True else clock)
    for rule in options.get("faults", ()):
        workspace.faults.add(**rule)
    setattr(request.node, "_lakebase_mock", workspace)
    yield workspace
    unfired = [rule["id"] for rule in workspace.faults.unfired() if rule.get("expect")]
    workspace.drop()
    if unfired:
        pytest.fail(f"fault rules that did not fire as often as expected: {', '.join(unfired)}",
                    pytrace=False)


@pytest.fixture
def lakebase_env(lakebase_mock: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The environment leads every Databricks client to the test's workspace, and nowhere else."""
    for name in list(os.environ):
        if name.startswith("DATABRICKS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", os.devnull)
    for name, value in lakebase_mock.env.items():
        monkeypatch.setenv(name, value)
    # A proxy of the machine's knows nothing of this server; requests asks it even for 127.0.0.1.
    host = urllib.parse.urlsplit(lakebase_mock.url).hostname or ""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, ",".join(filter(None, [os.environ.get(name), host])))
    return lakebase_mock


@pytest.fixture
def lakebase_postgres(lakebase_mock: Workspace, tmp_path: "os.PathLike[str]") -> str:
    """The URL of a database of the test's own: `databricks_postgres` of the default branch of a project
    `test` in the test's workspace. The server needs `lakebase_mock_flags = --postgres auto`."""
    lakebase_mock.call("GET", "/_mock/postgres")  # says what to do where there are no databases
    operation = lakebase_mock.api("POST", "projects?project_id=test", {})
    while not operation.get("done"):
        operation = lakebase_mock.api("GET", operation["name"])
    return lakebase_mock.postgres("projects/test/branches/production/endpoints/primary", tmp_path)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
        item: pytest.Item, call: "pytest.CallInfo[None]") -> Generator[None, Any, None]:
    """A failed test shows what the mock saw of it."""
    report = (yield).get_result()
    workspace = getattr(item, "_lakebase_mock", None)
    if call.when != "call" or not report.failed or workspace is None:
        return
    try:
        note = "\n".join(f"{r['seq']:>5} {r['method']:6} {r['path']} {r['status']}"
                         + (f" fault {r['fault']}" if r.get("fault") else "")
                         for r in workspace.journal(limit=50))
    except (MockError, OSError) as e:
        note = f"no journal: {e}"
    report.sections.append((f"lakebase-mock: requests to {workspace.name}", note or "none"))
