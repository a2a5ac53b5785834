# SPDX-License-Identifier: Apache-2.0
"""The package against a real server: what the README promises."""
import json
import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
import urllib.error
import urllib.request

import pytest

from lakebase_mock import Mock, MockError, _programs

PROJECTS = "/api/2.0/postgres/projects"


def api(ws, method, path, body=None):
    request = urllib.request.Request(
        ws.url + path, None if body is None else json.dumps(body).encode(),
        {"Authorization": f"Bearer {ws.token}", "Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def test_workspaces_do_not_see_each_other(lakebase_mock_server):
    a, b = (lakebase_mock_server.workspace(name) for name in ("py-a", "py-b"))
    api(a, "POST", f"{PROJECTS}?project_id=only-a", {})
    assert [p["name"] for p in api(a, "GET", PROJECTS)["projects"]] == ["projects/only-a"]
    assert "projects" not in api(b, "GET", PROJECTS)


def test_each_test_starts_empty_first(lakebase_mock):
    assert "projects" not in api(lakebase_mock, "GET", PROJECTS)
    api(lakebase_mock, "POST", f"{PROJECTS}?project_id=mine", {})


def test_each_test_starts_empty_second(lakebase_mock):
    assert "projects" not in api(lakebase_mock, "GET", PROJECTS)


def test_a_fault_fires_as_often_as_it_says(lakebase_mock):
    lakebase_mock.faults.add("ListProjects", "unavailable", times=1, expect=1)
    with pytest.raises(urllib.error.HTTPError) as e:
        api(lakebase_mock, "GET", PROJECTS)
    assert e.value.code == 503
    api(lakebase_mock, "GET", PROJECTS)
    assert lakebase_mock.faults.unfired() == []
    assert [r["status"] for r in lakebase_mock.journal(rpc="ListProjects")][-1] == 200


@pytest.mark.lakebase(clock="2040-01-01T00:00:00Z")
def test_the_clock_is_an_object(lakebase_mock):
    assert lakebase_mock.clock.now.startswith("2040-01-01T00:00:00")
    lakebase_mock.clock.advance("26h")
    assert lakebase_mock.clock.now.startswith("2040-01-02T02:00:00")


def test_a_real_clock_refuses_to_be_turned(lakebase_mock):
    with pytest.raises(MockError) as e:
        lakebase_mock.clock.advance("1h")
    assert e.value.status == 409


def test_snapshots_and_forks(lakebase_mock):
    lakebase_mock.snapshot("empty")
    api(lakebase_mock, "POST", f"{PROJECTS}?project_id=later", {})
    fork = lakebase_mock.fork(lakebase_mock.name[:40] + "-fork")
    lakebase_mock.restore("empty")
    assert "projects" not in api(lakebase_mock, "GET", PROJECTS)
    assert api(fork, "GET", f"{PROJECTS}/later")["name"] == "projects/later"
    fork.drop()


def test_state_round_trips(lakebase_mock):
    api(lakebase_mock, "POST", f"{PROJECTS}?project_id=kept", {})
    api(lakebase_mock, "GET", f"{PROJECTS}/kept")
    state = lakebase_mock.state()
    lakebase_mock.reset()
    lakebase_mock.load(state)
    assert lakebase_mock.state() == state


def test_the_journal_can_be_waited_for(lakebase_mock):
    api(lakebase_mock, "GET", PROJECTS)
    assert len(lakebase_mock.wait_for(1, rpc="ListProjects")) == 1
    with pytest.raises(MockError) as e:
        lakebase_mock.wait_for(2, timeout="100ms", rpc="ListProjects")
    assert e.value.status == 408


def test_the_environment_leads_to_the_workspace(lakebase_env):
    assert os.environ["DATABRICKS_HOST"] == lakebase_env.url
    assert os.environ["DATABRICKS_TOKEN"] == lakebase_env.token


def test_no_proxy_of_the_environment_is_asked(monkeypatch, request):
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    api(request.getfixturevalue("lakebase_env"), "GET", PROJECTS)


def test_a_server_that_cannot_start_says_why():
    with pytest.raises(MockError, match="did not get ready"):
        Mock.start("--no-such-flag")


def test_what_answers_otherwise_is_told_with_the_address():
    with socket.create_server(("127.0.0.1", 0)) as other:
        def greet():
            caller = other.accept()[0]
            caller.sendall(b"SSH-2.0-OpenSSH\r\n")
            caller.close()
        threading.Thread(target=greet, daemon=True).start()
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(MockError, match=f"no lakebase-mock answers at {url}"):
            Mock(url).health()
    with pytest.raises(MockError, match="no lakebase-mock answers at http://127.0.0.1:22x"):
        Mock("http://127.0.0.1:22x").health()


def test_it_stops_cleanly():
    mock = Mock.start()
    assert mock.health()["status"] == "ok"
    assert mock.stop() == 0


PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]


def inner(tmp_path, source, *options):
    """Runs pytest on a file of its own with the plugin as installed."""
    (tmp_path / "test_inner.py").write_text(textwrap.dedent(source))
    return subprocess.run([*PYTEST, *options, str(tmp_path)], capture_output=True, text=True, timeout=300)


def test_a_killed_pytest_leaves_no_server_behind(tmp_path):
    (tmp_path / "test_inner.py").write_text(textwrap.dedent("""
        import signal, sys
        def test_hangs(lakebase_mock):
            print(lakebase_mock.url, file=sys.__stderr__, flush=True)
            signal.pause()
        """))
    with subprocess.Popen([*PYTEST, "-s", str(tmp_path)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True) as run:
        url = run.stderr.readline().strip()
        assert url.startswith("http://")
        run.kill()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            Mock(url).health()
        except MockError:
            return
        time.sleep(0.05)
    pytest.fail(f"{url} still answers")


def test_runs_at_the_same_time_do_not_meet_in_one_server(lakebase_mock_server, tmp_path):
    source = """
        def test_same(lakebase_mock):
            open("{}", "w").write(lakebase_mock.name)
        """
    names = set()
    for where in ("a", "b"):
        run = inner(tmp_path, source.format(tmp_path / where), "--lakebase-mock-url", lakebase_mock_server.url)
        assert run.returncode == 0, run.stdout
        names.add((tmp_path / where).read_text())
    assert len(names) == 2, names


def test_a_package_without_programs_finds_one_behind_its_own_command(monkeypatch, tmp_path):
    """A command of Python or Node.js comes first on the PATH, as in a venv: it would look for the program itself."""
    for folder, text in (("script", b"#!/bin/sh\n"), ("program", b"\x7fELF")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lakebase-mock").write_bytes(text)
        (tmp_path / folder / "lakebase-mock").chmod(0o755)
    monkeypatch.setattr(_programs, "bundled", lambda name: None)
    monkeypatch.setenv("PATH", f"{tmp_path}/script")
    assert _programs.find("lakebase-mock") is None
    monkeypatch.setenv("PATH", f"{tmp_path}/script:{tmp_path}/program")
    assert _programs.find("lakebase-mock") == f"{tmp_path}/program/lakebase-mock"


def test_a_rule_that_never_fires_fails_the_test(tmp_path):
    run = inner(tmp_path, """
        def test_nothing_happens(lakebase_mock):
            lakebase_mock.faults.add("CreateBranch", "reset", id="lost", times=1, expect=1)
        """)
    assert run.returncode == 1
    assert "did not fire as often as expected: lost" in run.stdout


def test_a_failed_test_shows_the_requests(tmp_path):
    run = inner(tmp_path, """
        import urllib.request
        def test_fails(lakebase_mock):
            urllib.request.urlopen(urllib.request.Request(
                lakebase_mock.url + "/api/2.0/postgres/projects",
                headers={"Authorization": "Bearer " + lakebase_mock.token})).read()
            assert False
        """)
    assert run.returncode == 1
    assert "/api/2.0/postgres/projects 200" in run.stdout
