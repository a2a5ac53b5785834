# SPDX-License-Identifier: Apache-2.0
"""Four mocks behind a real HAProxy with the configuration that is shipped.

LAKEBASE_MOCK names the server; LAKEBASE_CONFORMANCE, if set, the conformance suite.
"""
import base64
import concurrent.futures
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.parse

import pytest

from lakebase_mock import Mock, Workspace

sys.path.append(str(pathlib.Path(__file__).parents[1] / "support"))
from ports import free_port  # noqa: E402

CONFIG = pathlib.Path(__file__).parents[2] / "docker/scale/haproxy.cfg"
PROJECTS = "/api/2.0/postgres/projects"


def request(url, method, path, token, body=None):
    """One request on a connection of its own: (status, document or text)."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, body, {"Authorization": f"Bearer {token}",
                                                "Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read().decode()
        return reply.status, json.loads(text) if text.startswith("{") else text
    finally:
        connection.close()


class Cluster:
    def __init__(self, folder, count=4):
        self.ports = [free_port() for _ in range(count)]
        self.folder, self.mocks, self.proxy = folder, [None] * count, None
        self.url = f"http://127.0.0.1:{free_port()}"

    def begin(self):
        for i in range(len(self.ports)):
            self.start(i)
        env = {f"MOCK_{i + 1}": f"127.0.0.1:{port}" for i, port in enumerate(self.ports)}
        self.proxy = subprocess.Popen(
            ["haproxy", "-f", str(CONFIG)], env={
                **os.environ, **env, "HAPROXY_LISTEN": self.url[7:],
                "HAPROXY_STATS": str(self.folder / "stats.sock")},
            stdout=open(self.folder / "haproxy.log", "w"), stderr=subprocess.STDOUT)
        self.wait_ready()

    def start(self, i):
        self.mocks[i] = subprocess.Popen(
            [os.environ["LAKEBASE_MOCK"], "serve", "--listen", f"127.0.0.1:{self.ports[i]}",
             "--db", str(self.folder / f"mock-{i}.db"), "--log", "off"],
            stdout=subprocess.PIPE)
        assert self.mocks[i].stdout.readline().startswith(b'{"ready":true')

    def wait_ready(self, ready=True):
        for _ in range(600):
            try:
                if (request(self.url, "GET", "/ready", "x")[0] == 200) == ready:
                    return
            except OSError:
                assert self.proxy.poll() is None, (self.folder / "haproxy.log").read_text()
            time.sleep(0.1)
        raise AssertionError((self.folder / "haproxy.log").read_text())

    def node(self, i):
        return Mock(f"http://127.0.0.1:{self.ports[i]}")

    def holder(self, name):
        """Which mock knows the workspace: asked past the proxy."""
        found = [i for i in range(len(self.ports))
                 if self.mocks[i].poll() is None and name in self.node(i).workspaces()]
        assert len(found) == 1, f"{name} lives on {found}"
        return found[0]

    def stop(self):
        for process in filter(None, (self.proxy, *self.mocks)):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("scale"))
    try:
        cluster.begin()
        yield cluster
    finally:
        cluster.stop()


def life(cluster, name):
    """A workspace from its first request to its journal; what went wrong, or None."""
    token = f"mock-{name}"
    status, _ = request(cluster.url, "GET", f"{PROJECTS}/p", token)
    if status != 404:
        return f"{name}: not empty at first: {status}"
    for i in range(3):
        status, text = request(cluster.url, "POST", f"{PROJECTS}?project_id=p{i}", f"{token}.user{i}", "{}")
        if status not in (200, 403):
            return f"{name}: create: {status} {text}"
    rows = Workspace(cluster.url, name).journal()
    if [r["rpc"] for r in rows] != ["GetProject"] + ["CreateProject"] * 3:
        return f"{name}: the journal has {[r['rpc'] for r in rows]}"
    return None


def test_two_hundred_workspaces_are_each_whole(cluster):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        wrong = [w for w in pool.map(lambda i: life(cluster, f"w{i}"), range(200)) if w]
    assert wrong == []


def test_the_load_is_spread(cluster):
    share = [sum(1 for name in cluster.node(i).workspaces() if name.startswith("w")) for i in range(4)]
    assert sum(share) == 200
    assert min(share) >= 20, share


def test_the_lab_reaches_the_mock_that_holds_the_workspace(cluster):
    ws = Workspace(cluster.url, "lab")
    ws.faults.add("ListProjects", "unavailable", times=1, expect=1)
    assert request(cluster.url, "GET", PROJECTS, "mock-lab.somebody")[0] == 503
    assert request(cluster.url, "GET", PROJECTS, ws.token)[0] == 200
    assert ws.faults.unfired() == []


def test_a_fork_stays_beside_its_origin(cluster):
    ws = Workspace(cluster.url, "tree")
    assert request(cluster.url, "POST", f"{PROJECTS}?project_id=p", ws.token, "{}")[0] == 200
    fork = ws.fork("tree--fork")
    assert request(cluster.url, "GET", f"{PROJECTS}/p", fork.token)[0] == 200
    assert cluster.holder("tree--fork") == cluster.holder("tree")
    fork.drop()
    assert "tree--fork" not in cluster.node(cluster.holder("tree")).workspaces()


def test_a_token_without_a_workspace_is_the_default_one(cluster):
    status, document = request(cluster.url, "POST", f"{PROJECTS}?project_id=mine", "some-token", "{}")
    assert status == 200, document
    assert Workspace(cluster.url, "default").journal(rpc="CreateProject")


@pytest.mark.parametrize("how", ["basic", "form"])
def test_an_oauth_client_stays_in_its_workspace(cluster, how):
    name = f"oauth-b-{how}--x"  # 0x2d and 0x2e at odd places, too
    form, headers = "grant_type=client_credentials", {"Content-Type": "application/x-www-form-urlencoded"}
    if how == "basic":
        pair = base64.b64encode(f"mock-{name}.robot:secret".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    else:
        form += f"&client_id=mock-{name}.robot&client_secret=s"
    connection = http.client.HTTPConnection(cluster.url[7:], timeout=60)
    connection.request("POST", "/oidc/v1/token", form, headers)
    token = json.load(connection.getresponse())["access_token"]
    connection.close()
    assert request(cluster.url, "POST", f"{PROJECTS}?project_id=p", token, "{}")[0] == 200
    assert request(cluster.url, "GET", f"{PROJECTS}/p", f"mock-{name}")[0] == 200
    assert cluster.holder(name) is not None


@pytest.mark.parametrize("action", ["reset", "close"])
def test_a_lost_answer_stays_lost(cluster, action):
    ws = Workspace(cluster.url, f"lost-{action}")
    ws.faults.add("CreateProject", action, phase="after_commit", times=1, expect=1)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        request(cluster.url, "POST", f"{PROJECTS}?project_id=p", ws.token, "{}")
    # It was applied once, and the proxy did not send it a second time.
    assert [r["applied"] for r in ws.journal(rpc="CreateProject")] == [True]


def test_a_dead_mock_takes_its_workspaces_along_and_brings_them_back(cluster):
    victim = cluster.holder("w7")
    here = [f"w{i}" for i in range(200) if i % 10 == 7]
    homes = {name: cluster.holder(name) for name in here}
    cluster.mocks[victim].send_signal(signal.SIGKILL)
    cluster.mocks[victim].wait()
    cluster.wait_ready(False)
    for name, home in homes.items():
        status, document = request(cluster.url, "GET", f"{PROJECTS}/p0", f"mock-{name}")
        assert status == (503 if home == victim else 200), (name, status, document)
        if home == victim:
            assert document["error_code"] == "TEMPORARILY_UNAVAILABLE"
    cluster.start(victim)
    cluster.wait_ready()
    for name in here:
        assert request(cluster.url, "GET", f"{PROJECTS}/p0", f"mock-{name}")[0] == 200, name


@pytest.mark.skipif(not os.environ.get("LAKEBASE_CONFORMANCE"), reason="no conformance suite was built")
def test_the_conformance_suite_passes_through_the_proxy(cluster, tmp_path):
    run = subprocess.run([os.environ["LAKEBASE_CONFORMANCE"], "--target", cluster.url],
                         cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
